"""Why am I not found? Where a listing stands in a search, or each reason why it does not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.freshness import FRESH_FOR, SHOWN_FOR
from directory.models import ONLINE, Draft, IndexChange, Listing, Practice, State
from directory.places import Point, distance_km, miles, uses_miles
from directory.places.areas import holding
from directory.policies import Policy
from directory.said import Said, said
from directory.search.port import ALL_OF, Hit, Price, Query, Sort, Words, alternatives
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.query import Asked, ask

LOOKED_AT = 1000
TELLING_FIELDS = frozenset({"name", "professions", "conditions"})
BY_FRESHNESS = frozenset({Sort.RELEVANCE, Sort.CONFIRMED, Sort.FAIR})


@dataclass(frozen=True, slots=True)
class Placement:
    """`rank` of `total`, on which `page` of the results; None when it is not among them.

    `reasons` say why it is not, or, when it is, what decides its rank. `helps` names what its
    keeper could do about it: "confirm", "resume", "finish", "edit"; "" when nothing is needed.
    `near` is the place as it was understood.
    """

    wanted: Criteria
    total: int
    rank: int | None
    page: int | None
    reasons: tuple[Said, ...]
    helps: str = ""
    near: str = ""


def placement(session: Session, finder: Finder, listing: Listing, wanted: Criteria) -> Placement:
    """Where the listing stands in this search, and why.

    Raises Invalid for what no search understands, SearchUnavailable without an index.
    """
    asked = ask(finder, wanted)
    near = asked.around.label if asked.around else ""
    spot = _spot(finder, asked.query, listing.id)
    private, helps = _private(listing, finder)
    if private:
        return Placement(wanted, spot.total, None, None, (private,), helps, near)
    if spot.hit is None:
        lacks = tuple(_lacks(listing, _content(listing), finder, asked))
        reasons = lacks or (_waiting(session, finder, listing),)
        return Placement(wanted, spot.total, None, None, reasons, "edit" if lacks else "", near)
    stale = listing.confirmed_on <= finder.today - FRESH_FOR
    weighs = list(_weighs(asked, spot.hit, stale=stale))
    if spot.partial:
        weighs = [*_words(listing, finder, asked.query), *weighs]
    helps = "confirm" if stale and asked.query.sort in BY_FRESHNESS else ""
    page = -(-spot.rank // wanted.per_page)
    return Placement(wanted, spot.total, spot.rank, page, tuple(weighs), helps, near)


@dataclass(frozen=True, slots=True)
class _Spot:
    """How many are found, and where among them the listing is; no `hit` when it is not.

    `partial` says that nobody has all the words.
    """

    total: int
    partial: bool
    rank: int = 0
    hit: Hit | None = None


def _spot(finder: Finder, query: Query, listing_id: int) -> _Spot:
    offset = 0
    while True:
        ranking = finder.reader.search(replace(query, offset=offset, limit=LOOKED_AT))
        for rank, hit in enumerate(ranking.hits, offset + 1):
            if hit.listing_id == listing_id:
                return _Spot(ranking.total, ranking.partial, rank, hit)
        offset += LOOKED_AT
        if offset >= ranking.total:
            return _Spot(ranking.total, ranking.partial)


def _private(listing: Listing, finder: Finder) -> tuple[Said | None, str]:
    """Why nobody can find it, whatever they search for, and what would help."""
    if listing.state is State.PAUSED:
        return said("Your listing is paused. Show it again, and it is found at once."), "resume"
    if listing.state is State.HIDDEN:
        return said("An administrator has hidden your listing. Write to us about it."), ""
    if listing.live is None or listing.state is not State.LIVE:
        if listing.pending is not None:
            return said("Your listing waits for an administrator to read it."), ""
        return said("Your listing is not public yet. Finish it and send it in."), "finish"
    if listing.confirmed_on <= finder.today - SHOWN_FOR:
        return said(
            "Nobody has confirmed your listing for a year, so it is hidden. Confirm it."
        ), "confirm"
    return None, ""


def _content(listing: Listing) -> Draft:
    assert listing.live is not None  # noqa: S101  (`_private` has looked)
    return listing.live.content


def _waiting(session: Session, finder: Finder, listing: Listing) -> Said:
    """It matches and is not there: the index has yet to hear of it."""
    newest = select(func.max(IndexChange.id)).where(IndexChange.listing_id == listing.id)
    if not finder.reader.status().heard.holds(session.scalar(newest) or 0):
        return said("Your latest change is on its way into the search. Look again in a minute.")
    return said("Your listing fits this search, yet it was not found. Please write to us.")


def _lacks(listing: Listing, content: Draft, finder: Finder, asked: Asked) -> Iterator[Said]:
    """Everything that the search asks for and the listing has not."""
    yield from _facets(content, finder, asked)
    query = asked.query
    if query.accepting and listing.accepting(finder.today) is not True:
        yield _not_accepting(listing, content, finder)
    if query.home_visits and not any(p.home_visit_km for p in content.practices):
        yield said("It asks for home visits, and your listing names none.")
    if query.up_to and not _costs_no_more(content, query.up_to):
        yield said("It asks for a price up to %(amount)s %(currency)s, and yours is not.",
            amount=f"{query.up_to.amount:.10g}", currency=query.up_to.currency,
        )  # fmt: skip
    yield from _elsewhere(content, asked)
    yield from _words(listing, finder, query)


def _elsewhere(content: Draft, asked: Asked) -> Iterator[Said]:
    """What keeps it from being found there."""
    query = asked.query
    if "online" in query.chosen and query.served in content.countries_served:
        return
    if content.online_only:
        if query.circle or query.areas:
            yield said("You work online only, so no place leads to you: a search for that does.")
        return
    if query.circle and asked.around:
        yield from _too_far(content, query.circle.centre, query.circle.km, asked.around.label)
    if query.areas and asked.around and not _practises_in(content, query.areas):
        yield said("You have no practice in %(place)s.", place=asked.around.label)


def _costs_no_more(content: Draft, most: Price) -> bool:
    price = content.price
    return price is not None and price.currency == most.currency and price.amount <= most.amount


def _facets(content: Draft, finder: Finder, asked: Asked) -> Iterator[Said]:
    countries = [practice.country for practice in content.practices]
    silent = finder.policies.strictest(countries) is Policy.NO_CONDITIONS
    held = {
        "profession": content.professions,
        "condition": () if silent else content.conditions,
        "language": content.languages,
        "credential": content.credentials,
        "ages": content.ages,
        "access": content.access,
        "times": content.times,
        "fees": content.fee_terms,
        "online": tuple(ONLINE) if content.online else (),
        "serves": content.countries_served,
        "practitioner": (content.practitioner,),
    }
    for name, slugs in asked.query.chosen.items():
        groups = alternatives(slugs, asked.query.either) if name in ALL_OF else [slugs]
        lacking = [group for group in groups if group.isdisjoint(held[name])]
        missing = frozenset[str]().union(*lacking)
        if not missing:
            continue
        if name == "condition" and silent:
            yield said("Conditions are not named in your country, so none leads to a listing.")
            continue
        labels = " / ".join(asked.known[name][slug] for slug in sorted(missing))
        yield replace(MISSING[name], values={"label": labels})


MISSING = {
    "profession": said("Your listing does not name this profession: %(label)s."),
    "condition": said("Your listing does not name this condition: %(label)s."),
    "language": said("Your listing does not name this language: %(label)s."),
    "credential": said("Your listing does not name this training: %(label)s."),
    "ages": said("Your listing does not say that you see: %(label)s."),
    "access": said("Your listing does not name: %(label)s."),
    "times": said("Your hours do not say: %(label)s."),
    "fees": said("Your listing does not name: %(label)s."),
    "online": said("Your listing does not say that you work online."),
    "serves": said("You do not work online for people in: %(label)s."),
    "practitioner": said("Your listing does not say that you are: %(label)s."),
}


def _not_accepting(listing: Listing, content: Draft, finder: Finder) -> Said:
    if listing.accepting(finder.today) is False:
        return said("It asks for new clients to be welcome, and you say that they are not.")
    if content.accepting:
        return said("That you take new clients was said more than 90 days ago. Confirm it.")
    return said("Your listing does not say whether you take new clients.")


def _too_far(content: Draft, centre: Point, km: float, place: str) -> Iterator[Said]:
    reached = [(_away(practice, centre), practice) for practice in content.practices]
    if any(away <= max(km, practice.home_visit_km) for away, practice in reached):
        return
    away, nearest = min(reached, key=lambda pair: pair[0])
    town = nearest.locality
    if uses_miles(nearest.country):
        far, reach = f"{miles(away):.0f}", f"{miles(km):.0f}"
        yield said(
            "You are too far away: %(town)s lies %(far)s miles from %(place)s, and this search"
            " ends at %(reach)s.",
            town=town, far=far, place=place, reach=reach,
        )  # fmt: skip
    else:
        far, reach = f"{away:.0f}", f"{km:.0f}"
        yield said(
            "You are too far away: %(town)s lies %(far)s km from %(place)s, and this search"
            " ends at %(reach)s.",
            town=town, far=far, place=place, reach=reach,
        )  # fmt: skip


def _practises_in(content: Draft, areas: frozenset[str]) -> bool:
    """Whether the index has one of its practices in any of the areas."""
    return any(
        not areas.isdisjoint(
            holding.areas_of(
                Point(public.lat, public.lon),
                country=public.country,
                region=public.region,
                locality=public.locality,
            )
        )
        for public in (practice.public for practice in content.practices)
        if public.lat is not None and public.lon is not None
    )


def _away(practice: Practice, centre: Point) -> float:
    """Kilometres from where the index has the practice."""
    public = practice.public
    if public.lat is None or public.lon is None:
        return float("inf")
    return distance_km(Point(public.lat, public.lon), centre)


def _words(listing: Listing, finder: Finder, query: Query) -> Iterator[Said]:
    """The words that the listing has not, or should not have; the engine itself is asked."""
    words = query.words
    single = [(word, Words(all_of=(word,))) for word in words.all_of]
    quoted = [(f"“{phrase}”", Words(phrases=(phrase,))) for phrase in words.phrases]
    for text, one in (*single, *quoted):
        if not _has(finder, one, listing.id):
            yield said("Your listing does not contain: %(text)s.", text=text)
    for text in words.none_of:
        one = Words(phrases=(text,)) if " " in text else Words(all_of=(text,))
        if _has(finder, one, listing.id):
            yield said("It leaves out whoever mentions “%(text)s”, and you do.", text=text)


def _has(finder: Finder, words: Words, listing_id: int) -> bool:
    query = Query(day=finder.today, words=words)
    return _spot(finder, query, listing_id).hit is not None


def _weighs(asked: Asked, hit: Hit, *, stale: bool) -> Iterator[Said]:
    """What decides the rank, by the published rule and nothing else."""
    sort = asked.query.sort
    if sort is Sort.NAME:
        yield said("These results stand in the order of names.")
        return
    if sort is Sort.DISTANCE:
        yield said("These results stand in the order of distance.")
    elif asked.query.words and not TELLING_FIELDS & set(hit.matched):
        yield said(
            "Your name, professions and conditions do not have these words. Those who have them"
            " there stand higher."
        )
    elif sort is Sort.FAIR:
        yield said("Without words and without a place, the order changes every day.")
    if asked.query.circle and sort is Sort.RELEVANCE:
        yield said("The nearer, the higher.")
    if stale and sort in BY_FRESHNESS:
        yield said("Your listing was confirmed long ago. Confirm it, and it stands higher.")
