"""The Whoosh schema: which texts are searched, how they become terms, what each weighs."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from whoosh import index
from whoosh.analysis import Filter, RegexTokenizer, Token
from whoosh.fields import ID, TEXT, Schema
from whoosh.lang.snowball.english import EnglishStemmer

from directory.search.port import Document
from directory.search.text import WORD, folded, name_form

# The published ranking: name > conditions and professions > place > about.
BOOSTS = {"name": 4.0, "professions": 2.5, "conditions": 2.5, "place": 1.5, "about": 1.0}
FIELDS = tuple(BOOSTS)
STEMMER = EnglishStemmer()


@lru_cache(maxsize=100_000)
def prose_form(word: str) -> str:
    """A word of prose: folded and stemmed (Porter2, the Snowball stemmer for English)."""
    return STEMMER.stem(folded(word))


class NameForms(Filter):
    """Words of names and places: folded, never stemmed."""

    def __call__(self, tokens: Iterable[Token]) -> Iterator[Token]:
        for token in tokens:
            if text := name_form(token.text):
                token.text = text
                yield token


class ProseForms(Filter):
    """Words of prose: folded and stemmed."""

    def __call__(self, tokens: Iterable[Token]) -> Iterator[Token]:
        for token in tokens:
            if text := prose_form(token.text):
                token.text = text
                yield token


def _schema() -> Schema:
    names = RegexTokenizer(WORD) | NameForms()
    prose = RegexTokenizer(WORD) | ProseForms()
    return Schema(
        key=ID(unique=True),
        name=TEXT(names),
        professions=TEXT(prose),
        conditions=TEXT(prose),
        place=TEXT(names),
        about=TEXT(prose),
    )


SCHEMA = _schema()


def term_of(field: str, word: str) -> str:
    """The term that a word becomes in a field; "" when it becomes none."""
    return name_form(word) if field in ("name", "place") else prose_form(word)


def write_index(folder: Path, documents: Iterable[Document]) -> None:
    """Write a one-segment Whoosh index of these documents, in their order."""
    writer = index.create_in(str(folder), SCHEMA).writer(limitmb=256)
    try:
        for document in documents:
            texts = {field: getattr(document, field) for field in FIELDS}
            writer.add_document(key=str(document.listing_id), **texts)
    except BaseException:
        with suppress(OSError):  # a full disk fails here too; the folder goes anyway
            writer.cancel()
        raise
    writer.commit(merge=False)
