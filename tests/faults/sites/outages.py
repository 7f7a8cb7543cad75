"""Rows 7, 18 and 19: a database that is away, slow or locked, and a disk that is full."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from directory.photos.drawing import FORMATS, SIZES
from directory.usecases.practitioners import writing
from tests import stories
from tests.databases import Templates
from tests.factories import NOW
from tests.faults.outcomes import Outcome, Scale
from tests.faults.sites.served import House, Person, Told, house
from tests.journeys import test_disks as disks
from tests.web.practitioners.test_portraits import sent

READING = ("/", "/search", "/search?q=migraine", "/practitioners/juniper-exampleton")
UNSEEN = "Birch Unseen"
TYPED = "A quiet lantern, typed while nobody listened."
# Rough guards: the machine may be busy with other things.
HEALTHY_WITHIN, ANSWERED_WITHIN = 3.0, 28.0
PEOPLE = 8


class Line:
    """What lies between a site and its PostgreSQL; `how` it is: open, away, a hole, or slow."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir()
        there = str(make_url(url).query["host"])
        self.url = url.replace(there, str(folder))
        self.target = f"{there}/.s.PGSQL.5432"
        self.how, self.delay = "open", 0.0
        self.ends: set[socket.socket] = set()
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(f"{folder}/.s.PGSQL.5432")
        self.door.listen(64)
        threading.Thread(target=self._welcome, daemon=True).start()

    def be(self, how: str, delay: float = 0.0) -> None:
        """From now on; whoever is connected is cut off when it is away."""
        self.how, self.delay = how, delay
        for end in list(self.ends) if how == "away" else ():
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nobody comes through any more."""
        self.be("away")
        self.door.close()

    def _welcome(self) -> None:
        while True:
            try:
                here = self.door.accept()[0]
            except OSError:
                return
            if self.how == "away":
                here.close()
                continue
            there = socket.socket(socket.AF_UNIX)
            there.connect(self.target)
            self.ends |= {here, there}
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while part := one.recv(65536):
                while self.how == "hole":
                    time.sleep(0.02)
                time.sleep(self.delay)
                other.sendall(part)
        for end in (one, other):
            self.ends.discard(end)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
                end.close()


@contextmanager
def _lined(here: House) -> Iterator[tuple[House, Line]]:
    """The site once more, with a line to its database that may fail."""
    line = Line(here.folder / f"line-{next(here.numbers)}", here.env["DATABASE_URL"])
    try:
        with here.beside(DATABASE_URL=line.url) as other:
            yield other, line
            line.be("open")
    finally:
        line.close()


def database_away(here: House, scale: Scale) -> Outcome:
    """Row 18: it refuses, or says nothing: an honest page, what was typed is kept, soon back."""
    outcome, answers = Outcome(18, "the database is away"), list[Told]()
    who, page = _editor(here)
    with _lined(here) as (other, line):
        for number in range(scale.of(20, least=2)):
            how = ("away", "hole")[number % 2]
            line.be(how)
            asks = [lambda path=path: other.ask(Person(), path) for path in READING]
            save = {"about": f"{TYPED} {number}", "first_visit": "", "background": "", "seen": ""}
            told = _at_once(other, outcome, how, [*asks, lambda s=save: other.ask(who, page, s)])
            answers += told[:-1]
            kept = told[-1].status == 503 and TYPED in told[-1].text
            outcome.holds(kept, f"{how}: a form was answered {told[-1].status}, or not kept")
            line.be("open")
            with outcome.recovering():
                _until_well(other, outcome)
        _note(outcome, answers)
        outcome.holds("Traceback" not in _logs(here), "a traceback in the log")
    return outcome


def database_slow(here: House, scale: Scale) -> Outcome:
    """Row 19: two seconds more for each word, or locked: everybody is answered, health at once."""
    outcome, answers = Outcome(19, "the database is slow or locked"), list[Told]()
    asks = [READING[number % len(READING)] for number in range(PEOPLE)]
    rounds, hold = scale.of(10, least=1), 1.0 if scale.share < 0.05 else 6.0
    for _ in range(rounds):
        with _locked(here, hold):
            people = [lambda path=path: here.ask(Person(), path, timeout=90) for path in asks]
            answers += _at_once(here, outcome, "locked", people)
        with outcome.recovering():
            _until_well(here, outcome)
    if here.kind == "postgresql":
        with _lined(here) as (other, line):
            for _ in range(rounds):
                line.be("slow", 0.1 if scale.share < 0.05 else 2.0)
                people = [lambda path=path: other.ask(Person(), path, timeout=90) for path in asks]
                answers += _at_once(other, outcome, "slow", people, within=80)
                line.be("open")
                with outcome.recovering():
                    _until_well(other, outcome)
    _note(outcome, answers)
    return outcome


@contextmanager
def _locked(here: House, seconds: float) -> Iterator[None]:
    """Somebody holds the table of listings, or all of SQLite, for so long."""
    sql = ("LOCK TABLE listing IN ACCESS EXCLUSIVE MODE",)
    if here.kind == "sqlite":
        sql = ("ROLLBACK", "BEGIN EXCLUSIVE")
    with here.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        for one in sql:
            connection.exec_driver_sql(one)
        free = threading.Timer(seconds, connection.connection.rollback)
        free.start()
        yield
        free.join()


def _at_once(
    here: House,
    outcome: Outcome,
    how: str,
    asks: list[Callable[[], Told]],
    within: float = ANSWERED_WITHIN,
) -> list[Told]:
    """What all are told, and that the site says meanwhile that it lives."""
    with ThreadPoolExecutor(1) as doctor:
        health = doctor.submit(_healths, here)
        told = here.at_once(asks)
        healthy = health.result()
    outcome.runs += len(told)
    for one in told:
        outcome.holds(one.status in (200, 503), f"{how}: answered {one.status}")
        outcome.holds(one.seconds < within, f"{how}: {one.seconds:.0f} s")
        outcome.holds(UNSEEN not in one.text, f"{how}: somebody hidden is shown")
    slowest = max(one.seconds for one in healthy)
    alive = {one.status for one in healthy} == {200} and slowest < HEALTHY_WITHIN
    outcome.holds(alive, f"{how}: /healthz took {slowest:.1f} s")
    return told


def _healths(here: House) -> list[Told]:
    found = []
    for _ in range(5):
        found.append(here.ask(Person(), "/healthz"))
        time.sleep(0.1)
    return found


def _until_well(here: House, outcome: Outcome) -> None:
    deadline = time.monotonic() + 15
    while any(here.ask(Person(), path).status != 200 for path in READING):
        if time.monotonic() > deadline:
            outcome.holds(False, "it is not well again")
            return
        time.sleep(0.05)


def _note(outcome: Outcome, answers: list[Told]) -> None:
    shown = sum(one.status == 200 for one in answers) / len(answers)
    p99 = sorted(one.seconds for one in answers)[int(len(answers) * 0.99)]
    outcome.notes.append(f"{shown:.0%} of pages shown meanwhile, p99 {p99:.1f} s")


def _logs(here: House) -> str:
    return "".join(path.read_text() for path in here.folder.glob("web*.log"))


def _editor(here: House) -> tuple[Person, str]:
    who = here.somebody()
    number = here.write(lambda session: stories.written(session, who.actor).id)
    return who, f"/my/listing/{number}/edit/words"


def disk_full(folder: Path, scale: Scale, templates: Templates) -> Outcome:
    """Row 7: pages are read, forms and photos get one clear 503, no half photo stays."""
    outcome = Outcome(7, "the disk is full under the site")
    with templates.copy("sqlite", folder) as url:
        room = Path(make_url(url).database or "").stat().st_size + disks.ROOM
    for kind in ("ext4", "tmpfs"):
        try:
            with disks.mounted(kind, folder / kind, room), _on(templates, folder / kind) as here:
                for _ in range(scale.of(10, least=1)):
                    _fill_and_free(here, outcome, folder / kind)
        except pytest.skip.Exception as why:
            outcome.notes.append(f"{kind} skipped: {why}")
    return outcome


@contextmanager
def _on(templates: Templates, disk: Path) -> Iterator[House]:
    """A site with all that it writes on that disk."""
    with house(templates, "sqlite", disk / "site") as here:
        yield here


def _fill_and_free(here: House, outcome: Outcome, disk: Path) -> None:
    who, page = _editor(here)
    photo = page.replace("/words", "/photo")
    number = int(page.split("/")[3])
    now = here.read(lambda session: writing.current(session, number, by=who.actor, at=NOW))
    save = {"about": TYPED, "first_visit": "", "background": "", "seen": now.seen("words")}
    filler = disks.fill(disk)
    reads = [here.ask(Person(), path).status for path in READING]
    told = here.ask(who, page, save)
    drawn = _upload(here, who, photo)
    outcome.runs += len(reads) + 2
    outcome.holds(set(reads) == {200}, f"full: pages were answered {reads}")
    kept = told.status == 503 and TYPED in told.text
    outcome.holds(kept, f"full: a form was answered {told.status}, or not kept")
    outcome.holds(drawn.status == 503, f"full: a photo was answered {drawn.status}")
    outcome.holds(not _halves(here), f"full: half photos {_halves(here)}")
    filler.unlink()
    with outcome.recovering():
        again = here.insist(who, page, save).status, _upload(here, who, photo).status
    outcome.holds(again == (303, 303), f"with room again: {again}")
    outcome.holds(not _halves(here), f"with room again: half photos {_halves(here)}")
    shutil.rmtree(here.config.data_dir / "photos", ignore_errors=True)


def _upload(here: House, who: Person, path: str) -> Told:
    edge = "----a-photo"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'
    body = head.encode() + sent((800, 700))[0].read() + f"\r\n--{edge}--\r\n".encode()
    kind = f"multipart/form-data; boundary={edge}"
    return here.ask(who, path, body, Content_Type=kind)


def _halves(here: House) -> list[str]:
    """Photos of which some files are there and some are not."""
    found: dict[str, int] = {}
    for path in (here.config.data_dir / "photos").rglob("*"):
        if path.is_file():
            found[path.name[:32]] = found.get(path.name[:32], 0) + 1
    whole = len(SIZES) * len(FORMATS)
    return [name for name, files in found.items() if files != whole]
