"""The Whoosh schema: which texts are searched, how they become terms, what each weighs."""

from collections.abc import Iterable, Iterator

from whoosh.analysis import Filter, RegexTokenizer, Token
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, TEXT, Schema

from directory.search.stems import UNSTEMMED, prose_form
from directory.search.text import WORD, name_form

# The published ranking: name > conditions and professions > place > about.
BOOSTS = {"name": 4.0, "professions": 2.5, "conditions": 2.5, "place": 1.5, "about": 1.0}
FIELDS = tuple(BOOSTS)


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
    """Phrases are matched over our own positions: Whoosh keeps frequencies only."""
    names = RegexTokenizer(WORD) | NameForms()
    prose = RegexTokenizer(WORD) | ProseForms()
    texts = {field: TEXT(names if field in UNSTEMMED else prose, phrase=False) for field in FIELDS}
    return Schema(key=ID(unique=True), listing_id=COLUMN(NumericColumn("q")), **texts)


SCHEMA = _schema()
