"""Accounts in a real browser: by keyboard, with a code, with a passkey, and for axe."""

import re
import time
from urllib.parse import urlsplit

import pytest
from passlib.totp import TOTP

from tests import factories, sign_ins
from tests.browser.public_pages import too_wide
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

FOR_ANYBODY = (
    "sign-in",
    "sign-up",
    "reset",
    "confirm",
    "confirm/x",
    "check-your-mail",
    "signed-out",
)
FOR_SOMEBODY = ("", "change-password", "change-email", "second-factor", "passkeys", "again")


def account(live_data, email):
    """An account on the live site, confirmed."""
    live_data(lambda session: factories.account(session, email) and None)
    return email


def test_sign_up_confirm_and_sign_in_by_keyboard_alone(browser_page, live_mailbox):
    page, email, sent = browser_page, "keys@practice.example", []
    page.on("request", lambda request: sent.append(request.post_data or ""))

    def type_in(*words):
        for word in words:
            page.keyboard.type(word)
            page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")

    page.goto("/account/sign-up")
    page.get_by_label("E-mail address").focus()
    type_in(email)
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    page.goto(live_mailbox.wait_for(email).link("/account/confirm/"))
    page.get_by_role("button", name="Confirm").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Password", exact=True).focus()
    type_in("sunshine1234")
    alert = page.get_by_role("alert")
    alert.wait_for()
    on_alert = alert.evaluate("(one) => one === document.activeElement")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    in_box = page.evaluate("document.activeElement.id")
    type_in(factories.PASSWORD)
    page.get_by_role("heading", name="Sign in").wait_for()
    page.get_by_label("E-mail address").focus()
    type_in(email, factories.PASSWORD)
    page.wait_for_url("**/my/listing*")
    page.goto("/account/")

    assert (on_alert, in_box) == (True, "password")
    assert sum("proof=ey" in body for body in sent) == 1
    assert page.get_by_text(email).is_visible()
    assert "this one" in page.get_by_role("region", name="Where you are signed in").inner_text()


def test_a_code_from_an_app_is_asked_for_after_the_password(new_page, live_data):
    email = account(live_data, "codes@practice.example")
    page, other = new_page(), new_page()
    sign_ins.sign_in_page(page, email)

    page.goto("/account/second-factor")
    page.get_by_role("button", name="Set it up").click()
    key = page.locator("code.key").inner_text().replace("-", "")
    phone = TOTP(key=key, format="base32")
    # The code before this one still counts, so that this one is left for signing in.
    page.get_by_label("Six digits").fill(phone.generate(int(time.time()) - 30).token)
    page.get_by_role("button", name="Switch it on").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Make new codes").click()
    codes = page.locator(".codes code").all_inner_texts()
    sign_ins.sign_in_page(other, email)
    asked = other.url
    other.get_by_label("Six digits").fill(phone.generate().token)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/my/listing*")

    assert len(codes) == 8
    assert "/account/code" in asked


def test_a_passkey_is_added_signs_in_and_is_the_second_factor(browser, live_server, live_data):
    email = account(live_data, "passkey@practice.example")
    # A passkey belongs to a name, and 127.0.0.1 is none.
    context = browser.new_context(base_url=live_server.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_ins.sign_in_page(page, email)

    page.goto("/account/passkeys")
    page.get_by_label("A name for it").fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    codes = page.locator(".codes code").count()
    page.goto("/account/")
    page.get_by_role("button", name="Sign out here").click()
    page.get_by_role("link", name="Sign in again").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/my/listing*")
    page.goto("/account/")
    page.get_by_role("button", name="Sign out here").click()
    sign_ins.sign_in_page(page, email)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(lambda url: urlsplit(url).path.startswith("/my/listing"))
    page.goto("/account/")
    passkeys = page.locator(".ways").inner_text()
    context.close()

    assert codes == 8
    assert re.search(r"Passkeys\s+My phone", passkeys)
    assert "On: passkey" in passkeys


def test_axe_finds_nothing_on_account_pages_and_they_fit_a_phone(new_page, live_data):
    email = account(live_data, "axe@practice.example")
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme="light")
    found = {}

    def look(paths):
        for path in paths:
            page.emulate_media(color_scheme="light")
            page.set_viewport_size({"width": 320, "height": 740})
            page.goto(f"/account/{path}")
            wide = too_wide(page)
            page.set_viewport_size({"width": 360, "height": 740})
            found[path] = violations(page) + wide

    look(FOR_ANYBODY)
    page.goto("/account/sign-up")
    page.get_by_label("E-mail address").fill("not an address")
    page.get_by_role("button", name="Make the account").click()
    page.get_by_role("alert").wait_for()
    found["errors"] = violations(page)
    sign_ins.sign_in_page(page, email)
    look(FOR_SOMEBODY)
    page.goto("/account/second-factor")
    page.get_by_role("button", name="Set it up").click()
    found["picture"] = violations(page)

    assert found == {page: [] for page in found}


def test_a_password_can_be_looked_at(browser_page):
    browser_page.goto("/account/sign-in")
    box = browser_page.get_by_label("Password", exact=True)
    button = browser_page.get_by_role("button", name="Show Password")

    box.fill("seen")
    button.click()
    shown = (box.get_attribute("type"), button.get_attribute("aria-pressed"))
    button.click()

    assert shown == ("text", "true")
    assert box.get_attribute("type") == "password"
