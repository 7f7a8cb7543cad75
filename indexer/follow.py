"""Follow the outbox: what an admin approves is searchable within a second."""

import logging
from collections.abc import Callable
from contextlib import closing
from time import sleep

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from directory.errors import DirectoryError, SearchUnavailable
from directory.policies import USUAL, Policies
from directory.search.port import Changes, IndexStatus, Writer
from indexer import outbox
from indexer.bell import Bell
from indexer.folding import Fold
from indexer.rebuild import changes_of, rebuild

# Should nobody ring the bell.
LOOK_EVERY = 0.75
# What changes in the meantime is published together.
PUBLISH_EVERY = 0.25
PATIENCE = 5.0
# Past a tenth of the base on top of it, but within these bounds, a rebuild folds it in.
FOLD_AT_LEAST, FOLD_AT_MOST = 300, 2000
log = logging.getLogger(__name__)


def follow(
    engine: Engine,
    writer: Writer,
    *,
    going: Callable[[], bool],
    policies: Policies = USUAL,
) -> None:
    """Bring the index up to date until `going` says no; survives a database that is away."""
    fold = Fold(lambda: rebuild(engine, writer, policies=policies))
    last: IndexStatus | None = None
    with closing(Bell(engine)) as bell:
        while going():
            try:
                status = catch_up(engine, writer, policies, fold)
                if status == last:
                    bell.wait(LOOK_EVERY)
                else:
                    sleep(PUBLISH_EVERY)
                last = status
            except (OperationalError, InterfaceError) as error:
                log.warning("the database does not answer: %s", error.orig)
                bell.close()  # its line may be dead and not know it
                sleep(PATIENCE)
            except DirectoryError as error:
                log.info("waiting: %s", error)
                sleep(1)
            except Exception:  # a full disk, say: it goes on once there is room
                log.exception("following the outbox failed")
                sleep(PATIENCE)


def catch_up(
    engine: Engine, writer: Writer, policies: Policies = USUAL, fold: Fold | None = None
) -> IndexStatus:
    """Publish everything that the outbox names and the index has not heard of yet.

    When too much lies on top of the base, a rebuild folds it in: beside, by `fold`, or here
    and at once without one.
    """
    # Asked before the status: a rebuild that ends in between has still been seen at work.
    covered = fold.covered if fold else outbox.NOTHING
    status = writer.status()
    if status is None:
        return rebuild(engine, writer, policies=policies)
    ahead = covered.cursor > status.cursor
    ids, newest = outbox.after(engine, covered if ahead else status.heard)
    if not ids:
        return status
    most = most_on_top(status.listings)
    if writer.overlaid() + len(ids) > most:
        if fold is None:
            return rebuild(engine, writer, policies=policies)
        fold.begin(newest)
        if len(ids) > most and fold.at_work:
            return status  # it takes them in sooner than they could be laid on top
    if fold is None or not ahead:
        return _publish(engine, writer, changes_of(engine, ids, newest, policies), policies)
    # Rows before these are not published yet. Should the rebuild that reads them fail, they are
    # still to be heard: the cursor stays where it is.
    changes = changes_of(engine, ids, status.heard, policies)
    served = _publish(engine, writer, changes, policies)
    if served.heard == status.heard:  # and not passed over, for another published meanwhile
        fold.cover(newest)
    return served


def most_on_top(listings: int) -> int:
    """How many may lie on top of a base of so many listings before a rebuild folds them in."""
    return max(FOLD_AT_LEAST, min(FOLD_AT_MOST, listings // 10))


def _publish(engine: Engine, writer: Writer, changes: Changes, policies: Policies) -> IndexStatus:
    log.info("publishing %d changed listings", len(changes.present) + len(changes.gone))
    try:
        return writer.apply(changes)
    except SearchUnavailable as error:
        log.error("rebuilding, for the index is harmed: %s", error)
        return rebuild(engine, writer, policies=policies)
