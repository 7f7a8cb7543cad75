"""From wishes to a Query: what the words mean, where the place is, what is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from directory.errors import Invalid
from directory.models import ACCESS, AGES
from directory.places import Place, Point
from directory.policies import Policy
from directory.said import said
from directory.search.port import FACETS, Circle, Query, Sort
from directory.usecases.visitors.criteria import MOST_KM, Criteria
from directory.usecases.visitors.finder import Finder, Watch
from directory.usecases.visitors.profiles import labels
from directory.usecases.visitors.reading.languages import language_names
from directory.usecases.visitors.results import Around
from directory.usecases.visitors.understanding import Reading, understand

WIDE = {"region": 250.0, "country": MOST_KM}


@dataclass(frozen=True, slots=True)
class Asked:
    """A search made ready: the visitor's wishes, what was read from them, and the Query.

    `unsearched` are conditions among the words that nobody may name where it looks.
    """

    wanted: Criteria
    reading: Reading
    around: Around | None
    query: Query
    known: Mapping[str, Mapping[str, str]]
    unsearched: tuple[str, ...] = ()


def ask(
    finder: Finder, wanted: Criteria, watch: Watch | None = None, *, facts: bool = True
) -> Asked:
    """Turn wishes into a Query, with everything that had to be looked up on the way.

    Without `facts`, words for a language, an age and the like are words as any other.
    """
    known = known_values(finder)
    _check_slugs(wanted, known)
    watch = watch or Watch()
    reading = understand(finder, wanted, facts=facts)
    watch.end("words")
    around = _around(finder, wanted, reading)
    watch.end("place")
    chosen, unsearched = _searchable(finder, around, wanted, _chosen(wanted, reading))
    query = Query(
        day=finder.today,
        words=reading.text,
        chosen=chosen,
        circle=Circle(around.point, around.within_km) if around else None,
        without=_without(reading),
        accepting=wanted.accepting or bool(reading.slugs("accepting")),
        home_visits=wanted.home_visits or bool(reading.slugs("home_visits")),
        sort=_sort(wanted, reading, around),
        offset=(wanted.page - 1) * wanted.per_page,
        limit=wanted.per_page,
    )
    return Asked(wanted, reading, around, query, known, unsearched)


def known_values(finder: Finder) -> Mapping[str, Mapping[str, str]]:
    """Labels by slug, for each facet."""
    taxonomy = finder.taxonomy
    return {
        "profession": labels(taxonomy.professions),
        "condition": labels(taxonomy.conditions),
        "credential": labels(taxonomy.credentials),
        "language": language_names(),
        "ages": AGES,
        "access": ACCESS,
    }


def _check_slugs(wanted: Criteria, known: Mapping[str, Mapping[str, str]]) -> None:
    unknown = {
        name: [said("We do not know “%(slug)s”.", slug=slug[:60]) for slug in strange]
        for name in FACETS
        if (strange := [slug for slug in getattr(wanted, name) if slug not in known[name]])
    }
    if unknown:
        raise Invalid(unknown)


def _chosen(wanted: Criteria, reading: Reading) -> dict[str, frozenset[str]]:
    chosen = wanted.chosen()
    for kind in FACETS:
        if slugs := reading.slugs(kind):
            chosen[kind] = chosen.get(kind, frozenset()) | frozenset(slugs)
    return chosen


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


def _without(reading: Reading) -> dict[str, frozenset[str]]:
    kinds = {span.kind for span in reading.unwanted if span.kind in FACETS}
    return {
        kind: frozenset(span.slug for span in reading.unwanted if span.kind == kind)
        for kind in sorted(kinds)
    }


def _around(finder: Finder, wanted: Criteria, reading: Reading) -> Around | None:
    if wanted.lat is not None and wanted.lon is not None:
        return _around_point(finder, Point(wanted.lat, wanted.lon), wanted)
    if wanted.near:
        found = finder.gazetteer.resolve(wanted.near)
        if found.place is None:
            raise Invalid(
                {"near": [said("We could not find a place called “%(name)s”.", name=wanted.near)]},
                [(label, wanted.but(near=label)) for label in found.suggestions],
            )
        return _around_place(found.place, found.alternatives, wanted)
    if reading.place:
        again = finder.gazetteer.resolve(reading.place_words)
        return _around_place(reading.place, again.alternatives if again.place else (), wanted)
    return None


def _around_place(place: Place, alternatives: tuple[Place, ...], wanted: Criteria) -> Around:
    km = wanted.within_km if wanted.within else WIDE.get(place.kind, wanted.within_km)
    return Around(place.label, place.point, km, place.country, alternatives)


def _around_point(finder: Finder, point: Point, wanted: Criteria) -> Around:
    nearest = finder.gazetteer.nearest(point)
    label = nearest.label if nearest else f"{point.lat:.2f}, {point.lon:.2f}"
    return Around(label, point, wanted.within_km, nearest.country if nearest else "")


def _sort(wanted: Criteria, reading: Reading, around: Around | None) -> Sort:
    if wanted.sort and (wanted.sort is not Sort.DISTANCE or around):
        return wanted.sort
    if reading.text.all_of or reading.text.phrases:
        return Sort.RELEVANCE
    return Sort.DISTANCE if around else Sort.FAIR
