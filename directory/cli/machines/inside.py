"""What the doctor looks at inside: database, index, and who should be at work."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from directory import outages
from directory.cli.desk import Desk
from directory.cli.machines.findings import Finding, age, fail, ok, warn
from directory.config import Config
from directory.db import reading
from directory.errors import DatabaseUnavailable, SearchUnavailable
from directory.usecases.audit import chain
from directory.usecases.curation import figures
from directory.usecases.curation.figures import PROMISED, Anchored, Kept
from directory.usecases.mailing import delivery

LATE = timedelta(minutes=3)
STALE_ANCHOR = timedelta(hours=1)
CHORES_WITHIN, COMPARED_WITHIN = timedelta(days=1), timedelta(days=2)
BACKED_UP_WITHIN = timedelta(days=2)
FOLLOW = "is `python -m indexer follow` running?"
WORK = "is `flask --app wsgi work` running?"


def database(here: Desk) -> Iterator[Finding]:
    """It answers, and has the form that this program knows."""
    where = outages.place(here.engine.url)
    try:
        outages.check(here.engine)
    except DatabaseUnavailable as error:
        yield fail(str(error))
        return
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[here.engine.dialect.name]
    yield ok(f"{kind} at {where}, form {outages.revisions()[-1]}")


def index(here: Desk) -> Iterator[Finding]:
    """One can be opened and searched."""
    try:
        status = here.runtime.reader.status()
    except SearchUnavailable as error:
        yield fail(figures.trouble(error))
        return
    yield ok(f"{status.listings:,} listings, generation {status.generation}")


def indexer(here: Desk) -> Iterator[Finding]:
    """What changed reaches the index within minutes, and the index says what the database says."""
    status, now = figures.status(here.runtime.reader), datetime.now(UTC)
    if status is None:
        yield warn("there is no index that it could follow")
    with reading(here.engine) as session:
        lag, last = figures.lag(session, status), figures.compared(session)
    since = figures.age(lag.oldest, now)
    if since > LATE and (begun := _begun(here, now)):
        yield warn(f"{lag.changes:,} changes wait; {begun}")
    elif since > LATE:
        yield fail(f"{lag.changes:,} changes wait, the oldest for {age(since)}: {FOLLOW}")
    if last and last.differences:
        told = f"{last.differences:,} differences between index and database"
        yield fail(f"{told}: run `python -m indexer rebuild`")
    if last and figures.age(last.at, now) > COMPARED_WITHIN:
        yield warn(f"index and database were compared {age(now - last.at)} ago: {FOLLOW}")
    yield ok(f"{lag.changes:,} changes wait")


def worker(here: Desk) -> Iterator[Finding]:
    """It does its chores, and mail leaves when it is due."""
    now, kept = datetime.now(UTC), figures.kept(here.config)
    with reading(here.engine) as session:
        mail = delivery.backlog(session)
    if mail.dead:
        yield fail(f"{mail.dead:,} mails never left: mend why, see the page “Health”")
    late = list(_late(mail.due, kept, now))
    if late and (begun := _begun(here, now)):
        yield warn(f"{late[0].words.partition(':')[0]}; {begun}")
    else:
        yield from late
    if kept.worker is None:
        yield warn(f"none has worked in this DATA_DIR: {WORK}")
        return
    yield ok(f"at work {age(now - kept.worker)} ago")


def _late(due: datetime | None, kept: Kept, now: datetime) -> Iterator[Finding]:
    overdue = figures.age(due, now)
    if overdue > LATE:
        yield fail(f"mail is due for {age(overdue)} and has not left: {WORK}")
    names = [name for name, at in kept.chores.items() if now - at > CHORES_WITHIN]
    if names and kept.worker:
        words = ", ".join(name.replace("_", " ") for name in names)
        yield fail(f"not done for more than a day: {words}; its log says why")
    if kept.worker and now - kept.worker > LATE:
        yield fail(f"none has worked here for {age(now - kept.worker)}: {WORK}")


def _begun(here: Desk, now: datetime) -> str:
    """That the site was started a moment ago, and what waited while it was down goes on only now."""
    since = figures.at(here.config.data_dir / figures.STARTED)
    if since is None or now - since > LATE:
        return ""
    return f"the site was started {age(now - since)} ago: look again in {age(LATE)}"


def backups(config: Config) -> Iterator[Finding]:
    """One was taken not long ago, from here."""
    taken = figures.at(config.data_dir / figures.TAKEN)
    daily = "let `flask --app wsgi backup FILE` run every day (`example backup` prints how)"
    if taken is None:
        yield warn(f"none was ever taken from here: {daily}")
        return
    since = datetime.now(UTC) - taken
    if since > BACKED_UP_WITHIN:
        yield warn(f"the last was taken {age(since)} ago: {daily}")
    yield ok(f"the last was taken {age(since)} ago")


def queue(here: Desk) -> Iterator[Finding]:
    """Nobody waits for an admin longer than practitioners are told."""
    with reading(here.engine) as session:
        found = figures.queue(session)
    since = figures.age(found.oldest, datetime.now(UTC))
    if since > PROMISED:
        yield warn(f"{found.waiting:,} wait for an admin, the oldest for {age(since)}: see /admin")
    yield ok(f"{found.waiting:,} wait for an admin")


def audit(here: Desk) -> Iterator[Finding]:
    """Where the record of what was done ends stands outside the database, too."""
    now = datetime.now(UTC)
    with reading(here.engine) as session:
        head = chain.now(session)
        places = list(figures.anchored(session, here.config))
    for place in places:
        yield from _anchored(place, head.length, now)
    if not (here.config.at_home or here.config.audit_anchor_url):
        yield warn("set AUDIT_ANCHOR_URL to where nobody who breaks in here can write")
    yield ok(f"{head.length:,} events, anchored; `verify-audit` reads them all")


def _anchored(place: Anchored, length: int, now: datetime) -> Iterator[Finding]:
    behind = figures.age(place.behind_since, now)
    if place.trouble:
        yield fail(f"{place.path} cannot be read: {place.trouble}")
    elif not place.path.parent.is_dir():
        yield fail(
            f"there is no folder {place.path.parent}: make or mount it, see AUDIT_ANCHOR_URL"
        )
    elif place.length > length:
        told = f"{place.path} tells of {place.length:,} events"
        yield fail(f"{told}, there are {length:,}: run `verify-audit`")
    elif behind > STALE_ANCHOR:
        told = f"events of the last {age(behind)} are not in {place.path}"
        yield fail(f"{told}: can it be written? See `worker`")
    elif place.behind_since and not place.length:
        yield warn(f"there is no anchor in {place.path}: the worker writes one each minute")
