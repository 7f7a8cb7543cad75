"""A line as people write or paste it, when it is not just a place's name.

"1234 Pearl Street Boulder CO 80302", "Capitol Hill, Seattle", "downtown
Denver", "N. Vancouver": the place in it, and the words that say nothing to us.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from directory.places import postal, shorthand
from directory.places.exact import MAX_WORDS, Exact, agree
from directory.places.geo import distance_km
from directory.places.names import fold, place_key
from directory.places.place import Match, Place

BIG = 100_000  # a town that is meant at the end of a line without commas and numbers
BIG_AT_FIRST = 50_000  # or at its beginning, by another of its names, too
KNOWN = 15_000
BESIDE_KM = 60  # a quarter that now belongs to the county next door
LONGEST_PLACE = 6
# So far apart a code and a town are no suburb and its city.
ASIDE_KM, LEAST_BESIDE = 20, 4
MOST_READ = 24
LEAST_CODE = 5
LEAST_BEGUN = 4
LONGEST_DIRECTED = 3
DIRECTIONS = frozenset({"n", "s", "e", "w", "nth", "sth", "ne", "nw"})
# A line with so few slips is a misspelt name; so much alike a region is meant.
SLIPS, ALIKE = 3, 0.5
_DIGIT = re.compile(r"\d")
# Words that end the name of a street and are also towns.
_STREET_WORDS = """
    street st road rd lane ln avenue ave drive dr way court ct close square sq place pl park hill
    terrace crescent gardens grove mews row walk rise green boulevard blvd parkway highway circle
    loop trail house floor suite unit apt
