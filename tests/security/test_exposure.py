"""Chapter 13: nothing is served but the site."""

import re

import pytest

PRIVATE = (
    "/.git/config",
    "/.git/HEAD",
    "/.env",
    "/.venv/pyvenv.cfg",
    "/wsgi.py",
    "/pyproject.toml",
    "/README.md",
    "/SECURITY.md",
    "/directory/config.py",
    "/templates/layout.html",
    "/var/secret-key",
    "/var/stillpoint.db",
    "/static/",
    "/static/js/",
    "/static/../config.py",
    "/static/%2e%2e/config.py",
    "/static/..%2fconfig.py",
    "/static/..%5cconfig.py",
    "/static//etc/passwd",
    "/static/js/..%2f..%2fconfig.py",
    "/photos/../secret-key",
    "/photos/%2e%2e%2fsecret-key",
    "/photos/..%2f..%2fetc%2fpasswd",
    "/server-status",
    "/debug",
    "/console",
    "/__debug__/",
    "/?__debugger__=yes&cmd=resource&f=debugger.js",
    "/actuator/env",
    "/phpinfo.php",
    "/admin.php",
    "/backup.sql",
)
INSIDES = re.compile(
    rb"Traceback|SECRET|\[core\]|root:x:0|Werkzeug|Python/|SQLite format|class Config|"
    rb"\[project\]|debugger",
    re.I,
)


def test_neither_debugger_nor_tests_are_on(own_app):
    own_app.testing = False

    assert own_app.debug is False
    assert not own_app.config["PROPAGATE_EXCEPTIONS"]
    assert not own_app.config["EXPLAIN_TEMPLATE_LOADING"]


@pytest.mark.parametrize("path", PRIVATE)
def test_what_lies_beside_the_site_is_not_there(told, path):
    asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    answer = told(asked.encode())

    assert answer.split(b" ", 2)[1] == (b"200" if path.startswith("/?") else b"404")
    assert not INSIDES.search(answer)


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", "PUT"])
def test_methods_that_nobody_needs_are_refused_and_echo_nothing(told, method):
    asked = (
        f"{method} / HTTP/1.1\r\nHost: localhost\r\nX-Canary: canary\r\nConnection: close\r\n\r\n"
    )

    answer = told(asked.encode())

    assert answer.split(b" ", 2)[1] in (b"405", b"400", b"403")
    assert b"canary" not in answer


def test_no_answer_names_the_programs_that_made_it(told):
    for path in ("/", "/nothing", "/static/css/site.css", "/api/v1/nothing"):
        answer = told(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = answer.split(b"\r\n\r\n")[0].lower()

        assert b"x-powered-by" not in head
        assert not re.search(rb"server: .*\d", head)
