"""Putting a draft's practices on the map, and saying so when we cannot."""

from dataclasses import dataclass, replace

from directory.models import Draft, Practice
from directory.places import Gazetteer, Located, Place, Point, distance_km

FAR_KM = 100
OTHERS_NAMED = 4


@dataclass(frozen=True, slots=True)
class Placed:
    """A draft with its positions; `problems` say which practice has none, and what would help."""

    draft: Draft
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def place(draft: Draft, gazetteer: Gazetteer) -> Placed:
    """Find every practice anew, except those whose exact coordinates were given.

    Coordinates that an earlier look-up found are never kept: the address may have changed.
    A region that was left out, or given by its code, is filled in.
    """
    results = [_place(practice, gazetteer) for practice in draft.practices]
    return Placed(
        replace(draft, practices=tuple(practice for practice, _, _ in results)),
        tuple(problem for _, problem, _ in results if problem),
        tuple(note for _, _, note in results if note),
    )


def _place(practice: Practice, gazetteer: Gazetteer) -> tuple[Practice, str, str]:
    """The practice, why it has no position, and what else a person should know."""
    found = gazetteer.locate(
        locality=practice.locality,
        region=practice.region,
        postcode=practice.postcode,
        country=practice.country,
    )
    use = _check_given if practice.precision == "exact" else _use_found
    placed, note = use(practice, found)
    return placed, "" if placed.placed else _problem(practice, found), note


def _use_found(practice: Practice, found: Located) -> tuple[Practice, str]:
    if found.place is None:
        return replace(practice, lat=None, lon=None, precision=""), ""
    point = found.place.point
    placed = replace(
        _named(practice, found.place, agreed=not found.note),
        lat=point.lat,
        lon=point.lon,
        precision=found.precision or "locality",
    )
    return placed, found.note


def _check_given(practice: Practice, found: Located) -> tuple[Practice, str]:
    """Given coordinates win; when they lie far from the town, somebody should look."""
    if found.place is None or practice.lat is None or practice.lon is None:
        return practice, ""
    apart = distance_km(Point(practice.lat, practice.lon), found.place.point)
    if apart > FAR_KM:
        where = practice.locality or practice.postcode
        return practice, f"the coordinates lie {apart:.0f} km from {where}; they were used"
    return _named(practice, found.place, agreed=not found.note), ""


def _named(practice: Practice, place: Place, *, agreed: bool) -> Practice:
    """The practice with the town and region in full: "OR" and "Oregon" are one region."""
    full = place.region and (agreed or not practice.region)
    return replace(
        practice,
        locality=practice.locality or place.name,
        region=place.region if full else practice.region,
    )


def _problem(practice: Practice, found: Located) -> str:
    where = practice.town if practice.locality else f"{practice.postcode}, {practice.country}"
    if found.ambiguous:
        labels = "; ".join(place.label for place in found.alternatives[:OTHERS_NAMED])
        return (
            f"there are several places called {practice.locality} ({labels} …):"
            " say the region or the postcode"
        )
    near = "; ".join(found.suggestions)
    hint = f"; nearest spellings: {near}" if near else ", nor find a spelling near it"
    return f"we could not place “{where}”{hint}"
