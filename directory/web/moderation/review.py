"""The page where an admin reads a listing and decides; and claims that an admin decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, reviewer, runtime
from directory.errors import Conflict, Invalid, SearchUnavailable
from directory.models import Actor, Practice
from directory.schemas import read
from directory.schemas.moderation import NOTES, NotesSchema, SeenSchema
from directory.usecases.listings.fields import FIELDS, WHOLE
from directory.usecases.listings.risks import RISKS
from directory.usecases.moderation import deciding, review_locks, reviewing
from directory.usecases.moderation.canned import BY_NAME, CANNED
from directory.usecases.moderation.differences import Difference
from directory.web.formatting.addresses import home_of
from directory.web.moderation.queue import just_done, settled
from directory.web.responses import problems, rendered, see
from directory.web.staff import label, waited

blueprint = Blueprint("review", __name__, url_prefix="/admin")

TRIES = 5
# What each button does, as the audit trail calls it.
VERBS = {
    "approve": deciding.APPROVED,
    "send_back": deciding.SENT_BACK,
    "reject": deciding.REJECTED,
}


class Answer(Protocol):
    """An answer in words: `deciding.send_back` or `deciding.reject`."""

    def __call__(
        self,
        session: Any,  # what a transaction gives: of no concern to a page
        listing_id: int,
        revision_id: int,
        notes: Mapping[str, str],
        *,
        by: Actor,
        at: datetime,
        listing_url: str,
    ) -> None:
        """Decide about the revision that was read; `notes` are the words by field."""


@blueprint.errorhandler(Conflict)
def changed_meanwhile(error: Conflict) -> AnyResponse:
    """Whatever was pressed: something happened to the listing while it was read.

    Who pressed twice did it themselves, and goes on as after the first time.
    """
    listing_id = (request.view_args or {})["listing_id"]
    verb = VERBS.get((request.endpoint or "").rpartition(".")[2])
    if verb:
        seen = read(SeenSchema(), request.form)["revision_id"]
        with runtime().reading() as session:
            found = deciding.decided(session, listing_id, seen, by=actor())
        if found and found[1].action == verb:
            return _to_next(listing_id, of=listing_id, revision=seen)
    return settled(listing_id, error)


@blueprint.get("/review/<id:listing_id>")
@reviewer
def show(listing_id: int) -> AnyResponse:
    """What waits of a listing, or who reads it now."""
    return _shown(listing_id)


@blueprint.post("/review/<id:listing_id>/approve")
@reviewer
def approve(listing_id: int) -> AnyResponse:
    """Make public what was read, and go to the next."""
    here, seen = runtime(), read(SeenSchema(), request.form)["revision_id"]
    home = home_of(listing_id)
    with here.transaction() as session:
        deciding.approve(session, listing_id, seen, by=actor(), at=here.clock(), listing_url=home)
    return _to_next(listing_id, of=listing_id, revision=seen)


@blueprint.post("/review/<id:listing_id>/send-back")
@reviewer
def send_back(listing_id: int) -> AnyResponse:
    """Ask for changes, and go to the next."""
    return _answer(listing_id, deciding.send_back)


@blueprint.post("/review/<id:listing_id>/reject")
@reviewer
def reject(listing_id: int) -> AnyResponse:
    """Refuse, and go to the next."""
    return _answer(listing_id, deciding.reject)


@blueprint.post("/review/<id:listing_id>/next")
@reviewer
def skip(listing_id: int) -> AnyResponse:
    """Leave this one to others, and go to the next."""
    with runtime().transaction() as session:
        review_locks.put_back(session, listing_id, by=actor())
    return _to_next(listing_id)


@blueprint.post("/review/<id:listing_id>/undo")
@reviewer
def undo(listing_id: int) -> AnyResponse:
    """Take one's own decision back, and read it again."""
    here, by = runtime(), actor()
    seen = read(SeenSchema(), request.form)["revision_id"]
    with here.transaction() as session:
        deciding.undo(session, listing_id, seen, by=by, at=here.clock())
        review_locks.take(session, listing_id, by=by, at=here.clock(), anyway=True)
    return see(url_for(".show", listing_id=listing_id, of=listing_id, revision=seen))


