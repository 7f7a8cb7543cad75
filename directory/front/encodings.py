"""What a client does not want packed, or not in this way, is not: `q=0` is a refusal (RFC 9110).

What packs pages and files, below, knows only which encodings are named.
"""

from collections.abc import Sequence
from typing import Any

from werkzeug.http import parse_accept_header

HEADER = "HTTP_ACCEPT_ENCODING"
# As they are preferred where a client takes any.
OURS = ("br", "gzip")


class Refusals:
    """Leaves out of Accept-Encoding what it refuses."""

    def __init__(self, site: Any) -> None:
        self.site = site

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        said = environ.get(HEADER, "")
        if "q=0" in said.lower().replace(" ", ""):
            environ[HEADER] = ", ".join(_taken(said))
        return self.site(environ, start_response)


def _taken(said: str) -> Sequence[str]:
    """The encodings that are taken, the most wanted first."""
    wanted = [(name.lower(), quality) for name, quality in parse_accept_header(said)]
    named = {name for name, _ in wanted}
    taken = [name for name, quality in wanted if quality > 0]
    if "*" in taken:
        taken = [*(name for name in taken if name != "*"), *(n for n in OURS if n not in named)]
    return taken
