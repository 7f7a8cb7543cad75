"""What a member of the public can do: find, read, browse, get suggestions."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import itemgetter

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from directory.errors import Gone, Moved, NotFound
from directory.freshness import SHOWN_FOR
from directory.models import GROUPS, Kind, Listing, Practice, Revision, Slug, State, Taxonomy
from directory.places import Place, Point, distance_km
from directory.search.port import Circle, Query
from directory.search.vocabulary import Vocabulary
from directory.usecases.listings import tombstones
from directory.usecases.visitors.criteria import DEFAULT_KM
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.profiles import (
    labels,
    live_profile_at,
    live_profiles,
)
from directory.usecases.visitors.results import (
    FacetValue,
    Home,
    Profile,
    TownCount,
)
from directory.usecases.visitors.understanding import vocabulary_phrases

SLUG = re.compile(r"[a-z0-9-]{1,80}")
TOWNS_ON_HOME = 24
# They are chosen among so many, which the fullest spots of the map give; who may be shown no more
# empties some.
TOWNS_WEIGHED, SPOTS_LOOKED_AT = 36, 200
# A crowd is named for the biggest town so near its middle; the next one is so far from it at least.
TOWN_KM, APART_KM = 25.0, 25.0


def vocabulary(taxonomy: Taxonomy) -> Vocabulary:
    """The words that are read as professions and conditions; the same while the terms stay so."""
    phrases = (
        (kind.value, slug, words)
        for kind, slug, words in taxonomy.phrases()
        if kind is not Kind.CREDENTIAL
    )
    return _vocabulary(tuple(phrases), tuple(taxonomy.phrases_elsewhere()))


@lru_cache(maxsize=2)
def _vocabulary(
    phrases: tuple[tuple[str, str, str], ...], elsewhere: tuple[tuple[str, str, str, str], ...]
) -> Vocabulary:
    return Vocabulary(vocabulary_phrases(iter(phrases)), elsewhere)


def listing(session: Session, finder: Finder, slug: str, *, key: bytes | None = None) -> Profile:
    """One public listing; raises NotFound, Gone when erased, Moved when its slug changed.

    Only with the `key` of tombstones can it be told that an address is that of an erased one.
    """
    if not SLUG.fullmatch(slug):
        raise NotFound("There is no listing at this address.")
    if profile := live_profile_at(session, finder, slug):
        return profile
    found = session.scalar(select(Listing).where(Listing.slug == slug))
    if found and found.state is State.ERASED:
        raise Gone("This listing was removed for good.")
    if found is None and (old := session.get(Slug, slug)):
        now = session.get(Listing, old.listing_id) if old.listing_id else None
        if now is None or now.state is State.ERASED:
            raise Gone("This listing was removed for good.")
        if now.shown(finder.today):
            raise Moved(now.slug)
    if found is None and key and tombstones.gone(session, slug, key=key):
        raise Gone("This listing was removed for good.")
    raise NotFound("There is no listing at this address.")


def profiles(session: Session, finder: Finder, slugs: Sequence[str]) -> tuple[Profile, ...]:
    """Several public listings, in the order asked for; unknown ones are left out."""
    slugs = [slug for slug in slugs if SLUG.fullmatch(slug)]
    rows = session.execute(select(Listing.slug, Listing.id).where(Listing.slug.in_(slugs)))
    ids = dict(rows.all())
    found = live_profiles(session, finder, list(ids.values()))
    wanted_ids = [ids[slug] for slug in dict.fromkeys(slugs) if slug in ids]
    return tuple(found[i] for i in wanted_ids if i in found)


def nearest(profile: Profile, point: Point) -> tuple[float, Practice] | None:
    """How many km it is to a listing's nearest practice, and which; None where nobody can come."""
    places = [
        (distance_km(point, Point(one.lat, one.lon)), one)
        for one in profile.practices
        if one.lat is not None and one.lon is not None
    ]
    return min(places, key=itemgetter(0), default=None)


