"""Error pages: what happened, in plain words, and a way on. Those under /api/ are the API's own."""

from flask import Flask, Response, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import status_of
from directory.errors import Conflict, DatabaseUnavailable, DirectoryError, Invalid, Moved
from directory.web import kept_forms
from directory.web.formatting.addresses import typed
from directory.web.formatting.filters import url_of
from directory.web.responses import asks_for_fragment, unshared
from directory.web.site import bodies

OWN_PAGES = frozenset({404, 409, 410, 422, 500, 503})
SERVER_FAILED = 500


def init(app: Flask) -> None:
    """Answer every error of a page with a page."""
    app.register_error_handler(DirectoryError, on_directory_error)
    app.register_error_handler(HTTPException, on_http_error)


def on_directory_error(error: DirectoryError) -> AnyResponse:
    """One of our own errors, as the page for its status."""
    if isinstance(error, Moved):
        return redirect(url_of(error.slug), 301)
    fields = error.fields if isinstance(error, Invalid) else {}
    instead = error.instead if isinstance(error, Invalid) else ()
    told = str(error) if isinstance(error, Conflict) else ""
    if isinstance(error, DatabaseUnavailable):
        return page(status_of(error), named="away", kept=kept_forms.kept() if _sent() else None)
    return page(status_of(error), fields=fields, instead=instead, told=told)


def on_http_error(error: HTTPException) -> AnyResponse:
    """An error of the protocol; its own headers, such as Allow, are kept."""
    code = error.code or SERVER_FAILED
    if error.response is not None or code < 400:
        return error.get_response()
    response = page(code)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def words(status: int) -> str:
    """What happened, for an error of the protocol; never the protocol's own words."""
    return {
        400: _("What was sent could not be read."),
        405: _("This page cannot be asked in that way."),
        408: _("It took too long to arrive. Please send it again."),
        413: _("What was sent is too large."),
        414: _("The address is too long. Please ask with fewer words."),
        415: _("A file of this kind cannot be read here."),
        416: _("There is no such part of this file."),
        421: _("This site does not answer at this address."),
        429: _("That was too often. Please wait a while, then try again."),
        431: _("Your browser sent too much at once. Deleting this site's cookies may help."),
    }.get(status, _("This page cannot be asked in that way."))


def _sent() -> bool:
    return request.method not in ("GET", "HEAD")


def page(status: int, *, named: str = "", **values: object) -> Response:
    """The error page for a status, or of that name, or the part of it that a script asked for."""
    bodies.leave()
    known = status if status in OWN_PAGES else (404 if status < SERVER_FAILED else 500)
    name = "errors/_fragment.html" if asks_for_fragment() else f"errors/{named or known}.html"
    values = {
        "fields": {},
        "instead": (),
        "typed": typed(),
        "status": status,
        "words": words(status),
    } | values
    response = make_response(render_template(name, **values), status)
    if status == 503:
        response.headers["Retry-After"] = "30"
    return unshared(response) if request.endpoint else response
