"""Everything that matters, with JavaScript switched off."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture(params=[360, 1280])
def plain_page(new_page, request):
    return new_page(java_script_enabled=False, viewport={"width": request.param, "height": 740})


def test_from_the_front_page_to_a_listing_and_a_shared_shortlist(plain_page):
    from playwright.sync_api import expect

    page = plain_page
    page.goto("/")
    page.get_by_label("looking for").fill("chiropractor near Denver, CO")
    with page.expect_navigation():
        page.get_by_role("button", name="Search").click()
    everyone = page.locator("#results .card").count()

    if page.get_by_role("link", name="Filters").is_visible():
        page.get_by_role("link", name="Filters").click()
    page.get_by_role("checkbox", name="Taking new clients").check()
    with page.expect_navigation(url="**accepting=1**"):
        page.locator("#filters").get_by_role("button", name="Show").click()
    accepting = page.locator("#results .card").count()

    page.goto(f"{page.url}&per_page=1")
    first = page.locator("#results .card h2 a").inner_text()
    with page.expect_navigation(url="**page=2**"):
        page.get_by_role("link", name="Next").click()
    second = page.locator("#results .card h2 a").inner_text()
    kept_filter = "accepting=1" in page.url

    page.locator("#results .card h2 a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(second)
    page.goto("/shortlist?s=juniper-exampleton&s=aspen-thorough")

    assert (everyone, accepting) == (3, 2)
    assert {first, second} == {"Juniper Exampleton", "Aspen Thorough"}
    assert kept_filter
    assert page.get_by_role("rowheader").count() == 2


def test_nothing_is_shown_that_would_do_nothing(plain_page):
    dead = {}
    for path in ("/", "/search", "/practitioners/aspen-thorough", "/shortlist?s=aspen-thorough"):
        plain_page.goto(path)
        buttons = plain_page.locator("button[type=button]").all()
        dead[path] = [one.inner_text() for one in buttons if one.is_visible()]

    assert dead == {path: [] for path in dead}


def test_a_wrong_search_is_explained_and_can_be_mended(plain_page):
    plain_page.goto("/")
    plain_page.get_by_label("Where?").fill("Bouldr, CO")
    plain_page.get_by_role("button", name="Search").click()
    said = plain_page.get_by_role("alert").inner_text()

    plain_page.get_by_role("link", name="Boulder, Colorado").first.click()

    assert "Bouldr" in said
    assert "Boulder" in plain_page.get_by_role("heading", level=1).inner_text()


def test_browsing_by_what_one_lives_with_unfolds(plain_page):
    plain_page.goto("/")
    link = plain_page.get_by_role("link", name="Migraine", exact=True)
    folded = not link.is_visible()
    plain_page.locator("summary").filter(has=plain_page.locator("xpath=..").filter(has=link)).or_(
        plain_page.locator("details:has(a[href*='condition=migraine']) > summary")
    ).first.click()

    link.click()
    plain_page.wait_for_url("**condition=migraine**")

    assert folded
    assert plain_page.locator("#results .card").count() > 0
