"""Listings by anything that is known of them, whatever their state.

A listing is found by what it says now, or waits to say; one that says nothing any more, because it
was sent back, say, by all it ever said. What somebody is still writing is theirs alone: such a
listing is found by its number, its address or its keeper.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from directory.models import Actor, Draft, Handle, Listing, Revision, Role, Slug, State
from directory.usecases.curation.finding.typed import Beginning, Typed, beginning

SHOWN = 20
# What fits no better than so many others is not found by these words alone.
MOST = 1000
# So many versions of each, most of them replaced, may be looked at on the way.
VERSIONS = 3
# Statements whose rows are numbers of listings, or are to become so.
Ids = Select[*tuple[Any, ...]]
# Surer than any word: it was named itself, or one of its addresses or numbers.
ITSELF, REACHED = -2, -1


@dataclass(frozen=True, slots=True)
class Found:
    """One listing, by what tells it from its namesakes."""

    listing_id: int
    slug: str
    title: str
    town: str
    email: str
    phone: str
    state: State
    waits: bool
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was found; whether there is a further page, and whether more fit than are
    looked through."""

    listings: Sequence[Found] = ()
    more: bool = False
    too_many: bool = False


def find(session: Session, asked: Typed, *, page: int = 1, by: Actor) -> Page:
    """A page of the listings that fit, the surest first."""
    by.must_be(Role.REVIEWER)
    ways = tuple(_ways(session, asked))
    if not ways:
        return Page()
    found = union_all(*ways).subquery()
    looked = func.sum(func.count()).over()
    wanted = select(found.c.id, looked).group_by(found.c.id)
    wanted = wanted.order_by(func.min(found.c.rank), found.c.id)
    rows = session.execute(wanted.offset((page - 1) * SHOWN).limit(SHOWN + 1)).all()
    ids = [listing_id for listing_id, _ in rows]
    return Page(
        shown(session, ids[:SHOWN]), len(ids) > SHOWN, any(number >= MOST for _, number in rows)
    )


def shown(session: Session, ids: Sequence[int]) -> Sequence[Found]:
    """These listings, in this order."""
    old = aliased(Revision)
    newest = select(func.max(old.id)).where(old.listing_id == Listing.id)
    face = func.coalesce(Listing.pending_id, Listing.live_id, newest.scalar_subquery())
    rows = session.execute(
        select(Listing, Revision.content)
        .outerjoin(Revision, Revision.id == face)
        .where(Listing.id.in_(ids))
    )
    made = {listing.id: _found(listing, content) for listing, content in rows}
    return [made[one] for one in ids if one in made]


def _found(listing: Listing, content: Draft | None) -> Found:
    return Found(
        listing_id=listing.id,
        slug=listing.slug,
        title=content.title if content else listing.slug,
        town=content.town if content else "",
        email=content.email if content else "",
        phone=content.phone if content else "",
        state=listing.state,
        waits=listing.pending_id is not None,
        owner_id=listing.owner_id,
    )


def _ways(session: Session, asked: Typed) -> Iterator[Ids]:
    """Statements that give the numbers of listings, and how surely each is meant."""
    if number := asked.number_of("listing"):
        yield _ranked(select(Listing.id, literal(ITSELF).label("rank")).where(Listing.id == number))
    if asked.slug:
        yield from _by_address(asked.slug)
    if asked.email:
        yield _by_handle(beginning(asked.email))
    if asked.website:
        yield _by_handle(beginning(asked.website))
    if asked.telephone:
        yield _by_handle(beginning(asked.telephone))
    if asked.words:
        yield _by_words(_rarest_first(session, asked.words))


def _by_address(slug: str) -> Iterator[Ids]:
    itself = literal(ITSELF).label("rank")
    yield _ranked(select(Listing.id, itself).where(Listing.slug == slug))
    former = select(Slug.listing_id.label("id"), itself)
    yield _ranked(former.where(Slug.slug == slug, Slug.listing_id.is_not(None)))
    yield _ranked(select(Listing.id, itself).where(Listing.import_key == slug))


def _by_handle(wanted: Beginning) -> Ids:
    return _by_versions((wanted,), literal(REACHED))


def _by_words(words: Sequence[Beginning]) -> Ids:
    # Of "Maria", whoever is called so comes before Mariana.
    whole = case((Handle.word == words[0].low, 0), else_=1)
    return _by_versions(words, Handle.kind * 2 + whole)


def _by_versions(words: Sequence[Beginning], rank: ColumnElement[int]) -> Ids:
    """By what a listing says now; by all it said, when that is nothing.

    Versions are looked up by the first word, in the order of the index, and only then whose they
    are: the limit keeps a database from beginning with everybody.
    """
    versions = (
        _looked_up(select(Handle.revision_id, rank.label("rank")), words[0])
        .where(*map(_has, words[1:]))
        .limit(VERSIONS * MOST)
        .subquery()
    )
    now = or_(
        Revision.id == Listing.live_id,
        Revision.id == Listing.pending_id,
        and_(Listing.live_id.is_(None), Listing.pending_id.is_(None)),
    )
    found: Ids = (
        select(Revision.listing_id.label("id"), versions.c.rank)
        .select_from(versions)
        .join(Revision, Revision.id == versions.c.revision_id)
        .join(Listing, Listing.id == Revision.listing_id)
        .where(now)
    )
    return _ranked(found)


def _has(word: Beginning) -> ColumnElement[bool]:
    """Whether the version has this word, too: looked up for each, as `exists` would not be.

    PostgreSQL joins that with all that have the word, which takes a second where many do.
    """
    other = aliased(Handle)
    wanted = select(other.kind).where(other.revision_id == Handle.revision_id, _fits(other, word))
    return wanted.limit(1).scalar_subquery().is_not(None)


def _looked_up(found: Ids, word: Beginning) -> Ids:
    """In the order of `ix_handle_word`: within a word, names come before places."""
    order = Handle.word, Handle.kind, Handle.revision_id
    return found.where(_fits(Handle, word)).order_by(*order)


def _ranked(found: Ids) -> Ids:
    """So many of them at most."""
    some = found.limit(MOST).subquery()
    return select(some.c.id, some.c.rank)


def _rarest_first(session: Session, words: Sequence[Beginning]) -> Sequence[Beginning]:
    """The words, that one first which the fewest have: it says most."""
    if len(words) == 1:
        return words
    counts = [
        select(func.count())
        .select_from(_looked_up(select(Handle.kind), word).limit(MOST).subquery())
        .scalar_subquery()
        for word in words
    ]
    numbers = session.execute(select(*counts)).one()
    order = sorted(range(len(words)), key=lambda at: (numbers[at], -len(words[at].low)))
    return [words[at] for at in order]


def _fits(handle: type[Handle], wanted: Beginning) -> ColumnElement[bool]:
    if not wanted.high:
        return handle.word == wanted.low
    return and_(handle.word >= wanted.low, handle.word < wanted.high)
