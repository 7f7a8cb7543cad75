"""What the OpenAPI document says of each view, from the schemas that the view uses."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import flask_smorest  # type: ignore[import-untyped]
from apispec import APISpec
from apispec.ext.marshmallow import OpenAPIConverter
from flask import Blueprint, Flask
from marshmallow import Schema
from marshmallow.fields import Field

from directory.api.problems import PROBLEM, ProblemSchema
from directory.config import Config
from directory.schemas.search import Flag

OPENAPI = "3.1.0"
VERSION = "v1"
ABOUT = """\
Find practitioners of CranioSacral Therapy: the same search as the website's.

- **Reading is free**: no key, no cookie, no tracking; what you search for is not logged.
- **Words in addresses** are kept by browsers and proxies: `POST /api/v1/practitioners` takes the
  same parameters as JSON or as a form, and its answer is kept nowhere.
- **Conditions** are what practitioners say they work with, never what the method treats.
  Systematic reviews disagree: one (2020) found modest improvement in chronic pain; another
  (2024) found no benefit in any condition studied. It is not a substitute for medical care.
  Where a country's advertising rules let no condition be named, listings there have none.
- **Hidden addresses**: a practitioner may hide the address. Then there is no street, the
  coordinates are rounded to 2 decimals (about a kilometre), and distances are whole
  kilometres.
- **Caching**: every answer has an `ETag`; send it back as `If-None-Match` and get 304 when
  nothing changed (`took_ms` does not count; an answer that is kept here says what it took at first).
- **Errors** are problem details (RFC 9457). A parameter that is not known is refused, never passed
  over. `invalid_params` names all that is wrong at once, each with its `type`:
  `unknown-parameter` (with the `nearest` one), `repeated-parameter`, `invalid-value` (cannot be
  read, or not with the others), `unknown-value` (nobody knows such a place or slug).
- **Pages**: follow `next`, in the body and as `Link`; it holds the day of the order.
- **From any page**: every answer may be read by other origins (CORS).
- **Fair use**: 600 requests a minute and client; `RateLimit` says what is left, 429 when to
  come back.
- **Copies**: `GET /api/v1/changes` tells everybody, then what changed and whom to forget.
"""

View = TypeVar("View", bound=Callable[..., object])

FAILURES = {
    400: "The request cannot be read.",
    413: "The request is too large.",
    415: "A body of this type cannot be read.",
    404: "There is nothing public at this address.",
    410: "It was erased for good.",
    422: "Some parameters cannot be understood; `invalid_params` says which.",
    429: "There were too many requests; `Retry-After` says when to come back.",
    500: "Something went wrong on our side.",
    503: "The search cannot answer now.",
}
ETAG = {"description": "Tag of this answer.", "schema": {"type": "string"}}
FAIR_USE = {
    "RateLimit": {
        "description": 'Requests that are left, and for how many seconds: `"fair-use";r=599;t=60`.',
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'Requests within so many seconds: `"fair-use";q=600;w=60`.',
        "schema": {"type": "string"},
    },
}
RETRY_AFTER = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}},
}
LINK = {"description": "The pages beside: `next`, `prev`.", "schema": {"type": "string"}}
# What a reader of the document may try.
EXAMPLES: Mapping[str, object] = {
    "q": "migraine",
    "profession": ["massage-therapist"],
    "condition": ["migraine"],
    "near": "Boulder, CO",
    "lat": 40.015,
    "lon": -105.27,
    "within": "25mi",
    "language": ["es"],
    "up_to": 120,
    "sort": "distance",
    "page": 1,
    "per_page": 20,
    "facets": "0",
    "fields": ["slug,name,url"],
    "format": "geojson",
    "bbox": "-106,39,-104,41",
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "The tag of the answer that you have.",
    "schema": {"type": "string"},
}


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest with no say in errors: pages keep their own, and ours are problems.

    Left out are its app-wide handler, and the descriptions of errors and paging as it has them.
    """

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        pass


def make_api(app: Flask, config: Config) -> Api:
    """The API's OpenAPI document, empty as yet."""
    about = {"title": config.site_name, "version": VERSION, "openapi_version": OPENAPI}
    contact = {"name": config.site_name, "url": config.base_url}
    if "." in config.contact_email.rpartition("@")[2]:  # "localhost" is no host of an address
        contact["email"] = config.contact_email
    info = {
        "description": ABOUT,
        "termsOfService": f"{config.base_url}/api/docs#terms",
        "contact": contact,
        "license": {"name": "MIT", "identifier": "MIT"},
    }
    servers = [{"url": config.base_url, "description": config.site_name}]
    nobody_is_asked: list[object] = []
    return Api(
        app,
        spec_kwargs={**about, "info": info, "servers": servers, "security": nobody_is_asked},
    )


