"""The desk in a browser: by keyboard, on a small phone, in the dark, without JavaScript, with axe."""

import pytest

from directory.models import ImportedRow, ImportRun
from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.browser.test_ways_on import become_admin

pytestmark = pytest.mark.browser

LOOKED_AT = (
    *("/admin", "/admin/listings", "/admin/directory", "/admin/queue", "/admin/reports"),
    *("/admin/find", "/admin/find?q=aspen", "/admin/health", "/admin/accounts"),
)
SCREENS = 8
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


@pytest.mark.parametrize("width", [360, 1280])
def test_its_pages_at_any_width_in_any_light(new_page, signed_in, live_data, width):
    page = new_page(viewport={"width": width, "height": 740}, color_scheme="light")
    signed_in(page, f"looks{width}")
    run = f"/admin/imports/{live_data(long_import)}"
    looks, ends = {}, {}
    for path in (*LOOKED_AT, run):
        page.goto(path)
        ends[path] = page.evaluate(TITLE)
        looks[path] = (too_wide(page), violations(page))
        page.emulate_media(color_scheme="light")

    assert looks == {path: ([], []) for path in looks}
    assert {path: end for path, (end, _) in ends.items() if end > 740} == {}
    assert ends[run][1] < SCREENS


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
    page.wait_for_url("**/practitioners/**")

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
    page.wait_for_url("**/admin/find?q=%2Fpractitioners%2Frowan-testerly")
    found = page.get_by_role("region", name="Listings").get_by_role("link").count()
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
