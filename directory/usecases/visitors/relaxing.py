"""Ways to ask for less: the chips of a search, and what dropping each would give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from directory.places import uses_miles
from directory.said import Said, said
from directory.search.port import ALL_OF, FACETS, Circle, Query, Ranking, Words
from directory.usecases.visitors.criteria import Criteria, kilometres
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.query import Asked
from directory.usecases.visitors.results import Chip, Relaxation

WIDER_KM = ("10km", "25km", "50km", "100km", "250km", "500km")
WIDER_MILES = ("5mi", "15mi", "30mi", "50mi", "100mi", "200mi", "300mi")


def chips(asked: Asked) -> tuple[Chip, ...]:
    """Everything the search was narrowed by, each with the search without it."""
    return (*_understood_chips(asked), *_filter_chips(asked), *_place_chips(asked))


def _understood_chips(asked: Asked) -> Iterator[Chip]:
    for span in asked.reading.spans:
        if span.kind in asked.known:
            yield Chip(
                kind=span.kind,
                value=span.slug,
                label=said("%(label)s", label=asked.known[span.kind].get(span.slug, span.slug)),
                wanted=asked.wanted.but(q=asked.reading.q_without(span.start, span.end)),
                understood=True,
                words=asked.reading.words_of(span),
            )


def _filter_chips(asked: Asked) -> Iterator[Chip]:
    wanted = asked.wanted
    for name in FACETS:
        for slug in getattr(wanted, name):
            label = said("%(label)s", label=asked.known[name][slug])
            yield Chip(name, slug, label, wanted.without(name, slug))
    if wanted.accepting:
        label = said("Accepting new clients")
        yield Chip("accepting", "1", label, wanted.without("accepting"))
    if wanted.home_visits:
        yield Chip("home_visits", "1", said("Home visits"), wanted.without("home_visits"))


def _place_chips(asked: Asked) -> Iterator[Chip]:
    if asked.around is None:
        return
    in_it = asked.around.kind == "area"
    label = said("In %(place)s" if in_it else "Near %(place)s", place=asked.around.label)
    if asked.reading.place:
        start, end = asked.reading.place_span
        without = asked.wanted.but(q=asked.reading.q_without(start, end), within="")
        yield Chip("place", asked.around.label, label, without, True, asked.reading.place_words)
    else:
        yield Chip("place", asked.around.label, label, asked.wanted.without("place"))


@dataclass(frozen=True, slots=True)
class _Way:
    """One way on: what it drops, in words, as a search and as a query."""

    drop: str
    label: Said
    wanted: Criteria
    query: Query


def relaxations(finder: Finder, asked: Asked, ranking: Ranking) -> tuple[Relaxation, ...]:
    """Every single thing to drop or widen that gives more, with its exact total.

    When no single one does, each wish on its own stands in: never a dead end.
    """
    now = 0 if ranking.partial else ranking.total
    ways = [*_dropped_facets(asked), *_dropped_flags(asked), *_dropped_words(asked)]
    ways += [*_wider(asked), *_wider_areas(finder, asked), *_anywhere(asked)]
    return _giving_more(finder, ways, now) or _giving_more(finder, _one_wish(asked), now)


def _giving_more(finder: Finder, ways: Sequence[_Way], now: int) -> tuple[Relaxation, ...]:
    totals = finder.reader.totals([way.query for way in ways])
    return tuple(
        Relaxation(way.drop, way.label, total, way.wanted)
        for way, total in zip(ways, totals, strict=True)
        if total > now
    )


def _one_wish(asked: Asked) -> list[_Way]:
    """Each wish alone: only the place, only one facet, only the words."""
    query, wanted = asked.query, Criteria(per_page=asked.wanted.per_page)
    alone = replace(
        query,
        words=Words(),
        chosen={},
        circle=None,
        areas=frozenset(),
        accepting=False,
        home_visits=False,
    )
    ways = []
    if asked.around:
        in_it = asked.around.kind == "area"
        label = said(
            "everyone in %(place)s" if in_it else "everyone near %(place)s",
            place=asked.around.label,
        )
        near = replace(wanted, near=asked.around.label, within=asked.wanted.within)
        if asked.wanted.lat is not None:
            near = replace(near, near="", lat=asked.wanted.lat, lon=asked.wanted.lon)
        there = replace(alone, circle=query.circle, areas=query.areas)
        ways.append(_Way("others", label, near, there))
    for name, slugs in query.chosen.items():
        labels = " / ".join(asked.known[name][slug] for slug in sorted(slugs))
        only = wanted.but(**{name: tuple(sorted(slugs))})
        kept = replace(alone, chosen={name: slugs})
        ways.append(_Way("others", said("only %(label)s", label=labels), only, kept))
    return ways


def _dropped_facets(asked: Asked) -> Iterator[_Way]:
    for name, slugs in asked.query.chosen.items():
        drops = [frozenset({slug}) for slug in sorted(slugs)] if name in ALL_OF else [slugs]
        for drop in drops:
            kept = {k: v for k, v in asked.query.chosen.items() if k != name}
            if slugs - drop:
                kept[name] = slugs - drop
            labels = [asked.known[name][slug] for slug in sorted(drop)]
            yield _Way(
                name,
                said("without %(label)s", label=" / ".join(labels)),
                _wanted_without(asked, name, drop),
                replace(asked.query, chosen=kept),
            )


def _wanted_without(asked: Asked, name: str, drop: frozenset[str]) -> Criteria:
    """Without some slugs, whether they were chosen or read from the words."""
    q, reading = asked.wanted.q, asked.reading
    spans = [s for s in reading.spans if s.kind == name and s.slug in drop]
    for span in sorted(spans, key=lambda span: -span.start):
        q = reading.q_without(span.start, span.end) if len(spans) == 1 else q
    if len(spans) > 1:
        inside = {i for span in spans for i in range(span.start, span.end)}
        q = " ".join(str(p) for i, p in enumerate(reading.pieces) if i not in inside)
    kept = tuple(slug for slug in getattr(asked.wanted, name) if slug not in drop)
    return asked.wanted.but(q=q, **{name: kept})


def _dropped_flags(asked: Asked) -> Iterator[_Way]:
    wanted, query = asked.wanted, asked.query
    if wanted.accepting:
        yield _Way(
            "accepting",
            said("whether or not they accept new clients"),
            wanted.without("accepting"),
            replace(query, accepting=False),
        )
    if wanted.home_visits:
        yield _Way(
            "home_visits",
            said("with or without home visits"),
            wanted.without("home_visits"),
            replace(query, home_visits=False),
        )


def _dropped_words(asked: Asked) -> Iterator[_Way]:
    if asked.query.words:
        text = " ".join((*asked.query.words.all_of, *asked.query.words.phrases))
        yield _Way(
            "q",
            said("without “%(text)s”", text=text or asked.wanted.q),
            asked.wanted.but(q=asked.reading.q_without_text()),
            replace(asked.query, words=Words()),
        )


def _wider(asked: Asked) -> Iterator[_Way]:
    if asked.around is None or asked.around.within_km is None:
        return
    in_miles = uses_miles(asked.around.country)
    for step in WIDER_MILES if in_miles else WIDER_KM:
        km = kilometres(step)
        if km <= asked.around.within_km * 1.02:
            continue
        said_step = said(
            "within %(number)s miles" if in_miles else "within %(number)s km",
            number=step.rstrip("mik"),
        )
        yield _Way(
            "within",
            said_step,
            asked.wanted.but(within=step),
            replace(asked.query, circle=Circle(asked.around.point, km)),
        )


def _wider_areas(finder: Finder, asked: Asked) -> Iterator[_Way]:
    """The region and the country that an area is in."""
    if asked.around is None or asked.around.kind == "point":
        return
    for place in finder.gazetteer.holding(asked.around.areas, asked.around.country):
        wanted = asked.wanted.but(near=place.label, within="")
        if asked.reading.place:
            wanted = wanted.but(q=asked.reading.q_without(*asked.reading.place_span))
        label = said("in all of %(place)s", place=place.label)
        yield _Way("within", label, wanted, replace(asked.query, areas=frozenset(place.areas)))


def _anywhere(asked: Asked) -> Iterator[_Way]:
    if asked.around is None:
        return
    wanted = asked.wanted.without("place")
    if asked.reading.place:
        wanted = asked.wanted.but(q=asked.reading.q_without(*asked.reading.place_span), within="")
    query = replace(asked.query, circle=None, areas=frozenset())
    yield _Way("place", said("anywhere"), wanted, query)
