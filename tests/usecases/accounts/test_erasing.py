"""Own data: one registry says what an export holds and what erasure takes away."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from directory.db import Base
from directory.errors import Gone, NotFound
from directory.models import (
    Account,
    AuditEvent,
    Claim,
    ClaimState,
    Consent,
    CredentialCheck,
    Delegate,
    DoNotList,
    Handover,
    ImportedRow,
    ImportRun,
    IndexChange,
    Listing,
    OutgoingMail,
    Passkey,
    Photo,
    Report,
    ReportKind,
    ReportState,
    ReviewLock,
    Role,
    SignedIn,
    Slug,
    StaffCopy,
    StaffNote,
    State,
    Tally,
    Tombstone,
    Waiting,
    WorkingCopy,
)
from directory.photos import Album
from directory.places import Gazetteer
from directory.usecases.accounts import data_export, erasing, ownership
from directory.usecases.audit import chain
from directory.usecases.imports import intake
from directory.usecases.imports.rows import Outcome, Row
from directory.usecases.listings import loading, slugs, tombstones
from directory.usecases.visitors import looking
from tests import factories
from tests.factories import BOULDER, NOW

KEY = b"only for tests"
SECRETS = ("password", "fs_uniquifier", "tf_totp_secret", "mf_recovery_codes", "code", "token")
PORTRAIT = "0123456789abcdef0123456789abcdef"


class Canaries:
    """Words that nobody else uses; `all` are those that were given out."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self, name: str) -> str:
        self.all.append(f"zz{name}kanarie")
        return self.all[-1]

    def email(self, name: str) -> str:
        return f"{self(name)}@practice.example"


@pytest.fixture
def album(tmp_path) -> Album:
    folder = tmp_path / "photos"
    folder.mkdir()
    shelf = folder / PORTRAIT[:2]
    shelf.mkdir()
    for name in (f"{PORTRAIT}-160.jpg", f"{PORTRAIT}-160.webp"):
        (shelf / name).write_bytes(b"picture")
    return Album(folder)


@pytest.fixture
def canary() -> Canaries:
    return Canaries()


@pytest.fixture
def account(session, canary) -> Account:
    """Somebody with a row in every table there is."""
    made = factories.account(
        session,
        canary.email("account"),
        password=canary("password"),
        tf_primary_method="authenticator",
        tf_totp_secret=canary("totp"),
        tf_last_counter=7,
        mf_recovery_codes=[canary("recovery")],
    )
    listing = canary_listing(session, canary, owner_id=made.id)
    fill_account(session, canary, made)
    fill_listing(session, canary, listing, made)
    fill_admins_work(session, canary, listing, made)
    session.flush()
    return made


def canary_listing(session, canary, **changes) -> Listing:
    place = replace(
        BOULDER,
        name=canary("practice"),
        address=canary("street"),
        locality=canary("town"),
        region=canary("region"),
        postcode="zz80302",
    )
    canary.all.append("zz80302")
    listing = factories.listing(
        session,
        name=canary("name"),
        suffix=canary("suffix"),
        about=canary("about"),
        first_visit=canary("first"),
        background=canary("background"),
        fees=canary("fees"),
        phone=canary("phone"),
        email=canary.email("shown"),
        website=f"https://{canary('website')}.example",
        photo=PORTRAIT,
        practices=(place,),
        import_key=canary("importkey"),
        slug=canary("slug"),
        **changes,
    )
    old = replace(listing.live.content, about=canary("older"), email=canary.email("oldshown"))
    listing.propose(old, at=NOW)
    listing.propose(replace(old, about=canary("waiting")), at=NOW)
    listing.revisions[-2].notes = {"about": canary("notes")}
    return listing


def fill_account(session, canary, account) -> None:
    session.add(
        Passkey(
            user_id=account.id,
            credential_id=canary("credential").encode(),
            public_key=canary("publickey").encode(),
            backup_state=False,
            device_type="single_device",
            create_datetime=NOW,
            lastuse_datetime=NOW,
            name=canary("passkey"),
            usage="first",
        )
    )
    session.add(
        SignedIn(
            account_id=account.id,
            key=canary("key"),
            browser=canary("browser"),
            started_at=NOW,
            seen_at=NOW,
        )
    )
    session.add(mail(canary, account_id=account.id, recipient=canary.email("formeraddress")))


