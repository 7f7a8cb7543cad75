"""The offline gazetteer: words to places and back, from our own SQL tables."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Engine

from directory.places import coordinates, postal
from directory.places.areas.namesakes import (
    ALTERNATIVES,
    KNOWN_TO_ALL,
    Weigh,
    alternatives,
    weighed,
)
from directory.places.exact import MAX_LENGTH, Exact, agree
from directory.places.geo import Point, distance_km
from directory.places.lines import Lines
from directory.places.lookups import Lookups, on_one_connection
from directory.places.names import fold, place_key
from directory.places.pasting import broken
from directory.places.place import (
    TERRITORIES,
    Located,
    Match,
    Place,
    Precision,
    Resolution,
    Scope,
    heavier,
)
from directory.places.spelling import Spelling
from directory.places.tables import CELLS_PER_DEGREE, EXACT, NEARBY
from directory.places.unfinished.beginnings import Beginnings

LONGEST_RUN = 6
SHORTEST_KEY = 2
WORDS_READ = 24
DOMINATING = 10  # so many times the people of the next of that name: no doubt who is meant
DOMINATING_IN_REGION = 3
ONE_PLACE_KM = 30  # namesakes this close are one place, for an address
CITY = 100_000
KNOWN_BY_FOUR_LETTERS = 200_000
# Towns whose names are ordinary English words: among other words they mean the word.
_ORDINARY = """
    angels best bright center central charity clinic commerce crane cross early enterprise
    garden gentle golden hands hope independence liberty light like male march marina mission
    mobile nice normal orange paradise reading split surprise temple touch tours union worms
    young
