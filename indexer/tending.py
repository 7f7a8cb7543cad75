"""What admins ask of the index from their health page: a fresh one, or a comparison.

Done beside `follow`, in a thread of its own: what is approved meanwhile is searchable within a
second all the same.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import sleep

from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from directory.db import writing
from directory.errors import Conflict, SearchUnavailable
from directory.models import IndexReport, RebuildRequest
from directory.policies import USUAL, Policies
from directory.search.port import Reader, Writer
from indexer.rebuild import rebuild
from indexer.verify import differences

LOOK_EVERY = 1.0
PATIENCE = 5.0
COMPARE_EVERY = timedelta(days=1)
SAY_EVERY = 500
# As many as anybody reads; the report says that there are more.
NAMED = 200
REPORT = 1
# The first rebuild that was asked for and is not done, and when was compared last.
_TO_DO = select(
    select(func.min(RebuildRequest.id))
    .where(RebuildRequest.finished_at.is_(None))
    .scalar_subquery(),
    select(IndexReport.at).where(IndexReport.id == REPORT).scalar_subquery(),
)
log = logging.getLogger(__name__)


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Tender:
    """Does what was asked for, one thing at a time."""

    engine: Engine
    writer: Writer
    reader: Reader
    policies: Policies = USUAL
    clock: Callable[[], datetime] = field(default=now)
    settled_after: float = 2.0

    def run(self, going: Callable[[], bool]) -> None:
        """Look for something to do until `going` says no; survives a database that is away."""
        while going():
            try:
                self.look()
            except (OperationalError, InterfaceError) as error:
                log.warning("the database does not answer: %s", error.orig)
                sleep(PATIENCE)
            except (Conflict, SearchUnavailable) as error:
                log.info("waiting: %s", error)
            except Exception:
                log.exception("tending the index failed")
                sleep(PATIENCE)
            sleep(LOOK_EVERY)

    def look(self) -> bool:
        """Rebuild when somebody asked for it, compare when it is time; whether either was done."""
        with self.engine.connect() as connection:
            asked, compared = connection.execute(_TO_DO).one()
        if asked is not None:
            self._rebuild(asked)
        elif compared is not None and self.clock() - compared < COMPARE_EVERY:
            return False
        if self.writer.status() is not None:
            self._mend()
            self.compare()
        return True

    def _mend(self) -> None:
        """Rebuild an index that was damaged on the disk since it was read.

        Who serves it does not notice; who starts could not open it.
        """
        try:
            self.writer.check()
        except SearchUnavailable as error:
            log.error("rebuilding, for the index is harmed: %s", error)
            rebuild(self.engine, self.writer, policies=self.policies)

    def compare(self) -> None:
        """Compare index and database, and leave the result for the health page."""
        found = list(differences(self.engine, self.reader, self.policies))
        if found:
            # What was approved during the comparison is no difference a moment later.
            sleep(self.settled_after)
            still = set(differences(self.engine, self.reader, self.policies))
            found = [one for one in found if one in still]
        self.report(found)

    def report(self, found: Sequence[str]) -> None:
        """Leave what a comparison found for the health page."""
        status = self.reader.status()
        more = len(found) - NAMED
        with writing(self.engine) as session:
            session.merge(
                IndexReport(
                    id=REPORT,
                    at=self.clock(),
                    generation=int(status.generation),
                    listings=status.listings,
                    cursor=status.cursor,
                    differences=[*found[:NAMED], *([f"and {more} more"] if more > 0 else [])],
                )
            )

    def _rebuild(self, asked: int) -> None:
        """One that was stopped half-way is begun again; one that fails says why."""
        self._note(asked, started_at=self.clock(), done=0, total=0)
        error = ""
        try:
            rebuild(
                self.engine,
                self.writer,
                policies=self.policies,
                started=lambda total: self._note(asked, total=total),
                progress=_now_and_then(lambda done: self._note(asked, done=done)),
            )
        except (Conflict, OperationalError, InterfaceError):
            raise  # another one is at work, or the database is away: it is still to be done
        except SearchUnavailable as failure:
            error = str(failure)
        except Exception as failure:
            log.exception("the rebuild failed")
            error = f"{type(failure).__name__}: {failure}"
        self._note(asked, finished_at=self.clock(), error=error[:1000])

    def _note(self, asked: int, **values: object) -> None:
        with writing(self.engine) as session:
            session.execute(
                update(RebuildRequest).where(RebuildRequest.id == asked).values(**values)
            )


def _now_and_then(say: Callable[[int], None]) -> Callable[[int], None]:
    """Hears a number that grows, in steps of any size, and says it each SAY_EVERY or so."""
    said = 0

    def hear(number: int) -> None:
        nonlocal said
        if number - said >= SAY_EVERY:
            said = number
            say(number)

    return hear
