"""The limit of what can be had: Flask that answers the same page to everybody, served as we are."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from tests import sites

BYTES = 45_000

application = Flask(__name__)


@application.get("/")
def page() -> str:
    """As many bytes as a page of results has."""
    return "x" * BYTES


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """Its address and process while it runs, with one worker of sixteen threads."""
    port = sites.free_port()
    command = (
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "16",
        f"{__name__}:application",
    )
    with sites.process(("-m", *command), folder / "constant.log", {}) as web:
        address = f"http://127.0.0.1:{port}"
        sites.wait_for(f"{address}/", web)
        yield address, web.pid
