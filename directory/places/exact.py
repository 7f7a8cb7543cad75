"""Reads words as a place, without guessing at spellings.

The reading order: a postal code; a name before its qualifiers, when a comma
says where the name ends; the whole text as one name; the longest name that
leaves words for a region, a country or both.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from directory.places import postal
from directory.places.areas import spaced_codes
from directory.places.areas.exonyms import ALSO_KEYS, BARE_KEYS, HOME_KEYS
from directory.places.areas.letters import SCOPES
from directory.places.areas.meaning import COUNTY_ENDINGS, meant, named_so
from directory.places.geo import distance_km
from directory.places.lookups import Lookups
from directory.places.names import fold, key_of, place_key
from directory.places.place import Match, Scope, heavier

MAX_LENGTH = 100
MAX_WORDS = 12
MOST_BEGUN = 200  # towns whose names begin with one word
SAME_PLACE_KM = 80  # a postcode and a town further apart contradict each other

Words = Sequence[str]

REGIONS, ANY_AREA = frozenset({"region"}), frozenset({"region", "district", "area"})
DISTRICTS, COUNTRIES = frozenset({"district", "area"}), frozenset({"country"})
ISLANDS = ANY_AREA | COUNTRIES
AROUND_TOWNS = frozenset({"area"})
# "Cook Co., IL".
COUNTY_SHORT = frozenset({"co", "cnty", "cty"})
# Words before or after a name that say what sort of area it is.
AREA_WORDS = {
    **dict.fromkeys(("state", "state of", "canton", "canton of", "kanton", "bundesland"), REGIONS),
    **dict.fromkeys(("canton de", "land", "prefecture", "autonomous community"), REGIONS),
    **dict.fromkeys(("county", "county of", "parish", "parish of", "co", "borough"), DISTRICTS),
    **dict.fromkeys(("kreis", "landkreis", "lk", "district", "district of"), DISTRICTS),
    **dict.fromkeys(("comte de", "departement", "department", "comarca"), DISTRICTS),
    **dict.fromkeys(("province", "province of", "provincia", "provincia de"), ANY_AREA),
    **dict.fromkeys(("provincia di", "provinz", "provincie", "region", "region of"), ANY_AREA),
    **dict.fromkeys(("regierungsbezirk", "bezirk", "grafschaft"), ANY_AREA),
    **dict.fromkeys(("island", "island of", "isle of", "insel", "isla"), ISLANDS),
    **dict.fromkeys(("isla de", "isola di", "ile de", "the island of"), ISLANDS),
    **dict.fromkeys(("the",), ISLANDS),
    **dict.fromkeys(("country", "country of", "republic of"), COUNTRIES),
    **dict.fromkeys(("greater", "metro", "area", "metro area", "metropolitan area"), AROUND_TOWNS),
    **dict.fromkeys(("grossraum", "raum"), AROUND_TOWNS),
}
# "Adam" is another town, and somebody's name.
_APOSTROPHE = re.compile(r"\b[ar]['’]dam\b", re.IGNORECASE)
_ELIDED = {"a": "Amsterdam", "r": "Rotterdam"}
# What only leads to a name: "Köln the" is no island.
LEADING = frozenset({"the", "of", "de", "di"})


class Exact:
    """Finds what a text names; the match that is meant comes first."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    def matches(self, text: str, country: str = "") -> list[Match]:
        """Everything that the whole text may name; [] when it names nothing."""
        if len(text) > MAX_LENGTH:
            return []
        text = _APOSTROPHE.sub(lambda found: _ELIDED[found[0][0].lower()], text)
        return self.postcodes(text, country) or self.named(text, country)

    def named(self, text: str, country: str = "") -> list[Match]:
        """Towns, regions and countries of that name."""
        parts = [fold(part).split() for part in text.split(",")]
        parts = [part for part in parts if part]
        words = [word for part in parts for word in part]
        if not 0 < len(words) <= MAX_WORDS:
            return []
        self.prefetch(words)
        for cut in _cuts(parts):
            found = self._cut(words, cut)
            found = [match for match in found if not country or match.within((Scope(country),))]
            if found:
                return found
        return self._called_areas(words, country)

    def _cut(self, words: Words, cut: int) -> list[Match]:
        if cut == len(words):
            key = _key(words)
            keys = [key, *BARE_KEYS.get(key, ())]
            named = self._lookups.areas(keys)
            return meant(self._called(key), [area for one in reversed(keys) for area in named[one]])
        scopes = self.scopes(words[cut:])
        if not scopes:
            return []
        towns = self.towns(words[:cut], scopes)
        areas = self._areas_in(words[:cut], scopes, but_for=towns)
        if towns:  # "New York, NY": the state is not in itself
            areas = [area for area in areas if not _is_one_of(area, scopes)]
        coded = {scope.country.lower() for scope in scopes if not scope.code} >= {*words[cut:]}
        return _of_both(towns, areas, labelled=coded)

    def _called(self, key: str) -> tuple[Match, ...]:
        """Towns of that name, and the one that is called so where it is: "Newcastle" upon Tyne."""
        towns = self._lookups.towns([key])[key]
        if also := ALSO_KEYS.get(key):
            more = [town for town in self._lookups.towns([also])[also] if town.own_name]
            towns = tuple(sorted({*towns, *more}, key=heavier))
        return towns

    def _areas_in(
        self, words: Words, scopes: tuple[Scope, ...], *, but_for: list[Match]
    ) -> list[Match]:
        """Areas of that name in any of the scopes; counties by their bare name when no town has it."""
        key = _key(words)
        keys = [key] if but_for else [key, *(key + ending for ending in COUNTY_ENDINGS)]
        regions = tuple(scope for scope in scopes if scope.code)
        if words and words[-1] in COUNTY_SHORT and regions:
            keys, scopes = [*keys, _key((*words[:-1], "county"))], regions
        for found in map(self._lookups.areas_named, keys if key else ()):
            inside = [match for match in found if not match.short and match.within(scopes)]
            if inside:
                return inside
        return []

    def _called_areas(self, words: Words, country: str) -> list[Match]:
        """Areas when a word says what they are: "Washington state", "Kreis Kleve", "Kent county"."""
        for name, kinds in _said_what(words):
            key = _key(name)
            keys = [key, *(key + ending for ending in COUNTY_ENDINGS if kinds is DISTRICTS)]
            areas = self._lookups.areas(keys)
            found = [match for key in keys for match in areas[key] if not match.short]
            found = [match for match in found if not country or match.within((Scope(country),))]
            found = [match for match in found if _level(match) in kinds]
            if found and kinds is ISLANDS:
                found = self._islands(found)
            if found:
                return found
            if kinds is AROUND_TOWNS:
                towns = self._lookups.towns([key])[key]
                return [match for match in towns if country in ("", match.place.country)]
        return []

    def _islands(self, areas: list[Match]) -> list[Match]:
        """Those that may be islands: no district around the town that it is named after."""
        towns = self._lookups.towns([areas[0].key])[areas[0].key]
        return [
            area
            for area in areas
            if area.place.kind == "area" or not any(area.scope.holds(town.scope) for town in towns)
        ]

    def towns(self, words: Words, scopes: tuple[Scope, ...]) -> list[Match]:
        """Towns of that name in any of the scopes, heaviest first."""
        key = _key(words)
        if not key or not scopes:
            return []
        return _inside(self._lookups.towns([key])[key], scopes)

    def beginning(self, name: str, scopes: tuple[Scope, ...]) -> list[Match]:
        """Towns in any of the scopes whose own name goes on after these folded words."""
        towns = self._lookups.towns_starting(place_key(name), MOST_BEGUN)
        begun = f"{name} "
        begin = [town for town in towns if fold(town.place.name).startswith(begun)]
        return _inside([town for town in begin if town.own_name], scopes)

    def scopes(self, words: Words) -> tuple[Scope, ...]:
        """Where qualifiers lead: "co" to Colorado and Colombia, "devon england" to Devon."""
        areas = self._lookups.areas_named(_key(words))
        found = {scope: None for match in areas for scope in _scopes_of(match)}
        found |= dict.fromkeys(SCOPES.get("".join(words), ()))
        for cut in range(1, len(words)):
            left = self._lookups.areas_named(_key(words[:cut]))
            right = self.scopes(words[cut:]) if left else ()
            for inner in (match.scope for match in left):
                for outer in right:
                    if outer.holds(inner) or inner.holds(outer):
                        found[inner if outer.holds(inner) else outer] = None
        return tuple(found)

    def prefetch(self, words: Words, longest: int = 6) -> None:
        """Fetch all that runs of these words may name, in two queries."""
        if not self._lookups.is_new(" ".join(words)):
            return
        starts = range(len(words))
        keys = {
            _key(words[i:j]) for i in starts for j in range(i + 1, min(i + longest, len(words)) + 1)
        } - {""}
        keys.add(_key(words))
        self._lookups.towns(keys)
        self._lookups.areas(keys)

    def postcodes(self, text: str, country: str = "") -> list[Match]:
        """Postal codes that the text holds, if its other words agree with them."""
        for reading in postal.readings(text):
            found = self.codes(reading, country)
            found = self._agreeing(found, reading.rest) if found and reading.rest else found
            if found:
                return sorted(found, key=lambda match: postal.preference(match.place.country))
        return []

    def codes(self, reading: postal.Parsed, country: str = "") -> list[Match]:
        """What a reading may mean, in every country that has such a code."""
        said = (country, reading.country) if reading.country else (country,)
        wanted = [tuple(map(Scope, where.split())) for where in said if where]
        best: dict[str, Match] = {}
        for match in self._lookups.postcodes(reading.keys):
            if all(match.within(scopes) for scopes in wanted):
                best.setdefault(match.place.country, match)
        found = [_as_typed(match, reading.keys[0]) for match in best.values()]
        if not found and reading.whole and reading.country == "IE" and country in ("", "IE"):
            found = spaced_codes.irish(reading.keys[0], self._lookups.postcodes)
        if reading.country == spaced_codes.COUNTRIES:
            more = spaced_codes.missing(
                reading.keys[0],
                best,
                starting=self._lookups.postcodes_starting,
                towns=lambda name: self._lookups.towns([name])[name],
            )
            found += [one for one in more if all(one.within(scopes) for scopes in wanted)]
        return found

    def british_area(self, text: str) -> Match | None:
        """The town that a British postcode area such as LS is named after."""
        letters = postal.british_area(text)
        areas = self._lookups.postcodes([letters]) if letters else []
        for area in areas:
            if area.place.country == "GB":
                towns = self._lookups.towns([place_key(area.place.name)])
                near = [town for town in towns[place_key(area.place.name)] if agree(area, town)]
                return near[0] if near else None
        return None

    def _agreeing(self, codes: list[Match], rest: str) -> list[Match]:
        words = _without_numbers(fold(rest).split())[:MAX_WORDS]
        scopes = self.scopes(words)
        inside = [match for match in codes if self.holds(scopes, match)]
        if inside or not words:
            return inside
        key, named = _key(words), place_key(rest.split(",", maxsplit=1)[0])
        called = [match for match in codes if place_key(match.place.name) == named]
        if called:
            return called
        towns = self.named(rest) or self.named(" ".join(words))
        near = [match for town in towns for match in codes if agree(match, town)]
        return near[:1] or [match for match in codes if place_key(match.place.name) == key]

    def holds(self, scopes: tuple[Scope, ...], match: Match) -> bool:
        """Whether a code lies in one of the scopes; of a district its region decides."""
        return match.within(
            tuple(Scope(scope.country, scope.code.partition(".")[0]) for scope in scopes)
        )


