"""Rebuild: a fresh generation from all of SQL, beside the one that serves."""

from collections.abc import Callable

from sqlalchemy import Engine

from directory.claims import USUAL, Policies
from directory.db import reading
from directory.models import Taxonomy
from directory.search.port import Changes, IndexStatus, Writer
from indexer import documents, outbox
from indexer.documents import Documents


def rebuild(
    engine: Engine,
    writer: Writer,
    *,
    policies: Policies = USUAL,
    started: Callable[[int], None] = lambda total: None,
    progress: Callable[[int], None] = lambda done: None,
) -> IndexStatus:
    """Build and swap. `started` hears how many listings there are, `progress` each one done.

    What changed meanwhile is caught up just before the swap; a crash at any point leaves
    the old generation serving.
    """
    with reading(engine) as session:
        # In a short transaction of its own: nobody can change a listing until it ends.
        cursor = outbox.newest(session)
    with reading(engine) as session:
        maker = Documents(Taxonomy.load(session), policies)
        started(documents.count(session))
        return writer.rebuild(
            documents.stream(session, maker),
            cursor=cursor,
            catch_up=lambda since: changes_since(engine, since, policies),
            progress=progress,
        )


def changes_since(engine: Engine, cursor: int, policies: Policies = USUAL) -> Changes:
    """The present state of everything that the outbox names after a cursor."""
    with reading(engine) as session:
        ids, newest = outbox.after(session, cursor)
        if not ids:
            return Changes((), (), cursor)
        maker = Documents(Taxonomy.load(session), policies)
        found, gone = documents.present(session, maker, ids)
    return Changes(tuple(found), tuple(gone), newest)