"""
_STREETS = frozenset(_STREET_WORDS.split())
# "(FI)" of Florence: an Italian province.
_PROVINCE = re.compile(r"[\s,(]+[A-Z]{2}\)?$")
_STREET_OF = {
    **dict.fromkeys(("rue", "boulevard", "chemin", "allee", "quai", "impasse"), "FR"),
    **dict.fromkeys(("via", "viale", "piazza", "corso", "vicolo", "largo"), "IT"),
    **dict.fromkeys(("calle", "avenida", "plaza", "paseo", "carrer", "c"), "ES"),
    **dict.fromkeys(("strasse", "platz", "weg", "gasse"), "DE"),
}
_NEAR = re.compile(r"[\s,]+(?:near|nr|bei|by|close to|outside|next to|in)[\s.]+", re.IGNORECASE)
_OR = re.compile(r"\s*/\s*|\s+(?:or|and|oder|und|ou|et|o|y|&)\s+", re.IGNORECASE)


class Found(NamedTuple):
    """What a line names, the likeliest first, and its words that were not understood.

    `other` is the second of two places: one can be searched around at a time.
    """

    matches: list[Match]
    unread: str = ""
    other: Match | None = None


class Host(NamedTuple):
    """A town beside a place; `aside` when it lies elsewhere."""

    aside: Place | None


NOTHING = Found([])


class Lines:
    """Reads lines in which something stands around the place."""

    def __init__(self, exact: Exact) -> None:
        self._exact = exact

    def read(self, text: str, country: str = "") -> Found:
        """The place of a line, nothing when it is not clear."""
        readings = (
            self._coded,
            self._shortened,
            self._dressed,
            self._address,
            self._begun,
            self._quarter,
            self._either,
        )
        for reading in readings:
            found = reading(text, country)
            if found.matches:
                return found
        return NOTHING

    def opening(self, text: str, country: str, near: Sequence[str]) -> Found:
        """A big town at the beginning of a line, unless the line is `near` what is spelt so."""
        words = text.split()
        for end in range(min(len(words) - 1, LONGEST_PLACE), 0, -1):
            name, rest = " ".join(words[:end]).strip(" ,"), " ".join(words[end:])
            found = _towns_first(self._exact.matches(name, country))
            found = found if found and found[0].place.kind == "town" else []
            big = found and found[0].weight >= BIG_AT_FIRST and len(found[0].key) > 3
            if big and not any(_is_spelt_so(text, rest, label) for label in near):
                return Found(found, rest)
        return NOTHING

    def ending(self, text: str, country: str, near: Sequence[str] = ()) -> Found:
        """A big town at the end of a line that has no commas and no numbers; else at its beginning."""
        words = text.split()
        for start in range(1, min(len(words), MAX_WORDS)):
            found = self._towns(" ".join(words[start:]), country)
            if found and found[0].weight >= BIG and len(found[0].key) > 3:
                return Found(found, " ".join(words[:start]))
        return self.opening(text, country, near)

    def named_before(self, unread: str, place: Place) -> "Host | None":
        """The town that stood beside a place: its own city, or another one that is left aside."""
        if not unread or _DIGIT.search(unread):
            return None
        found = self._towns(unread, "")
        if not found or not found[0].own_name or found[0].weight < KNOWN:
            return None
        near = [one for one in found if distance_km(one.place.point, place.point) <= ASIDE_KM]
        if near:
            return Host(None)
        return Host(found[0].place) if found[0].weight >= BIG else None

    def aside(self, text: str, place: Place) -> Place | None:
        """Of a code and a town that a text names side by side the one that lies elsewhere."""
        if " " not in text or not _DIGIT.search(text):
            return None
        if place.kind == "postcode" and place_key(place.name) in place_key(text):
            return None
        for reading in postal.readings(text):
            if len(reading.code) < LEAST_BESIDE or not reading.rest:
                continue
            for other in self._beside_place(reading, place):
                if distance_km(other.place.point, place.point) > ASIDE_KM:
                    return other.place
        return None

    def _beside_place(self, reading: postal.Parsed, place: Place) -> list[Match]:
        """The town beside a code that is the place, or the codes beside a town that is."""
        found = self._exact.named(reading.rest)
        town = next((one for one in found if one.place.kind == "town"), None)
        if town is None:
            return []
        if place.kind == "postcode":
            return [town] if town.own_name and town.key != place_key(place.name) else []
        codes = self._exact.codes(reading, town.place.country)
        same = town.place.label == place.label
        return codes if same and not any(agree(one, town) for one in codes) else []

    def _coded(self, text: str, country: str) -> Found:
        """A code, when the end of the other words agrees with it or they name nothing at all."""
        for reading in postal.readings(text):
            codes = self._exact.codes(reading, country)
            if not codes:
                continue
            places = [found for found, _ in self._endings(reading.rest, country)]
            rest = _PROVINCE.sub("", reading.rest)
            again = self._endings(rest, country) if rest != reading.rest else ()
            for place in (*places, *(found for found, _ in again)):
                near = [code for code in codes if self._belongs(code, place)]
                if near:
                    return Found(near)
            # A whole one says more than a town that has namesakes.
            if reading.whole or (not places and (reading.clear or _ends_with(text, reading.code))):
                return Found(codes)
            if not places and (there := _before_town(text, reading.code, codes)):
                return Found(there)
        return NOTHING

    def _belongs(self, code: Match, place: Match) -> bool:
        if place.place.kind == "town":
            return agree(code, place)
        return self._exact.holds((place.scope,), code)

    def heavier(self, text: str, country: str, than: Match) -> list[Match]:
        """A far bigger town that is said among words such as central: not a village's second name."""
        found = self._dressed(text, country).matches if not than.own_name else []
        return found if found and found[0].weight > than.place.population else []

    def _dressed(self, text: str, country: str) -> Found:
        """A place among words such as near, downtown or area."""
        for shorter in shorthand.bare(text):
            found = self._exact.matches(shorter, country)
            found = found or self._in_full(shorter, country)
            if found:
                around = set(fold(text).split()) - set(fold(shorter).split())
                return Found(_towns_first(found) if around & shorthand.TOWN_WORDS else found)
        return NOTHING

    def _shortened(self, text: str, country: str) -> Found:
        return Found(self._in_full(text, country))

    def _in_full(self, text: str, country: str) -> list[Match]:
        for full in shorthand.in_full(text):
            if found := self._exact.named(full, country):
                return found
        return []

    def beginning(self, words: Sequence[str]) -> list[Match]:
        """A town after a direction or after what says where in it: "N Vancouver", "downtown Denver"."""
        inside = len(words) > 1 and fold(words[0]) in shorthand.TOWN_WORDS
        return (inside and self._towns(" ".join(words[1:]), "")) or self.directed(words)

    def directed(self, words: Sequence[str]) -> list[Match]:
        """A town whose name begins with a direction, shortened: "N Vancouver"."""
        short = 1 < len(words) <= LONGEST_DIRECTED and len(words[0]) <= LONGEST_DIRECTED
        if not short or fold(words[0]) not in DIRECTIONS:
            return []
        return self._full_towns(" ".join(words), "")

    def _address(self, text: str, country: str) -> Found:
        """The town at the end of an address, or at its beginning: one that has a number in it."""
        if not _DIGIT.search(text):
            return NOTHING
        for place, unread in self._endings(text, country):
            if place.place.kind == "town":
                return Found(self._again(text, unread, country) or [place], unread)
        plain = " ".join(word for word in text.split() if not _DIGIT.search(word)).strip(" ,")
        for words in _beginnings(plain):
            found = self._towns(words, country)
            if found and found[0].own_name and found[0].weight >= KNOWN:
                return Found(found, text.replace(words, "", 1).strip(" ,"))
        return NOTHING

    def _again(self, text: str, unread: str, country: str) -> list[Match]:
        return self._exact.matches(text[len(unread) :].strip(" ,"), country)

    def _endings(self, text: str, country: str) -> Iterator[tuple[Match, str]]:
        """Places at the end of a line, by the most words first, with what stands before each."""
        words = text.replace(",", " , ").split()[-MOST_READ:]
        words = words[:-1] if words and _DIGIT.search(words[-1]) and len(words) > 1 else words
        for start in range(max(0, len(words) - LONGEST_PLACE), len(words)):
            run = " ".join(words[start:]).replace(" ,", ",").strip(" ,")
            if _DIGIT.search(run) or fold(run) in _STREETS:
                continue
            found = self._exact.named(run, country)
            found = [match for match in found if not match.short] or found
            if found and len(place_key(run)) > 1:
                before = " ".join(words[:start]).replace(" ,", ",")
                yield found[0], before

    def _begun(self, text: str, country: str) -> Found:
        """A town by the beginning of its name, in its county: "Burton, Staffs"."""
        name, _, rest = text.partition(",")
        scopes = tuple(s for s in self._exact.scopes(fold(rest).split()) if s.code)
        if not scopes or len(place_key(name)) < LEAST_BEGUN:
            return NOTHING
        scopes = tuple(s for s in scopes if country in ("", s.country))
        return Found(self._exact.beginning(fold(name), scopes))

    def _quarter(self, text: str, country: str) -> Found:
        """The town after a comma (or after "near"), when nothing is known of the quarter before it."""
        for line in dict.fromkeys((text, _NEAR.sub(", ", text))):
            parts = [part.strip() for part in line.split(",") if fold(part)]
            for start in range(1, len(parts)):
                quarter, rest = ", ".join(parts[:start]), ", ".join(parts[start:])
                if found := self._beside(parts[start - 1], rest, country):
                    return Found(found)
                if found := self._host(parts[start - 1], rest, country):
                    return Found(found, quarter)
        return NOTHING

    def _either(self, text: str, country: str) -> Found:
        """The first of two places: "Boulder/Denver"."""
        first, *others = _OR.split(text, maxsplit=1)
        found = self._towns(first, country) if others else []
        if not found or found[0].weight < KNOWN:
            return NOTHING
        if second := self._towns(others[0], country):
            return Found(found, other=second[0])
        return Found(found, others[0].strip())

    def _host(self, quarter: str, rest: str, country: str) -> list[Match]:
        """Towns that the rest names, if they are known or the quarter is not (a typing error else)."""
        found = self._towns(rest, country) or self._full_towns(rest, country)
        known = bool(self._exact.named(quarter))
        return found if found and (found[0].weight >= KNOWN or not known) else []

    def _full_towns(self, text: str, country: str) -> list[Match]:
        return [match for match in self._in_full(text, country) if match.place.kind == "town"]

    def _beside(self, quarter: str, rest: str, country: str) -> list[Match]:
        """A place of that name just outside the region that it is said to be in."""
        regions = [
            match for match in self._exact.named(rest, country) if match.place.kind == "region"
        ]
        return [
            town
            for town in self._towns(quarter, country)
            for region in regions
            if town.place.country == region.place.country
            and distance_km(town.place.point, region.place.point) <= BESIDE_KM
        ]

    def _towns(self, text: str, country: str) -> list[Match]:
        found = self._exact.matches(text, country)
        return found if found and found[0].place.kind in ("town", "postcode") else []