def _without_numbers(words: Words) -> list[str]:
    """Words without those that hold a digit: of "praha 1" the town."""
    return [word for word in words if not any(char.isdigit() for char in word)]


def _as_typed(match: Match, key: str) -> Match:
    """A match by the beginning of a code, as the code itself."""
    if not match.key.endswith("*"):
        return match
    shown = postal.shown(key, match.place.country)
    return replace(match, key=key, place=replace(match.place, postcode=shown))


def agree(code: Match, town: Match) -> bool:
    """Whether a postcode may belong to a town."""
    same_country = code.place.country == town.place.country
    return same_country and distance_km(code.place.point, town.place.point) <= SAME_PLACE_KM


def _of_both(towns: list[Match], areas: list[Match], *, labelled: bool) -> list[Match]:
    """Towns and areas of one name, that stood before the region or country they lie in.

    `labelled`: before a country's code, as in our labels. "Washington, US" is the state there:
    of the city a label names the region, too.
    """
    areas = sorted(areas, key=lambda area: (not named_so(area), area.place.kind == "country"))
    if not (towns and areas):
        return [*towns, *areas]
    if labelled and _level(areas[0]) != "district":
        return [*areas, *towns]
    if named_so(areas[0]) and not named_so(towns[0]):
        return [*areas, *towns]
    return meant(towns, areas)


