"""Chromium against the site as it is really served.

Playwright's synchronous API keeps an event loop in the main thread, so it lives no longer
than one browser test follows another, and the data of the site are ready before it starts.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.db import make_engine, writing
from tests import chromium, factories, sites
from tests.browser import people

LiveData = Callable[[Callable[[Session], Any]], Any]

MISSING = "no Chromium or Chrome is installed"
skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what could not be tried."""
    if report.skipped and MISSING in str(report.longrepr):
        skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where machines decide, an untried browser test is a failed one."""
    if skipped and os.environ.get("CI", "").lower() in ("1", "true"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of the run."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if skipped and terminal:
        text = f"NOT TESTED: {len(skipped)} browser tests were skipped, {MISSING}!"
        terminal.write_line(text, red=True, bold=True)


@pytest.fixture(scope="session")
def live_database_url(templates, tmp_path_factory) -> Iterator[str]:
    """The live server's database, with `people` who say all that can be said."""
    with templates.copy("sqlite", tmp_path_factory.mktemp("site")) as url:
        engine = make_engine(url)
        with writing(engine) as session:
            for changes in people.EXTRA:
                factories.listing(session, on=datetime.now(UTC).date(), **changes)
        engine.dispose()
        yield url


@pytest.fixture(scope="session")
def live_server(live_database_url, live_mailbox, tmp_path_factory) -> Iterator[str]:
    """The address of the whole site under gunicorn, with the DOZEN confirmed today.

    A worker sends its mail to `live_mailbox`. (No indexer follows: the index knows the DOZEN.)
    """
    folder = tmp_path_factory.mktemp("live")
    with sites.served(live_database_url, folder, mail_url=live_mailbox.url) as address:
        yield address


@pytest.fixture(scope="session")
def live_data(live_database_url, live_server) -> LiveData:
    """Call it with a function of a session: its result, once committed to the live database.

    It works in a thread of its own, so that it may be called while Playwright runs. What it
    returns must be plain values, for the session is closed by then.
    """

    def change(work: Callable[[Session], Any]) -> Any:
        def in_transaction() -> Any:
            engine = make_engine(live_database_url)
            try:
                with writing(engine) as session:
                    return work(session)
            finally:
                engine.dispose()

        with ThreadPoolExecutor(1) as aside:
            return aside.submit(in_transaction).result()

    return change


@pytest.fixture(scope="session")
def chromium_path() -> str:
    path = chromium.find()
    if path is None:
        pytest.skip(MISSING)
    return path


@dataclass
class Window:
    """The Chromium of this process, from the first of some browser tests to the last of them."""

    playwright: Any = None
    browser: Any = None

    def opened(self, path: str) -> Any:
        """Playwright's browser, started if need be."""
        if self.browser is None:
            from playwright.sync_api import sync_playwright

            self.playwright = sync_playwright().start()
            self.browser = self.playwright.chromium.launch(
                executable_path=path, args=chromium.flags()
            )
        return self.browser

    def close(self) -> None:
        """Leave the main thread to other tests."""
        if self.browser is not None:
            self.browser.close()
            self.playwright.stop()
            self.playwright = self.browser = None


window = Window()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """Close the window when the next test is no browser test."""
    try:
        return (yield)
    finally:
        if nextitem is None or not nextitem.get_closest_marker("browser"):
            window.close()


@pytest.fixture(scope="module")
def browser(chromium_path, live_server):
    return window.opened(chromium_path)


@pytest.fixture
def new_page(browser, live_server):
    """Call it for a page in a profile of its own; keywords are Playwright's `new_context`."""
    contexts, foreign, errors = [], [], []

    def watch(request):
        if not request.url.startswith((live_server, "data:", "blob:")):
            foreign.append(request.url)

    def open_page(**options):
        defaults = {"base_url": live_server, "locale": "en-US", "timezone_id": "UTC"}
        context = browser.new_context(**defaults | options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("request", watch)
        page.on("pageerror", lambda error: errors.append(error.message))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert foreign == []  # what a page asked of another host
    assert errors == []  # what went wrong in a script


@pytest.fixture
def browser_page(new_page):
    """A page of 1280 × 800."""
    return new_page(viewport={"width": 1280, "height": 800})
