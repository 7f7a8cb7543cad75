"""Rows 3, 24 and 26: restarts under visitors, a mail server that fails, many who come at once."""

import random
import re
import shutil
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import quantiles
from typing import Any

from sqlalchemy import func, select, text

from directory import mail
from directory.db import reading
from directory.mail import Letter, Smtp
from directory.models import Account, Draft, Listing, OutgoingMail, State, WorkingCopy
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.usecases.mailing import delivery, outbox
from directory.usecases.mailing.delivery import BACKOFF, CLAIMED_FOR, Claimed
from directory.usecases.practitioners import writing
from indexer.follow import catch_up
from indexer.verify import differences
from tests import factories, sites
from tests.factories import NOW
from tests.faults.outcomes import Outcome, Scale
from tests.faults.sites.deeds import DEEDS
from tests.faults.sites.served import House, Person
from tests.journeys.test_serving import Visitors, told, up
from tests.mailbox import Mailbox

WRK = shutil.which("wrk")
READ = "/practitioners/rowan-testerly"
# Nobody waits for mail, however long a mail server takes.
LONGEST_ANSWER = 4.0


def restarted(here: House, scale: Scale) -> Outcome:
    """Row 3: `up` begins anew on SIGHUP, and gunicorn ends on SIGTERM, while people come."""
    outcome = Outcome(3, "restarts under visitors")
    log = here.folder / "up.log"
    env = here.env | {"PORT": str(sites.free_port())}
    with up(env, log) as process:
        told(log, "Ctrl-C", process)
        with Visitors(int(env["PORT"])) as visitors, _wrk(env["PORT"], outcome):
            for times in range(1, scale.of(20, least=1) + 1):
                process.send_signal(signal.SIGHUP)
                with outcome.recovering():
                    told(log, "Reloaded.", process, times)
    outcome.runs += sum(visitors.answered.values())
    outcome.violations += [f"reload: {type(one).__name__}: {one}" for one in visitors.wrong]
    outcome.holds(list(visitors.answered) == [200], f"reload: {dict(visitors.answered)}")
    if here.kind == "postgresql":  # where somebody can be held in the middle of an answer
        for _ in range(scale.of(10, least=1)):
            _ended(here, outcome)
    return outcome


@contextmanager
def _wrk(port: str, outcome: Outcome) -> Iterator[None]:
    """More of them, where wrk is installed."""
    if not WRK:
        outcome.notes.append("wrk is not installed: fewer visitors")
        yield
        return
    words = (WRK, "-t1", "-c2", "-d600s", f"http://127.0.0.1:{port}/search?q=neck")
    crowd = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        yield
    finally:
        crowd.send_signal(signal.SIGINT)
        said = crowd.communicate(timeout=30)[0]
    asked = re.search(r"(\d+) requests in", said)
    outcome.runs += int(asked[1]) if asked else 0
    wrong = re.findall(r"Socket errors: .*|Non-2xx.*", said)
    outcome.violations += [f"reload, wrk: {one}" for one in wrong]


def _ended(here: House, outcome: Outcome) -> None:
    """Whoever is being answered when it is told to end gets the whole answer."""
    with here.beside() as other, ThreadPoolExecutor(4) as people:
        with here.engine.connect() as holding, holding.begin():
            holding.execute(text("LOCK TABLE listing IN ACCESS EXCLUSIVE MODE"))
            asked = [people.submit(other.ask, Person(), READ) for _ in range(4)]
            _until_blocked(here, len(asked))
            other.web.terminate()
            time.sleep(0.3)
        with outcome.recovering():
            statuses = [one.result(60).status for one in asked]
            ended = other.web.wait(30)
        outcome.runs += len(asked)
        outcome.holds(statuses == [200] * len(asked), f"ended: {statuses}")
        outcome.holds(ended == 0, f"ended with {ended}")


def _until_blocked(here: House, people: int) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + 10
    with here.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        while (looking.scalar(waiting) or 0) < people and time.monotonic() < deadline:
            time.sleep(0.02)


