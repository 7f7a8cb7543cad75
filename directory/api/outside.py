"""How inside values look to whoever asks the API: addresses, sentences, tagged answers."""

import hashlib
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlencode

import flask_babel
from flask import Response, request, url_for
from marshmallow import Schema

from directory.api.answers.kinds import Outside, Seen
from directory.api.written import Fields, dumps, schema_of, written
from directory.edge import runtime, unpacked
from directory.said import Said
from directory.usecases.visitors.criteria import Criteria

# Whoever keeps an answer asks again before using it: a hidden or erased listing is gone at once.
FRESH = "no-cache"
# What changes seldom and names nobody may be kept for a while without asking.
SLOW = "public, max-age=3600"
# What somebody searched for is nobody else's business: no shared cache keeps it.
PRIVATE = "private, no-cache"
# What came in a body is to be kept nowhere.
UNKEPT = "private, no-store"
JSON, GEOJSON = "application/json", "application/geo+json"


def say(sentence: str | Said) -> str:
    """A sentence in the language of the request."""
    return _in_this_language()(sentence)


def _in_this_language() -> Callable[[str | Said], str]:
    """Says sentences, having looked once for the language of the request."""
    translated = flask_babel.get_translations().ugettext

    def say(sentence: str | Said) -> str:
        if not isinstance(sentence, Said):
            return sentence
        text: str = translated(sentence.text)
        return text % sentence.values if sentence.values else text

    return say


def address(path: str) -> str:
    """The absolute address of something at this site."""
    return f"{runtime().config.base_url}{path}"


def public_page(slug: str) -> str:
    """The absolute address of a listing's page."""
    return address(f"/practitioners/{quote(slug)}")


def picture(photo: str) -> str:
    """The absolute address of a portrait."""
    return address(f"/photos/{photo}-320.jpg")


def api_search(wanted: Criteria, also: Iterable[tuple[str, str]] = ()) -> str:
    """The absolute address of a search at this API; `also` are parameters of the API alone."""
    asked = urlencode([*wanted.params(), *also])
    return address(f"{url_for('api.search')}{'?' if asked else ''}{asked}")


def seen(also: Iterable[tuple[str, str]] = ()) -> Seen:
    """The eyes of whoever asks: dump within them. Searches that are offered ask `also` for that."""
    pairs = tuple(also)
    return Seen(
        Outside(
            page=public_page,
            photo=picture,
            search=lambda wanted: api_search(wanted, pairs),
            say=_in_this_language(),
        )
    )


def answer(kind: type[Schema], value: object, *, keep: str) -> Response:
    """A value as JSON, tagged by its content, or 304 to a caller who has it already."""
    with seen():
        body = schema_of(kind).dump(value)
    return tagged({name: dumps(part) for name, part in body.items()}, keep=keep)


def tagged(fields: Fields, *, keep: str) -> Response:
    """A JSON object with its tag, or 304 to a caller who has it already."""
    return sent(written(fields), keep=keep)


def sent(body: str, *, keep: str) -> Response:
    """JSON that is written already, tagged by its content, or 304."""
    return _tagged(Response(f"{body}\n", mimetype=JSON), tag_of(body), keep)


def sent_packed(packed: bytes, tag: str, *, keep: str, mimetype: str) -> Response:
    """An answer that is packed already, with the tag that it has, or 304."""
    return _tagged(unpacked(packed, mimetype), tag, keep)


def tag_of(content: str) -> str:
    """The tag of an answer whose content is this."""
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _tagged(response: Response, tag: str, keep: str) -> Response:
    # Weak: answers that say the same may differ in how long they took (RFC 9110, 8.8.1).
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = keep
    response.headers["X-Robots-Tag"] = "noindex"
    return response.make_conditional(request)  # type: ignore[return-value]
