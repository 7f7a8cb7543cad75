"""Rows 20 to 22: one site in two databases, a migration under load, backups that are killed."""

import random
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from itertools import count, product
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine, select

from directory import backups, migrations, outages
from directory.app import create_app
from directory.backups import archives
from directory.config import Config
from directory.db import Base, make_engine, make_file, reading, repeated, writing
from directory.models import Account, Listing
from directory.photos import Album
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from directory.usecases.accounts import erasing
from directory.usecases.listings import changes
from indexer.rebuild import rebuild
from indexer.verify import differences
from tests import factories
from tests.backups.test_drill import KEY, Site, contents, settle
from tests.databases import BOTH, Templates
from tests.factories import NOW
from tests.faults import children
from tests.faults.outcomes import Outcome, Scale

WRITES_A_SECOND = 50
# Names that databases sort, fold and compare in ways of their own.
NAMES = (
    "Zoë Ångström", "Émile", "emile", "EMILE", "Ñandú", "nandu", "ß Straße", "Straße", "STRASSE",
    "İstanbul", "ılık", "Øystein", "O'Neill", "_under", "%percent", "a", "A", "\u00e9", "e\u0301",
    "\U0001f33f Sage", "李 明", "Ωmega", "z" * 100,
)  # fmt: skip
PAGES = (
    "/", "/search", "/search?q=migraine", "/search?near=Boulder", "/search?q=emile",
    "/search?sort=name", "/search?profession=chiropractor&sort=distance&near=Denver",
    "/practitioners/juniper-exampleton", "/practitioners/nobody", "/sitemap.xml",
    "/api/v1/practitioners?q=neck", "/api/v1/practitioners?near=Portland&within=80km",
)  # fmt: skip
ONCE = re.compile(r'nonce="[^"]*"|nonce-[\w-]+|value="[^"]*"|"took_ms":[\d.]+')


@contextmanager
def _sites(templates: Templates, folder: Path) -> Iterator[Callable[..., Site]]:
    """Call it for a site on a database of that kind, in a folder of its own."""
    with ExitStack() as open_:
        numbers = count()

        def make(kind: str, key: str = KEY) -> Site:
            here = folder / f"site-{next(numbers)}"
            here.mkdir(parents=True)
            url = open_.enter_context(templates.copy(kind, here))
            engine = make_engine(url)
            open_.callback(engine.dispose)
            env = {"DATA_DIR": str(here / "var"), "DATABASE_URL": url, "SECRET_KEY": key}
            return Site(Config.from_env(env), engine)

        yield make


def in_both(folder: Path, scale: Scale, templates: Templates) -> Outcome:
    """Row 20: a site that moves from SQLite to PostgreSQL is the same, row by row and page by page."""
    outcome, dice = Outcome(20, "from SQLite to PostgreSQL"), random.Random(20)
    for number in range(scale.of(10, least=1)):
        with _sites(templates, folder / str(number)) as site:
            old, new = site("sqlite"), site("postgresql")
            settle(old)
            with writing(old.engine) as session:
                for name in dice.sample(NAMES, len(NAMES)):
                    slug = f"hard-{dice.randrange(10**9)}"
                    said = {"about": dice.choice(NAMES), "phone": dice.choice(("", "+13035550142"))}
                    factories.listing(session, name=name, slug=slug, **said)
            with outcome.recovering():
                old.take(folder / f"{number}.backup")
                new.restore(folder / f"{number}.backup")
            outcome.violations += [
                f"{name} differs after the move" for name in _differing(old, new)
            ]
            for here in (old, new):  # numbers go on alike
                with writing(here.engine) as session:
                    made = factories.listing(session, slug="one-more")
                    changes.public_changed(session, made, "approved", by="x", at=NOW)
            _compare(outcome, old, new)
    return outcome


def _compare(outcome: Outcome, old: Site, new: Site) -> None:
    outcome.violations += [f"{name} differs" for name in _differing(old, new)]
    outcome.runs += len(Base.metadata.tables) + len(PAGES)
    for here in (old, new):
        rebuild(here.engine, WhooshWriter(here.config.index_dir))
    indexes = [dict(WhooshReader(here.config.index_dir).ids()) for here in (old, new)]
    outcome.holds(indexes[0] == indexes[1], "the indexes differ")
    pages = [_pages(here) for here in (old, new)]
    differ = [path for path in PAGES if pages[0][path] != pages[1][path]]
    outcome.violations += [f"{path} differs" for path in differ]


