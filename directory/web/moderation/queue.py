"""The admins' queue: look, take one to read, approve plain ones, many at once."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, reviewer, runtime
from directory.errors import Conflict, NotFound
from directory.schemas import read
from directory.schemas.moderation import (
    DoneSchema,
    PicksSchema,
    SeenSchema,
    SieveSchema,
    TakeSchema,
)
from directory.usecases.listings.fields import FIELDS
from directory.usecases.listings.risks import RISKS
from directory.usecases.moderation import bulk, deciding, queue, review_locks
from directory.usecases.moderation.queue import Sieve
from directory.web.formatting.addresses import home_of
from directory.web.responses import rendered, see
from directory.web.staff import waited

blueprint = Blueprint("queue", __name__, url_prefix="/admin")

SIEVES = ("reason", "country", "kind", "mine")


@blueprint.get("/queue")
@reviewer
def show() -> str:
    """What waits, riskiest first."""
    here, by = runtime(), actor()
    asked = read(SieveSchema(), request.args)
    sieve = Sieve(asked["reason"], asked["country"].upper(), asked["kind"], asked["mine"])
    with here.reading() as session:
        found = queue.look(session, sieve, asked["page"], by=by, at=here.clock())
    return render_template(
        "moderation/queue.html",
        queue=found,
        sieve=sieve,
        risks=RISKS,
        fields=FIELDS,
        professions=here.taxonomy.professions,
        waited=waited,
        done=just_done(),
        page_address=page_address,
    )


@blueprint.post("/queue/<id:listing_id>/take")
@reviewer
def take(listing_id: int) -> AnyResponse:
    """Begin to read; where another reads, the page of the listing says so."""
    here, anyway = runtime(), read(TakeSchema(), request.form)["anyway"]
    try:
        with here.transaction() as session:
            review_locks.take(session, listing_id, by=actor(), at=here.clock(), anyway=anyway)
    except Conflict:
        pass  # the page says who reads it
    return see(url_for("review.show", listing_id=listing_id))


@blueprint.post("/queue/<id:listing_id>/put-back")
@reviewer
def put_back(listing_id: int) -> AnyResponse:
    """Stop reading; others may."""
    with runtime().transaction() as session:
        review_locks.put_back(session, listing_id, by=actor())
    return see(url_for(".show"))


@blueprint.post("/queue/<id:listing_id>/approve")
@reviewer
def approve(listing_id: int) -> AnyResponse:
    """Approve one that nobody need read; for another, 409 and why."""
    here, seen = runtime(), read(SeenSchema(), request.form)["revision_id"]
    try:
        with here.transaction() as session:
            bulk.approve(
                session,
                listing_id,
                seen,
                by=actor(),
                at=here.clock(),
                listing_url=home_of(listing_id),
            )
    except Conflict as error:
        return settled(listing_id, error)
    return see(url_for(".show", of=listing_id, revision=seen))


@blueprint.get("/bulk")
@reviewer
def sift() -> str:
    """What approving all that was ticked would do; or, afterwards, what it did."""
    here, picks = runtime(), read(PicksSchema(), request.args)["pick"]
    with here.reading() as session:
        sifted = bulk.sift(session, picks, by=actor(), at=here.clock())
    return render_template("moderation/bulk.html", sifted=sifted, tried="tried" in request.args)


@blueprint.post("/bulk")
@reviewer
def approve_many() -> AnyResponse:
    """Approve each in a transaction of its own; what must be read is left where it is."""
    here, by = runtime(), actor()
    picks = read(PicksSchema(), request.form)["pick"]
    for listing_id, revision_id in picks:
        try:
            with here.transaction() as session:
                bulk.approve(
                    session,
                    listing_id,
                    revision_id,
                    by=by,
                    at=here.clock(),
                    listing_url=home_of(listing_id),
                )
        except (Conflict, NotFound):
            continue  # the page that follows names it, and why
    shown = [f"{listing_id}:{revision_id}" for listing_id, revision_id in picks]
    return see(url_for(".sift", pick=shown, tried=1))


def page_address(page: int) -> str:
    """Another page of what is shown."""
    asked: dict[str, Any] = {name: request.args[name] for name in SIEVES if name in request.args}
    return url_for(".show", **asked, page=page)


def settled(listing_id: int, error: Conflict) -> AnyResponse:
    """Nothing was changed, for something happened meanwhile; and the ways on."""
    return rendered("moderation/settled.html", error, listing_id=listing_id, told=str(error))


def just_done() -> dict[str, object] | None:
    """What whoever is signed in decided a moment ago, when the address says so."""
    here, told = runtime(), read(DoneSchema(), request.args)
    if not told["of"]:
        return None
    with here.reading() as session:
        found = deciding.decided(session, told["of"], told["revision"], by=actor())
    if found is None:
        return None
    title, event = found
    words = {
        "approved": _("Approved: %(name)s.", name=title),
        "sent back": _("Asked for changes: %(name)s.", name=title),
        "rejected": _("Rejected: %(name)s.", name=title),
    }
    return {
        "words": words.get(event.action, _("Undone: %(name)s waits again.", name=title)),
        "listing_id": told["of"],
        "revision_id": told["revision"],
        "approved": event.action == "approved",
        "undo": event.action in words and event.at > here.clock() - deciding.UNDO_FOR,
    }