def home(session: Session, finder: Finder) -> Home:
    """Everything to browse by, each with the count that its page of results has.

    The index counts: what costs a glance at everybody there is kept for its generation and the
    day by whoever asks (`web/visitors/front`).
    """
    ranking = finder.reader.search(Query(day=finder.today, limit=0))
    professions = _values(labels(finder.taxonomy.professions), ranking.facets.get("profession", {}))
    conditions = finder.taxonomy.conditions
    counts = ranking.facets.get("condition", {})
    groups = []
    for group, label in GROUPS.items():
        members = {slug: term.label for slug, term in conditions.items() if term.group == group}
        if values := _values(members, counts):
            groups.append((group, label, values))
    return Home(
        total=ranking.total,
        professions=tuple(sorted(professions, key=lambda value: (-value.count, value.label))),
        groups=tuple(groups),
        towns=tuple(_towns(finder)),
        has_demo=has_demo(session),
    )


def _values(known: dict[str, str], counts: object) -> tuple[FacetValue, ...]:
    by_slug = Counter(counts)  # type: ignore[call-overload]
    return tuple(
        FacetValue(slug, label, by_slug[slug], selected=False)
        for slug, label in known.items()
        if by_slug[slug]
    )


def _towns(finder: Finder) -> Iterator[TownCount]:
    """Towns where most practise, apart from each other; each counts whoever a search there finds."""
    towns = _crowded(finder)
    around = [Query(finder.today, circle=Circle(town.point, DEFAULT_KM)) for town in towns]
    counted = zip(finder.reader.totals(around), towns, strict=True)
    fullest = sorted(counted, key=lambda pair: (-pair[0], pair[1].label))
    for count, town in fullest[:TOWNS_ON_HOME]:
        if count:
            yield TownCount(town.name, town.label, count)


def _crowded(finder: Finder) -> list[Place]:
    chosen: list[Place] = []
    for point in finder.reader.crowds(most=SPOTS_LOOKED_AT):
        town = _town_of(finder, point)
        if town and all(distance_km(town.point, one.point) > APART_KM for one in chosen):
            chosen.append(town)
        if len(chosen) == TOWNS_WEIGHED:
            break
    return chosen


def _town_of(finder: Finder, point: Point) -> Place | None:
    """The town that people around a point name: the one that its own label finds."""
    key = ("the town of", point)
    kept: tuple[Place | None] | None = finder.kept.get(key)
    if kept is None:
        town = finder.gazetteer.biggest(point, within_km=TOWN_KM) or finder.gazetteer.nearest(point)
        found = finder.gazetteer.resolve(town.label).place if town else None
        kept = (found if found and not found.is_area else None,)
        finder.kept.put(key, kept)
    return kept[0]


# The columns of such a statement have an index of their own, of made-up ones alone.
_ANY_DEMO = select(exists().where(Listing.is_demo))


def has_demo(session: Session) -> bool:
    """Whether any listing is a made-up one, so that every page says so."""
    return bool(session.scalar(_ANY_DEMO))


def latest(session: Session, finder: Finder, most: int) -> list[Profile]:
    """Those confirmed last, so many at most."""
    shown = Listing.state == State.LIVE, Listing.confirmed_on > finder.today - SHOWN_FOR
    numbers = select(Listing.id).where(*shown).order_by(Listing.confirmed_on.desc()).limit(most)
    return list(live_profiles(session, finder, session.scalars(numbers).all()).values())


def sitemap(session: Session, finder: Finder) -> list[tuple[str, str]]:
    """Every public listing: its slug and the day its content last changed."""
    rows = session.execute(
        select(Listing.slug, Revision.created_at)
        .join(Listing.live)
        .where(Listing.state == State.LIVE, Listing.confirmed_on > finder.today - SHOWN_FOR)
        .order_by(Listing.slug)
    )
    return [(slug, changed.date().isoformat()) for slug, changed in rows]
