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
  nothing changed (`took_ms` does not count).
- **Errors** are problem details (RFC 9457); `errors` names each parameter at fault.
"""

View = TypeVar("View", bound=Callable[..., object])

FAILURES = {
    400: "The request cannot be read.",
    413: "The request is too large.",
    415: "A body of this type cannot be read.",
    404: "There is nothing public at this address.",
    410: "It was erased for good.",
    422: "Some parameters cannot be understood; `errors` says which.",
    500: "Something went wrong on our side.",
    503: "The search cannot answer now.",
}
ETAG = {"description": "Tag of this answer.", "schema": {"type": "string"}}
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
    info = {"description": ABOUT}
    return Api(app, spec_kwargs={**about, "info": info})


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
    fails: Iterable[int] = (),
    moves: bool = False,
) -> Callable[[View], View]:
    """Put a view into the OpenAPI document: what it takes, what it answers, how it fails.

    The view's docstring is its summary and description. `asks` is read from the address, `takes`
    from the body: what is sent so is never answered with 304. `moves` says that it may send
    the caller to another address.
    """
    responses: dict[int, Any] = {
        200: {
            "description": "OK",
            "content": {"application/json": {"schema": answer()}},
            "headers": {"ETag": ETAG},
        },
    }
    if not takes:
        held = {"description": "What you have still holds.", "headers": {"ETag": ETAG}}
        responses[304] = held
    for status in (*fails, 500):
        content = {PROBLEM: {"schema": ProblemSchema}}
        responses[status] = {"description": FAILURES[status], "content": content}
    if moves:
        location = {"description": "The new address.", "schema": {"type": "string"}}
        responses[301] = {"description": "It moved.", "headers": {"Location": location}}
    told: dict[str, Any] = {"responses": responses}
    if takes:
        told["requestBody"] = _body(takes())
    else:
        told["parameters"] = [*(query_parameters(asks()) if asks else ()), IF_NONE_MATCH]
    decorate: Callable[[View], View] = flask_smorest.Blueprint.doc(**told)
    return decorate


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
    return {"type": "string", "enum": ["1", "0"], "default": "0"}


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = dict(parameter["schema"])
    if not schema.get("default"):
        schema.pop("default", None)
    if isinstance(schema.get("type"), list):
        schema["type"] = next(kind for kind in schema["type"] if kind != "null")
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value is not None]
    return parameter | {"schema": schema}
