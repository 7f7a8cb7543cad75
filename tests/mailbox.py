"""A real mail server that keeps what it is given, for tests to read.

mailbox         a server of the test's own
live_mailbox    the one that the live server's worker writes to (tests/browsers.py)
"""

import asyncio
import email.policy
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from bs4 import BeautifulSoup

LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Received:
    """One mail as it arrived; `recipients` are the envelope's."""

    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def links(self) -> list[str]:
        """The addresses in the text, in order."""
        return LINK.findall(self.text)

    def link(self, part: str = "") -> str:
        """The first address in the text with this in it; the HTML offers the same one."""
        found = next((link for link in self.links if part in link), None)
        assert found, f"no link with {part!r} in:\n{self.text}"
        offered = [a["href"] for a in BeautifulSoup(self.html, "html.parser").find_all("a")]
        assert found in offered, f"{found} stands in the text alone"
        return found

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None, f"the mail has no {kind} part"
        return str(part.get_content())


class Mailbox:
    """A server on a port of its own; also the handler that aiosmtpd calls."""

    def __init__(self, **options: Any) -> None:
        self._arrived = threading.Condition()
        self._mails: list[Received] = []
        self._answers: dict[str, str] = {}
        self._holding = False
        self.sessions: list[Any] = []
        self._controller = _Controller(self, hostname="127.0.0.1", port=0, **options)

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return self._controller.port

    @property
    def url(self) -> str:
        """What MAIL_URL is to be."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[Received]:
        """All that arrived, in order."""
        with self._arrived:
            return list(self._mails)

    def to(self, address: str) -> list[Received]:
        """All that arrived for this address, in order."""
        return [mail for mail in self.mails if address in mail.recipients]

    def wait_for(self, to: str = "", subject: str = "", *, seconds: float = 10) -> Received:
        """The newest mail to this address with these words in its subject, waiting if need be."""

        def fits(mail: Received) -> bool:
            return (not to or to in mail.recipients) and subject.lower() in mail.subject.lower()

        deadline = time.monotonic() + seconds
        with self._arrived:
            while not (found := [mail for mail in self._mails if fits(mail)]):
                if not self._arrived.wait(deadline - time.monotonic()):
                    there = [(mail.recipients, mail.subject) for mail in self._mails]
                    raise AssertionError(f"no mail to {to!r} about {subject!r}; there are: {there}")
        return found[-1]

    @contextmanager
    def answering(self, *, recipient: str = "", data: str = "") -> Iterator[None]:
        """Say this to every recipient, or to every mail: "451 Later", "550 Nobody here"."""
        self._answers = {"recipient": recipient, "data": data}
        yield
        self._answers = {}

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Take mails and do not say that they were taken."""
        self._holding = True
        yield
        self._holding = False

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if answer := self._answers.get("recipient"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.sessions.append(session)
        if answer := self._answers.get("data"):
            return answer
        message = BytesParser(policy=email.policy.default).parsebytes(envelope.content)
        with self._arrived:
            self._mails.append(Received(tuple(envelope.rcpt_tos), message))
            self._arrived.notify_all()
        if self._holding:
            await asyncio.sleep(60)  # it has the mail and never says so
        return "250 OK"


class _Controller(Controller):
    """It lets the system choose the port, so that no two runs meet."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as box:
        yield box


@pytest.fixture(scope="session")
def live_mailbox() -> Iterator[Mailbox]:
    """Where the mails of the live server arrive; tests share it, so let each have its addresses."""
    with Mailbox() as box:
        yield box
