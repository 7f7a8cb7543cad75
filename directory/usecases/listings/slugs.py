"""The address of a listing: its name and town in plain letters, never one that was somebody's."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from directory.models import (
    Draft,
    Listing,
    Slug,
)
from directory.places import fold
from directory.usecases.listings import tombstones

LONGEST_SLUG = 80
SUFFIX_ROOM = 6
SLUGS_AT_ONCE = 40
FREE = "slugs known to be free"
# An exported row of a listing that came without an id of its own has this and its slug.
OURS = "stillpoint:"
_PLAIN = re.compile(r"[a-z0-9]+")


def free_slug(session: Session, draft: Draft, *, key: bytes | None = None) -> str:
    """The name and town in plain letters (of who works online only the name), numbered when another listing has, or had, that slug.

    Only with the `key` of tombstones is it known which addresses erased listings had.
    """
    base = _base(draft)
    # Slugs given a moment ago may not be in the database yet.
    given: set[str] = session.info.setdefault("slugs given", set())
    if base in session.info.get(FREE, ()) and base not in given:
        given.add(base)
        return base
    for tries in _numbered(base):
        taken = given | _taken(session, tries, key)
        if free := [slug for slug in tries if slug not in taken]:
            given.add(free[0])
            return free[0]
    raise AssertionError("numbers do not end")


@contextmanager
def looked_up(
    session: Session, drafts: Iterable[Draft], *, key: bytes | None = None
) -> Iterator[None]:
    """Within this block slugs of these drafts are not looked up one by one. Only for whoever
    alone makes listings meanwhile."""
    bases = sorted({_base(draft) for draft in drafts})
    session.info[FREE] = frozenset(bases) - _taken(session, bases, key)
    try:
        yield
    finally:
        del session.info[FREE]


def _base(draft: Draft) -> str:
    town = draft.practices[0].locality if draft.practices and not draft.online_only else ""
    words = " ".join(_PLAIN.findall(fold(f"{draft.name} {town}"))) or "practitioner"
    return words.replace(" ", "-")[: LONGEST_SLUG - SUFFIX_ROOM].strip("-")


def _numbered(base: str) -> Iterator[list[str]]:
    """The slug as it is, which mostly will do, then numbered ones, many at a time."""
    yield [base]
    for start in count(2, SLUGS_AT_ONCE):
        yield [f"{base}-{number}" for number in range(start, start + SLUGS_AT_ONCE)]


def _taken(session: Session, slugs: Sequence[str], key: bytes | None) -> set[str]:
    mine = select(Listing.slug).where(Listing.slug.in_(slugs))
    former = select(Slug.slug).where(Slug.slug.in_(slugs))
    with session.no_autoflush:
        erased = tombstones.buried(session, slugs, key=key) if key else set[str]()
        return erased | set(session.scalars(union_all(mine, former)))
