"""Ways to ask for less: the chips of a search, and what dropping each would give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from directory.models import ONLINE
from directory.models.offers import country_names
from directory.places import uses_miles
from directory.said import Said, said
from directory.search.port import (
    ALL_OF,
    FACETS,
    Circle,
    Price,
    Query,
    Ranking,
    Words,
    alternatives,
)
from directory.search.vocabulary import Span
from directory.usecases.visitors.criteria import Criteria, kilometres
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.query import Asked, ask, circle_of
from directory.usecases.visitors.reading.numbers import distances
from directory.usecases.visitors.reading.without import LEFT_OUT
from directory.usecases.visitors.results import Chip, Relaxation, Spelling

WIDER_KM = ("10km", "25km", "50km", "100km", "250km", "500km")
MOST_CHIPS = 3
FLAGS = {"accepting": said("Accepting new clients"), "home_visits": said("Home visits")}
WIDER_MILES = ("5mi", "15mi", "30mi", "50mi", "100mi", "200mi", "300mi")


def chips(asked: Asked) -> tuple[Chip, ...]:
    """Everything the search was narrowed by, each with the search without it."""
    return (*_understood_chips(asked), *_filter_chips(asked), *_place_chips(asked))


def _understood_chips(asked: Asked) -> Iterator[Chip]:
    for span in asked.reading.spans:
        if len(span.slugs) > MOST_CHIPS:  # "sign language" stands for many
            words = said("%(label)s", label=asked.reading.words_of(span))
            yield _understood_chip(asked, span, span.kind, span.slugs[0], words)
            continue
        for slug in span.slugs:
            if span.kind in asked.known or span.kind in FLAGS:
                yield _understood_chip(asked, span, span.kind, slug, _label(asked, span.kind, slug))
        if span.kind == distances.KIND and circle_of(asked.around) and not asked.wanted.within:
            far = distances.label(span.slug)
            yield _understood_chip(asked, span, span.kind, span.slug, far)
    yield from _unwanted_chips(asked)
    for one, place in zip(asked.reading.apart, asked.apart, strict=True):
        label = said("Not in %(place)s", place=place.label)
        q = asked.reading.q_without(one.start, one.end)
        said_so = " ".join(str(piece) for piece in asked.reading.pieces[one.start : one.end])
        yield Chip("without", place.label, label, asked.wanted.but(q=q), True, said_so)


def _unwanted_chips(asked: Asked) -> Iterator[Chip]:
    for span in asked.reading.unwanted:
        for slug in span.slugs if span.kind in LEFT_OUT else ():
            label = said("Not: %(label)s", label=asked.known[span.kind].get(slug, slug))
            yield _understood_chip(asked, span, "without", slug, label)


def _understood_chip(asked: Asked, span: Span, kind: str, slug: str, label: Said) -> Chip:
    return Chip(
        kind=kind,
        value=slug,
        label=label,
        wanted=asked.wanted.but(q=asked.reading.q_without(span.start, span.end)),
        understood=True,
        words=asked.reading.words_of(span),
    )


def _label(asked: Asked, kind: str, slug: str) -> Said:
    return (
        FLAGS[kind] if kind in FLAGS else said("%(label)s", label=asked.known[kind].get(slug, slug))
    )


def _filter_chips(asked: Asked) -> Iterator[Chip]:
    wanted = asked.wanted
    for name in FACETS:
        for slug in getattr(wanted, name):
            label = said("%(label)s", label=asked.known[name][slug])
            yield Chip(name, slug, label, wanted.without(name, slug))
    for flag, label in FLAGS.items():
        if getattr(wanted, flag):
            yield Chip(flag, "1", label, wanted.without(flag))
    if most := asked.query.up_to:
        yield _price_chip(asked, most)


def _price_chip(asked: Asked, most: Price) -> Chip:
    span = next((s for s in asked.reading.spans if s.kind == "up_to"), None)
    if span is None or asked.wanted.up_to:
        dropped = asked.wanted.without("up_to")
        return Chip("up_to", f"{most.amount:.10g}", most_said(most), dropped)
    return _understood_chip(asked, span, "up_to", f"{most.amount:.10g}", most_said(most))


def most_said(most: Price) -> Said:
    """The most that a session may cost, in words."""
    return said(
        "Up to %(amount)s %(currency)s", amount=f"{most.amount:.10g}", currency=most.currency
    )


def _place_chips(asked: Asked) -> Iterator[Chip]:
    if asked.around is None:
        return
    in_it = asked.around.kind == "area"
    label = said("In %(place)s" if in_it else "Near %(place)s", place=asked.around.label)
    if asked.around.across:
        label = said("Just across the border of %(place)s", place=asked.around.label)
    if asked.reading.place:
        without = asked.wanted.but(q=asked.reading.q_without_place(), within="", beyond=False)
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


def relaxations(
    finder: Finder, asked: Asked, ranking: Ranking, offered: Spelling | None = None
) -> tuple[Relaxation, ...]:
    """Every single thing to drop or widen that gives more, with its exact total.

    A spelling that is `offered` comes first. When no single way gives more, each wish on its
    own stands in: never a dead end.
    """
    now = 0 if ranking.partial else ranking.total
    ways = [
        *_spelled(finder, offered),
        *_dropped_facets(asked),
        *_dropped_flags(asked),
        *_dropped_words(asked),
    ]
    ways += [*_wider(asked), *_wider_areas(finder, asked), *_online(asked), *_anywhere(asked)]
    return _giving_more(finder, ways, now) or _giving_more(finder, _one_wish(asked), now)


def _spelled(finder: Finder, offered: Spelling | None) -> Iterator[_Way]:
    if offered:
        label = said("“%(words)s” instead", words=offered.text)
        yield _Way("spelling", label, offered.wanted, ask(finder, offered.wanted).query)


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
        without={},
        not_in=frozenset(),
        not_near=frozenset(),
        circle=None,
        areas=frozenset(),
        up_to=None,
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
        drops = [*alternatives(slugs, asked.query.either)] if name in ALL_OF else [slugs]
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
    spans = [s for s in reading.spans if s.kind == name and not drop.isdisjoint(s.slugs)]
    for span in sorted(spans, key=lambda span: -span.start):
        q = reading.q_without(span.start, span.end) if len(spans) == 1 else q
    if len(spans) > 1:
        inside = {i for span in spans for i in range(span.start, span.end)}
        q = " ".join(str(p) for i, p in enumerate(reading.pieces) if i not in inside)
    if name in FLAGS:
        return asked.wanted.but(q=q, **{name: False})
    kept = tuple(slug for slug in getattr(asked.wanted, name) if slug not in drop)
    return asked.wanted.but(q=q, **{name: kept})


def _dropped_flags(asked: Asked) -> Iterator[_Way]:
    query = asked.query
    for flag, label in (
        ("accepting", said("whether or not they accept new clients")),
        ("home_visits", said("with or without home visits")),
    ):
        if getattr(query, flag):
            wanted = _wanted_without(asked, flag, frozenset({"1"}))
            kept = replace(query, **{flag: False})  # type: ignore[arg-type]
            yield _Way(flag, label, wanted, kept)
    if query.up_to:
        wanted = _price_chip(asked, query.up_to).wanted
        yield _Way("up_to", said("whatever the price"), wanted, replace(query, up_to=None))
    if query.without or query.not_in or query.not_near:
        q = asked.reading.q_without_unwanted()
        yield _Way(
            "without",
            said("with those whom you left out, too"),
            asked.wanted.but(q=q),
            replace(query, without={}, not_in=frozenset(), not_near=frozenset()),
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
        wanted = asked.wanted.but(near=place.label, within="", beyond=False)
        if asked.reading.place:
            wanted = wanted.but(q=asked.reading.q_without_place())
        label = said("in all of %(place)s", place=place.label)
        yield _Way("within", label, wanted, replace(asked.query, areas=frozenset(place.areas)))


def _online(asked: Asked) -> Iterator[_Way]:
    """Those who work online for people there."""
    query = asked.query
    if not query.served or "online" in query.chosen:
        return
    kept = replace(query, chosen={**query.chosen, "online": frozenset(ONLINE)})
    country = country_names().get(query.served, query.served)
    label = said("online, for people in %(country)s", country=country)
    yield _Way("online", label, asked.wanted.but(online=tuple(ONLINE)), kept)


def _anywhere(asked: Asked) -> Iterator[_Way]:
    if asked.around is None:
        return
    wanted = asked.wanted.without("place")
    if asked.reading.place:
        wanted = asked.wanted.but(q=asked.reading.q_without_place(), within="", beyond=False)
    chosen = dict(asked.query.chosen)
    if asked.unsearched:
        chosen["condition"] = chosen.get("condition", frozenset()) | frozenset(asked.unsearched)
    query = replace(asked.query, circle=None, areas=frozenset(), chosen=chosen)
    yield _Way("place", said("anywhere"), wanted, query)
