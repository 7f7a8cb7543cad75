"""The form in which a word is compared: one per field, whoever asks.

What indexes, what searches and what marks found words must agree on it to the letter.
"""

from functools import lru_cache

from whoosh.lang.snowball.english import EnglishStemmer

from directory.search.text import folded, name_form

STEMMER = EnglishStemmer()
# Fields of names and places; the others are prose.
UNSTEMMED = frozenset({"name", "place"})


@lru_cache(maxsize=100_000)
def prose_form(word: str) -> str:
    """A word of prose: folded and stemmed (Porter2, the Snowball stemmer for English)."""
    stemmed: str = STEMMER.stem(folded(word))
    return stemmed


def term_of(field: str, word: str) -> str:
    """The term that a word becomes in a field; "" when it becomes none."""
    return name_form(word) if field in UNSTEMMED else prose_form(word)
