"""The editor in a browser: it saves by itself, loses nothing, and looks the same in any light."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from directory.models import WorkingCopy
from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.journeys.visits import until
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser

STEPS = ("you", "work", "people", "places", "contact", "times", "words", "places/0", "places/0/map")


@pytest.fixture(scope="module")
def somebody(live_data, live_server, browser):
    """The id of an account, and what a browser keeps once it is signed in."""
    email = "editor@home.example"
    account_id = live_data(lambda session: factories.account(session, email).id)
    context = browser.new_context(base_url=live_server)
    sign_in_page(context.new_page(), email)
    state = context.storage_state()
    context.close()
    return account_id, state


@pytest.fixture
def mine(live_data, somebody):
    """The id of a live listing that the account keeps."""

    def make(session):
        words = {"about": "She heals **migraines**.", "fees": "Cures for 60 dollars"}
        slug = f"editor-{uuid4().hex}"
        return factories.listing(session, slug=slug, owner_id=somebody[0], **words).id

    return live_data(make)


@pytest.fixture
def open_step(new_page, somebody, mine):
    """Call it with a step of the editor for a page of the browser that shows it."""

    def open_step(step, **options):
        page = new_page(storage_state=somebody[1], **options)
        page.goto(f"/my/listing/{mine}/edit/{step}")
        return page

    return open_step


@pytest.fixture
def written(live_data, mine):
    """Call it for what is written."""
    return lambda: live_data(lambda session: session.get(WorkingCopy, mine).content)


def test_axe_finds_nothing_on_any_step_and_nothing_sticks_out(open_step):
    page = open_step("you", viewport={"width": 320, "height": 740}, color_scheme="light")
    found = {}

    for step in STEPS:
        page.emulate_media(color_scheme="light")
        page.goto(page.url.partition("/edit/")[0] + f"/edit/{step}")
        found[step] = (violations(page), too_wide(page))

    assert found == {step: ([], []) for step in STEPS}


def test_it_saves_by_itself_also_after_having_been_offline(open_step, written):
    page = open_step("you")
    says = page.locator("[data-saving]")
    letters, name = page.get_by_label("Letters after"), page.get_by_label("Your name", exact=True)

    letters.fill("LMT, BCST")
    expect(says).to_contain_text("Saved")
    saved = written().suffix
    page.evaluate("() => { window.online = fetch; window.fetch = () => Promise.reject(); }")
    letters.fill("LMT, CST-T")
    letters.blur()
    expect(says).to_contain_text("no connection")
    offline = written().suffix
    page.evaluate("() => { window.fetch = online; window.dispatchEvent(new Event('online')); }")
    expect(says).to_contain_text("Saved")
    back = written().suffix
    name.fill("")
    name.blur()
    expect(says).to_contain_text("Before it can be used: Name. Say your name.")
    in_error = page.get_by_role("alert").count()
    page.reload()

    assert (saved, offline, back) == ("LMT, BCST", "LMT, BCST", "LMT, CST-T")
    assert in_error == 0
    assert violations(page) == []
    assert page.title().startswith("Error:")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Say your name.").click()
    expect(name).to_be_focused()


def test_what_is_typed_last_is_saved_when_the_page_is_left(open_step, written):
    page = open_step("contact")

    page.get_by_label("Telephone").fill("+1 303 555 0123")
    page.get_by_role("link", name="All steps").click()
    page.wait_for_url("**/my/listing/*")

    until(lambda: written().phone == "+1 303-555-0123", what="the number is kept")


def test_two_windows_collide_and_both_texts_are_there_to_choose_from(open_step, written):
    one, two = open_step("words"), open_step("words")
    one.get_by_label("first visit").fill("An hour.")
    one.get_by_label("first visit").blur()
    expect(one.locator("[data-saving]")).to_contain_text("Saved")

    two.get_by_label("first visit").fill("Ninety minutes.")
    two.get_by_label("first visit").blur()
    two.get_by_role("button", name="See both versions").click()
    expect(two.get_by_role("alert")).to_be_focused()
    in_light_and_dark = violations(two)
    two.get_by_role("radio", name="An hour.").check()
    two.get_by_role("button", name="Save and go to all steps").click()
    two.wait_for_url("**/my/listing/*")

    assert in_light_and_dark == []
    assert written().first_visit == "An hour."


def test_conditions_are_chosen_by_keyboard_in_a_parents_words(open_step, written):
    page = open_step("people", viewport={"width": 360, "height": 740})
    box = page.get_by_role("group", name="live with").get_by_role("combobox")
    chips = page.get_by_role("group", name="live with").get_by_role("list", name="Chosen so far")

    box.press_sequentially("turns head left")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("Torticollis")
    box.press("ArrowDown")
    active = page.locator(f"#{box.get_attribute('aria-activedescendant')}").inner_text()
    open_list = violations(page)
    box.press("Enter")
    expect(chips.get_by_role("button")).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="Added Torticollis")).to_have_count(1)
    box.press_sequentially("colic")
    page.get_by_role("option").first.wait_for()
    box.press("Enter")
    box.press("Backspace")
    expect(page.get_by_role("status").filter(has_text="Removed")).to_have_count(1)
    expect(chips.get_by_role("button")).to_have_count(2)
    box.blur()
    expect(page.locator("[data-saving]")).to_contain_text("Saved")

    assert "turns head left" in active
    assert open_list == []
    assert len(written().conditions) == 2


def test_a_promise_is_rewritten_in_its_place_and_the_count_follows(open_step, written):
    page = open_step("words")
    box = page.get_by_label("glad to see")

    page.get_by_role("button", name="supports").click()
    expect(box).to_be_focused()
    box.blur()
    expect(page.locator("[data-saving]")).to_contain_text("Saved")
    rewritten = written().about
    box.fill("It cures. " + "a" * 2000)
    expect(page.get_by_text("10 characters too many")).to_be_visible()
    box.fill("It cures.")
    box.blur()
    expect(page.get_by_text("“cures” promises what nobody can")).to_be_visible()

    assert rewritten == "She supports **migraines**."


def test_the_pin_is_moved_by_buttons_and_by_typing(open_step, written):
    page = open_step("places/0/map")
    position = page.get_by_label("Position of the pin")
    expect(page.locator(".pin")).to_be_visible()

    page.get_by_role("button", name="North").press("Enter")
    expect(position).to_have_value("40.01590, -105.27050")
    position.fill("40.02, -105.28")
    position.press("Enter")
    page.wait_for_url("**/edit/places")

    practice = written().practices[0]
    assert (practice.lat, practice.lon, practice.precision) == (40.02, -105.28, "exact")


def test_without_javascript_every_choice_is_there(open_step, written):
    page = open_step("people", java_script_enabled=False)
    page.locator("summary", has_text="Babies").click()
    page.get_by_label("Torticollis").check()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/edit/places")
    page.get_by_role("link", name="Add another place").click()
    page.get_by_label("Country").select_option("Germany")
    page.get_by_label("Town").fill("München")
    page.get_by_role("button", name="Save and see it on the map").click()
    page.get_by_role("button", name="Yes, this is right").click()
    page.wait_for_url("**/edit/places")

    assert set(written().conditions) >= {"migraine", "torticollis"}
    assert written().practices[1].placed
