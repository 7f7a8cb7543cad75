"""Words that found nothing, counted so that admins may add them: a word, a total, nothing else.

A search that found nothing, or only in part, adds one in memory for each word that nobody
knows. Only what was seen five times by the same process since it started is written down, and
never a place, a person, a number, or when it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.models import Actor, Kind, Role, Taxonomy, UnknownWords

NEAREST = 3
NEAR_ENOUGH = 55


@dataclass(frozen=True, slots=True)
class Near:
    """A term that may have been meant."""

    kind: Kind
    slug: str
    label: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that found nothing so often, and the terms nearest to it."""

    words: str
    total: int
    near: tuple[Near, ...]


def suggestions(session: Session, *, most: int = 100) -> tuple[Suggestion, ...]:
    """Words worth adding, the most frequent first."""
    found = session.scalars(
        select(UnknownWords)
        .where(UnknownWords.dismissed.is_(False))
        .order_by(UnknownWords.total.desc(), UnknownWords.words)
        .limit(most)
    )
    rows = [(row.words, row.total) for row in found]
    phrases = list(Taxonomy.load(session).phrases())
    labels = {(kind, slug): label for kind, slug, label in reversed(phrases)}
    said = [words.casefold() for _, _, words in phrases]
    return tuple(
        Suggestion(words, total, tuple(_nearest(words, phrases, said, labels)))
        for words, total in rows
    )


def dismiss(session: Session, words: str, *, by: Actor) -> None:
    """It is nothing to add; raises NotFound for a word that is not there."""
    by.must_be(Role.REVIEWER)
    _get(session, words).dismissed = True


def settle(session: Session, words: str, *, by: Actor) -> None:
    """It is known from now on, so there is nothing more to count."""
    by.must_be(Role.ADMIN)
    session.delete(_get(session, words))


def _get(session: Session, words: str) -> UnknownWords:
    found = session.get(UnknownWords, words)
    if found is None:
        raise NotFound("There is no such word any more.")
    return found


def _nearest(
    words: str,
    phrases: Sequence[tuple[Kind, str, str]],
    said: Sequence[str],
    labels: dict[tuple[Kind, str], str],
) -> Iterator[Near]:
    found: dict[tuple[Kind, str], None] = {}
    hits = process.extract(words, said, scorer=fuzz.WRatio, limit=20, score_cutoff=NEAR_ENOUGH)
    for _, _, index in hits:
        kind, slug, _ = phrases[index]
        found.setdefault((kind, slug))
    for kind, slug in list(found)[:NEAREST]:
        yield Near(kind, slug, labels[kind, slug])
