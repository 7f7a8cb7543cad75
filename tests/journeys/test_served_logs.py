"""What the running site writes down of its visitors: nothing."""

import socket
import urllib.parse
import urllib.request
from urllib.error import HTTPError

import pytest

from tests import sites

CANARY = "zwischenstopp"


def visit(address: str, body: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(address, body, timeout=10) as answer:
            return answer.status
    except HTTPError as refused:
        refused.close()
        return refused.code


def send(address: str, raw: bytes) -> bytes:
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as line:
        line.sendall(raw)
        return line.recv(100)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_log_of_gunicorn_or_site_holds_a_visitors_word_or_address(database_url, tmp_path):
    with sites.served(database_url, tmp_path) as address:
        found = [
            visit(f"{address}/{path}?q={CANARY}&near={CANARY}")
            for path in ("search", "suggest", "api/v1/practitioners", f"practitioners/{CANARY}")
        ]
        body = f"q={CANARY}&near={CANARY}&sort={CANARY}".encode()
        found += [visit(f"{address}/{path}", body) for path in ("search", "api/v1/practitioners")]
        refused = [
            send(address, f"GET /search?q={CANARY} HTTP/9.9\r\n\r\n".encode()),
            send(address, f"{CANARY} nonsense\r\n\r\n".encode()),
            send(address, f"GET / HTTP/1.1\r\n{CANARY}\r\n\r\n".encode()),
        ]

    assert max(found) < 500
    assert all(answer.startswith(b"HTTP/1.1 4") or b" 50" in answer for answer in refused)
    logs = [path for path in tmp_path.rglob("*.log") if path.is_file()]
    assert [path.name for path in logs] == ["web.log"]
    text = (tmp_path / "web.log").read_text()
    assert text.count('"event": "request"') >= len(found)
    assert text.count("nobody can read") == len(refused)
    assert CANARY not in text
    assert "127.0.0.1" not in text
