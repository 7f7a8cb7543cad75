"""From wishes to a Query: what the words mean, where the place is, what is chosen."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from math import sqrt

from directory.errors import Invalid
from directory.models import ACCESS, AGES, FEES, ONLINE, PRACTITIONERS, TIMES, Taxonomy
from directory.models.offers import country_names, currency_of
from directory.places import Place, Point, Resolution
from directory.places.areas import bordering
from directory.policies import Policy
from directory.said import said
from directory.search.port import ALL_OF, FACETS, Circle, Price, Query, Sort
from directory.search.text import each
from directory.usecases.visitors.criteria import DEFAULT_KM, Criteria
from directory.usecases.visitors.finder import Finder, Watch
from directory.usecases.visitors.profiles import labels
from directory.usecases.visitors.reading.languages import language_names
from directory.usecases.visitors.reading.numbers import amounts, distances
from directory.usecases.visitors.reading.whereabouts import nowhere
from directory.usecases.visitors.reading.whereabouts.elsewhere import Apart
from directory.usecases.visitors.reading.without import LEFT_OUT
from directory.usecases.visitors.results import Around
from directory.usecases.visitors.understanding import Reading, understand

# More practitioners than these make a town no likelier.
ENOUGH_NEAR = 9
# The money that is meant where nothing tells which: most practitioners are in the US.
UNTOLD = "USD"
# A town in the country that the browser's language names, and a postcode there; and in others where
# that language is spoken.
HOME_TOWN, HOME_POSTCODE = 3.0, 30.0
KIN_TOWN, KIN_POSTCODE = 2.0, 12.0
_KIN = (
    ("DE", "AT", "CH", "LI", "LU"),
    ("FR", "BE", "CH", "LU"),
    ("IT", "CH", "SM"),
    ("NL", "BE"),
    ("PT", "BR"),
    ("ES", "MX", "AR", "CO", "CL", "PE", "UY", "CR", "EC"),
    ("GB", "IE"),
    ("US", "CA"),
    ("AU", "NZ"),
    ("DK", "NO", "SE"),
    ("CZ", "SK"),
)
# Towns elsewhere are named after theirs: whoever is at home there means those sooner, and one of so
# many people as if some practised near it.
_NAMED_AFTER = each("GB IE FR ES IT PT DE AT CH NL BE")
NAMED_AFTER, KNOWN_AT_HOME, SOME_NEAR = 15.0, 30_000, 6.0
# So many digits are the beginning of a code there, which is written with more.
_BEGUN_CODES = {"BR": (re.compile(r"\d{5}"), "{}-000")}
# Who is not to practise in a town does not practise so near its middle.
TOWN_KM, MOST_TOWN_KM = 12.0, 20.0
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A search made ready: the visitor's wishes, what was read from them, and the Query.

    `unsearched` are conditions among the words that nobody may name where it looks; `currency` is
    the one in which prices are compared there; `apart` are the places where nobody who is wanted
    practises.
    """

    wanted: Criteria
    reading: Reading
    around: Around | None
    query: Query
    known: Mapping[str, Mapping[str, str]]
    unsearched: tuple[str, ...] = ()
    currency: str = ""
    apart: tuple[Place, ...] = ()


def ask(
    finder: Finder, wanted: Criteria, watch: Watch | None = None, *, facts: bool = True
) -> Asked:
    """Turn wishes into a Query, with everything that had to be looked up on the way.

    Without `facts`, words for a language, an age and the like are words as any other.
    """
    known = known_values(finder)
    _check_slugs(wanted, known)
    watch = watch or Watch()
    wanted, near_me = nowhere.placed(wanted)
    reading = understand(finder, wanted, facts=facts)
    reading = replace(reading, near_me=reading.near_me or (near_me and reading.place is None))
    watch.end("words")
    around = _around(finder, wanted, reading)
    watch.end("place")
    apart = [_meant(finder, reading, one, around) for one in reading.apart]
    inside, left = _areas(around)
    chosen, either = _chosen(wanted, reading)
    chosen, unsearched = _searchable(finder, around, wanted, chosen)
    currency = _currency(finder, around)
    query = Query(
        day=finder.today,
        words=reading.text,
        chosen=chosen,
        either=either,
        without=_without(reading),
        not_in=frozenset(code for place in apart for code in place.areas) | left,
        not_near=frozenset(Circle(p.point, _reach(p)) for p in apart if not p.is_area),
        circle=circle_of(around),
        areas=inside,
        served=around.country if around and not around.across else "",
        up_to=_up_to(wanted, reading, currency),
        accepting=wanted.accepting or bool(reading.slugs("accepting")),
        home_visits=wanted.home_visits or bool(reading.slugs("home_visits")),
        sort=_sort(wanted, reading, around),
        offset=(wanted.page - 1) * wanted.per_page,
        limit=wanted.per_page,
    )
    return Asked(wanted, reading, around, query, known, unsearched, currency, tuple(apart))


def known_values(finder: Finder) -> Mapping[str, Mapping[str, str]]:
    """Labels by slug, for each facet."""
    return _known_values(finder.taxonomy)


