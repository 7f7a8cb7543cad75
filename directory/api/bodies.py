"""Parameters that come in the body of a request, as a form or as JSON."""

from flask import abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from directory.edge import is_form
from directory.errors import Invalid
from directory.said import said

JSON = "application/json"


def parameters() -> MultiDict[str, str]:
    """What a URL would say, by name.

    In JSON a list stands for a parameter that is repeated, true for 1, and null for one left
    out. Raises Invalid for a value that is none of these, werkzeug's 400 and 415 for no JSON.
    """
    if is_form():
        return request.form
    if request.mimetype != JSON:
        abort(415)
    try:
        told = request.get_json()
    except RecursionError:
        raise BadRequest from None
    if not isinstance(told, dict):
        raise BadRequest
    return MultiDict(
        (name, _written(name, one))
        for name, value in told.items()
        for one in (value if isinstance(value, list) else [value])
        if one is not None
    )


def _written(name: str, value: object) -> str:
    """A value as a URL has it."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, str | int | float):
        return str(value)
    raise Invalid({name: [said("This cannot be read.")]})
