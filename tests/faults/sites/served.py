"""A site under real gunicorn that a fault may happen to, and the people who use it."""

import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.app import create_app
from directory.config import Config
from directory.db import make_engine, reading, writing
from directory.models import Account, Actor
from tests import factories, sign_ins, sites
from tests.databases import Templates

KEY = "only-for-tests-only-for-tests"
MORTAL = (*sites.GUNICORN[:-1], "tests.faults.sites.mortal:application")
PATIENCE = 30.0


@dataclass(frozen=True)
class Told:
    """What somebody was answered; `status` 0 is no answer at all."""

    status: int
    where: str = ""
    text: str = ""
    seconds: float = 0.0

    @property
    def done(self) -> bool:
        """Whether it was taken in."""
        return 200 <= self.status < 400


@dataclass(frozen=True)
class Person:
    """Somebody with a browser; signed in when there is an `actor`."""

    headers: dict[str, str] = field(default_factory=dict)
    actor: Actor | None = None


@dataclass
class House:
    """A site that is served: its address, its database, and the way to its people."""

    kind: str
    port: int
    folder: Path
    engine: Engine
    app: Flask
    env: dict[str, str]
    web: Any = None
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def config(self) -> Config:
        return self.app.extensions["stillpoint"].config

    @property
    def log(self) -> str:
        """All that gunicorn and the site said."""
        return (self.folder / "web.log").read_text()

    def write(self, do: Callable[[Session], Any]) -> Any:
        """Do something in a transaction of its own."""
        with writing(self.engine) as session:
            return do(session)

    def read(self, do: Callable[[Session], Any]) -> Any:
        """Look at the database."""
        with reading(self.engine) as session:
            return do(session)

    def stranger(self) -> Person:
        """Somebody from an address that nobody came from before."""
        number = next(self.numbers)
        return Person(
            {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        )

    def somebody(self, email: str = "", **changes: Any) -> Person:
        """Somebody new who is signed in."""
        email = email or f"person-{next(self.numbers)}@home.example"
        return self.known(lambda session: factories.account(session, email, **changes))

    def admin(self) -> Person:
        """Somebody of the staff, signed in."""
        email = f"admin-{next(self.numbers)}@association.example"
        return self.known(lambda session: factories.admin(session, email))

    def known(self, make: Callable[[Session], Account]) -> Person:
        """That account, signed in, as the browser's headers say."""
        with writing(self.engine) as session:
            account = make(session)
            session.expunge(account)
        client = self.app.test_client()
        sign_ins.sign_in(client, account)
        return self._with_cookie(client, factories.actor(account))

    def visitor(self) -> Person:
        """Somebody whose browser has looked at a form, and is not signed in."""
        client = self.app.test_client()
        sign_ins.carry_token(client)
        return self._with_cookie(client, None)

    def _with_cookie(self, client: FlaskClient, actor: Actor | None) -> Person:
        cookie, token = client.get_cookie("session"), client.environ_base["HTTP_X_CSRFTOKEN"]
        assert cookie is not None
        headers = {"Cookie": f"session={cookie.value}", "X-CSRFToken": token}
        return Person(headers | self.stranger().headers, actor)

    def ask(
        self,
        who: Person,
        path: str,
        form: dict[str, Any] | bytes | None = None,
        *,
        timeout: float = PATIENCE,
        **headers: str,
    ) -> Told:
        """What the site answers; a form is posted."""
        said = who.headers | {"Sec-Fetch-Site": "same-origin"}
        body = form if form is None or isinstance(form, bytes) else urlencode(form, doseq=True)
        if body is not None:
            said["Content-Type"] = "application/x-www-form-urlencoded"
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        line, began = (
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout),
            time.monotonic(),
        )
        try:
            line.request("GET" if body is None else "POST", path, body, said)
            answer = line.getresponse()
            text, where = answer.read().decode(errors="replace"), answer.headers.get("Location", "")
            return Told(answer.status, where, text, time.monotonic() - began)
        except (OSError, http.client.HTTPException):
            return Told(0, seconds=time.monotonic() - began)
        finally:
            line.close()

    def insist(self, who: Person, path: str, form: dict[str, Any] | None = None) -> Told:
        """Ask until somebody has a turn for it, or is there at all."""
        deadline = time.monotonic() + PATIENCE
        while True:
            told = self.ask(who, path, form)
            if told.status not in (0, 503) or time.monotonic() > deadline:
                return told
            time.sleep(0.1)

    def at_once(self, asks: Sequence[Callable[[], Told]]) -> list[Told]:
        """What all are told who ask at the same moment, in order."""
        start = Barrier(len(asks))

        def one(ask: Callable[[], Told]) -> Told:
            start.wait(PATIENCE)
            return ask()

        with ThreadPoolExecutor(len(asks)) as hands:
            return list(hands.map(one, asks))

    @contextmanager
    def beside(self, **settings: str) -> Iterator["House"]:
        """The same site, served a second time with other settings."""
        port, log = sites.free_port(), self.folder / f"web-{next(self.numbers)}.log"
        env = self.env | settings | {"PORT": str(port)}
        with sites.process(MORTAL, log, env) as web:
            sites.wait_for(f"http://127.0.0.1:{port}/readyz", web)
            yield replace(self, port=port, env=env, web=web)


@contextmanager
def house(
    templates: Templates,
    kind: str,
    folder: Path,
    **settings: str,
) -> Iterator[House]:
    """A house with the DOZEN, served; what the settings say goes before."""
    folder.mkdir(exist_ok=True)
    with ExitStack() as open_:
        database = open_.enter_context(templates.copy(kind, folder))
        env = {
            "DATABASE_URL": database,
            "DATA_DIR": str(folder / "var"),
            "PORT": str(sites.free_port()),
            "WEB_CONCURRENCY": "2",
            "SECRET_KEY": KEY,
            "TRUSTED_PROXIES": "127.0.0.1",
            "CONTACT_EMAIL": "hello@association.example",
            "LOG_LEVEL": "WARNING",
        } | settings
        engine = make_engine(database)
        open_.callback(engine.dispose)
        with writing(engine) as session:
            factories.dozen(session, on=datetime.now(UTC).date())
        app = create_app(Config.from_env(env))
        open_.callback(app.extensions["stillpoint"].engine.dispose)
        sites.rebuild_index(Config.from_env(env))
        web = open_.enter_context(sites.process(MORTAL, folder / "web.log", env))
        here = House(kind, int(env["PORT"]), folder, engine, app, env, web)
        sites.wait_for(f"http://127.0.0.1:{env['PORT']}/readyz", web)
        yield here