def fill_listing(session, canary, listing, account) -> None:
    mine: dict[str, Any] = {"listing_id": listing.id, "account_id": account.id}
    session.add_all(
        [
            Slug(slug=canary("formerslug"), listing_id=listing.id),
            Photo(id=PORTRAIT, listing_id=listing.id, width=640, height=640, made_at=NOW),
            Tally(listing_id=listing.id, day=date(2026, 11, 1), what="opened", total=3),
            Consent(**mine, group="words", version="2026-11", given_at=NOW),
            Claim(**mine, state=ClaimState.GRANTED, words=canary("words"), made_at=NOW),
            Delegate(
                listing_id=listing.id,
                email=canary.email("invited"),
                token=canary("token"),
                invited_at=NOW,
            ),
            WorkingCopy(
                listing_id=listing.id,
                content=replace(listing.live.content, about=canary("writing")),
                typed={"contact": {"phone": [canary("typed")]}},
                version=3,
                saved_at=NOW,
            ),
            mail(canary, listing_id=listing.id, recipient=canary.email("mailed")),
            mail(canary, recipient=account.email),
        ]
    )


def fill_admins_work(session, canary, listing, account) -> None:
    """What admins hold about a listing, and what its owner told them of another's."""
    other = factories.listing(session, slug="another", name="Somebody Else")
    run = ImportRun(filename="roster.csv", started_by="account 1", started_at=NOW)
    session.add(run)
    session.flush()
    listing.hidden_for = canary("hiddenfor")
    said = {"kind": ReportKind.WRONG, "state": ReportState.OPEN, "made_at": NOW}
    mine = {"listing_id": listing.id, "account_id": account.id}
    session.add_all(
        [
            Waiting(
                listing_id=listing.id, revision_id=listing.pending.id, since=NOW, risk=1, reasons=[]
            ),
            ReviewLock(listing_id=listing.id, account_id=account.id, until=NOW),
            StaffNote(**mine, words=canary("noted"), made_at=NOW),
            StaffCopy(
                **mine,
                base_id=listing.live_id,
                content=replace(listing.live.content, about=canary("forthem")),
                saved_at=NOW,
            ),
            Handover(
                listing_id=other.id,
                email=account.email.upper(),
                token=canary("handover"),
                invited_at=NOW,
            ),
            Report(listing_id=listing.id, words=canary("reported"), **said),
            Report(
                listing_id=other.id, words=canary("told"), reply_to=account.email.upper(), **said
            ),
            CredentialCheck(
                listing_id=listing.id,
                credential="cst-t",
                issuer=canary("issuer"),
                method="register",
                checked_by="account 1",
                checked_on=NOW.date(),
                expires_on=NOW.date(),
            ),
            ImportedRow(
                run_id=run.id,
                line=2,
                outcome="updated",
                name=canary("imported"),
                listing_id=listing.id,
                before={"about": canary("valuebefore")},
            ),
        ]
    )


def mail(canary, **changes) -> OutgoingMail:
    number = len(canary.all)
    return OutgoingMail(
        event=canary(f"event{number}"),
        kind="claim-code",
        values={"code": canary(f"value{number}")},
        created_at=NOW,
        due_at=NOW,
        error=canary(f"error{number}"),
        **changes,
    )


def dump(session) -> str:
    """Every row of every table that is ours."""
    session.flush()
    tables = [t for t in Base.metadata.sorted_tables if not t.name.startswith("gazetteer_")]
    return "\n".join(
        f"{table.name}: {tuple(row)}" for table in tables for row in session.execute(select(table))
    ).lower()


def left(session, canary) -> list[str]:
    there = dump(session)
    return [word for word in canary.all if word.lower() in there]


def of(account: Account):
    return factories.actor(account)


def only_listing(session) -> Listing:
    return session.scalars(select(Listing).where(Listing.slug != "another")).one()


def erase_listing(session, account, album, **how):
    listing = only_listing(session)
    erasing.erase_listing(session, listing.id, by=of(account), at=NOW, key=KEY, album=album, **how)
    session.flush()
    return listing


def erase_account(session, account, album, **how):
    erasing.erase_account(session, by=of(account), at=NOW, key=KEY, album=album, **how)
    session.flush()