def _inside(towns: Sequence[Match], scopes: tuple[Scope, ...]) -> list[Match]:
    """Towns in any of the scopes; else those that may be, as nothing says in which district they are."""
    found = [town for town in towns if town.within(scopes)]
    if found:
        return found
    regions = {Scope(s.country, s.code.partition(".")[0]) for s in scopes if "." in s.code}
    return [town for town in towns if town.scope in regions]


def _is_one_of(area: Match, scopes: tuple[Scope, ...]) -> bool:
    """Whether a region is the very one that is said to hold it."""
    return area.place.kind == "region" and area.scope in scopes


def _scopes_of(area: Match) -> list[Scope]:
    """Where a town of an area must lie; an everyday region may be in several countries."""
    codes = area.place.areas
    if area.place.kind != "area" or any(code.startswith("~") for code in codes):
        return [area.scope]
    return [Scope(code.partition(".")[0], code.partition(".")[2]) for code in codes]


def _level(area: Match) -> str:
    if area.place.kind != "region":
        return area.place.kind
    return "district" if "." in area.scope.code else "region"


def _said_what(words: Words) -> Iterator[tuple[Words, frozenset[str]]]:
    """The name in words of which the first or the last ones say what sort of area it is."""
    for end, said in ((2, words[:2]), (1, words[:1])):
        kinds = AREA_WORDS.get(" ".join(said))
        if kinds and len(words) > end:
            yield words[end:], kinds
    for end, said in ((2, words[-2:]), (1, words[-1:])):
        kinds = AREA_WORDS.get(" ".join(said))
        if kinds and len(words) > end and said[-1] not in LEADING:
            yield words[:-end], kinds


def _cuts(parts: list[list[str]]) -> Iterator[int]:
    """Where the name may end: at the commas, at the very end, then anywhere, longest name first."""
    ends = [sum(map(len, parts[: i + 1])) for i in range(len(parts))]
    yield from dict.fromkeys((*ends[:-1], ends[-1], *range(ends[-1] - 1, 0, -1)))


def _key(words: Words) -> str:
    key = key_of(words)
    return HOME_KEYS.get(key, key)
