"""Search as one story: read the words, find the place, rank, explain, offer ways on."""

import re
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from directory.models.offers import MOST_AMOUNT, country_names
from directory.places.areas import bordering
from directory.policies import Policy
from directory.said import Said, said
from directory.search.port import ALL_OF, FACETS, Hit, Price, Query, Ranking
from directory.usecases.visitors import query, rephrasing
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder, Watch
from directory.usecases.visitors.highlighting import highlights
from directory.usecases.visitors.profiles import live_profiles
from directory.usecases.visitors.query import Asked
from directory.usecases.visitors.reading.numbers import distances, passed_over
from directory.usecases.visitors.reading.whereabouts.towns import Towns, called
from directory.usecases.visitors.reading.without import LEFT_OUT
from directory.usecases.visitors.relaxing import FLAGS, chips, most_said, relaxations
from directory.usecases.visitors.rephrasing import Found
from directory.usecases.visitors.results import (
    Around,
    Beyond,
    FacetValue,
    Profile,
    Relaxation,
    Result,
    Results,
    Term,
    Understood,
)
from directory.usecases.visitors.understanding import Reading

FEW = 5
# The field by its own name; that somebody is a therapist goes without saying.
_FIELD = re.compile("sacr|[ck]r[aâ]ni|cst", re.I)


def find(session: Session, finder: Finder, wanted: Criteria) -> Results:
    """Search. Raises Invalid for what nobody knows, SearchUnavailable without an index.

    Listings are read from SQL by the ids found: one that is not public any more is left
    out even when the index still has it.
    """
    watch = Watch()
    found = _search(finder, wanted, watch)
    asked, ranking = found.asked, found.ranking
    watch.end("index")
    people = _people(session, finder, ranking)
    results = tuple(
        _result(profile, hit, asked)
        for hit in ranking.hits
        if (profile := people[hit.listing_id]) is not None
    )
    watch.end("listings")
    few = ranking.total < FEW or ranking.partial
    left_out = tuple(_left_out(finder, found))
    return Results(
        wanted=wanted,
        total=ranking.total,
        results=results,
        facets=_facets(asked, ranking),
        understood=_understood(asked.reading),
        chips=chips(asked),
        around=_with_beyond(finder, asked, ranking),
        did_you_mean=found.spelling,
        relaxations=(
            *_meant_otherwise(finder, asked),
            *(relaxations(finder, asked, ranking, found.offered) if few else ()),
        ),
        partial=ranking.partial,
        serious=_serious(finder, asked),
        notes=(*_notes(finder, asked), *_offer_notes(finder, asked), *left_out),
        says_what_is_left_out=bool(left_out),
        sort=asked.query.sort.value,
        took_ms=round(watch.milliseconds(), 1),
        watch=watch,
        has_demo=any(result.profile.is_demo for result in results),
        highlights=highlights(asked.reading, asked.known, asked.query.words),
        currency=asked.currency,
        people=people,
        either=asked.query.either,
    )


def _search(finder: Finder, wanted: Criteria, watch: Watch) -> Found:
    """The words as typed; when nobody has all that they ask for, other ways to say it."""
    asked = query.ask(finder, wanted, watch)
    found = Found(asked, finder.reader.search(asked.query))
    if asked.reading.text.all_of:
        found = rephrasing.place_first(finder, found)
    if found.everything or not asked.reading.pieces:
        return found
    return rephrasing.try_again(finder, found)


def _meant_otherwise(finder: Finder, asked: Asked) -> Iterator[Relaxation]:
    """What a word that was read may mean besides: whom it names, the state of its letters."""
    reading, ways = asked.reading, []
    start, end = reading.place_span
    words = [piece.text for piece in reading.pieces[start:end]]
    if len(words) == 1 and reading.place and not reading.doubtful and called(finder, words[0]):
        pieces = [*reading.pieces[:start], f'"{words[0]}"', *reading.pieces[end:]]
        wanted = asked.wanted.but(q=" ".join(map(str, pieces)), within="", beyond=False)
        ways.append(("q", said("“%(word)s” as a name", word=words[0]), wanted))
    towns = Towns(finder, reading.pieces, reading.spans)
    if not asked.around and (state := towns.state_or_term()):
        q = reading.q_without(*state[1])
        label = said("in %(place)s", place=state[0].label)
        ways.append(("place", label, asked.wanted.but(q=q, near=state[0].label)))
    for span in reading.doubtful:
        kept = tuple(dict.fromkeys((*getattr(asked.wanted, span.kind), *span.slugs)))
        label = said("%(label)s", label=asked.known[span.kind][span.slugs[0]])
        wanted = asked.wanted.but(q=reading.q_without(span.start, span.end), **{span.kind: kept})
        ways.append((span.kind, label, wanted))
    for place in reading.also:
        q = reading.q_without(*reading.place_span)
        ways.append(
            ("place", said("near %(place)s", place=place.place.label), asked.wanted.but(q=q))
        )
    totals = finder.reader.totals([query.ask(finder, wanted).query for *_, wanted in ways])
    for (drop, label, wanted), total in zip(ways, totals, strict=True):
        if total:
            yield Relaxation(drop, label, total, wanted)