@blueprint.get("/review/<id:listing_id>/searchable")
@reviewer
def searchable(listing_id: int) -> AnyResponse:
    """Whether people find it by now, as a piece of a page."""
    here = runtime()
    try:
        with here.reading() as session:
            found = deciding.searchable(session, here.reader, listing_id)
    except SearchUnavailable:
        found = False
    return rendered("moderation/_searchable.html", found=found)


def _shown(listing_id: int, error: Invalid | None = None) -> AnyResponse:
    here, by, at = runtime(), actor(), runtime().clock()
    with here.reading() as session:
        reader = review_locks.reader(session, listing_id, by=by, at=at)
        it = reviewing.review(session, listing_id, here.finder(), by=by, at=at)
    if reader is not None and not reader.mine:
        return rendered("moderation/taken.html", it=it, reader=reader, done=just_done())
    return rendered(
        "moderation/review.html",
        error,
        it=it,
        mine=reader is not None,
        risks=RISKS,
        fields=FIELDS,
        canned=CANNED,
        notes=range(1, NOTES + 1),
        typed=request.form if error else {},
        errors=problems(error),
        label=label,
        pins_of=pins_of,
        serious=[],
        waited=waited,
        done=just_done(),
        profile=it.profile,
    )


def _answer(listing_id: int, verb: Answer) -> AnyResponse:
    here, home = runtime(), home_of(listing_id)
    try:
        given = read(NotesSchema(), request.form)
        seen, notes = given["revision_id"], _notes(given)
        with here.transaction() as session:
            verb(session, listing_id, seen, notes, by=actor(), at=here.clock(), listing_url=home)
    except Invalid as error:
        # The first box is the one that an error about all of them leads to.
        named = {("notes" if name == "words1" else name): why for name, why in error.fields.items()}
        return _shown(listing_id, Invalid(named))
    return _to_next(listing_id, of=listing_id, revision=seen)


def _notes(given: Mapping[str, Any]) -> dict[str, str]:
    """The admin's words by field; ready-made ones stand before their own."""
    notes: dict[str, list[str]] = {}
    for number in range(1, NOTES + 1):
        canned = BY_NAME.get(given[f"canned{number}"])
        words = [str(canned.words)] if canned else []
        words += [given[f"words{number}"].strip()] if given[f"words{number}"].strip() else []
        field = given[f"field{number}"] or (canned.field if canned else WHOLE)
        if words:
            notes.setdefault(field, []).extend(words)
    return {field: "\n".join(words) for field, words in notes.items()}


def _to_next(after: int, **told: Any) -> AnyResponse:
    """Take the next one that nobody reads, and go there; to the queue when there is none."""
    here, by = runtime(), actor()
    for _tried in range(TRIES):  # somebody else may be quicker
        with here.reading() as session:
            following = review_locks.following(session, after, by=by, at=here.clock())
        if following is None:
            break
        try:
            with here.transaction() as session:
                review_locks.take(session, following, by=by, at=here.clock())
        except Conflict:
            continue
        return see(url_for(".show", listing_id=following, **told))
    return see(url_for("queue.show", **told))


def pins_of(difference: Difference) -> list[dict[str, object]]:
    """Where the places that differ lie and lay, for a map."""
    sides = [
        (place, kind, words)
        for pair in difference.places
        for place, kind, words in (
            (pair.before, "before", _("Public now: %(town)s", town=_town(pair.before))),
            (pair.after, "after", _("Proposed: %(town)s", town=_town(pair.after))),
        )
    ]
    return [
        {"lat": place.lat, "lon": place.lon, "kind": kind, "name": str(words)}
        for place, kind, words in sides
        if place is not None and place.placed
    ]


def _town(place: Practice | None) -> str:
    return place.locality if place else ""