def _differing(old: Site, new: Site) -> list[str]:
    one, other = contents(old.engine), contents(new.engine)
    return [name for name in one if one[name] != other[name]]


def _pages(here: Site) -> dict[str, tuple[int, str]]:
    app = create_app(here.config)
    runtime = app.extensions["stillpoint"]
    runtime.clock = lambda: NOW
    asked = {path: app.test_client().get(path) for path in PAGES}
    runtime.engine.dispose()
    return {path: (told.status_code, ONCE.sub("", told.text)) for path, told in asked.items()}


def migrated(folder: Path, scale: Scale, templates: Templates) -> Outcome:
    """Row 21: each step while fifty a second are written by code that knows the form before it."""
    outcome, blocked = Outcome(21, "a migration under fifty writes a second"), [0.0]
    steps = outages.revisions()
    for number, kind in product(range(scale.of(10, least=1)), BOTH):
        (folder / f"{number}-{kind}").mkdir()
        with _empty(templates, kind, folder / f"{number}-{kind}") as engine:
            _upgrade(engine, steps[0])
            _two_accounts(engine)
            for step in steps[1:]:
                with outcome.recovering(), _Old(engine, outcome, blocked):
                    time.sleep(0.1)
                    _upgrade(engine, step)
                    time.sleep(0.1)
    outcome.notes.append(f"a write waited {max(blocked) * 1000:.0f} ms at most")
    return outcome


@contextmanager
def _empty(templates: Templates, kind: str, folder: Path) -> Iterator[Engine]:
    with ExitStack() as open_:
        url = f"sqlite:///{folder / 'empty.db'}"
        if kind == "postgresql":
            url = open_.enter_context(templates.empty_postgresql())
        engine = make_engine(url)
        make_file(engine)
        yield engine
        engine.dispose()


def _two_accounts(engine: Engine) -> None:
    """As they may stand there from the very first form: whoever makes a key unique fills it."""
    known = sa.Table("account", sa.MetaData(), autoload_with=engine)
    with engine.execution_options(writes=True).begin() as connection:
        for name in ("ada", "bea"):
            row = {"email": f"{name}@home.example", "role": "practitioner", "created_at": NOW}
            connection.execute(known.insert().values(row))


def _upgrade(engine: Engine, step: str) -> None:
    def once() -> None:
        with engine.execution_options(writes=True).begin() as connection:
            migrations.upgrade(connection, step)

    repeated(once)


class _Old:
    """Code that knows the tables as they are now, and goes on writing to them."""

    TABLES = ("listing", "revision", "index_change")
    numbers = count(1)

    def __init__(self, engine: Engine, outcome: Outcome, blocked: list[float]) -> None:
        self.engine, self.outcome, self.blocked = engine, outcome, blocked
        known = sa.MetaData()
        known.reflect(engine, only=self.TABLES, resolve_fks=False)
        self.tables = [known.tables[name] for name in self.TABLES]
        self.over, self.threads = (
            threading.Event(),
            [threading.Thread(target=self._go_on) for _ in range(2)],
        )

    def __enter__(self) -> None:
        for thread in self.threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(30)

    def _go_on(self) -> None:
        while not self.over.wait(2 / WRITES_A_SECOND):
            began = time.monotonic()
            try:
                repeated(self._once)  # as at the edge
            except Exception as error:
                self.outcome.violations.append(f"old code: {error}"[:200])
            self.outcome.runs += 1
            self.blocked.append(time.monotonic() - began)

    def _once(self) -> None:
        with self.engine.execution_options(writes=True).begin() as connection:
            self._write(connection)

    def _write(self, connection: sa.Connection) -> None:
        ids: dict[str, int] = {}
        for table in self.tables:
            row = {
                column.name: self._value(column, ids) for column in table.c if self._is_due(column)
            }
            made = connection.execute(table.insert().values(row)).inserted_primary_key
            ids[f"{table.name}_id"] = made[0] if made else 0
        listing = self.tables[0]
        public = listing.update().values(live_id=ids["revision_id"])
        connection.execute(public.where(listing.c.id == ids["listing_id"]))

    def _is_due(self, column: sa.Column[Any]) -> bool:
        return not (column.nullable or column.primary_key or column.server_default is not None)

    def _value(self, column: sa.Column[Any], ids: dict[str, int]) -> Any:
        if column.name in ids:
            return ids[column.name]
        kinds: dict[type, Any] = {bool: False, int: 1, date: NOW.date(), datetime: NOW, dict: {}}
        kind = dict if isinstance(column.type, sa.JSON) else column.type.python_type
        named = column.name in ("state", "role")
        text = ("live" if column.name == "state" else "practitioner") if named else ""
        length = getattr(column.type, "length", None) or 40
        return kinds.get(kind, (text or f"old-{next(self.numbers)}")[:length])


