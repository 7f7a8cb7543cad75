"""What was typed into the boxes of a search; and addresses as a mail has them, in full."""

from urllib.parse import parse_qsl

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from directory.edge import runtime

QUIET = "asking.search"
AGAIN = "again"
BOX = ("q", "near", "lat", "lon")


def in_body() -> bool:
    """Whether this search came in the body of a form, so that no address may hold its words."""
    return request.endpoint == QUIET


def asked() -> MultiDict[str, str]:
    """The parameters of a search: of its address, its form, or a button that says it whole."""
    if not in_body():
        return request.args
    whole = request.form.get(AGAIN)
    return request.form if whole is None else MultiDict(parse_qsl(whole))


def typed() -> dict[str, str]:
    """The search box as the visitor filled it, right or wrong."""
    given = asked()
    return {name: given.get(name, "")[:200] for name in BOX}


def home_of(listing_id: int) -> str:
    """Where those who keep a listing find it, for a mail."""
    return runtime().config.base_url + url_for("practitioners.overview", listing_id=listing_id)