def test_every_table_about_somebody_is_in_the_registry():
    ours = {"account", "listing"}
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        if table.name in ours or {key.column.table.name for key in table.foreign_keys} & ours
    }
    registered = {owned.table.name for owned in ownership.TABLES}

    assert pointing - registered - ownership.APART.keys() == set()
    assert registered & ownership.APART.keys() == set()
    assert all(name in Base.metadata.tables for name in ownership.APART)


@pytest.mark.parametrize("owned", ownership.TABLES, ids=lambda owned: owned.table.name)
def test_somebody_decided_on_every_column(owned):
    columns = [attribute.key for attribute in owned.model.__mapper__.column_attrs]

    assert sorted((*owned.shown, *owned.kept_back)) == sorted(columns)
    assert not set(owned.shown) & set(SECRETS)


def test_an_export_holds_a_row_of_every_table_that_erasure_touches(session, account):
    exported = data_export.export(session, by=of(account), at=NOW)

    tables = exported["tables"]
    assert set(tables) == {owned.table.name for owned in ownership.TABLES}
    assert [name for name, rows in tables.items() if not rows] == []
    assert tables["account"][0]["email"] == account.email
    assert tables["working_copy"][0]["typed"]["contact"]["phone"] == ["zztypedkanarie"]
    assert tables["revision"][0]["content"]["about"] == "zzaboutkanarie"
    assert [row["kind"] for row in tables["outgoing_mail"]] == ["claim-code"] * 2
    assert set(json.loads(json.dumps(exported))["tables"]) == set(tables)


def test_an_export_holds_no_secret(session, account, canary):
    text = json.dumps(data_export.export(session, by=of(account), at=NOW))

    hidden = ("password", "totp", "recovery", "credential", "publickey", "key", "token", "value")
    secret = [word for word in canary.all if word.removeprefix("zz").startswith(hidden)]
    assert len(secret) >= 8
    assert [word for word in secret if word in text] == []


def test_an_export_holds_nothing_of_anybody_else(session, account):
    other = factories.account(session, "other@home.example")
    listing = only_listing(session)
    session.add(
        Claim(
            listing_id=listing.id,
            account_id=other.id,
            state=ClaimState.REFUSED,
            words="theirs alone",
            made_at=NOW,
        )
    )
    session.flush()

    mine = json.dumps(data_export.export(session, by=of(account), at=NOW))
    theirs = data_export.export(session, by=of(other), at=NOW)

    assert "theirs alone" not in mine
    assert "other@home.example" not in mine
    assert "kanarie" not in json.dumps(theirs)
    assert [row["words"] for row in theirs["tables"]["claim"]] == ["theirs alone"]


def test_nothing_of_an_erased_account_is_left_anywhere(session, account, canary, album):
    number, listing = account.id, only_listing(session)

    erase_account(session, account, album)

    # One last mail, to be forgotten once it has left.
    (last,) = session.scalars(select(OutgoingMail))
    assert (last.kind, last.recipient) == ("account-erased", "zzaccountkanarie@practice.example")
    assert (last.account_id, last.listing_id, last.values) == (None, None, {})
    session.delete(last)
    assert left(session, canary) == []
    session.commit()
    assert list(album.folder.rglob("*.*")) == []
    assert session.get(Account, number).active is False
    assert listing.state is State.ERASED
    with pytest.raises(NotFound):
        data_export.export(session, by=of(account), at=NOW)


def test_of_an_erased_listing_its_owner_is_left(session, account, canary, album):
    kept = {"zzaccountkanarie", "zzpasswordkanarie", "zztotpkanarie", "zzrecoverykanarie"}
    kept.add("zztoldkanarie")
    passkey = {"zzcredentialkanarie", "zzpublickeykanarie", "zzpasskeykanarie"}
    seat = {"zzkeykanarie", "zzbrowserkanarie", "zzformeraddresskanarie"}
    listing = erase_listing(session, account, album)

    gone = set(canary.all) - kept - passkey - seat
    there = left(session, canary)

    # Mails to the account itself are the account's.
    assert {word for word in there if word in gone and "event" not in word} <= {
        word for word in canary.all if word.startswith(("zzvalue", "zzerror", "zzhandover"))
    }
    assert listing.slug == f"erased-{listing.id}"
    assert (listing.owner_id, listing.live_id, listing.import_key) == (None, None, None)
    assert loading.all_mine(session, of(account)) == []
    assert "listing-erased" in session.scalars(
        select(OutgoingMail.kind).where(OutgoingMail.recipient == account.email)
    )
    newest = session.scalars(select(IndexChange).order_by(IndexChange.id.desc())).first()
    assert newest.listing_id == listing.id
    (told,) = session.scalars(select(AuditEvent).where(AuditEvent.action == "erased"))
    assert (told.listing_id, told.detail) == (listing.id, {})


