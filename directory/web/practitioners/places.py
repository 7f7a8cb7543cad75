"""The places of work in the editor: each has a form of its own, and a pin to be looked at."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, runtime, signed_in
from directory.errors import Conflict, Invalid, NotFound
from directory.models import Practice
from directory.places import uses_miles
from directory.places.geo import KM_PER_MILE
from directory.schemas import as_typed, read
from directory.schemas.names import country_labels
from directory.schemas.pages import PlaceSchema
from directory.schemas.practitioners import PinSchema
from directory.usecases.listings import placing
from directory.usecases.listings.fields import place_page
from directory.usecases.practitioners import writing
from directory.usecases.practitioners.writing import Changed, Writing
from directory.web.practitioners import desk, filled
from directory.web.practitioners.filled import Boxes
from directory.web.responses import see

blueprint = Blueprint("places", __name__, url_prefix="/my/listing/<id:listing_id>/edit/places")

REACHES = (0, 5, 10, 20, 30, 50, 100)


@blueprint.get("/new")
@blueprint.get("/<int(max=99):position>")
@signed_in
def show(listing_id: int, position: int | None = None) -> Response:
    """The form of one place, or of a new one."""
    written = desk.written(listing_id)
    if (kept := written.typed.get(place_page(position))) is not None:
        return _form(written, position, kept)
    if position is None:
        return _form(written, None, {"country": list(filled.countries(written.content)[-1:])})
    return _form(written, position, filled.filled_place(_practice(written, position)))


@blueprint.post("/new")
@blueprint.post("/<int(max=99):position>")
@signed_in
def save(listing_id: int, position: int | None = None) -> AnyResponse:
    """Save a place, and show where that is on the map.

    While somebody is writing, what they type is only kept: a place moves when they say so.
    """
    written = desk.written(listing_id)
    answers = as_typed(PlaceSchema(), request.form)
    if filled.quiet():
        desk.keep(listing_id, place_page(position), answers)
        return jsonify(kept=True)
    try:
        practice: Practice = read(PlaceSchema(), request.form)
        where = _save(listing_id, position, practice)
    except Invalid as error:
        desk.keep(listing_id, place_page(position), answers)
        return _form(written, position, answers, error.fields, status=422)
    except Changed:
        desk.keep(listing_id, place_page(position), answers)
        return _collided(desk.written(listing_id), position, answers)
    except Conflict as error:
        return _form(written, position, answers, {"name": [str(error)]}, status=409)
    return see(_address(listing_id, where, "map"))


@blueprint.post("/<int(max=99):position>/remove")
@signed_in
def remove(listing_id: int, position: int) -> AnyResponse:
    """Take a place out; when it was changed meanwhile, show the places as they are."""
    here, seen = runtime(), request.form.get("seen", "")
    try:
        with here.transaction() as session:
            writing.remove_practice(
                session, listing_id, position, seen=seen, by=actor(), at=here.clock()
            )
    except Changed:
        return see(f"{_places(listing_id)}#changed")
    return see(_places(listing_id))


@blueprint.post("/new/forget")
@blueprint.post("/<int(max=99):position>/forget")
@signed_in
def forget(listing_id: int, position: int | None = None) -> AnyResponse:
    """Let go of what was typed about a place and never saved."""
    here = runtime()
    with here.transaction() as session:
        writing.forget_typed(session, listing_id, place_page(position), by=actor(), at=here.clock())
    return see(_places(listing_id))


@blueprint.get("/<int(max=99):position>/map")
@signed_in
def where(listing_id: int, position: int) -> Response:
    """Where we put a place, and what to do when that is wrong."""
    written = desk.written(listing_id)
    return _map(written, position, _practice(written, position))


@blueprint.post("/<int(max=99):position>/map")
@signed_in
def put(listing_id: int, position: int) -> AnyResponse:
    """Choose another town of that name, or put the pin by hand."""
    written = desk.written(listing_id)
    practice = _practice(written, position)
    wanted = request.form.get("candidate", "")
    try:
        changed = _moved_to(practice, wanted) if wanted else _pinned(practice)
        if changed != practice:
            _save(listing_id, position, changed)
    except Invalid as error:
        return _map(written, position, practice, error.fields, status=422)
    except Changed:
        return see(f"{_places(listing_id)}#changed")
    if wanted:
        return see(_address(listing_id, position, "map"))
    return see(_places(listing_id))


def _practice(written: Writing, position: int) -> Practice:
    if position >= len(written.content.practices):
        raise NotFound("There is no such place.")
    return written.content.practices[position]


def _save(listing_id: int, position: int | None, practice: Practice) -> int:
    """Save it; gives its number in the list."""
    here = runtime()
    with here.transaction() as session:
        placed = writing.save_practice(
            session,
            listing_id,
            position,
            practice,
            here.gazetteer,
            seen=request.form.get("seen", ""),
            by=actor(),
            at=here.clock(),
        )
        now = writing.current(session, listing_id, by=actor(), at=here.clock())
    for note in placed.notes:
        flash(str(_("Please look again: %(note)s.", note=note.rstrip("."))))
    if position is not None:
        return position
    practices = now.content.practices
    return practices.index(placed.draft.practices[0])


def _moved_to(practice: Practice, wanted: str) -> Practice:
    """The practice in the town that was chosen from those that we offered."""
    moved = placing.moved_to(practice, wanted, runtime().gazetteer)
    if moved is None:
        raise Invalid({"candidate": [_("Choose one of these places.")]})
    return moved


def _pinned(practice: Practice) -> Practice:
    """The practice with its pin where somebody put it; left alone, it stays as it was found."""
    given = read(PinSchema(partial=practice.placed), request.form)
    return placing.pinned(practice, given["position"]) if given else practice


def _places(listing_id: int) -> str:
    again = "?back=check" if filled.back() else ""
    return filled.step(listing_id, "places") + again


def _address(listing_id: int, position: int, page: str) -> str:
    again = "?back=check" if filled.back() else ""
    return f"{filled.step(listing_id, 'places')}/{position}/{page}{again}"


def _form(
    written: Writing,
    position: int | None,
    answers: Boxes,
    errors: Mapping[str, Sequence[Any]] | None = None,
    *,
    status: int = 200,
) -> Response:
    country = next(iter(answers.get("country", ())), "")
    return _page(
        "practitioners/place.html",
        written,
        position,
        status=status,
        answers=answers,
        errors=errors or {},
        kept=place_page(position) in written.typed,
        countries=sorted(country_labels().items(), key=lambda item: item[1]),
        reaches=_reaches(country, next(iter(answers.get("home_visit_km", ())), "0")),
    )


def _collided(written: Writing, position: int | None, answers: Boxes) -> Response:
    there = written.content.practices[position : position + 1] if position is not None else ()
    return _page(
        "practitioners/place_merge.html",
        written,
        position,
        status=409,
        answers=answers,
        there=next(iter(there), None),
    )


def _map(
    written: Writing,
    position: int,
    practice: Practice,
    errors: Mapping[str, Sequence[Any]] | None = None,
    *,
    status: int = 200,
) -> Response:
    typed = request.form.get("position", "")
    pin = "" if practice.lat is None else f"{practice.lat:.5f}, {practice.lon:.5f}"
    return _page(
        "practitioners/place_map.html",
        written,
        position,
        status=status,
        practice=practice,
        candidates=placing.candidates(practice, runtime().gazetteer),
        pin=typed or pin,
        errors=errors or {},
    )


def _page(
    template: str, written: Writing, position: int | None, *, status: int, **values: Any
) -> Response:
    return desk.shown(
        template,
        written,
        "places",
        seen=written.places_seen,
        status=status,
        position="new" if position is None else position,
        **values,
    )


def _reaches(country: str, now: str) -> list[tuple[str, str]]:
    """How far somebody may travel, in km, said in the miles or km of that country."""
    in_miles = uses_miles(country)
    choices = {}
    for number in REACHES:
        km = f"{round(number * KM_PER_MILE if in_miles else number, 1):g}"
        choices[km] = (
            _("%(number)s miles", number=number) if in_miles else _("%(number)s km", number=number)
        )
    choices["0"] = _("No home visits")
    if now not in choices:
        choices[now] = _("%(number)s km", number=now)
    return list(choices.items())