@lru_cache(maxsize=2)
def _known_values(taxonomy: Taxonomy) -> Mapping[str, Mapping[str, str]]:
    return {
        "profession": labels(taxonomy.professions),
        "condition": labels(taxonomy.conditions),
        "credential": labels(taxonomy.credentials),
        "language": language_names(),
        "ages": AGES,
        "access": ACCESS,
        "times": TIMES,
        "fees": FEES,
        "online": ONLINE,
        "serves": country_names(),
        "practitioner": PRACTITIONERS,
    }


def _check_slugs(wanted: Criteria, known: Mapping[str, Mapping[str, str]]) -> None:
    unknown = {
        name: [said("We do not know “%(slug)s”.", slug=slug[:60]) for slug in strange]
        for name in FACETS
        if (strange := [slug for slug in getattr(wanted, name) if slug not in known[name]])
    }
    if unknown:
        raise Invalid(unknown)


def _chosen(
    wanted: Criteria, reading: Reading
) -> tuple[dict[str, frozenset[str]], frozenset[frozenset[str]]]:
    """What is wanted, by facet; and of which of it either will do."""
    chosen = wanted.chosen()
    by_hand = frozenset().union(*(chosen.get(kind, frozenset()) for kind in ALL_OF))
    # Whoever chose one of two by hand needs no other.
    met = frozenset(group for group in reading.either.groups if group & by_hand)
    needless = frozenset().union(*met) - by_hand
    for kind in FACETS:
        if slugs := frozenset(reading.slugs(kind)) - needless:
            chosen[kind] = chosen.get(kind, frozenset()) | slugs
    return chosen, reading.either.groups - met


def _searchable(
    finder: Finder, around: Around | None, wanted: Criteria, chosen: dict[str, frozenset[str]]
) -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    """Without the conditions among the words where listings name none, and which those are.

    What was chosen by hand stays, for its filter says that it is on.
    """
    read = chosen.get("condition", frozenset()) - frozenset(wanted.condition)
    if not (read and around and finder.policies.of(around.country) is Policy.NO_CONDITIONS):
        return chosen, ()
    kept = {**chosen, "condition": frozenset(wanted.condition)}
    return {name: slugs for name, slugs in kept.items() if slugs}, tuple(sorted(read))


def _currency(finder: Finder, around: Around | None) -> str:
    """The money of the place, or else of most listings."""
    there = currency_of(around.country) if around else ""
    return there or finder.reader.currency() or currency_of(finder.home) or UNTOLD


def _up_to(wanted: Criteria, reading: Reading, currency: str) -> Price | None:
    if wanted.up_to:
        return Price(wanted.up_to, currency)
    said = reading.slugs("up_to")
    return amounts.price(said[0], currency) if said else None


def _without(reading: Reading) -> dict[str, frozenset[str]]:
    unwanted = [span for span in reading.unwanted if span.kind in LEFT_OUT]
    return {
        kind: frozenset(slug for span in unwanted if span.kind == kind for slug in span.slugs)
        for kind in sorted({span.kind for span in unwanted})
    }


def _around(finder: Finder, wanted: Criteria, reading: Reading) -> Around | None:
    far = reading.slugs(distances.KIND)
    wanted = replace(wanted, within=wanted.within or "".join(far[:1]))
    if wanted.lat is not None and wanted.lon is not None:
        return _around_point(finder, Point(wanted.lat, wanted.lon), wanted)
    if wanted.near:
        near, within = _parted(finder, wanted.near)
        wanted = replace(wanted, within=wanted.within or within)
        found = finder.gazetteer.resolve(
            _as_at_home(finder, near), weigh=partial(_likelier, finder)
        )
        if found.place is None:
            raise Invalid(
                {"near": [said("We could not find a place called “%(name)s”.", name=wanted.near)]},
                [(label, wanted.but(near=label)) for label in found.suggestions],
            )
        around = _around_place(found.place, found.alternatives, wanted)
        return _with_the_rest(around, found)
    if reading.place and reading.pasted:
        return _around_place(reading.place, (), wanted)
    if reading.place:
        words = reading.place_words
        words = _as_at_home(finder, words)
        again = finder.gazetteer.resolve(words, weigh=partial(_likelier, finder))
        if again.place and _of_one_sort(again.place, reading.place):
            return _with_the_rest(_around_place(again.place, again.alternatives, wanted), again)
        return _around_place(reading.place, again.alternatives if again.place else (), wanted)
    return None


def _parted(finder: Finder, near: str) -> tuple[str, str]:
    """A place in words without a distance beside it, and that: "Berlin", "50km"."""
    place, within = distances.apart(near)
    named = finder.gazetteer.find_in(near.split(), start_only=True) if within else None
    called_so = named and named[1] == len(near.split())
    return (near, "") if called_so or not place else (place, within)


def _with_the_rest(around: Around, found: Resolution) -> Around:
    """With what else was said of the place, and was not taken."""
    return replace(around, unread=found.unread, aside=found.aside.label if found.aside else "")


def _of_one_sort(one: Place, other: Place) -> bool:
    """Whether both are codes, or neither is."""
    return (one.kind == "postcode") == (other.kind == "postcode")