def mail_failing(here: House, scale: Scale) -> Outcome:
    """Row 24: pages do not notice; what is queued leaves once, under one Message-ID."""
    outcome = Outcome(24, "a mail server away, slow or refusing for now")
    _not_noticed(here, outcome, scale)
    with Mailbox() as mailbox:
        post = _Post(here, mailbox, random.Random(24))
        post.queue(scale.of(400, least=8))
        with post.impatient(), outcome.recovering():
            post.drain()
        outcome.runs += len(post.queued)
        arrived = Counter(str(one.message["Message-ID"]) for one in mailbox.mails)
        for number, event in post.queued.items():
            times = arrived.pop(f"<{number}@site.example>", 0)
            most = 1 + post.held[number]
            outcome.holds(1 <= times <= most, f"{event}: {times} mails, at most {most}")
        outcome.holds(not arrived, f"mails of nobody: {list(arrived)[:3]}")
        again = sum(post.held.values())
        outcome.notes.append(f"{again} mails taken and not confirmed, sent again with the same id")
    return outcome


def _not_noticed(here: House, outcome: Outcome, scale: Scale) -> None:
    """A worker hangs at a server that says nothing; forms that send mail are answered as ever."""
    with ExitStack() as open_:
        silent = open_.enter_context(socket.create_server(("127.0.0.1", 0)))
        env = here.env | {"MAIL_URL": f"smtp://127.0.0.1:{silent.getsockname()[1]}"}
        open_.enter_context(sites.process(sites.WORK, here.folder / "work.log", env))
        for number in range(scale.of(60, least=3)):
            name = ("invite", "claim", "sign up")[number % 3]
            deed = DEEDS[name](here)
            answer = here.insist(deed.who, deed.path, deed.form)
            outcome.runs += 1
            quick = answer.seconds < LONGEST_ANSWER
            outcome.holds(answer.done, f"{name}: answered {answer.status} without a mail server")
            outcome.holds(quick, f"{name}: {answer.seconds:.1f} s without a mail server")


