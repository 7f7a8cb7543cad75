"""Claiming an imported listing: by code, by an admin, and never by two."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.db import writing
from directory.errors import Conflict, DirectoryError, NotFound
from directory.models import (
    AuditEvent,
    Claim,
    ClaimState,
    Listing,
    OutgoingMail,
    Role,
    State,
    WorkingCopy,
)
from directory.usecases.practitioners import claiming
from directory.usecases.practitioners.claiming import Step
from tests import factories
from tests.factories import NOW

SLUG = "rowan-testerly"
LISTED = "rowan@practice.example"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def me(session):
    return factories.actor(factories.account(session, "me@home.example"))


@pytest.fixture
def other(session):
    return factories.actor(factories.account(session, "other@home.example"))


@pytest.fixture
def admin(session):
    return factories.actor(factories.account(session, "admin@site.example", role=Role.ADMIN))


@pytest.fixture
def listing(session) -> Listing:
    return factories.listing(session, import_key="email:rowan@practice.example")


def send(session, by, at=NOW, slug=SLUG):
    claiming.send_code(session, slug, listing_url="https://x.example/l", by=by, at=at)


def code_in_mail(session) -> str:
    mails = select(OutgoingMail).where(OutgoingMail.kind == "claim-code")
    return session.scalars(mails.order_by(OutgoingMail.id.desc())).first().values["code"]


def enter(session, code, by, at=NOW, slug=SLUG):
    return claiming.enter_code(session, slug, code, my_listing_url="https://x/m", by=by, at=at)


def ask(session, by, words="I moved, and my old address is gone.", at=NOW):
    claiming.ask(
        session,
        SLUG,
        words,
        admins="us@site.example",
        listing_url="https://x.example/l",
        by=by,
        at=at,
    )
    return session.scalars(select(Claim).where(Claim.account_id == by.account_id)).all()[-1]


def decide(session, claim, granted, by, words=""):
    claiming.decide(session, claim.id, granted, words, my_listing_url="https://x/m", by=by, at=NOW)


def kinds(session, to=None):
    found = select(OutgoingMail.kind).order_by(OutgoingMail.id)
    return session.scalars(found.where(OutgoingMail.recipient == to) if to else found).all()


def wrong(code: str) -> str:
    return f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"


def test_the_right_code_makes_the_listing_mine(session, me, listing):
    session.add(
        WorkingCopy(
            listing_id=listing.id, content=listing.live.content, typed={}, version=4, saved_at=NOW
        )
    )
    offered = claiming.offer(session, SLUG, by=me, at=NOW)
    send(session, me)
    code = code_in_mail(session)

    refused = enter(session, f" {code} ", me)

    assert (offered.address, offered.step) == ("r…@practice.example", Step.SEND_CODE)
    assert refused is None
    assert listing.owner_id == me.account_id
    assert claiming.offer(session, SLUG, by=me, at=NOW).step is Step.MINE
    assert kinds(session, LISTED) == ["claim-code"]
    assert kinds(session, me.email) == ["claim-granted"]
    assert session.get(WorkingCopy, listing.id).version == 4
    assert session.scalars(select(AuditEvent.action)).all() == ["claim begun", "claimed"]


def test_the_code_itself_is_not_in_the_table(session, me, listing):
    send(session, me)
    plain = code_in_mail(session).replace(" ", "")

    (claim,) = session.scalars(select(Claim))

    assert len(plain) == 8
    assert claim.code == hashlib.sha256(plain.encode()).hexdigest()


def test_a_wrong_code_may_be_mended_five_times_and_then_never(session, me, listing):
    send(session, me)
    code = code_in_mail(session)

    said = [str(enter(session, wrong(code), me)) for _ in range(5)]
    late = enter(session, code, me)

    assert said[0].endswith("Tries left: 4.")
    assert "does not work any more" in said[4]
    assert "Have a new one sent" in str(late)
    assert listing.owner_id is None


def test_a_code_is_good_for_half_an_hour(session, me, listing):
    send(session, me)
    code = code_in_mail(session)

    late = enter(session, code, me, at=NOW + 30 * MINUTE)

    assert late is not None
    assert listing.owner_id is None


def test_a_code_opens_nothing_for_somebody_else(session, me, other, listing):
    send(session, me)

    refused = enter(session, code_in_mail(session), other)

    assert refused is not None
    assert listing.owner_id is None


def test_pressing_twice_sends_one_code(session, me, listing):
    send(session, me)
    send(session, me)

    assert kinds(session) == ["claim-code"]


def test_three_codes_a_day_and_the_newest_alone_works(session, me, listing):
    codes = []
    for number in range(3):
        send(session, me, at=NOW + 2 * number * MINUTE)
        codes.append(code_in_mail(session))
    with pytest.raises(Conflict):
        send(session, me, at=NOW + 6 * MINUTE)

    first = enter(session, codes[0], me, at=NOW + 6 * MINUTE)
    last = enter(session, codes[2], me, at=NOW + 6 * MINUTE)

    assert first is not None or codes[0] == codes[2]
    assert last is None


def test_a_day_later_a_new_code_can_be_sent(session, me, listing):
    for number in range(3):
        send(session, me, at=NOW + 2 * number * MINUTE)

    send(session, me, at=NOW + timedelta(days=1, minutes=5))

    assert len(kinds(session)) == 4


def test_many_accounts_cannot_fill_a_mailbox(session, listing):
    for number in range(claiming.MOST_CODES_A_DAY_IN_ALL):
        send(session, factories.actor(factories.account(session, f"{number}@home.example")))
    late = factories.actor(factories.account(session, "late@home.example"))

    with pytest.raises(Conflict):
        send(session, late)


def test_without_an_address_an_admin_decides(session, me, admin, other):
    listing = factories.listing(session, email="")
    assert claiming.offer(session, SLUG, by=me, at=NOW).step is Step.ASK
    with pytest.raises(Conflict):
        send(session, me)
    mine, theirs = ask(session, me), ask(session, other)
    ask(session, me, "Again.")

    decide(session, mine, True, admin)

    assert listing.owner_id == me.account_id
    assert (mine.state, theirs.state) == (ClaimState.GRANTED, ClaimState.REFUSED)
    assert kinds(session, "us@site.example") == ["claim-asked", "claim-asked"]
    assert kinds(session, me.email) == ["claim-granted"]
    assert kinds(session, other.email) == ["claim-refused"]
    with pytest.raises(Conflict):
        decide(session, mine, True, admin)


def test_a_refusal_carries_the_admins_words(session, me, admin, listing):
    claim = ask(session, me)

    decide(session, claim, False, admin, "We could not reach you.")

    (mail,) = session.scalars(select(OutgoingMail).where(OutgoingMail.kind == "claim-refused"))
    assert mail.values == {"words": "We could not reach you."}
    assert listing.owner_id is None
    assert claiming.offer(session, SLUG, by=me, at=NOW).step is Step.SEND_CODE


def test_only_admins_decide(session, me, listing):
    claim = ask(session, me)

    with pytest.raises(NotFound):
        decide(session, claim, True, me)

    assert listing.owner_id is None


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
def test_words_are_needed_and_have_an_end(session, me, listing, words):
    with pytest.raises(DirectoryError):
        ask(session, me, words)


def test_a_listing_with_an_owner_cannot_be_claimed(session, me, other, listing):
    listing.owner_id = other.account_id
    session.flush()

    assert claiming.offer(session, SLUG, by=me, at=NOW).step is Step.TAKEN
    for step in (lambda: send(session, me), lambda: enter(session, "1", me)):
        with pytest.raises(Conflict):
            step()
    with pytest.raises(Conflict):
        ask(session, me)


@pytest.mark.parametrize("state", [State.DRAFT, State.PAUSED, State.HIDDEN, State.ERASED])
def test_nothing_is_told_of_what_is_not_public(session, me, state):
    factories.listing(session, state=state)

    for step in (
        lambda: claiming.offer(session, SLUG, by=me, at=NOW),
        lambda: send(session, me),
        lambda: enter(session, "12345678", me),
        lambda: ask(session, me),
    ):
        with pytest.raises(NotFound):
            step()


def test_of_two_at_once_one_wins(session, engine, me, other, listing):
    codes = {}
    for who in (me, other):
        send(session, who)
        codes[who] = code_in_mail(session)
    listing_id = listing.id
    session.commit()

    def claim(who):
        try:
            with writing(engine) as mine:
                return enter(mine, codes[who], who)
        except Conflict as refused:
            return refused

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(claim, [me, other]))

    assert sorted(result is None for result in results) == [False, True]
    session.expire_all()
    winner = (me, other)[results.index(None)]
    assert session.get(Listing, listing_id).owner_id == winner.account_id
    assert kinds(session).count("claim-granted") == 1


def test_of_two_presses_at_once_one_sends(session, engine, me, listing):
    session.commit()

    def press(_):
        with writing(engine) as mine:
            send(mine, me)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, range(2)))

    assert kinds(session) == ["claim-code"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rowan@practice.example", "r…@practice.example"),
        ("", ""),
        ('"a@b"@c.example', '"…@c.example'),
    ],
)
def test_an_address_is_shown_by_its_first_letter(address, shown):
    assert claiming.masked(address) == shown
