"""The kinds of arrays: one name for each, wherever in the engine one is handed on.

n are the documents of a segment, or of a base with its overlay: a multiple of 64. The other
letters stand for any length: p postings, t terms, m of whatever is said, k of some of it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

# Numbers or fixed-size bytes of any shape: what it is, its own docstring says.
Array = npt.NDArray[Any]

# Documents, and sets of them.
# (k,) uint32: documents by number, as the files hold them.
DocNumbers = npt.NDArray[np.uint32]
# (k,) intp: where things stand in another array, documents among them; numpy takes it fastest.
Indices = npt.NDArray[np.intp]
# (k,) bool: for each of some things, yes or no.
Mask = npt.NDArray[np.bool_]
# (n / 64,) uint64: a set of documents, one bit each, the first in the lowest bit.
Bits = npt.NDArray[np.uint64]
# (n / 64,) uint32: how many of a set come before each word of its bits.
BitRanks = npt.NDArray[np.uint32]
# (rows, words) uint64: such a set in each row, of documents or of facet values.
BitRows = npt.NDArray[np.uint64]

# Postings.
# (t,) uint64: the first bytes of terms, as numbers in the same order.
TermKeys = npt.NDArray[np.uint64]
# (p,) uint16: how often a document has a term << 8 | the length byte of its text.
Codes = npt.NDArray[np.uint16]
# (m,) uint8: lengths of texts, rounded to a byte as Whoosh rounds them.
LengthBytes = npt.NDArray[np.uint8]
# (m,) uint16: where words stand in their texts, from 0.
Positions = npt.NDArray[np.uint16]
# (m,) uint64: (document + 1) * ROOM + position, ascending: where a term stands anywhere.
Occurrences = npt.NDArray[np.uint64]
# (k,) uint8: a bit for each of FIELDS.
FieldBits = npt.NDArray[np.uint8]

# Building.
# (m,) uint32: the different words of a part as they are written, by number.
WordNumbers = npt.NDArray[np.uint32]
# (m,) uint32: terms, or words as they are spelled, by their place in order; NO_TERM for none.
TermNumbers = npt.NDArray[np.uint32]
# (n,) uint32: how many words each document has in a field.
TextLengths = npt.NDArray[np.uint32]
# (m,) int64: how many there are of each thing, or how long each is.
Counts = npt.NDArray[np.int64]
# (m,) int64: where each thing begins in another array or in a file.
Offsets = npt.NDArray[np.int64]
# (m,) uint64: the same, as the files hold them.
FileOffsets = npt.NDArray[np.uint64]
# (t,) uint32: the CRC-32 of each key of a term index.
Hashes = npt.NDArray[np.uint32]

# Columns.
# (n,) int64: the listing of each document, NOBODY where there is none.
ListingIds = npt.NDArray[np.int64]
# (n,) int32: proleptic ordinals of days, 0 for none.
Days = npt.NDArray[np.int32]
# (n,) uint32, or float64 with an overlay: each document's place in the order by name.
NameRanks = npt.NDArray[np.uint32 | np.float64]
# (m,) uint32: pairs of a facet and a slug, by number.
ValueNumbers = npt.NDArray[np.uint32]

# Practices on the map.
# (m,) float64, ascending: the row of latitude * ROW_KEYS + how far east.
GridKeys = npt.NDArray[np.float64]
# (k,) float64: kilometres on the great circle, or chords of the unit sphere, squared.
Distances = npt.NDArray[np.float64]
# (m,) uint16: which practice of its listing each one is, from 0.
PracticeNumbers = npt.NDArray[np.uint16]

# Ranking.
# (k,) float32: what a word is worth in each document, as BM25F has it.
Scores = npt.NDArray[np.float32]
# (m,) float32: what a score is multiplied by, for each document or each code.
Factors = npt.NDArray[np.float32]
# (k,) float32, or float64 with a distance: text x distance x freshness, the ranking rule's outcome.
Relevance = npt.NDArray[np.floating[Any]]
# (k,) floats: what results are ordered by, highest first.
SortKeys = npt.NDArray[np.floating[Any]]
# (k,) uint64: among equal sort keys, smallest first.
Ties = npt.NDArray[np.uint64]
