"""Which of a town and an area of one name is meant when nothing else is said.

The rule, by what people mean who type the bare name; the other one is offered in one line:

1.  An area comes before the towns elsewhere that are called so (Georgia, Victoria, Ontario), unless
    the biggest is far better known: half a million people, or 100,000 and a fifth of the area's
    (Washington is the city).
2.  A town in the area of its name is meant when a tenth of the area's people live there (São Paulo,
    Zürich, Genève, Salzburg, Utrecht, Valencia, Murcia); else the area is (Québec, Brandenburg).
3.  A town that people tell from its region by "City" is meant by the bare name only when the whole
    world calls it so: with two million people (New York; but Oklahoma is the state).
4.  A country is meant rather than its capital (Mexico, Panama, Guatemala, Luxembourg); whoever
    means the town says "City", as for every area.
5.  A region that is hardly more than its town (Berlin, Hamburg, Bremen, Vienna) is the town.
6.  Of a district or county the town is meant (Cork, Limerick), unless its ending is said.
7.  An everyday region or island is meant, unless a town of 100,000 people with its own name has
    a fifth of its people; where our readers are it is meant before any town where they are not
    (Orkney).
8.  A code such as LA or CO loses to a town of 100,000 that is called so, where our readers are or
    by its own name (PA is no town in China).
"""

from collections.abc import Sequence

from directory.places import postal
from directory.places.names import place_key
from directory.places.place import Match, heavier

COUNTY_ENDINGS = ("county", "parish")
KNOWN, FAR_BETTER_KNOWN, TO_ALL_THE_WORLD = 100_000, 500_000, 2_000_000
SHARE_OF_REGION, SHARE_ELSEWHERE = 0.1, 0.2


def meant(towns: Sequence[Match], areas: Sequence[Match]) -> list[Match]:
    """Namesakes in the order in which people mean them; both come heaviest first."""
    full = sorted((area for area in areas if not area.short), key=_own_names_first)
    coded = sorted((area for area in areas if area.short), key=_code_preference)
    ordered = full + coded
    if not towns or not ordered:
        return [*towns, *ordered]
    if _town_wins(towns[0], ordered[0]):
        return [towns[0], *sorted((*towns[1:], *ordered), key=heavier)]
    return [ordered[0], *sorted((*towns, *ordered[1:]), key=heavier)]


def named_so(match: Match) -> bool:
    """Whether it was found by the name that its label has."""
    return place_key(match.place.name) == match.key


def hardly_more(town: Match, area: Match) -> bool:
    """Whether a region is hardly more than the town of its name (Vienna, Greater London)."""
    return (
        area.place.kind == "region"
        and area.scope.holds(town.scope)
        and area.weight <= 2 * town.weight
    )


def _own_names_first(area: Match) -> tuple[bool, bool]:
    """Sorts areas of a name: those whose own it is, everyday regions before what holds them."""
    return not named_so(area), area.place.kind != "area"


def _code_preference(area: Match) -> tuple[int, int, int]:
    return not area.scope.code, postal.preference(area.scope.country), -area.weight


def _town_wins(town: Match, area: Match) -> bool:
    if area.short:
        ours = town.own_name or postal.is_ours(town.place.country)
        return ours and town.weight >= KNOWN
    if named_so(area) and (area.key.endswith(COUNTY_ENDINGS) or area.key.startswith("greater")):
        return False
    if area.place.kind == "area":
        return _beats_everyday_region(town, area)
    if not area.scope.code:
        return False
    if area.scope.holds(town.scope):
        return _stands_for_its_region(town, area)
    if "." in area.scope.code:
        return town.weight >= KNOWN
    share = town.weight / max(area.weight, 1)
    known = town.weight >= FAR_BETTER_KNOWN or (town.weight >= KNOWN and share >= SHARE_ELSEWHERE)
    return known and town.own_name


def _beats_everyday_region(town: Match, area: Match) -> bool:
    if postal.is_ours(area.place.country) and not postal.is_ours(town.place.country):
        return False
    big = town.weight >= max(KNOWN, area.weight * SHARE_ELSEWHERE)
    return big and town.own_name and named_so(town)


def _stands_for_its_region(town: Match, area: Match) -> bool:
    """Whether a town is what people mean by the name of the region that it lies in."""
    if "." in area.scope.code:
        return True
    if place_key(town.place.name) == f"{town.key}city":
        return town.place.population >= TO_ALL_THE_WORLD
    return town.place.population / max(area.weight, 1) >= SHARE_OF_REGION
