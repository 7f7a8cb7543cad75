"""Follow the outbox: what an admin approves is searchable within a second."""

import logging
from collections.abc import Callable
from time import sleep

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from directory.claims import USUAL, Policies
from directory.errors import Conflict, SearchUnavailable
from directory.search.port import IndexStatus, Writer
from indexer.rebuild import changes_since, rebuild

LOOK_EVERY = 0.2
PATIENCE = 5.0
# Past this many listings on top of the base, or a tenth of it, a rebuild folds them in.
FOLD_AT_LEAST = 300
log = logging.getLogger(__name__)


def follow(
    engine: Engine,
    writer: Writer,
    *,
    going: Callable[[], bool],
    policies: Policies = USUAL,
) -> None:
    """Bring the index up to date until `going` says no; survives a database that is away."""
    while going():
        try:
            catch_up(engine, writer, policies)
        except OperationalError as error:
            log.warning("the database does not answer: %s", error.orig)
            sleep(PATIENCE)
        except Conflict as error:
            log.info("waiting: %s", error)
            sleep(1)
        sleep(LOOK_EVERY)


def catch_up(engine: Engine, writer: Writer, policies: Policies = USUAL) -> IndexStatus:
    """Publish everything that the outbox names and the index has not heard of yet."""
    status = writer.status()
    if status is None:
        return rebuild(engine, writer, policies=policies)
    changes = changes_since(engine, status.cursor, policies)
    if changes.cursor == status.cursor:
        return status
    most = max(FOLD_AT_LEAST, status.listings // 10)
    changed = len(changes.present) + len(changes.gone)
    if writer.overlaid() + changed > most:
        return rebuild(engine, writer, policies=policies)
    log.info("publishing %d changed listings", changed)
    try:
        return writer.apply(changes)
    except SearchUnavailable as error:
        log.error("rebuilding, for the index is harmed: %s", error)
        return rebuild(engine, writer, policies=policies)
