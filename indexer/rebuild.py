"""Rebuild: a fresh generation from all of SQL, beside the one that serves.

Nothing is lost between the two, though nobody stops working meanwhile:

1. Which rows of the outbox can be seen is noted before the first listing is read. Whoever commits
   a change later has a row after the newest of them, or in a gap before it (see `outbox`).
2. Listings are read in many short transactions, on several cores, each as it is at that moment:
   before a change or after it. A change can fall between two ranges' reading, or on both sides.
3. Just before the swap, with the publish lock held, everything that the outbox names beside
   the noted rows is read again, and laid on top. So each listing is there in a state at least as
   new as the outbox rows that the generation says it holds, whatever was read in 2.
4. Changes that `follow` published meanwhile on the old base are named by those same rows: the
   swap covers them. Changes read before the swap and published after it are older than what
   serves, which their cursor tells: the writer passes them over.
"""

from collections.abc import Callable

from sqlalchemy import Engine

from directory.db import reading
from directory.models import Taxonomy
from directory.policies import USUAL, Policies
from directory.search.port import Changes, Heard, IndexStatus, Writer
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
    noted = outbox.newest(engine)
    with reading(engine) as session:
        started(listings.count(session))
    return writer.rebuild(
        Live(engine, policies),
        cursor=noted.cursor,
        catch_up=lambda _: changes_since(engine, noted, policies),
        progress=progress,
    )


def changes_since(engine: Engine, heard: Heard, policies: Policies = USUAL) -> Changes:
    """The present state of everything that the outbox names beside what is heard."""
    ids, newest = outbox.after(engine, heard)
    return changes_of(engine, ids, newest, policies)


def changes_of(engine: Engine, ids: list[int], heard: Heard, policies: Policies = USUAL) -> Changes:
    """The present state of some listings, as changes that cover these rows of the outbox."""
    if not ids:
        return Changes((), (), heard.cursor, heard.gaps)
    with reading(engine) as session:
        maker = Documents(Taxonomy.load(session), policies)
        found, gone = listings.present(session, maker, ids)
    return Changes(tuple(found), tuple(gone), heard.cursor, heard.gaps)