def make_blueprint(name: str, prefix: str, about: str) -> Blueprint:
    """A blueprint whose views are described by the document once it is registered."""
    made: Blueprint = flask_smorest.Blueprint(
        name, "directory.api", url_prefix=prefix, description=about
    )
    return made


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document."""
    api: Api = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    found: dict[str, Any] = api.spec.to_dict()
    return found


def described(
    answer: type[Schema],
    *,
    asks: type[Schema] | None = None,
    takes: type[Schema] | None = None,
    mapped: type[Schema] | None = None,
    fails: Iterable[int] = (),
    moves: bool = False,
) -> Callable[[View], View]:
    """Put a view into the OpenAPI document: what it takes, what it answers, how it fails.

    The view's docstring is its summary and description. `asks` is read from the address, `takes`
    from the body: what is sent so is never answered with 304. `mapped` is the answer as GeoJSON,
    where there is one, and pages that come beside. `moves` says that it may send the caller to
    another address.
    """
    told: dict[str, Any] = {"responses": _responses(answer, takes is None, mapped, fails)}
    if moves:
        location = {"description": "The new address.", "schema": {"type": "string"}}
        headers = {"Location": location, **FAIR_USE}
        told["responses"][301] = {"description": "It moved.", "headers": headers}
    if takes:
        told["requestBody"] = _body(takes())
    else:
        told["parameters"] = [*(query_parameters(asks()) if asks else ()), IF_NONE_MATCH]

    def decorate(view: View) -> View:
        first, *others = view.__name__.split("_")
        name = first + "".join(map(str.capitalize, others))
        documented: View = flask_smorest.Blueprint.doc(**told, operationId=name)(view)
        return documented

    return decorate


def _responses(
    answer: type[Schema], in_address: bool, mapped: type[Schema] | None, fails: Iterable[int]
) -> dict[int, Any]:
    """How a view may answer, by status."""
    content: dict[str, Any] = {"application/json": {"schema": answer()}}
    headers: dict[str, Any] = {"ETag": ETAG, **FAIR_USE}
    if mapped:
        content["application/geo+json"] = {"schema": mapped()}
    if mapped and in_address:
        headers["Link"] = LINK
    responses: dict[int, Any] = {200: {"description": "OK", "content": content, "headers": headers}}
    if in_address:
        held = {"ETag": ETAG, **FAIR_USE}
        responses[304] = {"description": "What you have still holds.", "headers": held}
    for status in sorted({*fails, 429, 500}):
        waits = RETRY_AFTER if status in (429, 503) else {}
        responses[status] = {
            "description": FAILURES[status],
            "content": {PROBLEM: {"schema": ProblemSchema}},
            "headers": {**FAIR_USE, **waits},
        }
    return responses


def _body(schema: Schema) -> dict[str, Any]:
    """The same parameters in a body."""
    properties = {
        one["name"]: one["schema"] | {"description": one.get("description", "")}
        for one in query_parameters(schema)
    }
    told = {"schema": {"type": "object", "properties": properties}}
    return {"content": {"application/json": told, "application/x-www-form-urlencoded": told}}


def query_parameters(schema: Schema) -> list[dict[str, Any]]:
    """The URL parameters that a schema reads.

    A URL cannot say null, and a default of "nothing" says nothing: both are left out.
    """
    converter = OpenAPIConverter(OPENAPI, lambda _: None, APISpec("", "", OPENAPI))
    converter.add_attribute_function(_flag)
    return [_plain(found) for found in converter.schema2parameters(schema, location="query")]


def _flag(_: OpenAPIConverter, field: Field[Any], ret: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(field, Flag):
        return {}
    return {"type": "string", "enum": ["0", "1"], "default": "1" if field.load_default else "0"}


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = dict(parameter["schema"])
    if not schema.get("default"):
        schema.pop("default", None)
    if isinstance(schema.get("type"), list):
        schema["type"] = next(kind for kind in schema["type"] if kind != "null")
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    # Of a schema: what stands beside a parameter, the page would fill into its form.
    if parameter["name"] in EXAMPLES:
        schema["examples"] = [EXAMPLES[parameter["name"]]]
    return parameter | {"schema": schema}
