"""Which of several places of one name is meant, by who is there, and which others are offered."""

from collections.abc import Callable, Iterable, Sequence

from directory.places import postal
from directory.places.areas.meaning import hardly_more
from directory.places.names import place_key
from directory.places.place import Match, Place, heavier

ALTERNATIVES = 7
KNOWN_TO_ALL = 15_000
# A town is no more in question when it has so many times fewer people than the biggest …
UNLIKELY = 100
MOST_WEIGHED = 8
# … nor a rival when it has so many times fewer than the one that is meant, whatever favours it.
RIVAL, MOST_LIKELY = 10, 9
# What `weigh` gives at least where somebody is.
SOMEBODY = 2.0
Weigh = Callable[[Sequence[Place]], Sequence[float]]


def weighed(found: list[Match], weigh: Weigh) -> list[Match]:
    """The likeliest first, then those that are its rivals, in their order."""
    first = found[0]
    kind = "town" if first.place.is_area else first.place.kind
    same = [match for match in found if match.place.kind == kind and not match.short]
    able = [match for match in same if match.weight * UNLIKELY >= first.weight][:MOST_WEIGHED]
    if len(found) == 1 or not able:
        return [match for match in found if match is first or match.place.is_area]
    areas = [first] if first.place.is_area else []
    likelier = weigh([match.place for match in (*areas, *able)])
    factors = _of_own_names(dict(zip((*areas, *able), likelier, strict=True)))
    best = max(able, key=lambda match: max(match.weight, 1) * factors[match])
    if first.place.is_area:
        there = factors[best] >= SOMEBODY > factors[first] and _given_up(first, best)
        best = best if there else first
    least = max(best.weight / RIVAL, 2 if best.weight == 0 else 0)
    rivals = [
        match
        for match in found
        if match.place.is_area
        or max(_known_by(match), 1) * max(1, min(factors.get(match, 1), MOST_LIKELY)) >= least
    ]
    return [best, *(match for match in rivals if match is not best)]


def _given_up(area: Match, town: Match) -> bool:
    """Whether a town where somebody is is meant rather than an area where nobody is.

    Where many of our readers are, a county or state is known to more people than a smaller town.
    """
    known = postal.is_ours(area.place.country) and area.weight > town.weight
    return town.own_name and area.place.kind != "country" and not known


def _of_own_names(factors: dict[Match, float]) -> dict[Match, float]:
    """Who is near a town by another name counts little, when a town is really called so."""
    own = [match.weight for match in factors if match.own_name and match.place.kind == "town"]
    most = max(own, default=0)
    return {
        match: min(factor, 0.0 if most >= match.weight else 1.0)
        if most >= KNOWN_TO_ALL and _by_another_name(match)
        else factor
        for match, factor in factors.items()
    }


def _by_another_name(match: Match) -> bool:
    """Whether its own name is another one: Newcastle upon Tyne is a Newcastle, Köln no Colonia."""
    own = place_key(match.place.name)
    return not match.own_name and not own.startswith(match.key) and not own.endswith(match.key)


def alternatives(first: Match, others: Iterable[Match]) -> tuple[Place, ...]:
    """Others of that name, with distinct labels; hardly known second names are left out."""
    floor = first.weight / 10
    worth = [match for match in others if _known_by(match) >= floor or match.own_name]
    if first.place.kind == "town":
        worth = sorted((match for match in worth if not match.short), key=heavier)
    worth = [match for match in worth if not hardly_more(first, match)]
    labelled = {match.place.label: match.place for match in reversed(worth)}
    labelled.pop(first.place.label, None)
    return tuple(reversed(labelled.values()))[:ALTERNATIVES]


def _known_by(match: Match) -> int:
    return match.weight if _by_another_name(match) else match.place.population
