"""The same search by POST, for whoever wants no word of it in an address.

An address is kept by the browser's history and seen by whoever looks over a shoulder; what a
form sends is not. All ways on from the results are buttons of such a form, too.

The browser alone keeps the answer, to show it again when somebody comes back from a listing: of
one that it may not keep (no-store) Chromium says that the form is to be sent again.
"""

from flask import Blueprint, Response, abort

from directory.edge import is_form, public, without_session_token
from directory.web.formatting.addresses import asked
from directory.web.visitors import pages

blueprint = Blueprint("asking", __name__)
blueprint.record(without_session_token)  # it changes nothing and reads no cookie


@blueprint.post("/search")
@public
def search() -> Response:
    """Results as a page, or only what changed when htmx asks."""
    if not is_form():
        abort(415)
    return pages.results_of(asked())
