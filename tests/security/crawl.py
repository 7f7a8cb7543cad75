"""One walk over every address that can be looked at, as everybody, past a listing full of attacks.

What was answered, asked of the network and written to the database is kept as plain values, so
that many tests can look at one walk.
"""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from directory.db import Base
from directory.models import Account, Report, ReportKind, ReportState
from directory.usecases.listings import fields
from directory.usecases.practitioners import consenting, writing
from tests import factories, sign_ins, stories
from tests.emptying import PLACES
from tests.house import test_guards as doors
from tests.sites import rebuild_index

EVIL = "https://evil.example"
# Text that would be markup, an event, a template or another script where somebody forgets to escape.
ATTACKS = (
    "<b-canary></b-canary>",
    '"><b-canary x="',
    "'><b-canary x='",
    '" onfocus=canary() autofocus x="',
    "' onfocus=canary() autofocus x='",
    "<script>canary()</script>",
    "</script><script>canary()</script>",
    "<img src=x onerror=canary()>",
    "</title></textarea></style><svg onload=canary()>",
    "[canary](javascript:canary())",
    "[canary](java&#10;script:canary())",
    "![canary](http://127.0.0.1:9/canary.png)",
    "{{7*7}}canary ${7*7}canary {% print 7*7 %}canary",
    "\u2028canary()\u2029",
    "&lt;b-canary&gt;",
)
HOSTILE = " ".join(ATTACKS)
QUERY = urlencode({"q": HOSTILE[:190], "near": HOSTILE[:90], "next": EVIL, "page": "'"})
WEBSITE = "http://127.0.0.1:9/canary?a=1&b='\"><b-canary>"
# Who looks behind which doors, and where else.
GUARDS = {"anybody": {"public"}, "owner": {"signed in"}, "admin": {"reviewer", "admin"}}
MORE = (
    "/search?profession=massage-therapist",
    "/shortlist?s=canary",
    "/suggest?q=canary",
    "/api/v1/suggest?q=canary",
    "/nothing/here",
)


@dataclass
class Seen:
    """An answer to somebody."""

    who: str
    path: str
    status: int
    headers: Any
    text: str

    @property
    def is_html(self) -> bool:
        return str(self.headers.get("Content-Type", "")).startswith("text/html")

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")

    def __repr__(self) -> str:
        return f"{self.who}: {self.path} ({self.status})"


@dataclass
class Walk:
    """All that was answered, the addresses that the process called, the database before and after."""

    seen: tuple[Seen, ...]
    called: tuple[str, ...]
    before: str
    after: str

    @cached_property
    def pages(self) -> list[Seen]:
        """The answers that browsers draw."""
        return [one for one in self.seen if one.is_html]

    @cached_property
    def attacked(self) -> list[Seen]:
        """The pages that say something of what the attack said; the same page once."""
        told = {one.text: one for one in self.pages if "canary" in one.text}
        return list(told.values())


def walked(app: Flask) -> Walk:
    """The walk, on a database without anybody else."""
    here = app.extensions["stillpoint"]
    everybody = doors.everybody(app)
    clients = {name: everybody[name] for name in ("anybody", "admin")}
    known = _hostile(here)
    clients["owner"] = app.test_client()
    with here.reading() as session:
        owner = session.scalars(select(Account).where(Account.email.like("%canary%"))).one()
        session.expunge(owner)
    sign_ins.sign_in(clients["owner"], owner)
    rebuild_index(here.config)
    here.reader = type(here.reader)(here.config.index_dir)
    before = digest(here)
    with calls() as called:
        seen = tuple(one for who in clients for one in _round(app, clients[who], who, known))
    return Walk(seen, tuple(called), before, digest(here))


def _hostile(here: Any) -> dict[str, Any]:
    """A live listing that says nothing but attacks, one of its own that waits, and a report."""
    texts = ("name", "suffix", "about", "first_visit", "background", "fees", "phone")
    place = replace(
        factories.BOULDER,
        **dict.fromkeys(("name", "address", "locality", "region", "postcode"), HOSTILE),
    )
    content = dict.fromkeys(texts, HOSTILE) | {
        "email": f"{HOSTILE}@practice.example",
        "website": WEBSITE,
        "practices": (place,),
    }
    with here.transaction() as session:
        owner = factories.account(session, f"{HOSTILE[:200]}@canary.example")
        live = factories.listing(session, slug="canary", owner_id=owner.id, **content)
        by = factories.actor(owner)
        consenting.give(session, live.id, consenting.GROUPS, by=by, at=factories.NOW)
        stories.proposed(session, live, replace(live.live.content, about=f"New {HOSTILE}"))
        writing.working_copy(session, live, factories.NOW)
        report = Report(
            listing_id=live.id,
            kind=ReportKind.WRONG,
            words=HOSTILE,
            reply_to=f"{HOSTILE[:200]}@x.example",
            state=ReportState.OPEN,
            made_at=factories.NOW,
        )
        session.add(report)
        session.flush()
        return {"listing_id": live.id, "slug": "canary", "report_id": report.id}


def _round(app: Flask, client: Any, who: str, known: dict[str, Any]) -> Iterator[Seen]:
    cookies = dict(client._cookies)
    routes = (one for one in doors.routes(app, **known) if one.method == "GET")
    asked = sorted({one.path for one in routes if one.guard in GUARDS[who]})
    if who == "anybody":
        asked += [*MORE, *(f"{path}?{QUERY}" for path in asked)]
    if who == "owner":
        asked += [f"/my/listing/{known['listing_id']}/edit/{page}" for page in fields.PAGES]
    for path in asked:
        client._cookies = dict(cookies)
        answer = client.get(path, headers={"Origin": EVIL}, buffered=True)
        text = answer.get_data(as_text=True)
        yield Seen(who, path, answer.status_code, answer.headers, text)


def digest(here: Any) -> str:
    """What stands in all tables but those of places, which ship with the project, as one number."""
    found = hashlib.sha256()
    tables = (one for one in Base.metadata.sorted_tables if not one.name.startswith(PLACES))
    with here.reading() as session:
        for table in tables:
            # A row's own repr shortens what is long.
            rows = sorted(repr(tuple(row)) for row in session.execute(select(table)))
            found.update(f"{table.name} {rows}".encode())
    return found.hexdigest()


_hooked: list[bool] = []
_listening: list[list[str]] = []
OUTWARD = frozenset({"socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request"})


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if _listening and event in OUTWARD:
        _listening[-1].append(f"{event} {arguments}")


@contextmanager
def calls() -> Iterator[list[str]]:
    """Whatever this process asks of the network while the block lasts."""
    if not _hooked:
        sys.addaudithook(_heard)  # for good: there is no way to take one away
        _hooked.append(True)
    _listening.append([])
    try:
        yield _listening[-1]
    finally:
        _listening.pop()
