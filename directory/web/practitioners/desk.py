"""The editor's desk: what is being written, what was typed and is kept, and the page that shows it."""

from typing import Any

from flask import Response, render_template

from directory.edge import actor, runtime
from directory.usecases.practitioners import writing
from directory.usecases.practitioners.writing import Writing
from directory.web.practitioners import filled
from directory.web.practitioners.filled import Boxes
from directory.web.responses import unshared


def written(listing_id: int) -> Writing:
    """What whoever is signed in is writing, as it stands now."""
    here = runtime()
    with here.reading() as session:
        return writing.current(session, listing_id, by=actor(), at=here.clock())


def keep(listing_id: int, page: str, answers: Boxes) -> None:
    """Keep what was typed into a page and cannot be saved yet."""
    here = runtime()
    with here.transaction() as session:
        writing.keep_typed(session, listing_id, page, answers, by=actor(), at=here.clock())


def shown(
    template: str, now: Writing, page: str, *, seen: str, status: int = 200, **values: Any
) -> Response:
    """A page of the editor; `seen` is the state of what it shows, which a save sends back."""
    frame = {
        "listing_id": now.listing.id,
        "page_name": page,
        "seen": seen,
        "back": filled.back(),
        "errors": {},
    }
    made = render_template(template, **frame | values)
    return unshared(Response(made, status, mimetype="text/html"))
