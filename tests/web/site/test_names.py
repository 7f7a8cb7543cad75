"""By which names the site answers: its own, and no stranger's."""

from dataclasses import replace

import pytest

from directory.app import create_app
from directory.config import Config

MACHINE = ("localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:9", "[::1]", "[::1]:8000")
STRANGE = (
    "",
    "evil.example",
    "evil.example:443",
    "find.example.evil.example",
    "find.example.",
    "find.example:8443",
    "find.example,evil.example",
    "evil.example, find.example",
    "find.example@evil.example",
    "evil.example#find.example",
    "find.example:443:80",
    "find.example:",
    "find.example/",
    " find.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "192.0.2.1",
    "0.0.0.0",
    "2130706433",
    "[::ffff:127.0.0.1]",
    "127.0.0.1]",
    "[localhost",
    "fınd.example",
)


@pytest.fixture(scope="module")
def status_by(tmp_path_factory):
    """Call it with a BASE_URL and a Host header: which status comes back?"""
    made = {}
    config = Config.from_env({"DATA_DIR": str(tmp_path_factory.mktemp("named"))})

    def ask(base_url, host, path="/about/ranking", **environ):
        if base_url not in made:
            made[base_url] = create_app(replace(config, base_url=base_url))
        environ = {"HTTP_HOST": host, **environ}
        answer = made[base_url].test_client().get(path, environ_overrides=environ)
        answer.close()
        return answer.status_code

    yield ask
    for site in made.values():
        site.extensions["stillpoint"].engine.dispose()


@pytest.mark.parametrize("host", ["find.example", "Find.Example", "find.example:443", *MACHINE])
def test_the_site_answers_by_its_own_name_and_those_of_this_machine(status_by, host):
    assert status_by("https://find.example", host) == 200


@pytest.mark.parametrize("host", STRANGE)
@pytest.mark.parametrize("path", ["/about/ranking", "/static/css/base.css", "/api/openapi.json"])
def test_no_page_file_or_answer_is_given_under_a_strangers_name(status_by, host, path):
    assert status_by("https://find.example", host, path) == 421


@pytest.mark.parametrize("host", ["find.example:8443", "find.example", "find.example:443"])
def test_a_port_of_its_own_belongs_to_the_name(status_by, host):
    assert status_by("https://find.example:8443", host) == 200
    assert status_by("https://find.example:8443", "find.example:9") == 421


def test_a_name_of_other_letters_is_known_as_the_network_writes_it(status_by):
    assert status_by("https://köln.example", "xn--kln-sna.example") == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", ["192.0.2.1:8000", "evil.example", ""])
def test_load_balancers_may_ask_for_its_health_by_any_name(status_by, path, host):
    assert status_by("https://find.example", host, path) in (200, 503)


@pytest.mark.parametrize("everywhere", ["0.0.0.0", "::"])
def test_a_site_that_listens_everywhere_answers_by_any_number_and_no_name(
    status_by, tmp_path, everywhere
):
    base_url = Config.from_env({"DATA_DIR": str(tmp_path), "HOST": everywhere}).base_url

    numbers = ("192.168.1.20:8000", "10.0.0.7", "[fe80::1]:8000", "localhost:8000")
    assert {status_by(base_url, number) for number in numbers} == {200}
    assert {status_by(base_url, name) for name in ("evil.example:8000", "1.2.3.4.example")} == {421}


@pytest.mark.parametrize("target", ["http://evil.example/", "https://find.example@evil.example/"])
def test_the_host_in_a_request_line_counts_as_the_one_in_a_header(status_by, target):
    assert status_by("https://find.example", "find.example", RAW_URI=target) == 421
    own = "https://find.example/about/ranking"
    assert status_by("https://find.example", "find.example", RAW_URI=own) == 200


def test_whoever_was_misled_is_told_so_in_one_line(client):
    answer = client.get("/", base_url="http://evil.example")

    assert answer.text == "This site does not answer at this address.\n"
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.head("/", base_url="http://evil.example").data == b""
