"""The desk in a browser: by keyboard, on a small phone, in the dark, without JavaScript, with axe."""

import pytest
from sqlalchemy import select

from directory.models import ImportedRow, ImportRun, Listing, State
from tests import factories, stories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.browser.test_ways_on import become_admin

pytestmark = pytest.mark.browser

LOOKED_AT = (
    *("/admin", "/admin/listings", "/admin/directory", "/admin/queue", "/admin/reports"),
    *("/admin/find", "/admin/find?q=aspen", "/admin/health", "/admin/accounts"),
)
WIDTHS, HEIGHT, SCREENS = (360, 1280), 740, 8
# Where the title ends, and how long the page is, in screens.
TITLE = """() => [
  document.querySelector("h1").getBoundingClientRect().bottom,
  document.documentElement.scrollHeight / innerHeight,
]"""
FOCUSED = "() => document.activeElement.id"


@pytest.fixture
def signed_in(live_data):
    """Call it with a page and an address: an admin is signed in there."""
    return lambda page, email: become_admin(page, live_data, f"{email}@association.example")


WAITING = "fern-desk"


@pytest.fixture
def waiting(live_data):
    """Enough that the queue has lines, the first of which has the keys."""

    def some(session):
        for number in range(3):
            stories.edited(session, f"Fern Desk{number}", about="New words.")

    def put_away(session):
        """Others count who is public, and what waits."""
        for one in session.scalars(select(Listing).where(Listing.slug.startswith(WAITING))):
            one.withdraw(on=factories.TODAY)
            one.state = State.HIDDEN

    live_data(some)
    yield
    live_data(put_away)


def long_import(session):
    """One of a hundred rows, with something to say of each."""
    run = ImportRun(
        filename="roster.csv",
        started_by="command line",
        started_at=factories.NOW,
        finished_at=factories.NOW,
        totals={"rows": 100, "created": 100, "at once": 0},
    )
    session.add(run)
    session.flush()
    for line in range(2, 102):
        notes = ["a note about this row that is not too short"]
        named = {"name": f"Row {line}", "notes": notes}
        session.add(ImportedRow(run_id=run.id, line=line, outcome="created", **named))
    return run.id


def test_its_pages_at_any_width_in_any_light(new_page, signed_in, live_data, waiting):
    page = new_page(color_scheme="light")
    signed_in(page, "looks")
    run = f"/admin/imports/{live_data(long_import)}"
    looks, ends = {}, {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for path in (*LOOKED_AT, run):
            page.goto(path)
            ends[path, width] = page.evaluate(TITLE)
            looks[path, width] = (too_wide(page), violations(page))
            page.emulate_media(color_scheme="light")

    assert looks == {one: ([], []) for one in looks}
    assert {one: end for one, (end, _) in ends.items() if not 0 < end < HEIGHT / 2} == {}
    assert ends[run, 360][1] < SCREENS


def test_the_box_is_a_key_away_and_leads_to_a_listing(new_page, signed_in):
    page = new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
    signed_in(page, "keys")
    page.goto("/admin/audit")

    focused = []
    for key in ("/", "Control+k"):
        page.evaluate("() => document.activeElement.blur()")
        page.keyboard.press(key)
        focused.append(page.evaluate(FOCUSED))
    page.keyboard.type("aspen/")
    typed = page.locator("#find").input_value()
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/find?q=aspen")
    page.get_by_role("region", name="Listings").get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/listings/*")

    assert focused == ["find", "find"]
    assert typed == "aspen/"


def test_a_public_listing_leads_to_the_desk_until_one_signs_out(new_page, signed_in):
    page = new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
    here = "/practitioners/rowan-testerly"
    signed_in(page, "leaves")
    page.goto(here)
    before = page.get_by_role("link", name="At the desk").count()

    page.goto("/admin")
    page.goto(here)
    page.get_by_role("link", name="At the desk").click()
    page.wait_for_url("**/admin/listings/*")
    found = page.get_by_role("heading", name="Rowan Testerly").count()
    page.goto("/account/")
    page.get_by_role("button", name="Sign out here").click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    page.goto(here)

    assert (before, found) == (0, 1)
    assert page.get_by_role("link", name="At the desk").count() == 0


def test_without_javascript_anything_is_found_as_well(new_page, signed_in):
    with_it = new_page(viewport={"width": 360, "height": 740}, color_scheme="light")
    signed_in(with_it, "plain")
    page = new_page(
        viewport={"width": 360, "height": 740},
        java_script_enabled=False,
        storage_state=with_it.context.storage_state(),
    )
    page.goto("/admin/queue")
    page.get_by_role("searchbox").fill("thorough lou")
    page.get_by_role("button", name="Find", exact=True).click()

    assert page.get_by_role("heading", level=1).inner_text() == "Found for “thorough lou”"
    assert "Aspen Thorough" in page.get_by_role("region", name="Listings").inner_text()