def _with_beyond(finder: Finder, asked: Asked, ranking: Ranking) -> Around | None:
    """The place; of an area with one page of results also who practises just across its border."""
    around, wanted = asked.around, asked.wanted
    if around is None or not around.areas or around.across or ranking.total > wanted.per_page:
        return around
    query_there = replace(
        asked.query,
        areas=bordering.marked(around.areas),
        not_in=asked.query.not_in | frozenset(around.areas),
        served="",  # who is found from afar practises across no border
    )
    (total,) = finder.reader.totals([query_there])
    there = wanted.but(beyond=True)
    return replace(around, beyond=Beyond(total, there)) if total else around


def _people(session: Session, finder: Finder, ranking: Ranking) -> dict[int, Profile | None]:
    numbers = [hit.listing_id for hit in ranking.hits]
    found = live_profiles(session, finder, numbers)
    return {number: found.get(number) for number in numbers}


def _result(profile: Profile, hit: Hit, asked: Asked) -> Result:
    practice = profile.practices[hit.practice if hit.practice < len(profile.practices) else 0]
    return Result(
        profile=profile,
        practice=practice,
        score=round(hit.score, 4),
        distance_km=hit.distance_km,
        visits=hit.visits,
        why=tuple(_why(profile, hit, asked)),
    )


FOUND_IN = {
    "name": said("the name matches"),
    "professions": said("the profession matches"),
    "conditions": said("a condition matches"),
    "place": said("the place matches"),
    "about": said("your words are in the description"),
}


def _why(profile: Profile, hit: Hit, asked: Asked) -> list[Said]:
    """The reasons a result is here, distance aside (the card and the API say it themselves)."""
    reasons: list[Said] = []
    chosen = asked.query.chosen
    for name, held in (
        ("profession", profile.professions),
        ("condition", profile.conditions),
        ("credential", profile.credentials),
        ("language", profile.languages),
        ("times", profile.times),
        ("fees", profile.fee_terms),
        ("practitioner", filter(None, [profile.practitioner])),
    ):
        labels_held = [term.label for term in held if term.slug in chosen.get(name, ())]
        reasons += [said(f"{name}: %(label)s", label=label) for label in labels_held]
    reasons += [FOUND_IN[name] for name in hit.matched]
    if "online" in chosen and profile.online:
        reasons.append(_online(profile, asked.query.served))
    if asked.query.up_to and profile.price:
        price = profile.price
        reasons.append(
            said(
                "price: %(amount)s %(currency)s",
                amount=f"{price.amount:.10g}",
                currency=price.currency,
            )
        )
    if hit.visits:
        reasons.append(said("makes home visits here"))
    return reasons


def _online(profile: Profile, country: str) -> Said:
    served = {term.slug: term.label for term in profile.serves}
    if country not in served:
        return said("works online")
    return said("works online for people in %(country)s", country=served[country])


def _facets(asked: Asked, ranking: Ranking) -> dict[str, tuple[FacetValue, ...]]:
    facets = {}
    for name in FACETS:
        selected = asked.query.chosen.get(name, frozenset())
        counts = ranking.facets.get(name, {})
        values = [
            FacetValue(slug, label, counts.get(slug, 0), slug in selected)
            for slug, label in asked.known[name].items()
            if counts.get(slug, 0) or slug in selected
        ]
        facets[name] = tuple(sorted(values, key=lambda value: (-value.count, value.label)))
    return facets


def _understood(reading: Reading) -> Understood:
    text = reading.text
    quoted = [f'"{phrase}"' for phrase in text.phrases] + [f"-{word}" for word in text.none_of]
    return Understood(
        text=" ".join([*text.all_of, *quoted]),
        profession=reading.slugs("profession"),
        condition=reading.slugs("condition"),
        place=reading.place_words,
    )


def _serious(finder: Finder, asked: Asked) -> tuple[Term, ...]:
    conditions = finder.taxonomy.conditions
    chosen = sorted({*asked.query.chosen.get("condition", ()), *asked.unsearched})
    return tuple(Term(slug, conditions[slug].label) for slug in chosen if conditions[slug].serious)


def _left_out(finder: Finder, found: Found) -> Iterator[Said]:
    """What was asked for and nobody has together with the rest, by name."""
    known, reading = found.asked.known, found.asked.reading
    for kind in found.dropped:
        price = found.asked.query.up_to if kind == "up_to" else None
        label: Said | str | None = most_said(price) if price else FLAGS.get(kind)
        label = label or " / ".join(known[kind].get(s, s) for s in reading.slugs(kind))
        yield said("Nobody has all of it, so this was left out: %(label)s.", label=label)
    if words := " ".join(rephrasing.unmet(finder, found)):
        if found.ranking.total:
            label = said("“%(words)s”", words=words)
            yield said("Nobody has all of it, so this was left out: %(label)s.", label=label)
        else:
            yield said("Nobody here says “%(words)s”.", words=words)


