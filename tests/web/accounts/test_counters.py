"""A limit holds once: for all workers, across restarts, and however a client writes its address."""

import base64
import json
import logging
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from http.cookiejar import CookieJar
from ipaddress import IPv6Address
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import RateLimitItemPerHour
from limits.strategies import FixedWindowRateLimiter
from redis import Redis
from sqlalchemy import select

from directory.app import create_app
from directory.cli import chores
from directory.config import Config
from directory.models import Account
from directory.signin import counters, limits, proofs
from tests import factories, sign_ins, sites
from tests.full import FULL
from tests.sign_ins import known

TEN = RateLimitItemPerHour(10)
WHO = "rowan@practice.example"
WRONG = {"email": WHO, "password": "not the right one"}


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory) -> Iterator[str]:
    """A real server, which keeps nothing on the disk."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("neither redis-server nor valkey-server is installed")
    socket = tmp_path_factory.mktemp("redis") / "socket"
    words = [program, "--port", "0", "--unixsocket", str(socket), "--save", ""]
    running = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            assert running.poll() is None
            time.sleep(0.01)
        yield f"redis+unix://{socket}"
    finally:
        running.terminate()
        running.wait(30)


def on(*kinds: str) -> pytest.MarkDecorator:
    """The test holds wherever counts may lie."""
    return pytest.mark.parametrize("database_url", kinds, indirect=True)


everywhere = on("sqlite", "postgresql", "redis")


@pytest.fixture
def database_url(request, templates, tmp_path) -> Iterator[str]:
    """As everywhere; beside a Redis lies SQLite."""
    kind = getattr(request, "param", "sqlite")
    with templates.copy("sqlite" if kind == "redis" else kind, tmp_path) as url:
        yield url


@pytest.fixture
def settings(config, request) -> Config:
    """Of a site that counts there; another secret each time, for the server is shared."""
    in_redis = request.node.callspec.params["database_url"] == "redis"
    url = request.getfixturevalue("redis_url") if in_redis else ""
    return replace(config, limits_url=url, secret_key=f"{config.data_dir}, and no other")


def counting(settings: Config) -> counters.Counters:
    return counters.Counters("stillpoint://", config=settings)


def hits(settings: Config, times: int) -> int:
    """How many of so many tries at a worker of its own are let in."""
    limiter = FixedWindowRateLimiter(counting(settings))
    return sum(limiter.hit(TEN, "sign-in", WHO) for _ in range(times))


@everywhere
def test_those_who_come_at_once_are_let_in_exactly_as_often_as_the_limit_says(settings):
    with ThreadPoolExecutor(4) as workers:
        let_in = list(workers.map(lambda _: hits(settings, 8), range(4)))

    assert sum(let_in) == 10
    assert hits(settings, 1) == 0


@everywhere
def test_a_window_begins_with_the_first_and_ends_on_time(settings, monkeypatch):
    store, now = counting(settings), time.time()
    store.incr("a", 60)
    store.incr("a", 60, 2)
    store.incr("b", 60)

    assert (store.get("a"), store.get("b"), store.get("c")) == (3, 1, 0)
    assert now + 57 < store.get_expiry("a") < now + 63
    assert store.get_expiry("c") < now + 10
    store.clear("a")
    assert (store.get("a"), store.get("b"), store.check()) == (0, 1, True)
    store.reset()
    assert store.get("b") == 0


@on("sqlite", "postgresql")
def test_what_is_over_counts_no_more_and_is_swept_away(settings, runtime, monkeypatch):
    store, real = counting(settings), time.time
    for number in range(3):
        store.incr(f"old {number}", 60)
    monkeypatch.setattr(time, "time", lambda: real() + 61)
    store.incr("old 0", 60)
    runtime.config = settings

    chores.forget_old_counts(runtime)

    assert (store.get("old 0"), store.get("old 1")) == (1, 0)
    with store.store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM counter").scalar() == 1


@on("sqlite", "postgresql")
def test_counting_now_and_then_sweeps_by_itself(settings, monkeypatch):
    monkeypatch.setattr(counters, "SWEEP_ONE_IN", 1)
    store, real = counting(settings), time.time
    store.incr("old", 60)
    monkeypatch.setattr(time, "time", lambda: real() + 61)
    store.incr("new", 60)

    with store.store.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM counter").scalar() == 1


@everywhere
def test_who_tried_does_not_stand_in_the_store(settings):
    store = counting(settings)
    FixedWindowRateLimiter(store).hit(TEN, "sign-in", WHO, "203.0.113.7")

    if settings.limits_url:
        with closing(Redis.from_url(settings.limits_url.replace("redis+", ""))) as server:
            kept = b" ".join(server.keys("*")).decode()
    else:
        with store.store.engine.connect() as connection:
            kept = str(connection.exec_driver_sql("SELECT * FROM counter").all())
    assert re.search("[0-9a-f]{64}", kept)
    assert not re.search("rowan|203|sign-in", kept.replace(settings.secret_key, ""))


@on("sqlite", "postgresql")
def test_a_request_that_writes_and_the_counting_never_wait_for_each_other(settings, runtime):
    runtime.config = settings
    began = time.monotonic()
    with runtime.transaction() as session:
        factories.account(session, WHO)
        session.flush()
        within = hits(settings, 12)
        session.rollback()

    assert within == 10
    assert hits(settings, 1) == 0  # what the request undoes was tried all the same
    assert time.monotonic() - began < 10  # SQLite waits for 15 seconds


# Each reads places and words before it is warm, which takes it a second.
SEVERAL = 4 if FULL else 2


class Browser:
    """Somebody who tries to sign in at a site that really runs."""

    def __init__(self, address: str) -> None:
        self.url = f"{address}/account/sign-in"
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        with self.opener.open(self.url) as page:
            found = re.search('name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
        self.form = urlencode(WRONG | {"csrf_token": found[1]}).encode()

    def tries(self, _: int) -> int:
        try:
            with self.opener.open(self.url, self.form, timeout=30) as answer:
                return answer.status
        except HTTPError as refused:
            refused.close()
            return refused.code


@on("sqlite", *(["redis"] if FULL else []))
@pytest.mark.usefixtures("foldable")
def test_several_workers_admit_as_many_as_one_and_a_restart_forgets_none(settings, tmp_path):
    def tried(workers: int, times: int) -> list[int]:
        port = sites.free_port()
        environment = {
            "DATABASE_URL": settings.database_url,
            "DATA_DIR": str(settings.data_dir),
            "SECRET_KEY": settings.secret_key,
            "LIMITS_URL": settings.limits_url,
            "WEB_CONCURRENCY": str(workers),
            "PORT": str(port),
        }
        with sites.process(sites.GUNICORN, tmp_path / f"{workers}.log", environment) as web:
            sites.wait_for(f"http://127.0.0.1:{port}/healthz", web)
            browser = Browser(f"http://127.0.0.1:{port}")
            with ThreadPoolExecutor(4) as at_once:
                return sorted(at_once.map(browser.tries, range(times)))

    on_several = tried(SEVERAL, 12 if settings.limits_url else 8)
    # Redis is not what is started anew.
    then_on_one = [] if settings.limits_url else tried(1, 4)

    assert sorted(on_several + then_on_one) == [200] * 10 + [429] * 2


addresses = st.integers(0, 2**128 - 1).map(IPv6Address)


@given(addresses, st.integers(0, 2**64 - 1))
def test_all_addresses_of_a_64_are_one_client_and_the_next_one_is_another(address, rest):
    network = int(address) >> 64 << 64
    neighbour = IPv6Address(network + rest)
    other = IPv6Address(network ^ (1 << 64))

    if not (address.ipv4_mapped or neighbour.ipv4_mapped or address.sixtofour):
        assert limits.counted_as(str(address)) == limits.counted_as(neighbour.exploded)
    assert limits.counted_as(str(address)) != limits.counted_as(str(other))


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:cb00:7107", "203.0.113.7"),
        ("64:ff9b::203.0.113.7", "203.0.113.7"),
        ("2002:cb00:7107:1:2:3:4:5", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("fe80::2%25eth1", "fe80::/64"),
        ("", "nowhere"),
        ("unix:", "nowhere"),
        ("203.0.113.7, 198.51.100.1", "nowhere"),
    ],
)
def test_a_client_has_one_name(said, counted):
    assert limits.counted_as(said) == counted


def test_who_changes_addresses_within_a_64_is_held_up_on_every_page_that_counts(app):
    client = app.test_client()
    sign_ins.carry_token(client)

    def post(url: str, number: int) -> int:
        elsewhere = {"REMOTE_ADDR": f"2001:db8:0:1::{number:x}"}
        return client.post(url, data=WRONG, environ_overrides=elsewhere).status_code

    signed_in = [post("/account/sign-in", number) for number in range(11)]
    forgot = [post("/account/reset", number) for number in range(11)]

    assert (signed_in.index(429), forgot.index(429)) == (10, 10)


PASTED = (
    "Rowan <{}>",
    "Another <{}>",
    "mailto:{}?subject=1",
    "<{}>",
    "{},",
    "\u200b{}",
    " {} ",
    "mailto:{}",
)


def test_an_account_is_one_however_its_address_is_written(app):
    known(app.extensions["stillpoint"])
    client = app.test_client()
    sign_ins.carry_token(client)

    def tried(written: str, **more: str) -> int:
        sent = WRONG | {"email": written} | more
        return client.post("/account/sign-in", data=sent).status_code

    right = tried(PASTED[0].format(WHO), password=factories.PASSWORD)
    client = app.test_client()
    sign_ins.carry_token(client)
    wrong = [
        tried(one.format(WHO.replace("practice", each)))
        for each in ("practice", "PRACTICE", "ｐractice")
        for one in PASTED
    ]

    assert right == 302
    assert wrong.index(429) == 9
    assert set(wrong[9:]) == {429}


def test_a_look_alike_of_an_address_is_none(app, session):
    client = app.test_client()
    sign_ins.carry_token(client)

    page = client.post("/account/sign-up", data={"email": "ｒowan@practice.example"})

    assert page.status_code == 200
    assert "ｒowan@practice.example" in page.text
    assert session.scalars(select(Account)).all() == []


def written_otherwise(proof: str) -> Iterator[str]:
    """The same solution, in other words."""
    plain = json.loads(base64.b64decode(proof))
    for text in (
        json.dumps(plain, indent=1),
        json.dumps(dict(reversed(plain.items()))),
        json.dumps(plain | {"took": 5}),
        json.dumps(plain | {"maxNumber": 50_000}),
        json.dumps(plain).replace("SHA-256", "SHA\\u002d256"),
        f" {json.dumps(plain)} ",
    ):
        yield base64.b64encode(text.encode()).decode()


@pytest.fixture
def is_given() -> Callable[..., bool]:
    def is_given(app, proof: str) -> bool:
        with app.test_request_context(method="POST", data={"proof": proof}):
            return proofs.is_given()

    return is_given


def test_a_proof_counts_once_on_all_workers_however_it_is_written(own_app, is_given):
    another = create_app(own_app.extensions["stillpoint"].config)
    with own_app.test_request_context():
        proof, spare = (sign_ins.solved(proofs.challenge()) for _ in range(2))

    first = is_given(own_app, proof)
    again = [is_given(app, one) for one in written_otherwise(proof) for app in (another, own_app)]

    assert first
    assert again == [False] * 12
    # Each way of writing is one that counts.
    assert [is_given(another, one) for one in written_otherwise(spare)] == [True] + [False] * 5


@pytest.fixture(params=["a folder in its place", "no server"])
def away(request, config) -> Config:
    """Settings of a site whose counts cannot be kept."""
    if request.param == "no server":
        return replace(config, limits_url=f"redis+unix://{config.data_dir}/nobody")
    (config.data_dir / counters.FILE).mkdir()
    return config


def told(caplog) -> list[str]:
    return [one.getMessage() for one in caplog.records if "counters" in one.getMessage()]


def test_a_store_that_is_away_takes_no_page_down(away, is_given, caplog):
    caplog.set_level(logging.WARNING)
    app = create_app(away)
    here = app.extensions["stillpoint"]
    here.clock = lambda: factories.NOW
    known(here)
    client = app.test_client()
    sign_ins.carry_token(client)

    looked = [client.get(url).status_code for url in ("/", "/account/sign-in", "/about/privacy")]
    before = told(caplog)
    wrong = [client.post("/account/sign-in", data=WRONG).status_code for _ in range(9)]
    another = app.test_client()
    sign_ins.carry_token(another)
    right = another.post("/account/sign-in", data=WRONG | {"password": factories.PASSWORD})
    too_often = client.post("/account/sign-in", data=WRONG).status_code
    with app.test_request_context():
        proof = sign_ins.solved(proofs.challenge())
    proved = is_given(app, proof)
    guessed = [app.test_client(), app.test_client()]
    for one in guessed:
        sign_ins.carry_token(one)
    second = [
        one.post(url, data={"code": "123456"}).status_code
        for one, url in zip(guessed, ("/account/code", "/account/recovery-code"), strict=True)
    ]
    here.engine.dispose()

    assert (looked, before) == ([200] * 3, [])
    assert (wrong, right.status_code, too_often) == ([200] * 9, 302, 429)
    # Codes are counted by account, in the main database.
    assert (proved, second) == (False, [302, 302])
    assert len(told(caplog)) == 1


def test_a_store_that_is_back_counts_for_all_again(config, caplog, monkeypatch):
    monkeypatch.setattr(counters, "LEFT_ALONE", 0.01)
    blocked = config.data_dir / counters.FILE
    blocked.mkdir()
    store = counting(config)
    store.incr("a", 60)
    away = store.is_away
    blocked.rmdir()
    time.sleep(0.02)

    assert (away, store.incr("a", 60), counting(config).get("a")) == (True, 1, 1)
    assert not store.is_away


def no_database(whole: bytes) -> bytes:
    return b"this is no database, and never was" * 300


def nothing_but_zeros(whole: bytes) -> bytes:
    return bytes(len(whole))


def all_but_the_first_page_overwritten(whole: bytes) -> bytes:
    return whole[:4096] + b"\xa5" * (len(whole) - 4096)


def cut_short(whole: bytes) -> bytes:
    return whole[:5000]


DAMAGES = (no_database, nothing_but_zeros, all_but_the_first_page_overwritten, cut_short)


@pytest.mark.parametrize("damaged", DAMAGES)
def test_a_damaged_file_is_made_anew_once_by_whichever_worker_meets_it_first(
    config, damaged, caplog
):
    file = config.data_dir / counters.FILE
    before = counting(config)
    for number in range(200):
        before.incr(f"{number}", 60)
    before.store.engine.dispose()
    file.write_bytes(damaged(file.read_bytes()))

    with ThreadPoolExecutor(8) as workers:
        let_in = list(workers.map(lambda _: hits(config, 8), range(8)))

    assert sum(let_in) == 10
    assert (before.incr("a", 60), counting(config).incr("a", 60)) == (1, 2)
    assert not before.is_away
    assert told(caplog) == ["The counters of limits were damaged: limits.db is made anew."]


def deleted(file: Path) -> None:
    file.unlink()


def deleted_with_its_companions(file: Path) -> None:
    for one in file.parent.glob(f"{file.name}*"):
        one.unlink()


def moved_away(file: Path) -> None:
    file.rename(file.with_name("elsewhere.db"))


def replaced_by_another(file: Path) -> None:
    with closing(sqlite3.connect(file.with_name("another.db"))) as another:
        another.execute("CREATE TABLE other (x)")
    file.with_name("another.db").rename(file)


def replaced_by_no_database(file: Path) -> None:
    file.with_name("another.db").write_bytes(b"no database" * 1000)
    file.with_name("another.db").rename(file)


@pytest.mark.parametrize(
    "happens",
    [
        deleted,
        deleted_with_its_companions,
        moved_away,
        replaced_by_another,
        replaced_by_no_database,
    ],
)
def test_old_and_new_workers_count_in_one_place_after_the_file_was(config, happens):
    old = [counting(config) for _ in range(3)]
    for one in old:
        one.incr("before", 60)

    happens(config.data_dir / counters.FILE)
    counted = [one.incr("a", 60) for one in (*old, counting(config), *old)]

    assert counted == list(range(1, 8))
    assert not any(one.is_away for one in old)


def test_whoever_only_looks_never_touches_the_store(own_app):
    client = own_app.test_client()
    for rule in own_app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            client.get(rule.rule)

    assert not (own_app.extensions["stillpoint"].config.data_dir / counters.FILE).exists()
