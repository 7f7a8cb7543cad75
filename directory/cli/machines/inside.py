"""What the doctor looks at inside: database, index, and who should be at work."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from directory import outages
from directory.cli.chores import LIFE
from directory.cli.desk import Desk
from directory.cli.machines.findings import Finding, age, fail, ok, warn
from directory.db import reading
from directory.errors import DatabaseUnavailable, SearchUnavailable
from directory.models import IndexChange, OutgoingMail
from directory.usecases.audit import anchors, chain

LATE = timedelta(minutes=3)
STALE_ANCHOR = timedelta(hours=1)
FOLLOW = "is `python -m indexer follow` running?"


def database(here: Desk) -> Iterator[Finding]:
    """It answers, and has the form that this program knows."""
    try:
        outages.check(here.engine)
    except DatabaseUnavailable as error:
        yield fail(str(error))
        return
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[here.engine.dialect.name]
    yield ok(f"{kind} at {outages.place(here.engine.url)}, form {outages.revisions()[-1]}")


def index(here: Desk) -> Iterator[Finding]:
    """One can be opened and searched."""
    try:
        status = here.runtime.reader.status()
    except SearchUnavailable as error:
        yield fail(f"{error} Run `python -m indexer rebuild`.")
        return
    yield ok(f"{status.listings:,} listings, generation {status.generation}")


def indexer(here: Desk) -> Iterator[Finding]:
    """What changed reaches the index within minutes."""
    cursor = 0
    try:
        cursor = here.runtime.reader.status().cursor
    except SearchUnavailable:
        yield warn("there is no index that it could follow")
    with reading(here.engine) as session:
        newer = select(func.count(), func.min(IndexChange.at)).where(IndexChange.id > cursor)
        count, oldest = session.execute(newer).one()
    since = datetime.now(UTC) - oldest if count else timedelta(0)
    if since > LATE:
        yield fail(f"{count:,} changes wait, the oldest for {age(since)}: {FOLLOW}")
    yield ok(f"{count:,} changes wait")


def worker(here: Desk) -> Iterator[Finding]:
    """It does its chores each minute, and mail leaves when it is due."""
    now, path = datetime.now(UTC), here.config.data_dir / LIFE
    running = "is `flask --app wsgi work` running?"
    with reading(here.engine) as session:
        due = func.min(OutgoingMail.due_at)
        oldest = session.scalar(select(due).where(OutgoingMail.due_at.is_not(None)))
        dead = session.scalar(select(func.count()).where(OutgoingMail.dead_at.is_not(None))) or 0
    if oldest and now - oldest > LATE:
        yield fail(f"mail is due for {age(now - oldest)} and has not left: {running}")
    if dead:
        yield warn(f"{dead:,} mails never left: see the page “Health”")
    if not path.exists():
        yield warn(f"none has worked in this DATA_DIR: {running}")
        return
    since = now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if since > LATE:
        yield fail(f"none has worked here for {age(since)}: {running}")
    yield ok(f"at work {age(since)} ago")


def audit(here: Desk) -> Iterator[Finding]:
    """Where the record of what was done ends stands outside the database, too."""
    with reading(here.engine) as session:
        head = chain.now(session)
    for path in anchors.places(here.config):
        known, last = anchors.read(path), anchors.last_at(path)
        since = datetime.now(UTC) - last if last else timedelta(0)
        if head.length and not known:
            yield warn(f"there is no anchor in {path}: the worker writes one each minute")
        elif known and known[-1].length > head.length:
            told = f"{path} tells of {known[-1].length:,} events"
            yield fail(f"{told}, there are {head.length:,}: run `verify-audit`")
        elif known and known[-1] != head and since > STALE_ANCHOR:
            yield warn(f"{path} is {age(since)} old, and the record went on: see `worker`")
    if not (here.config.at_home or here.config.audit_anchor_url):
        yield warn("set AUDIT_ANCHOR_URL to where nobody who breaks in here can write")
    yield ok(f"{head.length:,} events, anchored; `verify-audit` reads them all")
