"""Whatever writes on a disk that is full: one sentence, nothing half, and all is well with room again."""

import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, make_url, select
from sqlalchemy.exc import OperationalError

from directory import mail
from directory.app import create_app
from directory.cli import chores, init
from directory.cli.working import Worker
from directory.config import Config
from directory.models import OutgoingMail, SignedIn
from directory.usecases.audit import anchors, chain
from directory.usecases.curation import figures
from directory.web.formatting import letters
from tests import factories, sign_ins, sites
from tests.full import FULL
from tests.journeys.test_disks import KEY, ROOM, fill, mounted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(params=["ext4", "tmpfs"] if FULL else ["ext4"])
def disk(request, database_url, tmp_path) -> Iterator[Path]:
    """A small disk with a database on it."""
    database = Path(make_url(database_url).database)
    folder = tmp_path / "disk"
    with mounted(request.param, folder, database.stat().st_size + ROOM):
        (folder / "var").mkdir(mode=0o700)
        shutil.copy(database, folder / "var" / "stillpoint.db")
        yield folder


@pytest.fixture
def site(disk) -> Iterator[Flask]:
    """A site with all that it writes on this disk."""
    app = create_app(Config.from_env({"DATA_DIR": str(disk / "var"), "SECRET_KEY": KEY}))
    init(app)
    here = app.extensions["stillpoint"]
    here.clock = lambda: datetime.now(UTC)
    with here.transaction() as session:
        factories.dozen(session, on=here.today())
    sites.rebuild_index(here.config)
    yield app
    here.engine.dispose()


@pytest.fixture
def here(site):
    return site.extensions["stillpoint"]


@pytest.fixture
def owner(here):
    return sign_ins.known(here)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """No room at all within the block."""
    filler = fill(disk)
    try:
        yield
    finally:
        filler.unlink()


def portrait() -> bytes:
    file = BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(file, "JPEG")
    return file.getvalue()


PHOTO = portrait()


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def send(site, here, owner):
    """Send a photo for a listing of one's own: the answer."""
    with here.transaction() as session:
        number = factories.listing(session, slug="own", owner_id=owner.id, on=here.today()).id
    client = site.test_client()
    sign_ins.sign_in(client, owner)

    def sent(photo: bytes = PHOTO):
        # Written here: what the client does for us may itself want a file.
        head = 'Content-Disposition: form-data; name="photo"; filename="me.jpg"'
        kind = "Content-Type: image/jpeg"
        lines = (b"--part", head.encode(), kind.encode(), b"", photo, b"--part--", b"")
        return client.post(
            f"/my/listing/{number}/edit/photo",
            data=b"\r\n".join(lines),
            content_type="multipart/form-data; boundary=part",
            headers=SAME_ORIGIN,
        )

    sent.client = client
    return sent