def _towns_first(found: list[Match]) -> list[Match]:
    """Of "Luxembourg City" the town, when it lies in the area of its name."""
    inside = [match for match in found if match.place.kind == "town"]
    if inside and found[0].place.is_area and inside[0].within((found[0].scope,)):
        return [*inside, *(match for match in found if match not in inside)]
    return found


def _is_spelt_so(text: str, rest: str, label: str) -> bool:
    """Whether a line is nearly a place's name, or what stands after a town nearly its region."""
    name, *regions = label.split(", ")
    if OSA.distance(place_key(text), place_key(name)) <= SLIPS:
        return True
    said = place_key(rest)
    regions = [place_key(region) for region in regions]
    return any(OSA.normalized_distance(said, region) <= ALIKE for region in regions if region)


def _before_town(text: str, code: str, codes: list[Match]) -> list[Match]:
    """Codes that stand before a town, as in an address: those of the language of the street first."""
    before, _, town = text.upper().partition(code)
    if len(code) < LEAST_CODE or not fold(town) or (fold(before) and before.rstrip()[-1] != ","):
        return []
    street = {country for word, country in _STREET_OF.items() if word in fold(before).split()}
    return sorted(codes, key=lambda match: match.place.country not in street)


def _ends_with(text: str, code: str) -> bool:
    """Whether a line ends with a code long enough to be no house number."""
    return len(code) >= LEAST_CODE and text.upper().rstrip(" .,").endswith(code)


def _beginnings(text: str) -> Iterator[str]:
    words: Sequence[str] = text.split()
    for end in range(min(len(words), LONGEST_PLACE), 0, -1):
        yield " ".join(words[:end]).strip(" ,")
