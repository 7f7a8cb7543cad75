"""Rebuild: a fresh generation from all of SQL, beside the one that serves.

Nothing is lost between the two, though nobody stops working meanwhile:

1. The outbox's newest row is noted before the first listing is read. Whoever commits a change
   later gets a row after it; a row under a lower number cannot come late (see `outbox`).
2. Listings are read in many short transactions, on several cores, each as it is at that moment:
   before a change or after it. A change can fall between two ranges' reading, or on both sides.
3. Just before the swap, with the publish lock held, everything that the outbox names after
   the noted row is read again, and laid on top. So each listing is there in a state at least as
   new as the outbox row that the generation names as its cursor, whatever was read in 2.
4. Changes that `follow` published meanwhile on the old base are named by those same rows: the
   swap covers them. Changes read before the swap and published after it are older than what
   serves, which their cursor tells: the writer passes them over.
"""

from collections.abc import Callable

from sqlalchemy import Engine

from directory.db import reading
from directory.models import Taxonomy
from directory.policies import USUAL, Policies
from directory.search.port import Changes, IndexStatus, Writer
from indexer import listings, outbox
from indexer.documents import Documents
from indexer.shares import Live


def rebuild(
    engine: Engine,
    writer: Writer,
    *,
    policies: Policies = USUAL,
    started: Callable[[int], None] = lambda total: None,
    progress: Callable[[int], None] = lambda done: None,
) -> IndexStatus:
    """Build and swap. `started` hears how many listings there are, `progress` how many are done.

    A crash at any point leaves the old generation serving. Listings that cannot be read are
    left out and logged.
    """
    with reading(engine) as session:
        # In a short transaction of its own: nobody can change a listing until it ends.
        cursor = outbox.newest(session)
    with reading(engine) as session:
        started(listings.count(session))
    return writer.rebuild(
        Live(engine, policies),
        cursor=cursor,
        catch_up=lambda since: changes_since(engine, since, policies),
        progress=progress,
    )


def changes_since(engine: Engine, cursor: int, policies: Policies = USUAL) -> Changes:
    """The present state of everything that the outbox names after a cursor."""
    with reading(engine) as session:
        ids, newest = outbox.after(session, cursor)
    return changes_of(engine, ids, newest, policies) if ids else Changes((), (), cursor)


def changes_of(engine: Engine, ids: list[int], cursor: int, policies: Policies = USUAL) -> Changes:
    """The present state of some listings, as changes that cover the outbox up to a cursor."""
    with reading(engine) as session:
        maker = Documents(Taxonomy.load(session), policies)
        found, gone = listings.present(session, maker, ids)
    return Changes(tuple(found), tuple(gone), cursor)