def _notes(finder: Finder, asked: Asked) -> list[Said]:
    notes = []
    country = asked.around.country if asked.around else ""
    silent = country and finder.policies.of(country) is Policy.NO_CONDITIONS
    if asked.unsearched:
        labels = " / ".join(asked.known["condition"][slug] for slug in asked.unsearched)
        notes.append(
            said(
                "In this country listings name no conditions, so nobody can be found by"
                " “%(labels)s”. These practise here, and have all else that you asked for.",
                labels=labels,
            )
        )
    elif silent and asked.query.chosen.get("condition"):
        notes.append(
            said(
                "In this country listings name no conditions, so none can be found by one. "
                "Leave the condition out to see who practises here."
            )
        )
    notes += _place_notes(asked)
    kind = asked.around.kind if asked.around else ""
    notes += distances.notes(
        asked.reading.spans, asked.reading.words_of, kind=kind, chosen=asked.wanted.within
    )
    notes += [
        said("Whoever practises in %(place)s was left out.", place=place.label)
        for place in asked.apart
    ]
    notes += [
        said(
            "We cannot leave anybody out by “%(words)s”, so that was passed over.",
            words=asked.reading.words_of(span),
        )
        for span in asked.reading.unwanted
        if span.kind not in LEFT_OUT
    ]
    notes += _either(asked)
    if asked.reading.also:
        words = ", ".join(asked.reading.words_of(one) for one in asked.reading.also)
        notes.append(
            said("We look in one place at a time, so “%(words)s” was left out.", words=words)
        )
    if asked.reading.near_me:
        notes.append(said("Tell us where you are: type a town or postcode, or use “Near me”."))
    notes += passed_over.notes(asked.reading.spans, asked.reading.words_of)
    if any(
        span.kind == "field" and _FIELD.search(asked.reading.words_of(span))
        for span in asked.reading.spans
    ):
        notes.append(said("Everybody in this directory offers CranioSacral Therapy."))
    return notes


def _place_notes(asked: Asked) -> Iterator[Said]:
    """What of a place was not taken as it was said."""
    around = asked.around
    if around is None:
        return
    if around.unread and not around.aside:
        yield said(
            "We do not know “%(words)s”, so this is %(place)s.",
            words=around.unread,
            place=around.label,
        )
    if around.aside:
        yield said(
            "Two places are named: this is %(place)s, and %(other)s was left aside.",
            place=around.label,
            other=around.aside,
        )
    if around.kind == "area" and (asked.wanted.within or asked.reading.slugs(distances.KIND)):
        yield said(
            "These are all who practise in %(place)s. A distance counts from a town or "
            "postcode only, so it was left out.",
            place=around.label,
        )


def _either(asked: Asked) -> Iterator[Said]:
    """What an "or" was read as."""
    chosen = {slug: name for name in ALL_OF for slug in asked.query.chosen.get(name, ())}
    for group in sorted(asked.query.either, key=sorted):
        labels = [asked.known[chosen[slug]][slug] for slug in sorted(group & chosen.keys())]
        if len(labels) > 1:
            yield said("Any of these will do: %(labels)s.", labels=" / ".join(labels))
    if asked.reading.either.unread and not asked.reading.also:
        yield said("We cannot look for one or the other here, so all of it is wanted.")


def _offer_notes(finder: Finder, asked: Asked) -> Iterator[Said]:
    """Whom a price leaves out, in numbers; that online sessions come from anywhere."""
    query = asked.query
    if query.up_to:
        yield _priced(finder, query, query.up_to)
    if query.served and "online" in query.chosen:
        yield said(
            "Who works online for people in %(country)s is found wherever they are;"
            " those near come first.",
            country=country_names().get(query.served, query.served),
        )


def _priced(finder: Finder, query: Query, most: Price) -> Said:
    """Who fits, but names no price that can be compared."""
    whole = replace(query, up_to=None, offset=0, limit=0)
    silent = {**query.without, "fees": query.without.get("fees", frozenset()) | {"price"}}
    everybody, unpriced, same = finder.reader.totals(
        [
            whole,
            replace(whole, without=silent),
            replace(whole, up_to=Price(MOST_AMOUNT, most.currency)),
        ]
    )
    return said(
        "Prices are compared in %(currency)s. Not shown: %(unpriced)s who name no price, and"
        " %(others)s with a price in another currency.",
        currency=most.currency,
        unpriced=unpriced,
        others=everybody - unpriced - same,
    )
