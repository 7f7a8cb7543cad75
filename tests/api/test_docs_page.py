"""The page of the API in a real browser, under our own content security policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.full import FULL

pytestmark = pytest.mark.browser


def test_the_page_draws_every_operation_and_breaks_no_policy(new_page):
    page = new_page(viewport={"width": 360, "height": 800})
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))

    page.goto("/api/docs")
    page.locator(".opblock").first.wait_for()

    assert page.locator(".opblock").count() == 8
    assert complaints == []


def test_a_search_can_be_tried_from_the_page(new_page):
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto("/api/docs")

    page.get_by_text("Search practitioners", exact=True).click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()

    answer = page.locator(".live-responses-table")
    answer.wait_for()
    assert '"total": 13' in answer.inner_text()


@pytest.mark.parametrize("scheme", ["light", *(["dark"] if FULL else [])])
def test_the_page_is_accessible_closed_and_open(new_page, scheme):
    page = new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    page.goto("/api/docs")
    page.locator(".opblock").first.wait_for()

    closed = Axe().run(page)
    page.get_by_text("Search practitioners", exact=True).click()
    page.locator("tr[data-param-name=sort] select").wait_for()
    opened = Axe().run(page)

    assert closed.violations_count == 0, closed.generate_report()
    assert opened.violations_count == 0, opened.generate_report()
