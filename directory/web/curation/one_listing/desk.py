"""A listing's own page for the staff: all there is about it, notes, and words to its owner."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, reviewer, runtime
from directory.errors import Conflict, DirectoryError, Invalid
from directory.schemas import read
from directory.schemas.curation import CannedSchema, MessageSchema, NoteSchema
from directory.usecases.curation.one_listing import messages, notes, page
from directory.web.curation.reports import KINDS
from directory.web.formatting.addresses import home_of
from directory.web.formatting.filters import say
from directory.web.responses import problems, rendered, see
from directory.web.staff import label

blueprint = Blueprint("curation", __name__, url_prefix="/admin")


@blueprint.get("/listings/<id:listing_id>")
@reviewer
def listing_desk(listing_id: int) -> Response:
    """All that there is about a listing, in whatever state."""
    return shown(listing_id)


@blueprint.post("/listings/<id:listing_id>/notes")
@reviewer
def add_note(listing_id: int) -> AnyResponse:
    """Write a note for the other admins."""
    here = runtime()
    try:
        words = read(NoteSchema(), request.form)["words"]
        with here.transaction() as session:
            notes.add(session, listing_id, words, by=actor(), at=here.clock())
    except Invalid as error:
        return shown(listing_id, error)
    return see(url_for("curation.listing_desk", listing_id=listing_id, _anchor="notes"))


@blueprint.post("/listings/notes/<id:note_id>/remove")
@reviewer
def remove_note(note_id: int) -> AnyResponse:
    """Take one's own note back."""
    here = runtime()
    with here.transaction() as session:
        listing_id = notes.remove(session, note_id, by=actor(), at=here.clock())
    return see(url_for("curation.listing_desk", listing_id=listing_id, _anchor="notes"))


@blueprint.post("/listings/<id:listing_id>/message")
@reviewer
def send_message(listing_id: int) -> AnyResponse:
    """Write to whoever keeps it."""
    here = runtime()
    try:
        given = read(MessageSchema(), request.form)
        with here.transaction() as session:
            messages.send(
                session,
                listing_id,
                given["subject"],
                given["message"],
                by=actor(),
                at=here.clock(),
                listing_url=home_of(listing_id),
            )
    except (Conflict, Invalid) as error:
        return shown(listing_id, error)
    flash(_("The message is on its way. Answers come to the site's own address."), "info")
    return see(url_for("curation.listing_desk", listing_id=listing_id))


def shown(listing_id: int, error: DirectoryError | None = None, clash: str = "message") -> Response:
    """The page; with what was typed, when something about it was wrong."""
    here = runtime()
    with here.reading() as session:
        it = page.look(session, listing_id, by=actor(), at=here.clock())
    return rendered(
        "curation/listing_desk.html",
        error,
        it=it,
        listing=it.listing,
        label=label,
        kinds=KINDS,
        canned=messages.CANNED,
        longest={"note": notes.LONGEST_NOTE, "subject": messages.LONGEST_SUBJECT},
        answers=_answers(),
        errors=problems(error, clash=clash),
    )


def _answers() -> dict[str, list[str]]:
    """What the boxes hold: what was typed, or the ready-made message that was chosen."""
    if request.method == "POST":
        names = ("words", "subject", "message", "email")
        return {name: request.form.getlist(name) for name in names}
    chosen = messages.CANNED.get(_chosen())
    if chosen is None:
        return {}
    texts: dict[str, Any] = {"subject": chosen.subject, "message": chosen.words}
    return {name: [str(say(text))] for name, text in texts.items()}


def _chosen() -> str:
    try:
        return str(read(CannedSchema(), request.args)["canned"])
    except Invalid:
        return ""
