"""Long codes kept as short as they are clear: 150* for all codes of one town."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from directory.places.geo import distance_km
from directory.places.making.joining import Town

TOGETHER_KM = 20


def shortened(towns: dict[str, Town], shortest: int) -> Iterator[tuple[str, Town, bool]]:
    """(beginning with "*" or whole code, its town, whether every code of it is that town's).

    A whole code, or the longest beginning of one that is listed, decides. A
    short beginning is also listed, as not sure, when all its towns lie close together.
    """
    groups: dict[str, dict[str, Town]] = defaultdict(dict)
    for key, town in towns.items():
        groups[key[:shortest]][key] = town
    for beginning in sorted(groups):
        yield from _split(beginning, groups[beginning])


def _split(beginning: str, towns: dict[str, Town]) -> Iterator[tuple[str, Town, bool]]:
    usual, _ = min(Counter(towns.values()).items(), key=lambda pair: (-pair[1], pair[0].id))
    others = {key: town for key, town in towns.items() if town != usual}
    whole = len(beginning) == len(next(iter(towns)))
    if whole or not others:
        yield beginning if whole else beginning + "*", usual, True
        return
    if all(distance_km(usual.point, town.point) <= TOGETHER_KM for town in others.values()):
        yield beginning + "*", usual, False
        towns = others
    groups: dict[str, dict[str, Town]] = defaultdict(dict)
    for key, town in towns.items():
        groups[key[: len(beginning) + 1]][key] = town
    for longer in sorted(groups):
        yield from _split(longer, groups[longer])