def _meant(finder: Finder, reading: Reading, one: Apart, around: Around | None) -> Place:
    """A place that is not wanted: of several of that name one in the place that is, or the likeliest."""
    words = " ".join(piece.text for piece in reading.pieces[one.end - one.length : one.end])
    if around and around.kind == "area":
        inside = finder.gazetteer.resolve(f"{words}, {around.label}")
        if inside.place and not inside.unread and _lies_in(inside.place, around):
            return inside.place
    again = finder.gazetteer.resolve(words, weigh=partial(_likelier, finder)).place
    return again if again and _of_one_sort(again, one.place) else one.place


def _lies_in(place: Place, around: Around) -> bool:
    """Whether a place lies in an area that is made of codes, and is not all of it."""
    code = f"{place.country}.{place.region_code}"
    return not frozenset(around.areas) <= frozenset(place.areas) and any(
        code == area or code.startswith(f"{area}.") for area in around.areas
    )


def _reach(town: Place) -> float:
    """How far a town reaches that is to be left aside, in km: a big one farther."""
    return min(TOWN_KM * max(1.0, sqrt(town.population / MILLION)), MOST_TOWN_KM)


def _areas(around: Around | None) -> tuple[frozenset[str], frozenset[str]]:
    """The areas to look in; and those to leave aside, when it is just across the border."""
    areas = frozenset(around.areas) if around else frozenset[str]()
    if around and around.across:
        return bordering.marked(areas), areas
    return areas, frozenset()


def _likelier(finder: Finder, places: Sequence[Place]) -> list[float]:
    """How much likelier each of some namesakes is than its size tells.

    By where practitioners are, near it or at least in its country, and by the country that the
    language of the browser names: never by an address or a cookie.
    """
    countries = sorted({place.country for place in places})
    asked = [
        Query(finder.today, areas=frozenset(place.areas))
        if place.is_area
        else Query(finder.today, circle=Circle(place.point, DEFAULT_KM))
        for place in places
    ]
    asked += [Query(finder.today, areas=frozenset({country})) for country in countries]
    totals = finder.reader.totals(asked)
    there = dict(zip(countries, totals[len(places) :], strict=True))
    return [
        max(_by_practitioners(near, there[place.country]), _least(finder, place))
        * _by_language(finder, place)
        for place, near in zip(places, totals, strict=False)
    ]


def _by_practitioners(near: int, in_country: int) -> float:
    if near:
        return 1.0 + min(near, ENOUGH_NEAR)
    return 0.3 if in_country else 0.1


def _least(finder: Finder, place: Place) -> float:
    """A code of one's own country or language, and a town there, is meant, whoever practises."""
    if place.is_area:
        return 0.0
    if place.kind == "postcode":
        ours = place.country == finder.home or _is_kin(finder.home, place.country)
        return 1.0 if ours else 0.0
    if place.country != finder.home or finder.home not in _NAMED_AFTER:
        return 0.0
    return SOME_NEAR if place.population >= KNOWN_AT_HOME else 1.0


def _by_language(finder: Finder, place: Place) -> float:
    if place.is_area:
        return 1.0
    code = place.kind == "postcode"
    if place.country == finder.home:
        town = NAMED_AFTER if finder.home in _NAMED_AFTER else HOME_TOWN
        return HOME_POSTCODE if code else town
    if kin := _is_kin(finder.home, place.country):
        return KIN_POSTCODE + kin if code else KIN_TOWN
    return 1.0


def _is_kin(home: str, country: str) -> float:
    """Whether people speak one language in two countries: 1 at most, less where fewer do."""
    for countries in _KIN:
        if home in countries and country in countries:
            return 1.0 - countries.index(country) / len(countries)
    return 0.0


def _as_at_home(finder: Finder, words: str) -> str:
    """A code as it is whole, where people write its beginning alone."""
    form, whole = _BEGUN_CODES.get(finder.home, (None, ""))
    return whole.format(words) if form and form.fullmatch(words) else words


def circle_of(around: Around | None) -> Circle | None:
    """The circle around a point; None without a place, and in an area."""
    if around is None or around.within_km is None:
        return None
    return Circle(around.point, around.within_km)


def _around_place(place: Place, alternatives: tuple[Place, ...], wanted: Criteria) -> Around:
    km = None if place.is_area else wanted.within_km
    across = wanted.beyond and place.is_area
    return Around(
        place.label, place.point, km, place.country, alternatives, place.areas, across=across
    )


def _around_point(finder: Finder, point: Point, wanted: Criteria) -> Around:
    nearest = finder.gazetteer.nearest(point)
    label = nearest.label if nearest else f"{point.lat:.2f}, {point.lon:.2f}"
    return Around(label, point, wanted.within_km, nearest.country if nearest else "")


def _sort(wanted: Criteria, reading: Reading, around: Around | None) -> Sort:
    near = around is not None and around.kind == "point"
    if wanted.sort and (wanted.sort is not Sort.DISTANCE or near):
        return wanted.sort
    if reading.text.all_of or reading.text.phrases:
        return Sort.RELEVANCE
    return Sort.DISTANCE if near else Sort.FAIR