def test_erased_addresses_are_gone_for_good_and_nobody_gets_them(session, account, album, runtime):
    listing = only_listing(session)
    content = replace(listing.live.content, name=listing.slug, practices=(BOULDER,))
    again = {"import_key": None, "is_demo": False, "at": NOW, "on": NOW.date(), "key": KEY}
    taken = slugs.free_slug(session, content)
    listing.slug = taken
    session.flush()

    erase_listing(session, account, album)

    for slug in (taken, "zzformerslugkanarie"):
        with pytest.raises(Gone):
            looking.listing(session, runtime.finder(), slug, key=KEY)
    with pytest.raises(NotFound):
        looking.listing(session, runtime.finder(), "zznobodykanarie", key=KEY)
    assert taken not in dump(session)
    assert intake.create_listing(session, content, **again).slug == f"{taken}-2"
    assert session.scalar(select(func.count()).select_from(Tombstone)) == 2


@pytest.mark.parametrize("never_again", [True, False])
def test_an_import_lists_nobody_who_asked_not_to_be(session, account, album, engine, never_again):
    content = only_listing(session).live.content
    erase_listing(session, account, album, never_again=never_again)
    elsewhere = replace(BOULDER, postcode="80301")
    same_name = replace(content, email="new@practice.example")
    rows = [
        Row(2, "by shown e-mail", "A-1", factories.draft(email="ZZshownKanarie@practice.example")),
        Row(3, "by account", "A-2", factories.draft(email=account.email)),
        Row(4, "by name and postcode", "A-3", same_name),
        Row(5, "a namesake", "A-4", replace(same_name, practices=(elsewhere,))),
    ]

    report = intake.take_rows(
        session,
        rows if never_again else rows[:2],
        gazetteer=Gazetteer(engine),
        approve=True,
        by="tests",
        at=NOW,
        key=KEY,
    ).report

    barred = [row.line for row in report.rows if row.notes == (intake.UNWANTED,)]
    assert barred == ([2, 3, 4] if never_again else [])
    assert report.rows[-1].outcome is Outcome.CREATED
    assert bool(session.scalar(select(func.count()).select_from(DoNotList))) is never_again


def test_only_the_owner_erases_a_listing(session, account, canary, album):
    listing = only_listing(session)
    helper = factories.account(session, "helper@home.example")
    session.add(
        Delegate(
            listing_id=listing.id,
            email=helper.email,
            account_id=helper.id,
            token="t",
            invited_at=NOW,
            accepted_at=NOW,
        )
    )
    stranger = factories.account(session, "stranger@home.example")
    session.flush()

    for who in (helper, stranger):
        with pytest.raises(NotFound):
            erasing.at_stake(session, listing.id, by=of(who))
        with pytest.raises(NotFound):
            erase_listing(session, who, album)

    assert listing.state is State.LIVE


def test_a_helper_who_goes_takes_nothing_of_the_owners_along(session, account, canary, album):
    helper = factories.account(session, "helper@home.example")
    listing = only_listing(session)
    session.add(
        Consent(
            listing_id=listing.id,
            account_id=helper.id,
            group="work",
            version="2026-11",
            given_at=NOW,
        )
    )
    session.add(
        Delegate(listing_id=listing.id, email="HELPER@home.example", token="t", invited_at=NOW)
    )
    session.flush()

    erase_account(session, helper, album)

    assert listing.state is State.LIVE
    assert album.path(PORTRAIT, 160, "jpg") is not None
    rows = session.execute(select(Consent.group, Consent.account_id).order_by(Consent.id))
    assert [tuple(row) for row in rows] == [("words", account.id), ("work", None)]
    assert "helper@home.example" in dump(session)  # the last mail alone
    session.delete(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first())
    assert "helper@home.example" not in dump(session)


