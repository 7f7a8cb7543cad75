"""How inside values look to whoever asks the API: addresses, sentences, tagged answers."""

import hashlib
import json
from functools import cache
from urllib.parse import quote, urlencode

from flask import Response, request, url_for
from flask_babel import gettext
from marshmallow import Schema

from directory.api.answers import Outside, Seen
from directory.edge import runtime
from directory.said import Said
from directory.usecases.visitors.criteria import Criteria

# Whoever keeps an answer asks again before using it: a hidden or erased listing is gone at once.
FRESH = "no-cache"
# What somebody searched for is nobody else's business: no shared cache keeps it.
PRIVATE = "private, no-cache"
# What came in a body is to be kept nowhere.
UNKEPT = "private, no-store"


def say(sentence: str | Said) -> str:
    """A sentence in the language of the request."""
    if isinstance(sentence, Said):
        return gettext(sentence.text, **sentence.values)
    return sentence


def public_page(slug: str) -> str:
    """The absolute address of a listing's page."""
    return f"{runtime().config.base_url}/practitioners/{quote(slug)}"


def api_search(wanted: Criteria) -> str:
    """The absolute address of a search at this API."""
    path = url_for("api.search")
    asked = urlencode(wanted.params())
    return f"{runtime().config.base_url}{path}{'?' if asked else ''}{asked}"


@cache
def _schema(kind: type[Schema]) -> Schema:
    """Making a schema takes longer than dumping a result: each is made once."""
    return kind()


def answer(kind: type[Schema], value: object, *, keep: str, untagged: str = "") -> Response:
    """A value as JSON, tagged by its content, or 304 to a caller who has it already.

    `untagged` names a field that may differ between two answers that say the same; the
    tag is weak for its sake (RFC 9110, 8.8.1).
    """
    with Seen(Outside(page=public_page, search=api_search, say=say)):
        body = _schema(kind).dump(value)
    return tagged(body, keep=keep, untagged=untagged)


def tagged(body: dict[str, object], *, keep: str, untagged: str = "") -> Response:
    """A JSON object with its tag; see `answer`."""
    # Written once: the answer is its fields one after the other, the tag those that count.
    fields = {
        name: f'"{name}":{json.dumps(part, separators=(",", ":"))}' for name, part in body.items()
    }
    response = Response("{" + ",".join(fields.values()) + "}\n", mimetype="application/json")
    content = ",".join(part for name, part in fields.items() if name != untagged)
    response.set_etag(hashlib.sha256(content.encode()).hexdigest()[:32], weak=True)
    response.headers["Cache-Control"] = keep
    response.headers["X-Robots-Tag"] = "noindex"
    return response.make_conditional(request)  # type: ignore[return-value]
