"""The drill: what was backed up comes back as it was, into either kind of database."""

import gzip
import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from directory import backups, cli, migrations
from directory.backups import archives, restoring
from directory.cli import desk
from directory.config import Config
from directory.db import Base, make_engine, make_file, reading, writing
from directory.errors import Conflict
from directory.models import Account, AuditEvent, IndexChange, Listing, Photo, Revision, State
from directory.usecases.accounts import erasing
from directory.usecases.audit import chain
from directory.usecases.listings import changes, tombstones
from tests import factories
from tests.databases import BOTH
from tests.factories import NOW
from tests.sites import ROOT, command, environment

KEY = "the-key-of-the-site-that-is-saved"
PORTRAIT = "0123456789abcdef0123456789abcdef"


@dataclass
class Site:
    """A database and a folder."""

    config: Config
    engine: Engine

    @property
    def photo(self) -> Path:
        return self.config.data_dir / "photos" / PORTRAIT[:2] / f"{PORTRAIT}-160.jpg"

    def take(self, path: Path) -> archives.Manifest:
        return backups.take(self.engine, self.config, path, at=NOW)

    def restore(self, path: Path, *, force: bool = False) -> restoring.Restored:
        return backups.restore(self.engine, self.config, path, force=force, at=NOW)


@pytest.fixture
def site(templates, tmp_path):
    """Sites of either kind, each on a database and in a folder of its own."""
    with ExitStack() as all_of_them:

        def make(kind: str, key: str = KEY) -> Site:
            folder = tmp_path / f"site{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            url = all_of_them.enter_context(templates.copy(kind, folder))
            env = {"DATA_DIR": str(folder / "var"), "DATABASE_URL": url, "SECRET_KEY": key}
            engine = make_engine(url)
            all_of_them.callback(engine.dispose)
            return Site(Config.from_env(env), engine)

        yield make


def settle(site: Site) -> None:
    """A dozen listings, an account with everything that is hard to carry, a portrait, an anchor."""
    with writing(site.engine) as session:
        factories.dozen(session)
        owner = factories.account(session, mf_recovery_codes=["ä", "\u2028"])
        listing = factories.listing(session, slug="rowan", owner_id=owner.id)
        session.add(Photo(id=PORTRAIT, listing_id=listing.id, width=160, height=160, made_at=NOW))
        changes.public_changed(session, listing, "approved", by="x", at=NOW)
    site.photo.parent.mkdir(parents=True)
    site.photo.write_bytes(os.urandom(5000))
    with reading(site.engine) as session:
        head = chain.now(session)
    line = f"{NOW.isoformat(timespec='seconds')} {head.length} {head.hash}\n"
    (site.config.data_dir / "audit-anchor").write_text(line)


