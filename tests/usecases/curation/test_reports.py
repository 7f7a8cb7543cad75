"""Reports from the public, what three of them do, and how they are worked through."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory.errors import Conflict, Invalid, NotFound
from directory.models import (
    Account,
    Actor,
    AuditEvent,
    Draft,
    IndexChange,
    OutgoingMail,
    Practice,
    ReportKind,
    ReportState,
    Role,
    State,
)
from directory.usecases.curation import hiding, reports, stale
from directory.usecases.imports import do_not_list
from directory.usecases.imports.do_not_list import Words
from directory.usecases.listings import tombstones
from directory.usecases.practitioners import confirming, writing
from tests import factories
from tests.factories import BOULDER, DENVER, NOW, TODAY

LINKS = {"base_url": "https://site.example", "key": "only for tests"}
KEY = b"only for tests"


@pytest.fixture
def ada(session) -> Actor:
    return factories.actor(factories.account(session, "ada@home.example", role=Role.REVIEWER))


@pytest.fixture
def bea(session) -> Actor:
    return factories.actor(factories.account(session, "bea@home.example", role=Role.ADMIN))


@pytest.fixture
def listing(session):
    owner = factories.account(session, "owner@home.example")
    return factories.listing(session, owner_id=owner.id)


def tell(session, listing, kind=ReportKind.CLOSED, *, at=NOW, **said):
    return reports.report(session, listing.slug, kind, **said, at=at, **LINKS)


def letter(*, to="owner@home.example", **fate) -> OutgoingMail:
    """One that was tried, and what became of it."""
    about = {"event": f"tried {fate}", "kind": "still-right", "recipient": to}
    return OutgoingMail(**about, created_at=NOW, **fate)


def mails(session) -> list[tuple[str, str]]:
    rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.kind, mail.recipient) for mail in rows]


def test_three_who_say_closed_pause_an_owned_listing_and_its_owner_is_asked_once(session, listing):
    tell(session, listing)
    tell(session, listing, ReportKind.WRONG, words="The number is wrong.")
    tell(session, listing)
    assert listing.state is State.LIVE

    tell(session, listing)

    assert listing.state is State.PAUSED
    assert mails(session) == [("listing-closed-question", "owner@home.example")]
    told = select(func.count()).where(IndexChange.listing_id == listing.id)
    assert session.scalar(told) == 2
    with pytest.raises(NotFound):
        tell(session, listing)
    link = session.scalars(select(OutgoingMail)).one().values["link"]
    confirming.answer(
        session, link.rpartition("/")[2], confirming.Tap.RESUME, key=LINKS["key"], at=NOW
    )
    tell(session, listing)
    assert listing.state is State.LIVE
    assert len(mails(session)) == 1


def nobody(session, listing):
    listing.owner_id = None


def an_imported_one(session, listing):
    listing.owner_id, listing.import_key = None, "id:1"


def disabled(session, listing):
    session.get(Account, listing.owner_id).active = False


def unproved(session, listing):
    session.get(Account, listing.owner_id).confirmed_at = None


def deaf(session, listing):
    session.add(letter(dead_at=NOW, to="Owner@home.example"))


@pytest.mark.parametrize("owner", [nobody, an_imported_one, disabled, unproved, deaf])
def test_however_many_say_closed_a_listing_that_nobody_could_bring_back_stays(
    session, listing, ada, owner
):
    owner(session, listing)
    session.flush()

    for _ in range(4):
        tell(session, listing)

    assert listing.state is State.LIVE
    assert "listing-closed-question" not in [kind for kind, _ in mails(session)]
    (pressing,) = reports.pressing(session, by=ada, on=TODAY)
    assert (pressing.title, pressing.reports) == (listing.title, 4)
    with pytest.raises(NotFound):
        reports.pressing(session, by=Actor(7), on=TODAY)


def test_an_owner_whose_mail_arrives_again_is_asked_again(session, listing):
    session.add(letter(dead_at=NOW))
    session.add(letter(sent_at=NOW + timedelta(days=1)))

    for _ in range(3):
        tell(session, listing)

    assert listing.state is State.PAUSED


def test_a_question_that_never_arrived_keeps_nobody_out_of_sight(session, listing, ada):
    for _ in range(3):
        tell(session, listing)
    confirmed = listing.confirmed_on
    assert hiding.end_unheard(session, at=NOW) == 0
    (question,) = session.scalars(select(OutgoingMail))
    question.due_at, question.dead_at = None, NOW

    shown = [hiding.end_unheard(session, at=NOW + timedelta(days=1)) for _ in range(2)]

    assert shown == [1, 0]
    assert (listing.state, listing.confirmed_on) == (State.LIVE, confirmed)


def test_what_a_reviewer_paused_to_ask_a_reviewer_shows_again(session, listing, ada):
    listing.owner_id = None
    how = {"by": ada, "at": NOW, **LINKS}
    assert hiding.pause(session, listing.id, **how) is False

    hiding.end_question(session, listing.id, by=ada, at=NOW)

    assert listing.state is State.LIVE
    with pytest.raises(Conflict):
        hiding.end_question(session, listing.id, by=ada, at=NOW)
    with pytest.raises(NotFound):
        hiding.end_question(session, listing.id, by=Actor(7), at=NOW)


def test_what_its_keeper_paused_nobody_else_shows_again(session, listing, ada):
    hiding.pause(session, listing.id, by=ada, at=NOW, **LINKS)
    hiding.end_question(session, listing.id, by=ada, at=NOW)
    owner = Actor(listing.owner_id)

    writing.pause(session, listing.id, by=owner, at=NOW)

    with pytest.raises(Conflict):
        hiding.end_question(session, listing.id, by=ada, at=NOW)
    assert hiding.end_unheard(session, at=NOW) == 0


def test_a_report_has_one_owner_and_its_reporter_is_answered_and_forgotten(
    session, listing, ada, bea
):
    made = tell(session, listing, ReportKind.MOVED, words="To Denver.", reply_to="v@home.example")
    reports.take(session, made.id, by=ada, at=NOW)

    with pytest.raises(Conflict):
        reports.take(session, made.id, by=bea, at=NOW)
    with pytest.raises(Conflict):
        reports.close(session, made.id, by=ada, at=NOW)
    with pytest.raises(Invalid):
        reports.answer(session, made.id, " ", by=ada, at=NOW)
    reports.answer(session, made.id, "Thank you.", by=ada, at=NOW)
    reports.close(session, made.id, by=ada, at=NOW)

    assert mails(session) == [("report-answered", "v@home.example")]
    assert (made.reply_to, made.answer, made.state) == ("", "Thank you.", ReportState.DONE)
    assert reports.waiting(session, by=bea) == []
    with pytest.raises(Conflict):
        reports.close(session, made.id, by=ada, at=NOW)
    trail = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [event.action for event in trail] == [
        *("reported", "report taken", "report answered", "report done"),
    ]
    assert "home.example" not in str([(event.actor, event.detail) for event in trail])
    assert reports.forget(session, at=NOW + timedelta(days=91)) == 1
    session.refresh(made)
    assert (made.words, made.answer) == ("", "")


def test_the_same_words_sent_twice_are_one_report_and_later_another(session, listing, ada):
    first, again = (tell(session, listing, ReportKind.WRONG, words="No bell.") for _ in range(2))
    other = tell(session, listing, ReportKind.CONCERN, words="No bell.")
    later = tell(session, listing, ReportKind.WRONG, words="No bell.", at=NOW + timedelta(hours=3))

    assert again.id == first.id
    assert len({first.id, other.id, later.id}) == 3


def test_the_queue_is_oldest_first_and_only_for_those_who_review(session, listing, ada, bea):
    first, second = tell(session, listing), tell(session, listing)
    third = tell(session, listing, ReportKind.CONCERN)
    reports.take(session, second.id, by=ada, at=NOW)

    items = reports.waiting(session, by=ada)

    assert [(one.report.id, one.same, one.mine) for one in items] == [
        *((first.id, 2, False), (second.id, 2, True), (third.id, 1, False)),
    ]
    assert [one.report.id for one in reports.waiting(session, by=ada, after=second.id)] == [
        third.id
    ]
    with pytest.raises(Conflict):
        reports.give_back(session, second.id, by=Actor(7, Role.REVIEWER), at=NOW)
    reports.give_back(session, second.id, by=bea, at=NOW)
    assert reports.one(session, second.id, by=bea).taken_by == ""
    with pytest.raises(NotFound):
        reports.waiting(session, by=Actor(7))


def test_hiding_says_why_once_and_only_an_admin_shows_again(session, listing, ada, bea):
    how = {"at": NOW, "my_listing_url": "https://site.example/my/listing/1"}
    hiding.hide(session, listing.id, "We look into a concern.", by=ada, **how)
    hiding.hide(session, listing.id, "We look into a concern.", by=bea, **how)

    assert (listing.state, listing.hidden_for) == (State.HIDDEN, "We look into a concern.")
    assert mails(session) == [("listing-hidden", "owner@home.example")]
    with pytest.raises(Conflict):
        hiding.hide(session, listing.id, "Another reason.", by=bea, **how)
    with pytest.raises(NotFound):
        hiding.unhide(session, listing.id, by=ada, at=NOW)
    hiding.unhide(session, listing.id, by=bea, at=NOW)
    assert (listing.state, listing.hidden_for) == (State.LIVE, None)


def test_the_longest_unconfirmed_come_first_and_are_asked_once_a_week(session, ada):
    old = factories.listing(session, on=TODAY - timedelta(days=200), import_key="id:1")
    older = factories.listing(session, on=TODAY - timedelta(days=300), slug="b", email="")
    older.owner_id = factories.account(session, "owner@home.example").id
    fresh = factories.listing(session, slug="c", import_key="id:2")
    factories.listing(session, slug="d")

    page = stale.oldest(session, by=ada, on=TODAY)
    assert [one.listing_id for one in page.listings] == [older.id, old.id, fresh.id]
    nobodys = stale.oldest(session, by=ada, on=TODAY, unclaimed=True)
    assert [one.listing_id for one in nobodys.listings] == [old.id, fresh.id]

    assert stale.ask(session, older.id, by=ada, at=NOW, **LINKS)
    assert mails(session) == [("still-right", "owner@home.example")]
    with pytest.raises(Conflict):
        stale.ask(session, older.id, by=ada, at=NOW, **LINKS)
    assert stale.oldest(session, by=ada, on=TODAY).listings[0].asked_on == TODAY


def test_whoever_is_put_on_the_do_not_list_is_passed_over_by_imports(session, bea):
    here = Practice(country="US", locality="Boulder", postcode="80 302")
    by_mail = Draft(name="A", practices=(here,), email="Rowan@Home.example")
    by_name = Draft(name="Élodie Test", practices=(here,))
    either = Words(email="rowan@home.example", name="elodie test", postcode="80302")

    assert do_not_list.add(session, either, by=bea, at=NOW, key=KEY) == 2
    assert do_not_list.add(session, either, by=bea, at=NOW, key=KEY) == 0

    both = frozenset({by_mail, by_name})
    assert tombstones.unwanted(session, both, key=KEY) == both
    assert do_not_list.is_on(session, Words(email="rowan@home.example "), by=bea, key=KEY)
    only = Words(name="Elodie Test", postcode="80302")
    assert do_not_list.remove(session, only, by=bea, at=NOW, key=KEY) == 1
    assert tombstones.unwanted(session, both, key=KEY) == {by_mail}
    for words in (Words(), Words(name="Elodie Test")):
        with pytest.raises(Invalid):
            do_not_list.add(session, words, by=bea, at=NOW, key=KEY)


def test_who_is_put_on_the_do_not_list_and_listed_all_the_same_is_named(session, bea):
    where = replace(BOULDER, postcode="80302-1234")
    by_mail = factories.listing(session, name="Ann", email="Ann@Home.example")
    by_name = factories.listing(session, name="Élodie  Test", email="", practices=(DENVER, where))
    canadian = replace(BOULDER, country="CA", postcode="V6B 1A1", locality="Vancouver")
    paused = factories.listing(session, name="Bo", practices=(canadian,), state=State.PAUSED)
    factories.listing(session, name="Elodie Test", slug="namesake", practices=(DENVER,))
    hidden = {"slug": "hidden", "state": State.HIDDEN, "practices": (where,)}
    factories.listing(session, name="Elodie Test", **hidden)

    def listed(**words):
        found = do_not_list.listed(session, Words(**words), by=bea)
        return [(one.listing_id, one.towns) for one in found]

    assert listed(email="ann@home.example") == [(by_mail.id, ("Boulder",))]
    assert listed(name="elodie test", postcode="80302") == [(by_name.id, ("Denver", "Boulder"))]
    assert listed(name="bo", postcode="v6b1a1") == [(paused.id, ("Vancouver",))]
    assert listed(email="ann@home.example", name="Elodie Test", postcode="80302-9999") == [
        *((by_mail.id, ("Boulder",)), (by_name.id, ("Denver", "Boulder"))),
    ]
    assert listed(email="nobody@home.example", name="Ann", postcode="9%") == []
    with pytest.raises(NotFound):
        do_not_list.listed(session, Words(email="a@b.example"), by=Actor(7, Role.REVIEWER))