@dataclass
class _Post:
    """The queue of a house, a mail server that fails as the dice say, and a clock to turn."""

    here: House
    mailbox: Mailbox
    dice: random.Random

    def __post_init__(self) -> None:
        self.now: datetime = self.here.app.extensions["stillpoint"].clock()
        self.queued: dict[int, str] = {}
        self.held: Counter[int] = Counter()
        self.failed: Counter[int] = Counter()

    def queue(self, mails: int) -> None:
        """So many more, beside those that wait already."""

        def send(session: Any) -> None:
            for _ in range(mails):
                event = f"fault:{next(self.here.numbers)}"
                for _twice in range(2):  # an event that is told again is one mail
                    outbox.send(session, "submitted", "r@home.example", event=event, at=NOW)

        self.here.write(send)
        with reading(self.here.engine) as session:
            waiting = select(OutgoingMail).where(OutgoingMail.due_at.is_not(None))
            self.queued = {one.id: one.event for one in session.scalars(waiting)}

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Nobody waits as long as for a real server."""
        usual, mail.TIMEOUT = mail.TIMEOUT, 0.2
        yield
        mail.TIMEOUT = usual

    def drain(self) -> None:
        """Try what is due, and turn the clock, until nothing waits."""
        for _ in range(3 * len(BACKOFF)):
            with reading(self.here.engine) as session:
                due = delivery.due(session, self.now, most=10_000)
            for number in due:
                self._try(number)
            self.now += max(BACKOFF) + CLAIMED_FOR

    def _try(self, number: int) -> None:
        sick = self.failed[number] < 3 and self.dice.random() < 0.5
        fault = self.dice.choice(("away", "later", "greylisted", "held")) if sick else ""
        self.failed[number] += sick
        if fault == "held" and self.held.total() > 20:
            fault = "later"  # each costs a wait
        with ExitStack() as open_:
            if fault == "later":
                open_.enter_context(self.mailbox.answering(data="451 Later"))
            if fault == "greylisted":
                open_.enter_context(self.mailbox.answering(recipient="450 Not yet"))
            if fault == "held":
                self.held[number] += 1
                open_.enter_context(self.mailbox.holding())
            port = sites.free_port() if fault == "away" else self.mailbox.port
            delivery.deliver_one(
                self.here.engine,
                number,
                render=_letter,
                transport=Smtp("127.0.0.1", port, "", "", tls=False),
                clock=lambda: self.now,
            )


def _letter(claimed: Claimed) -> Letter:
    return Letter(
        to=claimed.recipient,
        subject=claimed.kind,
        text="Hello",
        html="<p>Hello</p>",
        message_id=f"<{claimed.id}@site.example>",
        sender=("Stillpoint", "hello@site.example"),
    )


@dataclass
class _Keeper:
    """Somebody who edits a listing again and again, and what they were last told is kept."""

    who: Person
    number: int
    content: Draft
    shown: bool = True

    def edit(self, here: House, words: str) -> tuple[bool, float]:
        """Write a page, as a form that was opened just now."""
        seen = writing.fingerprint(self.content, ("about", "first_visit", "background"))
        form = {"about": words, "first_visit": "", "background": "", "seen": seen}
        answer = here.insist(self.who, f"/my/listing/{self.number}/edit/words", form)
        if answer.done:
            self.content = replace(self.content, about=words)
        return answer.done, answer.seconds

    def turn(self, here: House, _words: str) -> tuple[bool, float]:
        """Pause it, or show it again."""
        verb = "pause" if self.shown else "resume"
        answer = here.insist(self.who, f"/my/listing/{self.number}/{verb}", {})
        self.shown ^= answer.done
        return answer.done, answer.seconds


def crowded(here: House, scale: Scale) -> Outcome:
    """Row 26: 10,000 sign-ups, edits and pauses as fast as they are taken: each acked once."""
    outcome = Outcome(26, "many sign-ups and edits at once")
    many = scale.of(10_000, least=60)
    keepers = [_keeper(here) for _ in range(min(16, many // 8))]
    visitors = [
        (here.visitor(), f"crowd-{next(here.numbers)}@home.example") for _ in range(many // 4)
    ]

    def sign_up(one: tuple[Person, str]) -> tuple[bool, float]:
        answer = here.insist(one[0], "/account/sign-up", {"email": one[1]})
        return answer.done, answer.seconds

    def keep(one: _Keeper) -> list[tuple[bool, float]]:
        acts = (one.edit, one.turn)
        times = many * 3 // 4 // len(keepers)
        return [acts[time_ % 2](here, f"Words {time_}.") for time_ in range(times)]

    began = time.monotonic()
    with ThreadPoolExecutor(len(keepers) + 8) as hands:
        kept = [hands.submit(keep, one) for one in keepers]
        twice = [(who, email.upper()) for who, email in visitors]
        signed = list(
            hands.map(
                sign_up,
                [pair for both in zip(visitors, twice, strict=True) for pair in both][
                    : many // 4 * 2
                ],
            )
        )
        answers = signed + [answer for one in kept for answer in one.result()]
    took = time.monotonic() - began
    with outcome.recovering():
        catch_up(here.engine, WhooshWriter(here.config.index_dir))
    outcome.runs += len(answers)
    lost = sum(not done for done, _ in answers)
    outcome.holds(not lost, f"{lost} were never taken")
    _check_crowd(here, outcome, keepers, [email for _, email in visitors])
    cuts = quantiles([seconds for _, seconds in answers], n=100)
    rate = len(answers) / took
    outcome.notes.append(f"{rate:.0f}/s, p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s")
    return outcome


def _keeper(here: House) -> _Keeper:
    who, slug = here.somebody(), f"busy-{next(here.numbers)}"
    today = here.app.extensions["stillpoint"].today()

    def make(session: Any) -> tuple[int, Draft]:
        made = factories.listing(session, on=today, slug=slug, owner_id=who.actor.account_id)
        copy = writing.working_copy(session, made, NOW)
        return made.id, copy.content

    return _Keeper(who, *here.write(make))


def _check_crowd(here: House, outcome: Outcome, keepers: list[_Keeper], emails: list[str]) -> None:
    with reading(here.engine) as session:
        for email in emails:
            same = select(func.count()).where(func.lower(Account.email) == email)
            outcome.holds(
                session.scalar(same) == 1, f"an address has {session.scalar(same)} accounts"
            )
        for one in keepers:
            copy = session.get_one(WorkingCopy, one.number)
            outcome.holds(copy.content.about == one.content.about, "an edit that was acked is lost")
            state = session.get_one(Listing, one.number).state
            wanted = State.LIVE if one.shown else State.PAUSED
            outcome.holds(state is wanted, f"acked {wanted}, stands {state}")
    reader = WhooshReader(here.config.index_dir)
    outcome.violations += differences(here.engine, reader)