def contents(engine: Engine) -> dict[str, str]:
    """By table a hash of all that its models read: not by the code that makes backups."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name.startswith("gazetteer_"):
                continue
            rows = sorted(
                repr([v.astimezone(UTC) if isinstance(v, datetime) else v for v in row])
                for row in connection.execute(select(table))
            )
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


@pytest.mark.parametrize("source", BOTH)
@pytest.mark.parametrize("target", BOTH)
def test_what_was_backed_up_comes_back_into_either_kind_of_database(site, tmp_path, source, target):
    old, new = site(source), site(target, "another-key-for-now")
    settle(old)
    wanted, file = contents(old.engine), tmp_path / "backup"

    manifest = old.take(file)
    new.restore(file)

    assert contents(new.engine) == wanted
    assert manifest.tables["listing"][0] == 13
    assert new.photo.read_bytes() == old.photo.read_bytes()
    for name in ("audit-anchor", "secret-key"):
        assert stat.S_IMODE((new.config.data_dir / name).stat().st_mode) == 0o600 or name != (
            "secret-key"
        )
    assert (new.config.data_dir / "secret-key").read_text() == KEY
    assert (new.config.data_dir / "audit-anchor").read_bytes() == (
        old.config.data_dir / "audit-anchor"
    ).read_bytes()
    with writing(new.engine) as session:  # numbers go on where they were
        last = session.scalar(select(IndexChange.id).order_by(IndexChange.id.desc()).limit(1))
        one = factories.listing(session, slug="one-more")
        changes.public_changed(session, one, "approved", by="x", at=NOW)
        session.flush()
        assert session.scalar(select(IndexChange.id).order_by(IndexChange.id.desc()).limit(1)) > (
            last or 0
        )


@pytest.mark.parametrize("kind", BOTH)
def test_a_backup_under_write_load_is_of_one_moment(site, tmp_path, kind):
    old, new = site(kind), site(kind)
    settle(old)
    stop, written, failed = threading.Event(), [], []

    def write(name: int) -> None:
        try:
            while not stop.is_set():
                with writing(old.engine) as session:
                    one = factories.listing(
                        session, slug=f"hand-{name}-{len(written)}-{time.time_ns()}"
                    )
                    changes.public_changed(session, one, "approved", by="x", at=NOW)
                written.append(one)
        except Exception as error:  # told by the test
            failed.append(error)

    hands = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for hand in hands:
        hand.start()
    while len(written) < 5 and not failed:
        time.sleep(0.01)
    manifests = [old.take(tmp_path / f"backup{number}") for number in range(3)]
    stop.set()
    for hand in hands:
        hand.join()

    assert failed == []
    counts = [manifest.tables["listing"][0] for manifest in manifests]
    assert counts == sorted(counts)
    assert counts[-1] > 13
    new.restore(tmp_path / "backup2")
    again = new.take(tmp_path / "again")
    assert again.tables == manifests[2].tables
    with reading(new.engine) as session:
        assert chain.verify(session).problems == ()
        told = set(session.scalars(select(AuditEvent.listing_id)))
        listed = session.scalars(select(Listing.id).where(Listing.slug.like("hand-%"))).all()
        assert set(listed) <= told
        assert session.scalars(select(Revision.listing_id)).all()


def test_an_empty_folder_and_an_older_form_are_enough(tmp_path, templates):
    file = tmp_path / "backup"
    old = make_engine(f"sqlite:///{tmp_path / 'old.db'}")
    make_file(old)
    with old.execution_options(writes=True).begin() as connection:
        migrations.upgrade(connection, "0001")
    env = {"DATA_DIR": str(tmp_path / "old"), "SECRET_KEY": KEY}
    config = Config.from_env(env)
    backups.take(old, config, file, at=NOW)
    old.dispose()

    with templates.copy("sqlite", tmp_path) as url:
        fresh = make_engine(url)
        backups.restore(fresh, config, file, force=True, at=NOW)

        migrations_left = migrations.to_head(fresh)
        fresh.dispose()

    assert migrations_left == ()


@pytest.mark.parametrize("kind", BOTH)
def test_who_was_erased_since_stays_erased(site, tmp_path, kind):
    here, file = site(kind), tmp_path / "backup"
    settle(here)
    here.take(file)
    with writing(here.engine) as session:
        account = session.scalars(select(Account)).one()
        number, by = account.id, factories.actor(account)
        erasing.erase_account(session, by=by, at=NOW, key=here.config.key, album=_album(here))

    done = here.restore(file, force=True)

    assert (done.listings, done.accounts) == (1, 1)
    assert not here.photo.exists()
    with reading(here.engine) as session:
        assert session.get(Account, number).email == f"erased-{number}"
        assert session.scalars(select(Listing).where(Listing.owner_id == number)).all() == []
        assert tombstones.gone(session, "rowan", key=here.config.key)
        assert len(session.scalars(select(Listing).where(Listing.state == State.ERASED)).all()) == 1
        assert chain.verify(session).problems == ()


def test_who_was_erased_stays_erased_in_a_database_with_another_past(site, tmp_path):
    old, other, file = site("sqlite"), site("sqlite"), tmp_path / "backup"
    settle(old)
    old.take(file)
    with writing(other.engine) as session:
        owner = factories.account(session, "somebody@else.example")
        factories.listing(session, slug="filler")
        listing = factories.listing(session, slug="rowan", owner_id=owner.id)
        changes.public_changed(session, listing, "approved", by="y", at=NOW)
        session.flush()
        erasing.erase_listing(
            session,
            listing.id,
            by=factories.actor(owner),
            at=NOW,
            key=other.config.key,
            album=_album(other),
        )

    done = other.restore(file, force=True)

    assert done.listings >= 1
    with reading(other.engine) as session:
        assert tombstones.gone(session, "rowan", key=other.config.key)
        assert session.scalars(select(Listing.id).where(Listing.slug == "rowan")).all() == []


def test_a_backup_goes_over_nothing_without_being_told(site, tmp_path):
    old, file = site("sqlite"), tmp_path / "backup"
    settle(old)
    old.take(file)
    before = contents(old.engine)

    with pytest.raises(backups.NotEmpty):
        old.restore(file)
    with pytest.raises(Conflict):
        old.take(file)

    assert contents(old.engine) == before
    fresh = site("sqlite")
    (fresh.config.data_dir / "photos").mkdir()
    (fresh.config.data_dir / "photos" / "one").touch()
    with pytest.raises(backups.NotEmpty):
        fresh.restore(file)


def test_whatever_is_changed_in_a_backup_is_found_or_makes_no_difference(site, tmp_path):
    old, file = site("sqlite"), tmp_path / "backup"
    settle(old)
    old.take(file)
    whole, wanted = file.read_bytes(), parts(file)
    spoilt = [whole[: len(whole) * part // 7] for part in range(7)]
    spoilt += [
        whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :]
        for at in range(0, len(whole), len(whole) // 300)
    ]
    spoilt.append(b"not a backup at all")
    found = 0

    for content in spoilt:
        file.write_bytes(content)
        try:
            # gzip has bits that mean nothing, such as those that fill up a byte.
            assert parts(file) == wanted
        except backups.Damaged:
            found += 1

    assert found > len(spoilt) * 0.9


@pytest.mark.parametrize("kind", BOTH)
def test_nothing_is_restored_from_a_damaged_backup(site, tmp_path, kind):
    old, new, file = site("sqlite"), site(kind), tmp_path / "backup"
    settle(old)
    old.take(file)
    before = contents(new.engine)

    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(backups.Damaged):
        new.restore(file)

    assert contents(new.engine) == before
    assert not (new.config.data_dir / "photos").exists()


def test_rows_that_do_not_arrive_as_they_were_undo_the_restore(site, tmp_path):
    old, new, file = site("sqlite"), site("sqlite"), tmp_path / "backup"
    settle(old)
    old.take(file)
    before, held = contents(new.engine), []
    manifest = archives.read(file, lambda name, part: held.append((name, part.read())))
    tables = manifest.tables | {"listing": (13, "0" * 64)}
    with archives.written(tmp_path / "lying") as writer:
        for name, content in held:
            writer.add(name, content)
        writer.close(replace(manifest, tables=tables))

    with pytest.raises(backups.Damaged, match="listing"):
        new.restore(tmp_path / "lying")

    assert contents(new.engine) == before
    assert list(new.config.data_dir.glob(".*")) == []


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(site, tmp_path):
    old, file = site("sqlite"), tmp_path / "backup"
    settle(old)
    script = (
        "import os, sys; from pathlib import Path; from directory.backups import archives\n"
        "with archives.written(Path(sys.argv[1])) as writer:\n"
        "    writer.add('secret-key', os.urandom(3_000_000)); print('half', flush=True)\n"
        "    sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(file)],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.communicate()

    assert not file.exists()
    (left,) = tmp_path.glob(".backup.*.part")
    os.utime(left, (0, 0))
    old.take(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".backup.*")) == []


def parts(file: Path) -> list[tuple[str, bytes]]:
    """All that a backup holds."""
    held: list[tuple[str, bytes]] = []
    archives.read(file, lambda name, part: held.append((name, part.read())))
    return held


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_the_commands_say_what_they_did(app, tmp_path):
    file = tmp_path / "backup"
    here = app.extensions["stillpoint"]
    with here.transaction() as session:
        factories.dozen(session)
    taken = command(app, "backup", str(file))
    checked = command(app, "backup", "--verify", str(file))
    again = command(app, "backup", str(file))
    refused = command(app, "restore", str(file))
    restored = command(app, "restore", "--force", str(file))
    file.write_bytes(file.read_bytes()[:300])
    damaged = command(app, "backup", "--verify", str(file))
    absent = command(app, "restore", str(tmp_path / "nowhere"))
    unwritable = command(app, "backup", str(tmp_path / "no" / "folder"))

    for done, words in (
        (taken, "is written"),
        (checked, "is whole"),
        (restored, "indexer rebuild"),
    ):
        assert (done.exit_code, words in done.output) == (0, True), done.output
    for done, words in (
        (again, "is there already"),
        (refused, "Use --force"),
        (damaged, "cut short or damaged"),
        (absent, "No such file"),
        (unwritable, f"There is no folder {tmp_path / 'no'}"),
    ):
        assert (done.exit_code, words in done.output) == (1, True), done.output
        assert done.output.startswith("stillpoint: ")


@pytest.mark.parametrize("own_key", [True, False])
def test_who_sets_another_secret_is_told_and_a_fresh_folder_is_not(
    site, templates, tmp_path, own_key
):
    old, file = site("sqlite"), tmp_path / "backup"
    settle(old)
    old.take(file)
    with templates.copy("sqlite", tmp_path) as url:
        env = {"DATA_DIR": str(tmp_path / "fresh"), "DATABASE_URL": url}
        config = Config.from_env(env | ({"SECRET_KEY": "k" * 40} if own_key else {}))
        app = desk.make(config)
        cli.init(app)

        done = command(app, "restore", str(file))

        desk_engine = app.extensions[desk.NAME].engine
        desk_engine.dispose()
    assert done.exit_code == 0
    assert ("SECRET_KEY is another" in done.output) == own_key
    assert (tmp_path / "fresh" / "secret-key").read_text() == KEY


def test_a_file_that_goes_on_after_its_end_is_no_backup(site, tmp_path):
    old, file = site("sqlite"), tmp_path / "backup"
    settle(old)
    old.take(file)
    whole = file.read_bytes()

    for more in (whole, gzip.compress(b"more"), b"more"):
        file.write_bytes(whole + more)
        with pytest.raises(backups.Damaged):
            archives.read(file)


@pytest.mark.parametrize("kind", BOTH)
def test_nothing_is_put_back_under_the_hands_of_another_process(site, tmp_path, kind):
    old, file = site(kind), tmp_path / "backup"
    settle(old)
    old.take(file)
    wanted, app = contents(old.engine), desk.make(old.config)
    cli.init(app)
    old.engine.dispose()
    script = (
        "import sys; from directory.db import make_engine\n"
        "with make_engine(sys.argv[1]).connect() as connection:\n"
        "    connection.exec_driver_sql('SELECT 1 FROM account')\n"
        "print('here', flush=True); sys.stdin.read()"  # its pool keeps the connection
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, old.config.database_url],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    child.stdout.readline()
    refused = command(app, "restore", "--force", str(file))
    child.communicate()
    unchanged = contents(old.engine)
    old.engine.dispose()
    done = command(app, "restore", "--force", str(file))
    app.extensions[desk.NAME].engine.dispose()

    assert (refused.exit_code, refused.output.count("\n")) == (1, 1), refused.output
    assert "is in use: stop the site first" in refused.output
    assert (unchanged, done.exit_code) == (wanted, 0), done.output


def test_a_backup_under_another_secret_says_so_and_keeps_the_one_that_lasts(site, tmp_path):
    here, file = site("sqlite", "a-slip-in-the-environment"), tmp_path / "backup"
    (here.config.data_dir / "secret-key").write_text(KEY)
    app = desk.make(here.config)
    cli.init(app)

    done = command(app, "backup", str(file))

    app.extensions[desk.NAME].engine.dispose()
    assert done.exit_code == 0, done.output
    assert "SECRET_KEY is another" in done.output
    assert dict(parts(file))["secret-key"] == KEY.encode()


@pytest.mark.parametrize("words", [["backup"], ["backup", "--verify"], ["restore"]], ids=" ".join)
def test_a_pipe_is_refused_in_one_line(app, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = command(app, *words, "-")

    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "cannot be piped" in done.output
    assert not (tmp_path / "-").exists()


SAID_BY_POSTGRESQL = ("40P01", "40001", "55P03", "57014", "25P03", "53300")


@pytest.mark.parametrize("code", SAID_BY_POSTGRESQL)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whatever_a_database_says_ends_a_command_in_one_line(app, tmp_path, code, monkeypatch):
    def fail(engine, *_, **__):
        with engine.begin() as connection:
            raised = f"DO $$ BEGIN RAISE 'in the way' USING ERRCODE = '{code}'; END $$"
            connection.exec_driver_sql(raised)

    monkeypatch.setattr(backups, "take", fail)  # what any work of any command may meet
    done = command(app, "backup", str(tmp_path / "backup"))

    assert (done.exit_code, done.output.count("\n")) == (1, 1), done.output
    assert done.output.startswith("stillpoint: The database at ")


def test_the_manifest_names_every_part(site, tmp_path):
    old, file = site("sqlite"), tmp_path / "backup"
    settle(old)

    old.take(file)

    held = []
    manifest = archives.read(file, lambda name, part: held.append((name, part.read())))
    assert manifest.sums == {name: hashlib.sha256(part).hexdigest() for name, part in held}
    tables = {name for name in Base.metadata.tables if not name.startswith("gazetteer_")}
    assert set(manifest.tables) == tables
    assert json.dumps(manifest.numbers)


def _album(site: Site):
    from directory.photos import Album

    return Album(site.config.data_dir / "photos")