def test_a_photo_is_refused_in_a_sentence_leaves_nothing_half_and_is_taken_later(send, disk, here):
    album = here.config.data_dir / "photos"
    with full(disk):
        first, none = send(), files(album)
    assert send().status_code == 303
    there = files(album)
    with full(disk):
        again = send()
        reading = [send.client.get(page).status_code for page in ("/", "/search", "/account/")]
        shown = [send.client.get(f"/photos/{path.name}", buffered=True) for path in there]
        left = files(album)

    for refused in (first, again):
        assert refused.status_code == 503
        assert "Retry-After" in refused.headers
        assert "Nothing was saved" in sign_ins.words(refused)
    assert reading == [200] * 3
    assert {one.status_code for one in shown} == {200}
    assert (none, left) == (set(), there)
    assert list(album.glob(".new-*")) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_photo_that_has_no_room_even_on_its_way_is_refused_in_a_sentence(send, disk, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    large = PHOTO + bytes(700_000)  # from half a megabyte on it is kept in a file meanwhile
    with full(disk):
        refused = send(large)
    taken = send(large)
    gc.collect()  # what nobody closed on its way is told here, not in another test

    assert (refused.status_code, "cannot reach our records" in refused.text) == (503, True)
    assert taken.status_code == 303


def test_signing_in_waits_for_room_and_who_is_signed_in_reads_on(site, here, disk, owner):
    known, new = site.test_client(), site.test_client()
    sign_ins.sign_in(known, owner)
    sign_ins.carry_token(new)
    form = {"email": owner.email, "password": factories.PASSWORD}
    with full(disk):
        refused = new.post("/account/sign-in", data=form, headers=SAME_ORIGIN)
        reading = known.get("/account/").status_code
        stranger = new.get("/account/").status_code
    with here.reading() as session:
        rows = session.scalar(select(func.count()).select_from(SignedIn))
    sign_ins.carry_token(new)
    taken = new.post("/account/sign-in", data=form)

    assert (refused.status_code, reading, stranger, rows) == (503, 200, 303, 1)
    assert factories.PASSWORD not in refused.text
    assert taken.status_code in (302, 303)
    assert new.get("/account/").status_code == 200


def test_limits_hold_while_their_file_has_no_room(site, disk, here):
    client = site.test_client()
    sign_ins.carry_token(client)
    form = {"email": "nobody@practice.example", "password": "wrong-wrong-wrong"}

    def statuses(times: int) -> list[int]:
        return [client.post("/account/sign-in", data=form).status_code for _ in range(times)]

    with full(disk):
        tried = statuses(11)
    after = client.get("/account/sign-in").status_code

    assert tried == [200] * 10 + [429]
    assert after == 200


@pytest.fixture
def worker(site, here):
    folder = here.config.data_dir / "mail"
    with site.app_context():
        yield Worker(here, letters.renderer(site), mail.Files(folder), Event())


def test_the_worker_goes_on_and_makes_up_for_what_had_no_room(worker, here, disk):
    anchor = here.config.data_dir / anchors.NAME

    def note(at: datetime) -> None:
        with here.transaction() as session:
            chain.record(session, "tried", None, by="1", at=at)

    chores.show_life(here)
    note(here.clock())
    with full(disk):
        survives(worker.do_chores)
        survives(lambda: worker.do_chores(chores.OFTEN))
        during = anchors.read(anchor)
        life = figures.kept(here.config).worker
    worker.do_chores(chores.OFTEN)

    with here.reading() as session:
        verdict = chain.verify(session, anchors.read(anchor))
        head = chain.now(session)
    assert during == []
    assert life is not None
    assert (verdict.problems, anchors.last(anchor)) == ((), head)


def test_a_letter_that_has_no_room_waits_and_nothing_half_lies_there(worker, here, disk):
    with here.transaction() as session:
        now = here.clock()
        session.add(
            OutgoingMail(
                event="e",
                kind="claim-refused",
                recipient="rowan@practice.example",
                values={"words": "No."},
                created_at=now,
                due_at=now,
            )
        )
    folder = here.config.data_dir / "mail"
    with full(disk):
        survives(worker.deliver)
        during = files(folder)
    with here.transaction() as session:
        row = session.scalars(select(OutgoingMail)).one()
        waits, row.due_at = (row.sent_at, row.dead_at), here.clock()
    left = worker.deliver()

    assert (during, waits) == (set(), (None, None))
    assert (left, len(files(folder))) == (1, 1)


def survives(work: Callable[[], object]) -> None:
    """Do it as `run` does: a database that cannot be written ends no worker."""
    with suppress(OperationalError):
        work()


@pytest.mark.parametrize(
    "words",
    [
        ("import-listings", "roster.csv"),
        ("backup", "a-backup"),
        ("create-admin", "new@association.example"),
    ],
    ids=lambda words: words[0],
)
def test_a_command_says_in_one_line_that_there_is_no_room_and_works_later(site, disk, here, words):
    (disk / "roster.csv").write_text(
        "name,professions,country,locality\nRowan Testerly,chiropractor,US,Boulder\n"
    )
    told = [str(disk / one) if one in ("roster.csv", "a-backup") else one for one in words]
    with full(disk):
        refused = sites.command(site, *told)
        left = (disk / "a-backup").exists()
    after = sites.command(site, *told)

    assert refused.exit_code == 1
    assert isinstance(refused.exception, SystemExit), refused.exception
    said = refused.output.strip().splitlines()
    assert "disk" in said[-1].lower() or "No space" in said[-1], refused.output
    assert len(said) <= 2, refused.output  # what it was about to do, and why it did not
    assert not left
    assert "no space" not in after.output.lower()
    assert isinstance(after.exception, SystemExit | None), after.exception


def test_the_doctor_tells_it_on_a_disk_without_room(site, disk):
    with full(disk):
        done = sites.command(site, "doctor")
    after = sites.command(site, "doctor")

    lines = {line[5:].split()[0]: line for line in done.output.splitlines()}
    assert done.exit_code == 1
    assert "FAIL disk" in lines["disk"]
    assert "0 MiB free" in lines["disk"]
    assert len(lines) == 15
    assert "FAIL disk" not in after.output.replace("MiB free", "") or "0 MiB" not in after.output
