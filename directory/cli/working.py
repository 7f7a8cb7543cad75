"""`flask --app wsgi work`: what nobody waits for: mail goes out, imports go in, the clock does its chores."""

import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event

import click
import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from directory import outages
from directory.cli import desk
from directory.cli.chores import CHORES, OFTEN
from directory.cli.commands import Command
from directory.cli.jobs import Jobs
from directory.db import WORKER
from directory.edge import Runtime
from directory.errors import ConfigError
from directory.mail import Transport, transport
from directory.usecases.curation import figures
from directory.usecases.mailing import delivery
from directory.usecases.mailing.delivery import Outcome, Render
from directory.web.formatting import letters

LOOK_EVERY = 0.5
PATIENCE = 5.0
CHORES_EVERY, OFTEN_EVERY = 3600.0, 60.0
REST_AFTER_FAILURE = 60.0
log = structlog.stdlib.get_logger("stillpoint.work")
LOUDNESS = {Outcome.DEAD: log.error, Outcome.DELAYED: log.warning}


@click.command(cls=Command, patience=WORKER)
@click.option("--once", is_flag=True, help="Do what is to be done now, and end: for cron.")
def work(once: bool) -> None:
    """Send mail and do the clock's chores until stopped."""
    stop = Event()
    with desk.here().pages() as site:
        here: Runtime = site.extensions["stillpoint"]
        try:
            way_out = transport(here.config)
        except ConfigError as error:
            raise click.ClickException(str(error)) from None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        worker = Worker(here, letters.renderer(site), way_out, stop)
        if once:
            worker.finish()
        else:
            worker.run()


class Worker:
    """Sends what is due, one mail after the other; many may run at once."""

    def __init__(self, here: Runtime, render: Render, transport: Transport, stop: Event) -> None:
        self.here, self.render, self.transport, self.stop = here, render, transport, stop
        self.jobs, self.rests_until, self.often_at = Jobs(here), 0.0, 0.0

    def run(self) -> None:
        """Until `stop` is set, which ends it between two mails; survives a database that is away."""
        chores_at = time.monotonic()
        while not self.stop.is_set():
            more = False
            try:
                self.do_often()  # first: that somebody is at work is seen, whatever fails then
                self.deliver()
                more = self.go_on()
                if time.monotonic() >= chores_at:
                    self.do_chores()
                    chores_at = time.monotonic() + CHORES_EVERY
            except DBAPIError as error:
                away = isinstance(error, (OperationalError, InterfaceError))
                if not away and outages.meaning(error, self.here.engine) is None:
                    raise
                log.warning("the database does not answer", error=str(error.orig))
                self.stop.wait(PATIENCE)
            if not more:
                self.stop.wait(LOOK_EVERY)

    def finish(self) -> None:
        """Do all that is to be done now, once."""
        self.do_chores()
        self.deliver()
        while self.go_on():
            self.deliver()
        self.do_chores(OFTEN)

    def go_on(self) -> bool:
        """Do one part of an import or the like, if any waits; after a failure it rests."""
        if self.stop.is_set() or time.monotonic() < self.rests_until:
            return False
        try:
            return self.jobs.step()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("a part of an import, or of merging terms, failed")
            self.rests_until = time.monotonic() + REST_AFTER_FAILURE
            return False

    def deliver(self) -> int:
        """Try all that is due now; how many left."""
        sent = 0
        while not self.stop.is_set():
            with self.here.reading() as session:
                waiting = delivery.due(session, self.here.clock())
            if not waiting:
                break
            sent += sum(self._deliver_one(mail_id) for mail_id in waiting)
        return sent

    def do_often(self) -> None:
        """What is done every minute, if one is over."""
        if time.monotonic() >= self.often_at:
            self.do_chores(OFTEN)
            self.often_at = time.monotonic() + OFTEN_EVERY

    def _deliver_one(self, mail_id: int) -> bool:
        if self.stop.is_set():
            return False
        self.do_often()  # many mails to a slow server take long
        outcome = delivery.deliver_one(
            self.here.engine,
            mail_id,
            render=self.render,
            transport=self.transport,
            clock=self.here.clock,
        )
        LOUDNESS.get(outcome, log.info)("mail", id=mail_id, outcome=outcome.value)
        return outcome is Outcome.SENT

    def do_chores(self, chores: Sequence[Callable[[Runtime], None]] = CHORES) -> None:
        """Each of them; one that fails does not keep the others from being done."""
        for chore in chores:
            if self.stop.is_set():
                return
            try:
                chore(self.here)
                self._note(chore)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                self._tell(chore, error)

    def _note(self, chore: Callable[[Runtime], None]) -> None:
        """Whoever looks in from outside sees that it was done; a full disk may keep it from them."""
        if chore in CHORES:
            with suppress(OSError):
                figures.touch(self.here.config.data_dir / figures.DONE / chore.__name__)

    def _tell(self, chore: Callable[[Runtime], None], error: Exception) -> None:
        known = isinstance(error, outages.KINDS) and outages.meaning(error, self.here.engine)
        if known:
            log.warning("a chore waits", chore=chore.__name__, why=str(known))
        else:
            log.error("a chore failed", chore=chore.__name__, exc_info=error)


COMMANDS = (work,)
