"""Finding our terms in what people write into a cell: "L.M.T.", "Cranio-Sacral", "TMJ/TMD"."""

import re
from collections.abc import Iterator

from directory.models import Kind, Taxonomy
from directory.places.names import fold
from directory.schemas.kinds import split_many

# What stands before a trade and says only that somebody may follow it.
_BEFORE = re.compile(
    r"^(?:(?:state|nationally|fully)[ -])?(?:licen[sc]ed|certified|registered|qualified|chartered|"
    r"practi[cs]ing|staatl\w*|gepr\w*|dipl\w*|diplome\w*)\b\.?\s+",
    re.I,
)
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
# What parts the values of a cell when `|` and `;` do not.
_AND = r"(?:and|und|et|y|e|en|i|or|oder|ou|o)"
PARTS = re.compile(
    rf"\s*[,/+&\n•·]\s*(?:{_AND}\s+)?|\s+{_AND}\s+|(?:^|\s+)\d+[).]\s+|\s+[-–—]\s+", re.I
)
_SHORTEST_BEGINNING = 7
# What a column "Level" says of the two examinations.
LEVELS = {
    "techniques": "cst-t",
    "techniques certified": "cst-t",
    "diplomate": "cst-d",
    "diplomate certified": "cst-d",
}
KINDS = frozenset(kind.value for kind in Kind)


class Lexicon:
    """Finds a term by its slug, label or any other way to say it, in any case and accents."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._slugs: dict[tuple[Kind, str], str] = {}
        phrases = list(taxonomy.phrases())
        for kind, slug, _ in phrases:
            self._slugs[kind, fold(slug)] = slug
        for kind, slug, words in phrases:
            self._slugs.setdefault((kind, fold(words)), slug)
        for _, called, slug, words in taxonomy.phrases_elsewhere():
            if called in KINDS:
                self._slugs.setdefault((Kind(called), fold(words)), slug)
        for words, slug in LEVELS.items():
            if slug in taxonomy.credentials:
                self._slugs.setdefault((Kind.CREDENTIAL, words), slug)
        self._compact: dict[tuple[Kind, str], str] = {}
        for (kind, words), slug in self._slugs.items():
            self._compact.setdefault((kind, words.replace(" ", "")), slug)
        self._found: dict[tuple[Kind, str], str | None] = {}

    def find(self, kind: Kind, words: str) -> str | None:
        """The slug that the words stand for."""
        return self._slugs.get((kind, fold(words)))

    def find_loosely(self, kind: Kind, words: str) -> str | None:
        """The slug that words of a roster stand for, however they are put together."""
        if (kind, words) not in self._found:
            ways = _ways(words)
            known = (self.find(kind, way) or self._compact.get((kind, _run(way))) for way in ways)
            self._found[kind, words] = next(filter(None, known), None) or self._begun(kind, words)
        return self._found[kind, words]

    def read(self, kind: Kind, cell: str) -> tuple[list[str], list[str]]:
        """The slugs of a cell, and those of its words that stand for none."""
        slugs, unknown = list[str](), list[str]()
        for words in split_many(cell):
            if slug := self.find_loosely(kind, words):
                slugs.append(slug)
                continue
            for part in filter(None, PARTS.split(words)):
                slug = self.find_loosely(kind, part)
                (slugs if slug else unknown).append(slug or part)
        return list(dict.fromkeys(slugs)), list(dict.fromkeys(unknown))

    def _begun(self, kind: Kind, words: str) -> str | None:
        """The only term of which this is the beginning."""
        start = _run(words)
        if len(start) < _SHORTEST_BEGINNING:
            return None
        found = {
            slug
            for (other, phrase), slug in self._compact.items()
            if other is kind and phrase.startswith(start)
        }
        return found.pop() if len(found) == 1 else None


def _ways(words: str) -> Iterator[str]:
    """The words as they stand, then without what often stands around them."""
    bare = _BRACKETS.sub(" ", words).strip()
    yield words
    yield bare
    for plain in dict.fromkeys((words, bare)):
        shorter = _BEFORE.sub("", plain)
        if shorter != plain:
            yield shorter
    yield from _BRACKETS.findall(words)
    for plain in (bare, _BEFORE.sub("", bare)):
        if plain.endswith("s") and len(plain) > 4:
            yield plain[:-1]
        yield f"{plain}s"


def _run(words: str) -> str:
    return fold(words).replace(" ", "")
