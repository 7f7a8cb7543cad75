"""Why am I not found: every reason by itself, on the DOZEN, indexed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.errors import Invalid
from directory.models import IndexChange, Listing, State
from directory.usecases.practitioners import why_not_found
from directory.usecases.visitors.criteria import Criteria
from tests import factories

# What it asks of the database is one maximum; the rest is the engine's.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def place(indexed):
    """Where somebody of the DOZEN stands in a search, on a day; `change` does something first."""

    def ask(name, wanted, change=lambda listing: None):
        slug = "-".join(name.lower().split())
        with indexed.transaction() as session:
            listing = session.scalar(select(Listing).where(Listing.slug == slug))
            change(listing)
            session.flush()
            return why_not_found.placement(session, indexed.finder(), listing, wanted)

    return ask


def words(answer):
    return [str(reason) for reason in answer.reasons]


def test_it_says_the_rank_and_the_page(place):
    wanted = Criteria(near="Denver, CO", per_page=2)

    ranks = [place(name, wanted) for name in ("Sage Mockridge", "Rowan Testerly")]

    assert all(answer.rank and answer.total == ranks[0].total for answer in ranks)
    assert [answer.page for answer in ranks] == [-(-answer.rank // 2) for answer in ranks]
    assert "distance" in words(ranks[0])[0]


def test_the_search_is_read_as_visitors_are_read(place):
    answer = place("Juniper Exampleton", Criteria(q="chiropractor for migraines near Boulder"))

    assert (answer.rank, answer.total, answer.near) == (1, 1, "Boulder, Colorado, US")


WISHES = (
    ("Sage Mockridge", {"profession": ("osteopath",)}, "profession: Osteopath"),
    ("Sage Mockridge", {"condition": ("migraine", "tmj")}, "condition: Migraine"),
    ("Sage Mockridge", {"language": ("es",)}, "language: Spanish"),
    ("Sage Mockridge", {"credential": ("cst1",)}, "training: "),
    ("Sage Mockridge", {"ages": ("infants",)}, "you see: Babies"),
    ("Sage Mockridge", {"access": ("wheelchair",)}, "Wheelchair access"),
    ("Sage Mockridge", {"times": ("sunday",)}, "hours do not say: Sundays"),
    ("Sage Mockridge", {"fees": ("receipts", "free-talk")}, "Free first talk / Receipts"),
    ("Sage Mockridge", {"online": ("1",)}, "does not say that you work online"),
    ("Sage Mockridge", {"serves": ("US",)}, "people in: United States"),
    ("Sage Mockridge", {"practitioner": ("man",)}, "does not say that you are: A man"),
    ("Sage Mockridge", {"up_to": 90.0}, "a price up to 90 USD"),
    ("Sage Mockridge", {"accepting": True}, "does not say whether you take"),
    ("Rowan Testerly", {"home_visits": True}, "home visits"),
    ("Hazel Pretend", {"near": "Boulder, CO"}, "Portland lies 9"),
    ("Linden Fictional", {"near": "Berlin"}, "km from Berlin"),
    ("Rowan Testerly", {"q": "testerly latch"}, "does not name this condition"),
    ("Rowan Testerly", {"q": '"sessions unhurried"'}, "does not contain: “sessions unhurried”"),
    ("Rowan Testerly", {"q": "room -unhurried"}, "mentions “unhurried”"),
    ("Willow Sampleford", {"condition": ("migraine",)}, "not named in your country"),
)


def test_it_says_which_wish_is_not_met(place):
    for name, wanted, reason in WISHES:
        answer = place(name, Criteria(**wanted))

        assert (answer.rank, answer.page, len(answer.reasons)) == (None, None, 1), reason
        assert reason in words(answer)[0]


def test_when_nobody_has_all_the_words_it_says_which_one_is_lacking(place):
    answer = place("Rowan Testerly", Criteria(q="unhurried zeppelin"))

    assert answer.rank
    assert words(answer)[0] == "Your listing does not contain: zeppelin."


def test_every_reason_is_given_at_once(place):
    wanted = Criteria(q="zeppelin", near="Boulder, CO", profession=("osteopath",), accepting=True)

    answer = place("Ash Placeholder", wanted)

    assert len(answer.reasons) == 4
    assert answer.helps == "edit"


def test_what_is_not_public_is_found_by_nobody(place):
    year_ago = factories.TODAY - timedelta(days=365)
    for state, confirmed_on, reason, helps in (
        (State.PAUSED, factories.TODAY, "paused", "resume"),
        (State.HIDDEN, factories.TODAY, "administrator has hidden", ""),
        (State.DRAFT, factories.TODAY, "not public yet", "finish"),
        (State.LIVE, year_ago, "for a year", "confirm"),
    ):

        def change(listing, state=state, confirmed_on=confirmed_on):
            listing.state, listing.confirmed_on = state, confirmed_on

        answer = place("Rowan Testerly", Criteria(), change)

        assert reason in words(answer)[0]
        assert (answer.rank, answer.helps) == (None, helps)


def test_a_new_listing_waits_for_an_admin_first(indexed):
    with indexed.transaction() as session:
        new = factories.listing(session, slug="new")
        new.propose(factories.draft(), at=factories.NOW)
        new.state, new.live = State.DRAFT, None
        session.flush()

        answer = why_not_found.placement(session, indexed.finder(), new, Criteria())

    assert "waits for an administrator" in words(answer)[0]


def test_what_was_said_of_new_clients_long_ago_does_not_hold(place):
    def long_ago(listing):
        listing.accepting_stated_on = factories.TODAY - timedelta(days=90)

    lapsed = place("Linden Fictional", Criteria(accepting=True))
    juniper = place("Juniper Exampleton", Criteria(accepting=True), long_ago)

    assert "does not say" in words(lapsed)[0]
    assert juniper.rank  # the index has not heard of it yet


def test_the_index_may_not_have_heard_of_it_yet(indexed):
    with indexed.transaction() as session:
        new = factories.listing(session, slug="new", name="Newly Arrived")
        answer = why_not_found.placement(
            session, indexed.finder(), new, Criteria(near="Boulder, CO")
        )
        newest = session.scalar(select(IndexChange.id).where(IndexChange.listing_id == new.id))

    assert newest
    assert "on its way into the search" in words(answer)[0]


def test_a_stale_listing_hears_that_confirming_helps(place):
    stale = place("Cedar Olderly", Criteria(q="stillness"))
    by_name = place("Cedar Olderly", Criteria(sort=None, near="Denver, CO"))

    assert stale.helps == "confirm"
    assert any("confirmed long ago" in text for text in words(stale))
    assert not any("confirmed long ago" in text for text in words(by_name))


def test_words_that_stand_in_the_description_alone_count_less(place):
    about = place("Rowan Testerly", Criteria(q="unhurried"))
    name = place("Rowan Testerly", Criteria(q="Testerly"))

    assert "stand higher" in words(about)[0]
    assert name.reasons == ()


def test_an_unknown_place_is_told_as_in_the_search(place):
    with pytest.raises(Invalid):
        place("Rowan Testerly", Criteria(near="Zzyzxqq"))
