"""Putting a draft's practices on the map, and saying so when we cannot."""

from dataclasses import dataclass, replace

from directory.models import Draft, Practice
from directory.places import Gazetteer, Located, Place, Point, distance_km

FAR_KM = 100
OTHERS_NAMED = 4
# In degrees, about ten metres: who moved a pin by less did not move it.
SAME = 0.0001


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


def candidates(practice: Practice, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Places that may be meant: of that name, or of a name spelled nearly so; each label once.

    Of a practice that has its place these are the other ones. Never a whole country or region.
    """
    found = _located(practice, gazetteer)
    country = practice.country
    near = [gazetteer.resolve(label, country=country).place for label in found.suggestions]
    places = (None if practice.placed else found.place, *found.alternatives, *near)
    by_label = {place.label: place for place in places if place and not place.is_area}
    return tuple(by_label.values())


def moved_to(practice: Practice, label: str, gazetteer: Gazetteer) -> Practice | None:
    """The practice at the candidate of that label; None when there is none."""
    chosen = {place.label: place for place in candidates(practice, gazetteer)}.get(label)
    if chosen is None:
        return None
    return replace(
        practice,
        locality=chosen.name,
        region=chosen.region,
        country=chosen.country,
        lat=chosen.point.lat,
        lon=chosen.point.lon,
        precision="postcode" if chosen.kind == "postcode" else "locality",
    )


def pinned(practice: Practice, point: Point) -> Practice:
    """The practice with its pin at this point; where it was already, it stays as it was found."""
    if practice.lat is not None and practice.lon is not None:
        moved = max(abs(point.lat - practice.lat), abs(point.lon - practice.lon))
        if moved < SAME:
            return practice
    return replace(practice, lat=point.lat, lon=point.lon, precision="exact")


def _located(practice: Practice, gazetteer: Gazetteer) -> Located:
    return gazetteer.locate(
        locality=practice.locality,
        region=practice.region,
        postcode=practice.postcode,
        country=practice.country,
    )


def _place(practice: Practice, gazetteer: Gazetteer) -> tuple[Practice, str, str]:
    """The practice, why it has no position, and what else a person should know."""
    found = _located(practice, gazetteer)
    use = _check_given if practice.precision == "exact" else _use_found
    placed, note = use(practice, found)
    notes = (note, _elsewhere(practice, placed, gazetteer))
    problem = "" if placed.placed else _problem(practice, found)
    return placed, problem, "; ".join(filter(None, notes))


def _elsewhere(stated: Practice, placed: Practice, gazetteer: Gazetteer) -> str:
    """What a person should know when the address lies outside the region or country it states."""
    if placed.lat is None or placed.lon is None:
        return ""
    point = Point(placed.lat, placed.lon)
    there = gazetteer.lies_elsewhere(point, region=stated.region, country=stated.country)
    named = ", ".join(filter(None, (stated.region, stated.country)))
    return f"the address lies in {there}, not in {named} as stated" if there else ""


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