def test_with_an_address_that_is_not_proved_nobody_reads_or_erases_what_is_its_owners(
    session, account, canary, album
):
    other = session.scalars(select(Listing).where(Listing.slug == "another")).one()
    victim = "victim@home.example"
    said = {"kind": ReportKind.WRONG, "state": ReportState.OPEN, "made_at": NOW}
    session.add_all(
        [
            Report(listing_id=other.id, words="theirs alone", reply_to=victim, **said),
            Delegate(listing_id=other.id, email=victim, token="t", invited_at=NOW),
            mail(canary, listing_id=other.id, recipient=victim),
        ]
    )
    stranger = factories.account(session, victim, confirmed_at=None)

    exported = json.dumps(data_export.export(session, by=of(stranger), at=NOW))
    at_stake = erasing.at_stake(session, by=of(stranger))
    erase_account(session, stranger, album)

    assert "theirs alone" not in exported
    assert [str(label) for label, _ in at_stake] == ["Your account"]
    for column, wanted in (
        (Report.words, Report.reply_to == victim),
        (Delegate.token, Delegate.email == victim),
        (OutgoingMail.kind, (OutgoingMail.recipient == victim) & OutgoingMail.listing_id.is_(None)),
        (OutgoingMail.kind, OutgoingMail.listing_id == other.id),
    ):
        assert len(session.scalars(select(column).where(wanted)).all()) == 1


def test_erasing_twice_is_erasing_once(session, account, album):
    listing = erase_listing(session, account, album)
    with pytest.raises(NotFound):
        erase_listing(session, account, album)
    erase_account(session, account, album)
    with pytest.raises(NotFound):
        erase_account(session, account, album)

    verbs = session.scalars(select(AuditEvent.action)).all()
    assert (verbs.count("erased"), verbs.count("account erased")) == (1, 1)
    assert listing.state is State.ERASED


def test_what_is_at_stake_is_said_in_numbers(session, account):
    said = {str(label): count for label, count in erasing.at_stake(session, by=of(account))}

    assert said["Versions of your listing"] == 3
    assert (said["Photos"], said["Passkeys"], said["Your account"]) == (1, 1, 1)


def test_a_hash_needs_its_key():
    assert tombstones.hashed(b"one", "slug:a") != tombstones.hashed(b"two", "slug:a")
    assert len(tombstones.hashed(b"one", "slug:a")) == 64


def test_the_audit_trail_goes_on_naming_the_number(session, account, album):
    by = of(account)
    chain.record(session, "submitted", None, by=str(by), at=NOW - timedelta(days=1))
    erase_account(session, account, album)

    newcomer = factories.account(session, "newcomer@home.example")

    assert newcomer.id != by.account_id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_former_addresses_of_others_live_on(session, account, album, database_url):
    other = session.scalars(select(Listing).where(Listing.slug == "another")).one()
    session.add(Slug(slug="former-of-another", listing_id=other.id))
    session.flush()

    erase_listing(session, account, album)

    assert not tombstones.gone(session, "former-of-another", key=KEY)
    assert tombstones.gone(session, "zzformerslugkanarie", key=KEY)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_erased_account_is_a_blank_practitioner(session, account, album, database_url):
    account.role = Role.REVIEWER

    erase_account(session, account, album)

    assert (account.role, account.active, account.confirmed_at) == (Role.PRACTITIONER, False, None)
    assert (account.email, account.created_at) == (f"erased-{account.id}", NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_erased_listing_is_blank_from_that_day_on(session, account, album, database_url):
    listing = only_listing(session)
    listing.is_demo, listing.accepting_stated_on = True, NOW.date()
    then = NOW + timedelta(days=3)

    erasing.erase_listing(session, listing.id, by=of(account), at=then, key=KEY, album=album)

    assert (listing.confirmed_on, listing.created_at) == (then.date(), then)
    assert (listing.is_demo, listing.hidden_for, listing.accepting_stated_on) == (False, None, None)
    assert (listing.pending, listing.live) == (None, None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_goes_with_a_listing_is_not_what_goes_with_all(session, account, database_url):
    listing = only_listing(session)

    said = {
        str(label): count for label, count in erasing.at_stake(session, listing.id, by=of(account))
    }

    assert said["Photos"] == 1
    assert not said.get("Your account")
