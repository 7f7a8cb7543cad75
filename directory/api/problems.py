"""Errors as RFC 9457 problem details, for everything under /api/."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from marshmallow import Schema, fields
from werkzeug.exceptions import HTTPException, default_exceptions

from directory.api import asking
from directory.api.outside import address, api_search, say
from directory.edge import status_of
from directory.errors import DirectoryError, Invalid
from directory.usecases.visitors.criteria import Criteria

PROBLEM = "application/problem+json"
PREFIX = "/api/"


class WayOnSchema(Schema):
    """The same question, put right."""

    label = fields.Str(required=True)
    url = fields.Url(required=True)


class InvalidParameterSchema(Schema):
    """What is wrong with a parameter."""

    name = fields.Str(required=True)
    type = fields.Str(required=True, metadata={"enum": list(asking.TYPES)})
    reason = fields.Str(required=True, metadata={"description": "In words for a person."})
    nearest = fields.Str(
        required=True, allow_none=True, metadata={"description": "The one that was meant, perhaps."}
    )


class ProblemSchema(Schema):
    """An error as RFC 9457 tells it; what is not required comes with 422 only."""

    type = fields.Str(
        required=True, metadata={"description": "“about:blank” where `status` says all."}
    )
    title = fields.Str(required=True)
    status = fields.Int(required=True)
    detail = fields.Str(required=True)
    errors = fields.Dict(
        keys=fields.Str(),
        values=fields.List(fields.Str()),
        metadata={"description": "What is wrong, by parameter."},
    )
    invalid_params = fields.List(
        fields.Nested(InvalidParameterSchema),
        metadata={"description": "All that is wrong, for programs: by `type`."},
    )
    instead = fields.List(
        fields.Nested(WayOnSchema), metadata={"description": "The same question, put right."}
    )


def problem(error: Exception) -> Response:
    """An error as application/problem+json, with nothing of our insides in it.

    Knows our own errors and werkzeug's, whose headers (such as Allow) are kept;
    anything else is a plain 500.
    """
    status = _status(error)
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _detail(status),
    }
    if isinstance(error, Invalid):
        body |= _told(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        body |= {"type": address("/api/docs#fair-use")}
    response = Response(json.dumps(body), status, content_type=PROBLEM)
    if isinstance(error, HTTPException):
        kept = {k: v for k, v in error.get_headers() if k.lower() != "content-type"}
        response.headers.update(kept)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "30"
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_errors_of(blueprint: Blueprint) -> None:
    """Have every error in this blueprint's views answered as a problem.

    Flask prefers a handler for a code to one for a class, and a blueprint's to the
    app's: with one for each code here, none of the pages' handlers can come first.
    """
    blueprint.register_error_handler(DirectoryError, problem)
    for code in default_exceptions:
        blueprint.register_error_handler(code, problem)


def refuse_unknown() -> Response | None:
    """Answer an address under /api/, or a method, that has no view.

    Flask would run the app's error handlers, which are the pages', since no blueprint
    owns such a request; so this goes before every request.
    """
    error = request.routing_exception
    if error is None or error.code is None or error.code < 400:
        return None
    return problem(error) if request.path.startswith(PREFIX) else None


def _status(error: Exception) -> int:
    if isinstance(error, DirectoryError):
        return status_of(error)
    return error.code or 500 if isinstance(error, HTTPException) else 500


def _told(error: Invalid) -> Mapping[str, object]:
    """What was wrong with the input, and ways on from here."""
    errors = {name: [say(text) for text in texts] for name, texts in error.fields.items()}
    told: dict[str, object] = {
        "type": address("/api/docs#invalid-parameters"),
        "title": "Invalid parameters",
        "detail": "; ".join(f"{name}: {' '.join(texts)}" for name, texts in errors.items()),
        "errors": errors,
        "invalid_params": [_fault(fault) for fault in asking.faults_of(error)],
    }
    ways = [(words, wanted) for words, wanted in error.instead if isinstance(wanted, Criteria)]
    if ways:
        told["instead"] = [{"label": say(words), "url": api_search(to)} for words, to in ways]
    return told


def _fault(fault: asking.Fault) -> dict[str, object]:
    return {
        "name": fault.name,
        "type": fault.type,
        "reason": say(fault.reason),
        "nearest": fault.nearest,
    }


def _detail(status: int) -> str:
    """One sentence for a person, the same for every error of a status."""
    return {
        400: _("The request cannot be read."),
        404: _("There is nothing public at this address."),
        405: _("This address cannot be asked in this way; see the Allow header."),
        408: _("The request took too long to arrive."),
        409: _("This is not possible now."),
        410: _("What was here was erased for good."),
        413: _("The request is too large."),
        414: _("The address is too long; send the parameters by POST."),
        415: _("A body of this type cannot be read; send JSON or a form."),
        421: _("This site does not answer at this address."),
        429: _("There were too many requests; please wait a while."),
        431: _("The headers of the request are too large."),
        422: _("Some parameters cannot be understood."),
        500: _("Something went wrong on our side."),
        503: _("The search cannot answer now; please try again in a moment."),
    }.get(status, _("The request cannot be answered."))
