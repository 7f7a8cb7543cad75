"""The contract again, as plainly as it can be said: one document at a time."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from directory.places import distance_km
from directory.search.port import ALL_OF, FACETS, Box, Document, Price, Query, Spot, alternatives
from directory.search.stems import term_of
from directory.search.text import words
from directory.search.whoosh_engine.arrays.schema import FIELDS


def matches(document: Document, query: Query) -> bool:
    """Whether a document answers a query."""
    return all(
        (
            document.confirmed_on > query.day - timedelta(days=365),
            _has_words(document, query),
            _has_facets(document, query),
            _has_none(document, query),
            _is_near(document, query),
            not query.accepting or _accepts(document, query),
            _is_inside(document, query),
            not query.box or any(_is_in(spot, query.box) for spot in document.spots),
            query.up_to is None or _costs_no_more(document, query.up_to),
            _lies_elsewhere(document, query),
            not query.home_visits or any(spot.home_visit_km > 0 for spot in document.spots),
        )
    )


def facet_counts(documents: list[Document], query: Query) -> dict[str, dict[str, int]]:
    """Counts by facet and slug; facets of alternatives without their own selection."""
    counts = {}
    for name in FACETS:
        kept = {k: v for k, v in query.chosen.items() if k != name or name in ALL_OF}
        answers = [d for d in documents if matches(d, replace(query, chosen=kept))]
        if name == "online" and query.served and (query.circle or query.areas):
            clicked = replace(query, chosen={**kept, name: frozenset({"1"})})
            answers = [d for d in documents if matches(d, clicked)]
        counts[name] = dict(Counter(slug for d in answers for slug in d.facets.get(name, ())))
    return counts


def kilometres(document: Document, query: Query) -> float | None:
    """From the centre to the nearest practice; None when it is found from afar alone."""
    assert query.circle is not None
    if not _is_near(document, replace(query, served="")):
        return None
    return min(distance_km(query.circle.centre, spot.point) for spot in document.spots)


def _is_in(spot: Spot, box: Box) -> bool:
    lat, lon = spot.point.lat, spot.point.lon
    after, before = lon >= box.west, lon <= box.east
    across = after or before if box.west > box.east else after and before
    return across and box.south <= lat <= box.north


def _accepts(document: Document, query: Query) -> bool:
    stated = document.accepting_stated_on
    return stated is not None and stated > query.day - timedelta(days=90)


def _costs_no_more(document: Document, most: Price) -> bool:
    price = document.price
    return price is not None and price.currency == most.currency and price.amount <= most.amount


def _has_word(document: Document, word: str) -> bool:
    return any(
        term_of(field, word) in [term_of(field, other) for other in words(getattr(document, field))]
        for field in FIELDS
    )


def _has_phrase(document: Document, phrase: str) -> bool:
    for field in FIELDS:
        said = [term_of(field, word) for word in words(getattr(document, field))]
        wanted = [term_of(field, word) for word in words(phrase)]
        if any(said[i : i + len(wanted)] == wanted for i in range(len(said))):
            return True
    return False


def _has_words(document: Document, query: Query) -> bool:
    asked = query.words
    return (
        all(_has_word(document, word) for word in asked.all_of)
        and all(_has_phrase(document, phrase) for phrase in asked.phrases)
        and not any(_has_phrase(document, text) for text in asked.none_of)
    )


def _has_facets(document: Document, query: Query) -> bool:
    for name, slugs in query.chosen.items():
        held = set(document.facets.get(name, ()))
        met = slugs & held
        if name in ALL_OF:
            met = all(group & held for group in alternatives(slugs, query.either))
        if not met:
            return False
    return True


def _has_none(document: Document, query: Query) -> bool:
    return not any(
        slugs & set(document.facets.get(name, ())) for name, slugs in query.without.items()
    )


def from_afar(document: Document, query: Query) -> bool:
    """Whether a document is found for whom it serves online, wherever it is."""
    online = bool(query.chosen.get("online"))
    return online and bool(query.served) and query.served in document.facets.get("serves", ())


def _is_inside(document: Document, query: Query) -> bool:
    return (
        not query.areas
        or from_afar(document, query)
        or any(
            query.areas & set(spot.areas) and (spot.home_visit_km > 0 or not query.home_visits)
            for spot in document.spots
        )
    )


def _lies_elsewhere(document: Document, query: Query) -> bool:
    return not any(
        query.not_in & set(spot.areas)
        or any(distance_km(c.centre, spot.point) <= c.km for c in query.not_near)
        for spot in document.spots
    )


def practice_there(document: Document, query: Query) -> int:
    """The first practice for which a document is found in an area; 0 when none is there."""
    there = (
        i
        for i, spot in enumerate(document.spots)
        if query.areas & set(spot.areas) and (spot.home_visit_km > 0 or not query.home_visits)
    )
    return next(there, 0)


def _is_near(document: Document, query: Query) -> bool:
    if query.circle is None or from_afar(document, query):
        return True
    return any(
        distance_km(query.circle.centre, spot.point) <= max(query.circle.km, spot.home_visit_km)
        for spot in document.spots
    )