"""
ORDINARY_WORDS = frozenset(_ORDINARY.split())
KM_PER_DEGREE = 111.19
QUARTER_KM = 3
BORDER_KM = 25
STEPS_TO_BIGGEST = 5
BEGINNINGS_KEPT = 1024
LOCATED_KEPT = 4096


class Gazetteer:
    """Finds places by name, code, beginning or coordinate. Needs the tables to be loaded.

    Read-only and safe to share between threads and across a fork. No text,
    however odd, raises; more than 100 characters name no place.
    """

    def __init__(self, engine: Engine) -> None:
        self._lookups = Lookups(engine)
        self._exact = Exact(self._lookups)
        self._lines = Lines(self._exact)
        self._spelling = Spelling(self._lookups, self._exact)
        # Many begin to type the same towns.
        self._begun = lru_cache(maxsize=BEGINNINGS_KEPT)(
            Beginnings(self._lookups, self._exact).places
        )
        # A roster names the same few towns again and again.
        self._located = lru_cache(maxsize=LOCATED_KEPT)(self._locate)
        self._elsewhere = lru_cache(maxsize=LOCATED_KEPT)(self._lies_elsewhere)

    def is_loaded(self) -> bool:
        """Whether the tables exist and hold a version of the data."""
        return self._lookups.is_loaded()

    @on_one_connection
    def resolve(
        self, text: str, *, country: str | None = None, weigh: Weigh | None = None
    ) -> Resolution:
        """The place that a visitor means; with `country` (ISO code) only places there.

        The biggest of that name is chosen and up to seven others are offered.
        A bare region or country is answered by itself, at its biggest town,
        unless the town is the usual meaning: `areas/meaning` tells when. A postal code of several
        countries is read for the one where most of our readers are (US, CA, GB, AU, DE, …).
        Coordinates and links to maps are that point; of an address it is the code or town.

        `weigh` says by how much each of several places of that name is likelier than its size
        tells, `namesakes.SOMEBODY` at least where somebody is; then only real rivals are offered.
        """
        wanted = (country or "").upper()
        text = broken.mended(text)
        if point := self.at(text):
            return Resolution(point)
        if len(text) > MAX_LENGTH:
            return Resolution()
        found = self._meant(text, wanted)
        if not found:
            return self._unresolved(text, wanted, weigh)
        if "," in text:  # perhaps a label of ours: then that place, whatever is bigger
            label = fold(text)
            found = sorted(found, key=lambda match: fold(match.place.label) != label)
        if weigh and fold(found[0].place.label) != fold(text):
            every, found = found, weighed(found, weigh)
            if postal.is_spaced(text):  # nothing tells which country's it is
                found += [match for match in every if match not in found]
        place = found[0].place
        aside = self._lines.aside(text, place)
        return Resolution(place, alternatives(found[0], found[1:]), aside=aside)

    def at(self, text: str) -> Place | None:
        """A point that is written down, under the name of the town that is nearest."""
        point = coordinates.read(text)
        if point is None:
            return None
        near = self.nearest(point)
        if near:
            return replace(near, point=point, population=0)
        return Place(f"{point.lat:.3f}, {point.lon:.3f}", "", "", "", point, 0, "town")

    @on_one_connection
    def labelled(self, text: str, *, code: bool = False) -> Place | None:
        """The place that this very text is the label of, or whose `code` it holds."""
        if len(text) > MAX_LENGTH:
            return None
        if code:
            return next((match.place for match in self._exact.postcodes(text)), None)
        found = (match.place for match in self._exact.matches(text))
        return next((place for place in found if fold(place.label) == fold(text)), None)

    def _meant(self, text: str, country: str) -> list[Match]:
        """What the whole text names. LS is a postcode area rather than a country far away."""
        found = self._exact.matches(text, country)
        if found and found[0].place.kind == "town":
            found = self._lines.heavier(text, country, found[0]) or found
        area = self._exact.british_area(text) if country in ("", "GB") else None
        far = found and found[0].place.kind == "country" and found[0].short
        if area and (not found or (far and not postal.is_ours(found[0].place.country))):
            return [area, *found]
        return found

    def _unresolved(self, text: str, country: str, weigh: Weigh | None) -> Resolution:
        found, unread, other = self._lines.read(text, country)
        if not found:
            near = self._spelling.near(text, country)
            reading = self._lines.opening if near else self._lines.ending
            found, unread, other = reading(text, country, near)
            if not found:
                return Resolution(suggestions=near)
        found = weighed(found, weigh) if weigh else found
        found = [found[0], other, *found[1:]] if other else found
        place, host = found[0].place, self._lines.named_before(unread, found[0].place)
        unread = "" if host else unread
        aside = host.aside if host else self._lines.aside(text, place)
        return Resolution(place, alternatives(found[0], found[1:]), unread=unread, aside=aside)

    @on_one_connection
    def locate(
        self, *, locality: str = "", region: str = "", postcode: str = "", country: str = ""
    ) -> Located:
        """Where a practice's address lies; never a country's or region's centre.

        The postcode decides, when it exists in that country and lies within 80 km
        of the locality; else the locality, in its region and country, if one of
        its name dominates. `country` is an ISO code or a name. Codes whose point
        is only near by (see `make_postcodes`) are not used for addresses.
        """
        return self._located(locality, region, postcode, country)

    def _locate(self, locality: str, region: str, postcode: str, country: str) -> Located:
        texts = locality, region, postcode, country
        if any(len(text) > MAX_LENGTH for text in texts):
            return Located(note="An address this long cannot be read.")
        scopes, note = self._scopes_of(region, country)
        if country.strip() and not scopes:
            return Located(note=f"There is no country “{country.strip()}”.")
        towns = self._towns_in(locality, scopes)
        code = self._code_in(postcode, scopes, towns)
        if code and (not towns or any(agree(code, town) for town in towns)):
            precision: Precision = "postcode" if code.quality == EXACT else "locality"
            return Located(code.place, precision, note=note)
        if code and towns:
            apart = round(distance_km(code.place.point, towns[0].place.point))
            note = f"The postcode lies {apart} km from {towns[0].place.name}, so it was left aside."
        if not towns:
            return Located(suggestions=self._near(locality, scopes), note=note)
        return _clearest(towns, in_region=any(scope.code for scope in scopes), note=note)

    @on_one_connection
    def suggest(self, prefix: str, *, limit: int = 6, home: str = "") -> tuple[Place, ...]:
        """Towns, codes and areas for what has been typed so far (two letters or more), likeliest first.

        A comma or a last word may begin a region or country ("portland, m"); `home` has its codes first.
        """
        if len(prefix) > MAX_LENGTH or limit < 1:
            return ()
        return self._begun(prefix, limit, home)

    @on_one_connection
    def find_in(
        self, words: Sequence[str], *, start_only: bool = False
    ) -> tuple[int, int, Place] | None:
        """The longest run of words that is exactly a place: (start, end, place).

        At most six words long, among the first 24; with `start_only` the run
        begins at the first word. Elsewhere it must be more than chance: a lone
        word must be the own name of 15,000 people at least (200,000 when it has four
        letters or fewer) and no ordinary word, or a code of five digits.
        """
        typed = [word[: MAX_LENGTH + 1] for word in words[:WORDS_READ]]
        self._exact.prefetch([fold(word) for word in typed], LONGEST_RUN)
        for length in range(min(LONGEST_RUN, len(typed)), 0, -1):
            for start in range(1 if start_only else len(typed) - length + 1):
                run = typed[start : start + length]
                letters = len(fold(run[0]).replace(" ", "")) if length == 1 else 0
                if letters > SHORTEST_KEY >= len(place_key(run[0])):
                    continue  # "toe" is no Tô
                found = self._exact.matches(" ".join(run)) or self._lines.beginning(run)
                if found and (start_only or _no_chance(run, found[0])):
                    end = start + length
                    host = (
                        self._host(found[0], typed[end : end + LONGEST_RUN]) if length > 1 else None
                    )
                    return (start, end + host[0], host[1]) if host else (start, end, found[0].place)
        return None

    def _host(self, quarter: Match, words: Sequence[str]) -> tuple[int, Place] | None:
        """The city named right after a far smaller namesake of its quarter: (words, place)."""
        for length in range(min(LONGEST_RUN, len(words)), 0, -1):
            found = self._exact.named(" ".join(words[:length]))
            if found and found[0].place.kind == "town" and found[0].own_name:
                city = found[0].place
                bigger = city.population >= max(CITY, DOMINATING * quarter.place.population)
                away = distance_km(city.point, quarter.place.point) > ONE_PLACE_KM
                return (length, city) if bigger and away and quarter.place.kind == "town" else None
        return None

    def nearest(self, point: Point) -> Place | None:
        """The town nearest to a coordinate, None when none lies within about 400 km.

        Of several that are within 3 km of being nearest it is the biggest, so
        that a quarter of a city answers with the city.
        """
        best: Match | None = None
        for rings in (1, 2, 4, 8):
            towns = self._lookups.towns_around(point, rings)
            best = _main_of_nearest(point, towns)
            reach = rings / CELLS_PER_DEGREE * KM_PER_DEGREE * max(0.05, 1 - abs(point.lat) / 90)
            if best and distance_km(point, best.place.point) <= reach:
                break
        return best.place if best else None

    @on_one_connection
    def biggest(self, point: Point, *, within_km: float) -> Place | None:
        """The biggest of the towns around a coordinate, None where there is none so near.

        In a city the nearest are its suburbs: it is looked for from each bigger one on.
        """
        best: Match | None = None
        for _ in range(STEPS_TO_BIGGEST):
            around = self._lookups.towns_around(best.place.point if best else point, 1)
            near = [town for town in around if distance_km(point, town.place.point) <= within_km]
            bigger = min(near, key=heavier, default=None)
            if bigger is None or (best and bigger.weight <= best.weight):
                break
            best = bigger
        return best.place if best else None

    @on_one_connection
    def holding(self, areas: Sequence[str], country: str) -> tuple[Place, ...]:
        """The areas that an area is a part of, the smallest first: its region, its country.

        Of one that is made of several codes or of a shape it is the country alone.
        """
        whole = areas[0].partition(".")[2] if len(areas) == 1 and "~" not in areas[0] else "-"
        parts = whole.split(".")
        codes = [".".join(parts[:end]) for end in range(len(parts) - 1, -1, -1)] if whole else []
        found = [self._lookups.area(country, code) for code in codes]
        return tuple(match.place for match in found if match)

    def state(self, letters: str, country: str) -> Place | None:
        """The state or province of a country that is written with these letters."""
        found = self._exact.named(letters, country)
        return next((one.place for one in found if one.short and one.scope.code), None)

    @on_one_connection
    def lies_elsewhere(self, point: Point, *, region: str = "", country: str = "") -> str:
        """Where a point lies when it is clearly not in a stated region or country; "" when it is.

        Clearly: the nearest town that is in it lies 25 km farther than the nearest of all.
        What is unknown to us, and a point far from every town, is not doubted.
        """
        return self._elsewhere(point, region, country)

    def _lies_elsewhere(self, point: Point, region: str, country: str) -> str:
        scopes, _ = self._scopes_of(region, country)
        towns = self._lookups.towns_around(point, 1)
        if not scopes or not towns:
            return ""
        away = [(distance_km(point, town.place.point), town) for town in towns]
        nearest, first = min(away, key=lambda pair: pair[0])
        if any(km <= nearest + BORDER_KM and town.within(scopes) for km, town in away):
            return ""
        return f"{first.place.region}, {first.place.country}".removeprefix(", ")

    def _scopes_of(self, region: str, country: str) -> tuple[tuple[Scope, ...], str]:
        """What region and country allow, and a note when the region is unknown."""
        countries = [scope for scope in self._exact.scopes(fold(country).split()) if not scope.code]
        iso = country.strip().upper()
        countries = [scope for scope in countries if scope.country == iso] or countries
        parts = [
            scope
            for scope in self._exact.scopes(fold(region).split())
            if scope.code or scope.country in TERRITORIES
        ]
        inside = [
            part for part in parts if not countries or any(scope.holds(part) for scope in countries)
        ]
        note = (
            f"“{region.strip()}” is no region that we know there."
            if region.strip() and not inside
            else ""
        )
        return tuple(inside or countries), note

    def _towns_in(self, locality: str, scopes: tuple[Scope, ...]) -> list[Match]:
        key = place_key(locality)
        towns = self._lookups.towns([key])[key] if key else ()
        if not towns and key:
            towns = tuple(
                match for match in self._exact.named(locality) if match.place.kind == "town"
            )
        return [town for town in towns if not scopes or town.within(scopes)]

    def _code_in(
        self, postcode: str, scopes: tuple[Scope, ...], towns: list[Match]
    ) -> Match | None:
        """The one place of a code in those countries; towns decide between several."""
        countries = tuple(Scope(scope.country) for scope in scopes)
        for reading in postal.readings(postcode):
            found = [code for code in self._exact.codes(reading) if code.quality > NEARBY]
            found = [code for code in found if not countries or code.within(countries)]
            agreeing = [code for code in found if any(agree(code, town) for town in towns)]
            if len(agreeing) == 1 or len(found) == 1:
                return (agreeing or found)[0]
        return None

    def _near(self, locality: str, scopes: tuple[Scope, ...]) -> tuple[str, ...]:
        countries = {scope.country for scope in scopes}
        return self._spelling.near(locality, countries.pop() if len(countries) == 1 else "")


def _main_of_nearest(point: Point, towns: Sequence[Match]) -> Match | None:
    away = {town: distance_km(point, town.place.point) for town in towns}
    limit = min(away.values(), default=0) + QUARTER_KM
    return min((town for town in towns if away[town] <= limit), key=heavier, default=None)


def _clearest(towns: list[Match], *, in_region: bool, note: str) -> Located:
    first, others = towns[0], towns[1:]
    rivals = [
        town for town in others if distance_km(first.place.point, town.place.point) > ONE_PLACE_KM
    ]
    factor = DOMINATING_IN_REGION if in_region else DOMINATING
    if rivals and first.weight < factor * max(town.weight for town in rivals):
        return Located(ambiguous=True, alternatives=_places(towns, ALTERNATIVES + 1), note=note)
    return Located(first.place, "locality", alternatives=alternatives(first, rivals), note=note)


def _no_chance(run: Sequence[str], found: Match) -> bool:
    """Whether a run among other words is surely meant as a place."""
    if len(run) > 1:
        return True
    if found.place.kind == "postcode":
        british = (
            found.place.country == "GB" and found.key[1].isalpha()
        )  # S1 and L5 are of the spine
        return len(found.key) >= 5 or found.place.country == "CA" or british
    if found.short:
        return False
    if place_key(run[0]) in ORDINARY_WORDS or not found.own_name:
        return False
    return found.place.population >= (KNOWN_TO_ALL if len(found.key) > 4 else KNOWN_BY_FOUR_LETTERS)


def _places(matches: Iterable[Match], limit: int) -> tuple[Place, ...]:
    return tuple({match.place.label: match.place for match in matches}.values())[:limit]