def backed_up(folder: Path, scale: Scale, templates: Templates) -> Outcome:
    """Row 22: killed at any moment, taken while others write, restored elsewhere."""
    outcome, dice = Outcome(22, "backups killed, under load, restored"), random.Random(22)
    missing = 0
    for number in range(scale.of(20, least=2)):
        source, target = BOTH[number % 2], BOTH[number // 2 % 2]
        with _sites(templates, folder / str(number)) as site:
            old, new = site(source), site(target, "another-key-for-now")
            settle(old)
            _kill(outcome, old, folder / f"{number}.killed", dice, scale.of(50, least=2))
            file = folder / f"{number}.backup"
            acked, manifest = _take_under_load(old, file)
            with outcome.recovering():
                new.restore(file)
                rebuild(new.engine, WhooshWriter(new.config.index_dir))
            again = new.take(folder / f"{number}.again")
            outcome.holds(again.tables == manifest.tables, f"{source} to {target}: rows differ")
            with reading(new.engine) as session:
                there = set(session.scalars(select(Listing.slug)))
            missing += len(acked - there)
            outcome.holds(acked <= there, f"{len(acked - there)} written before it are missing")
            index = WhooshReader(new.config.index_dir)
            outcome.violations += differences(new.engine, index)
            _erase_and_restore(outcome, old, file)
            outcome.runs += 2
    outcome.notes.append(f"RPO: {missing} acked rows lost; RTO as the seconds say")
    return outcome


def _kill(outcome: Outcome, old: Site, file: Path, dice: random.Random, times: int) -> None:
    """What stands under the name is whole, or nothing does."""
    env = {
        "DATA_DIR": str(old.config.data_dir),
        "DATABASE_URL": old.config.database_url,
        "SECRET_KEY": KEY,
    }
    began = time.monotonic()
    children.run(_take, env, str(file))
    whole = time.monotonic() - began
    for _ in range(times):
        file.unlink(missing_ok=True)
        child = children.start(_take, env, str(file))
        time.sleep(dice.uniform(0, whole))
        child.kill()
        child.join()
        outcome.runs += 1
        try:
            if file.exists():
                archives.read(file, lambda _name, part: part.read())
        except backups.Damaged as error:
            outcome.violations.append(f"killed: a damaged file under its name: {error}")


def _take(env: dict[str, str], file: str) -> None:
    config = Config.from_env(env)
    engine = make_engine(config.database_url)
    backups.take(engine, config, Path(file), at=datetime.now(UTC))


def _take_under_load(old: Site, file: Path) -> tuple[set[str], archives.Manifest]:
    """What was acked before it began, and what it says that it holds."""
    acked, over = list[str](), threading.Event()

    def write(hand: int) -> None:
        for number in count():
            if over.is_set():
                return
            slug = f"hand-{hand}-{number}"
            with writing(old.engine) as session:
                one = factories.listing(session, slug=slug)
                changes.public_changed(session, one, "approved", by="x", at=NOW)
            acked.append(slug)

    with ThreadPoolExecutor(2) as hands:
        told = [hands.submit(write, hand) for hand in range(2)]
        while len(acked) < 10:
            time.sleep(0.01)
        before = set(acked)
        try:
            manifest = old.take(file)
        finally:
            over.set()
        for one in told:
            one.result(30)
    return before, manifest


def _erase_and_restore(outcome: Outcome, old: Site, file: Path) -> None:
    """Who was erased since is not in what is put back, nor in its index."""
    with writing(old.engine) as session:
        account = session.scalars(select(Account)).one()
        number, by = account.id, factories.actor(account)
        album = Album(old.config.data_dir / "photos")
        erasing.erase_account(session, by=by, at=NOW, key=old.config.key, album=album)
    old.restore(file, force=True)
    rebuild(old.engine, WhooshWriter(old.config.index_dir))
    with reading(old.engine) as session:
        mine = session.scalars(select(Listing.id).where(Listing.owner_id == number)).all()
        email = session.get_one(Account, number).email
    outcome.holds(not mine and email == f"erased-{number}", "somebody erased is back")
    outcome.violations += differences(old.engine, WhooshReader(old.config.index_dir))
