"""What lies outside of the database goes with what was erased: after the commit, and only then."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory import db
from directory.db import afterwards, writing
from directory.mail import Files, Letter, mark, named
from directory.models import Account, Listing, OutgoingMail, Photo
from directory.photos import Album
from directory.usecases.accounts import erasing
from directory.usecases.mailing import copies, outbox
from tests import factories
from tests.factories import NOW

# What was erased must leave the file.
pytestmark = pytest.mark.usefixtures("foldable")
KEY = b"only for tests"
PORTRAIT = "0123456789abcdef0123456789abcdef"


class Scene:
    """Somebody with a portrait and letters, to whom and about whom; and somebody else."""

    def __init__(self, engine, folder):
        self.engine, self.album = engine, Album(folder / "photos")
        self.letters = Files(folder / "mail")
        shelf = self.album.folder / PORTRAIT[:2]
        shelf.mkdir(parents=True)
        (shelf / f"{PORTRAIT}-160.jpg").write_bytes(b"picture")
        with writing(engine) as session:
            owner = factories.account(session, "owner@home.example")
            self.owner = factories.actor(owner)
            self.listing = factories.listing(session, owner_id=owner.id).id
            session.add(
                Photo(id=PORTRAIT, listing_id=self.listing, width=640, height=640, made_at=NOW)
            )
            self.write(session, "owner@home.example", "to them", account_id=owner.id)
            self.write(session, "helper@home.example", "about it", listing_id=self.listing)
            self.write(session, "Owner@home.example", "to their address")
            self.write(session, "other@home.example", "to another")

    def write(self, session, to, event, **about):
        outbox.send(session, "still-right", to, event=event, at=NOW, **about)

    def deliver(self):
        """Every mail that is queued leaves as a file."""
        with Session(self.engine) as session:
            for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)):
                number = f"<{mark(KEY, named(mail.id, mail.event))}@site.example>"
                said = {"subject": mail.event, "text": "t", "html": "h", "message_id": number}
                letter = Letter(to=mail.recipient, sender=("S", "s@site.example"), **said)
                self.letters.deliver(letter, at=NOW + timedelta(seconds=mail.id))

    def erase(self, session, *, whole=True):
        how = {"by": self.owner, "at": NOW, "key": KEY}
        how |= {"album": self.album, "letters": self.letters}
        if whole:
            erasing.erase_account(session, **how)
        else:
            erasing.erase_listing(session, self.listing, **how)

    def subjects(self):
        files = sorted(self.letters.folder.glob("*.eml"))
        lines = (line for path in files for line in path.read_text().splitlines())
        return [line.removeprefix("Subject: ") for line in lines if line.startswith("Subject: ")]

    def pictures(self):
        return [path.name for path in self.album.folder.rglob("*.jpg")]


@pytest.fixture
def scene(engine, tmp_path) -> Scene:
    made = Scene(engine, tmp_path)
    made.deliver()
    return made


def test_no_letter_to_or_about_an_erased_account_is_left_and_no_picture(engine, scene):
    with writing(engine) as session:
        scene.erase(session)

    assert scene.subjects() == ["to another"]
    assert scene.pictures() == []


def test_of_an_erased_listing_the_letters_about_it_are_gone_and_the_owners_stay(engine, scene):
    with writing(engine) as session:
        scene.erase(session, whole=False)

    assert scene.subjects() == ["to them", "to their address", "to another"]
    assert scene.pictures() == []


@pytest.mark.parametrize("whole", [True, False])
def test_an_erasure_that_is_not_committed_loses_no_file(engine, scene, whole):
    def erase_and_fail():
        with writing(engine) as session:
            scene.erase(session, whole=whole)
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        erase_and_fail()

    assert len(scene.subjects()) == 4
    assert scene.pictures() == [f"{PORTRAIT}-160.jpg"]
    with Session(engine) as session:
        assert session.get(Account, scene.owner.account_id).active
        assert session.get(Listing, scene.listing).live


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_last_letter_of_an_erased_account_goes_a_day_after_its_mail_is_forgotten(
    engine, scene, database_url
):
    now = datetime.now(UTC)
    with writing(engine) as session:
        scene.erase(session)
    scene.deliver()
    stranger = scene.letters.folder / "notes.eml"
    stranger.write_text("not ours")
    with writing(engine) as session:
        last = session.scalars(
            select(OutgoingMail).where(OutgoingMail.kind == "account-erased")
        ).one()
        session.delete(last)  # as the worker does when it has left
        assert copies.sweep(session, scene.letters, at=now, key=KEY) == 0

    for path in scene.letters.folder.iterdir():
        os.utime(path, (now.timestamp() - 90_000,) * 2)
    with writing(engine) as session:
        went = [copies.sweep(session, scene.letters, at=now, key=KEY) for _ in range(2)]

    assert went == [1, 0]
    assert set(scene.subjects()) == {"to another"}
    assert stranger.exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_follows_a_commit_follows_no_rollback_and_no_savepoint(engine, database_url):
    done: list[str] = []
    with Session(engine.execution_options(writes=True)) as session:
        afterwards(session, lambda: done.append("rolled back"))
        session.add(factories.account(session, "a@home.example"))
        session.rollback()
        with session.begin_nested():
            afterwards(session, lambda: done.append("first"))
            factories.account(session, "b@home.example")
        assert done == []
        afterwards(session, lambda: 1 // 0)
        afterwards(session, lambda: done.append("second"))
        session.commit()
        factories.account(session, "c@home.example")
        session.commit()

    assert done == ["first", "second"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("whole", [True, False])
def test_what_was_erased_stands_in_no_file_of_the_database(engine, scene, tmp_path, whole):
    canary = "zzkanariezz"
    with writing(engine) as session:
        account = session.get(Account, scene.owner.account_id)
        account.email = f"{canary}@home.example" if whole else account.email
        session.get(Listing, scene.listing).slug = canary

    def standing() -> list[str]:
        files = (path for path in tmp_path.rglob("*") if path.is_file())
        return [path.name for path in files if canary.encode() in path.read_bytes()]

    before = standing()
    with writing(engine) as session:
        scene.erase(session, whole=whole)
        if whole:  # the last mail, as if it had left
            session.flush()
            session.execute(delete(OutgoingMail).where(OutgoingMail.recipient.contains(canary)))

    assert before
    assert standing() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_reads_holds_no_erasure_up_and_a_chore_ends_it(engine, scene, monkeypatch):
    monkeypatch.setattr(db, "BRIEF_PATIENCE_MS", 20)
    with Session(engine) as reader:
        reader.scalars(select(Account)).all()
        with writing(engine) as session:
            scene.erase(session)
        meanwhile = db.fold(engine)
        reader.rollback()

    assert (meanwhile, db.fold(engine)) == (False, True)
