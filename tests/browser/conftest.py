"""What the browser tests share: pages that complain aloud."""

import pytest

SLOW_MACHINE = 15_000


@pytest.fixture(scope="module", autouse=True)
def patience() -> None:
    """A busy machine is no failure."""
    from playwright.sync_api import expect

    expect.set_options(timeout=SLOW_MACHINE)


@pytest.fixture
def new_page(new_page):
    """As everywhere, and what the console says of errors or policies fails the test."""
    complaints = []

    def open_page(**options):
        page = new_page(**{"reduced_motion": "reduce"} | options)
        page.set_default_timeout(SLOW_MACHINE)

        def heard(message):
            # That a page which is not there is a 404 stands in every console.
            own_status = "status of 4" in message.text and message.location["url"] == page.url
            # A newer choice takes the place of one still under way.
            replaced = message.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
            if message.type in ("error", "warning") and not (own_status or replaced):
                complaints.append(f"{page.url}: {message.text}")

        page.on("console", heard)
        return page

    yield open_page
    assert complaints == []


@pytest.fixture
def phone_page(new_page):
    """A page of 360 × 740, as on a small phone."""
    return new_page(viewport={"width": 360, "height": 740})
