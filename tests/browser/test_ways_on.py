"""On a small phone, for whoever is signed in: one line of header, a menu that says that it moves."""

import pytest
from sqlalchemy import select

from directory.models import Account, Role
from tests import factories
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser

IN_LINE = """() => {
  const boxes = [...document.querySelectorAll(".site-header a")].filter((one) => one.offsetParent);
  const tops = boxes.map((one) => one.getBoundingClientRect());
  return Math.max(...tops.map((one) => one.top)) < Math.min(...tops.map((one) => one.bottom));
}"""
SIGN = """() => {
  const menu = document.querySelector(".admin-nav");
  const sign = getComputedStyle(menu, "::after");
  return [menu.scrollWidth > menu.clientWidth, sign.content.includes("›"), sign.opacity];
}"""


def become_admin(page, live_data, email):
    """Signed in, and an admin from then on."""
    live_data(lambda session: factories.account(session, email) and None)
    sign_in_page(page, email)

    def promote(session):
        account = session.scalars(select(Account).where(Account.email == email)).one()
        account.role, account.tf_primary_method = Role.ADMIN, "authenticator"

    live_data(promote)


def test_the_pages_of_an_admin_on_a_small_phone(phone_page, live_data):
    page = phone_page
    become_admin(page, live_data, "ways@association.example")
    looks = {}
    for path in ("/account/", "/admin/accounts/invite", "/my/listing"):
        page.goto(path)
        looks[path] = (page.evaluate(IN_LINE), too_wide(page), violations(page))
        page.emulate_media(color_scheme="light")

    page.goto("/admin/accounts/invite")
    sign = page.evaluate(SIGN)
    page.locator(".admin-nav").evaluate("(menu) => menu.scrollTo(9999, 0)")
    page.wait_for_function(f"() => ({SIGN})()[2] < 1")
    page.get_by_role("button", name="Send the invitation").click()
    alert = page.get_by_role("alert")
    alert.wait_for()
    padding = alert.evaluate("(box) => parseFloat(getComputedStyle(box).paddingInlineStart)")
    page.get_by_role("link", name="Account", exact=True).click()
    page.get_by_role("button", name="Sign out here").click()

    assert looks == {path: (True, [], []) for path in looks}
    assert sign == [True, True, "1"]
    assert padding >= 8
    assert "signed-out" in page.url
