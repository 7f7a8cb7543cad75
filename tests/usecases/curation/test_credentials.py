"""Checks of credentials: shown while they hold, gone by themselves, many at once by a roster."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from directory.errors import Invalid, NotFound
from directory.files import issuer_roster
from directory.models import Actor, AuditEvent, CredentialCheck, Listing, Role, Taxonomy
from directory.usecases.curation import credentials, issuers
from directory.usecases.curation.issuers import Fate
from directory.usecases.visitors import profiles
from directory.usecases.visitors.results import Check
from tests import factories
from tests.factories import NOW, TODAY

INSTITUTE = "Upledger Institute"
NEXT_YEAR = date(2027, 11, 2)
ROSTER = """Name,E-mail,Email,Number,Credential,Expires
Rowan Testerly,,ROWAN@practice.example,,CST-T,2027-11-02
Juniper Exampleton,,,,cst-t,2027-11-02
Sage Mockridge,,,7,cst-t,2026-01-01
Nobody Known,,nobody@practice.example,,cst-t,2027-11-02
Ash Placeholder,,,,cst-t,2027-11-02
Hazel Pretend,,,,cst-t,next year
"""


@pytest.fixture
def admin(session) -> Actor:
    return factories.actor(factories.account(session, "admin@stillpoint.example", role=Role.ADMIN))


def check(session, listing, by, **changes) -> CredentialCheck:
    how = {"issuer": INSTITUTE, "method": "register", "expires_on": NEXT_YEAR} | changes
    at = how.pop("at", NOW)
    return credentials.record(session, listing.id, "cst-t", **how, by=by, at=at)


def shown(session, listing, on) -> dict[str, Check]:
    return profiles.checks_of(session, [listing.id], on).get(listing.id, {})


def done(session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def test_a_check_is_shown_through_its_last_day_and_then_goes_by_itself(session, admin):
    listing = factories.listing(session)
    check(session, listing, admin)

    assert shown(session, listing, TODAY) == {"cst-t": Check(INSTITUTE, TODAY)}
    assert shown(session, listing, NEXT_YEAR) == {"cst-t": Check(INSTITUTE, TODAY)}
    assert shown(session, listing, NEXT_YEAR + timedelta(days=1)) == {}


def test_the_newest_check_counts_and_the_same_again_changes_nothing(session, admin):
    listing = factories.listing(session)
    first = check(session, listing, admin)
    assert check(session, listing, admin).id == first.id

    second = check(session, listing, admin, issuer="IAHE", at=NOW + timedelta(days=9))
    credentials.end(session, first.id, by=admin, at=NOW)

    later = TODAY + timedelta(days=9)
    assert first.ended_on == later
    assert shown(session, listing, later) == {"cst-t": Check("IAHE", later)}
    credentials.end(session, second.id, by=admin, at=NOW)
    credentials.end(session, second.id, by=admin, at=NOW)
    assert shown(session, listing, later) == {}
    assert done(session) == ["credential checked", "credential checked", "check ended"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", " "),
        ("method", "rumour"),
        ("expires_on", TODAY),
        ("expires_on", date(2040, 1, 1)),
    ],
)
def test_what_would_say_nothing_or_too_much_is_refused(session, admin, field, value):
    listing = factories.listing(session)

    with pytest.raises(Invalid) as error:
        check(session, listing, admin, **{field: value})

    assert list(error.value.fields) == [field]


def test_only_what_a_listing_states_can_be_checked_and_only_by_reviewers(session, admin):
    listing = factories.listing(session, credentials=())

    with pytest.raises(Invalid):
        check(session, listing, admin)
    with pytest.raises(NotFound):
        check(session, listing, Actor(admin.account_id, Role.PRACTITIONER))


def test_a_page_of_results_reads_its_checks_in_one_go(session, admin, runtime):
    ids = [one.id for one in factories.dozen(session)]
    check(session, session.get_one(Listing, ids[0]), admin)
    session.commit()
    asked = []
    event.listen(session.bind, "before_cursor_execute", lambda *a: asked.append(a[2]))

    found = profiles.live_profiles(session, runtime.finder(), ids)

    tables = [text for text in asked if "FROM listing" in text or "FROM credential_check" in text]
    assert len(tables) == 1
    assert [badge.checked for badge in found[ids[0]].credentials] == [Check(INSTITUTE, TODAY)]
    assert [badge.checked for badge in found[ids[2]].credentials] == [None]


@pytest.fixture
def listed(session, admin) -> dict[str, int]:
    """Listings that a roster names in all ways; the check of Linden holds and is not in it."""
    names = ("Rowan Testerly", "Juniper Exampleton", "Sage Mockridge", "Linden Fictional")
    made = {}
    for number, name in enumerate(names):
        email = "rowan@practice.example" if number == 0 else f"{number}@practice.example"
        key = {"import_key": "id:7"} if name.startswith("Sage") else {}
        made[name.split()[0]] = factories.listing(session, name=name, email=email, **key)
    for number in (1, 2):
        factories.listing(session, name="Ash Placeholder", slug=f"ash-{number}", email="")
    for name in ("Sage", "Linden"):
        check(session, made[name], admin, method="roster")
    session.flush()
    return {name: listing.id for name, listing in made.items()}


def compared(session, admin, text=ROSTER):
    holders = issuer_roster.read(text.encode(), Taxonomy.load(session))
    return issuers.compare(session, holders, INSTITUTE, by=admin, on=TODAY)


def test_a_roster_shows_its_difference_and_is_carried_out_once(session, admin, listed):
    seen = compared(session, admin)

    fates = [(one.line, one.fate, one.listing_id) for one in seen.found]
    assert fates == [
        (2, Fate.CHECK, listed["Rowan"]),
        (3, Fate.BY_NAME, listed["Juniper"]),
        (4, Fate.LAPSE, listed["Sage"]),
        (5, Fate.NOT_FOUND, 0),
        (6, Fate.AMBIGUOUS, 0),
        (7, Fate.FAILED, 0),
        (0, Fate.LAPSE, listed["Linden"]),
    ]

    @contextmanager
    def begin():
        yield session
        session.flush()

    careful = issuers.plan(seen, by_name=False, lapse=False)
    assert issuers.apply(begin, careful, by=admin, at=NOW) == issuers.Done(1, 1, 0)
    everything = issuers.plan(compared(session, admin), by_name=True, lapse=True)
    assert issuers.apply(begin, everything, by=admin, at=NOW) == issuers.Done(1, 1, 0)

    again = issuers.plan(compared(session, admin), by_name=True, lapse=True)
    assert (again.to_check, again.to_end) == ((), ())
    holding = profiles.checks_of(session, list(listed.values()), TODAY)
    assert set(holding) == {listed["Rowan"], listed["Juniper"]}


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", '"name,credential,expires\n"x\0'])
def test_a_file_that_is_no_roster_is_refused_with_words(session, text):
    with pytest.raises(Invalid) as error:
        issuer_roster.read(text.encode(), Taxonomy.load(session))

    assert list(error.value.fields) == ["file"]
