"""Many at once: what may be approved without being read, and what is left out, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from directory.errors import Conflict
from directory.models import Actor, Decision, Revision, Role
from directory.said import Said, said
from directory.usecases.moderation import deciding, queue, reviewing
from directory.usecases.moderation.queue import PER_PAGE, Row

GONE = said("it was changed, decided or taken back meanwhile")


@dataclass(frozen=True, slots=True)
class Left:
    """What must be read by somebody, and why."""

    listing_id: int
    title: str
    why: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Sifted:
    """What was ticked: may be approved, is left out, was approved by now."""

    good: tuple[Row, ...]
    left: tuple[Left, ...]
    done: tuple[str, ...]


def sift(session: Session, picks: Sequence[tuple[int, int]], *, by: Actor, at: datetime) -> Sifted:
    """Look at each (listing, revision), a page of the queue at most; nothing is changed."""
    by.must_be(Role.REVIEWER)
    picks = tuple(dict.fromkeys(picks))[:PER_PAGE]
    rows = queue.rows(session, [listing_id for listing_id, _ in picks], by=by, at=at)
    good: list[Row] = []
    left: list[Left] = []
    done: list[str] = []
    for listing_id, revision_id in picks:
        row = rows.get(listing_id)
        if row is not None and row.revision_id == revision_id:
            why = reviewing.obstacles(session, row, by=by, at=at)
            if why:
                left.append(Left(listing_id, row.title, why))
            else:
                good.append(row)
            continue
        revision = session.get(Revision, revision_id)
        if revision is None or revision.listing_id != listing_id:
            continue
        if revision.decision is Decision.APPROVED:
            done.append(revision.content.title)
        else:
            left.append(Left(listing_id, revision.content.title, (GONE,)))
    return Sifted(tuple(good), tuple(left), tuple(done))


def approve(
    session: Session,
    listing_id: int,
    revision_id: int,
    *,
    by: Actor,
    at: datetime,
    listing_url: str,
) -> None:
    """Approve what nobody need read first; raises Conflict, with the reasons, for anything else."""
    sifted = sift(session, [(listing_id, revision_id)], by=by, at=at)
    if not sifted.good:
        why = sifted.left[0].why if sifted.left else (GONE,)
        raise Conflict("It has to be read first: " + "; ".join(map(str, why)) + ".")
    deciding.approve(session, listing_id, revision_id, by=by, at=at, listing_url=listing_url)
