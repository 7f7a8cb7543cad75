"""What the letters typed so far may become: terms, wishes, places, people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from sqlalchemy.orm import Session

from directory.models import Kind
from directory.places import Place, fold, place_key
from directory.places.names import shortened
from directory.places.unfinished import called
from directory.said import Said, said
from directory.search.port import Circle, Query
from directory.search.text import folded, typed
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.profiles import live_names
from directory.usecases.visitors.query import known_values
from directory.usecases.visitors.reading import facts, terms
from directory.usecases.visitors.reading.fact_words import BEFORE_LANGUAGE
from directory.usecases.visitors.reading.whereabouts.asking import ASKING
from directory.usecases.visitors.relaxing import FLAGS
from directory.usecases.visitors.results import Suggestion, SuggestionGroup

EACH_SUGGESTION = 4
# Of so many places those come first that somebody practises near.
PLACES_WEIGHED, NEAR_KM = 12, 25.0
# Where a wish begins with letters as few, only a place that all know is likelier.
FEW_LETTERS, KNOWN_TO_ALL = 3, 500_000
AREA_DISCOUNT = 20
# A town in the country that the browser's language names; whom more practise near is no likelier.
HOME_TOWN, ENOUGH_NEAR = 3, 50
# Here a town's other names are nicknames, but for those that other languages have for it.
ENGLISH = frozenset({"US", "GB", "IE", "CA", "AU", "NZ"})
# Bytes that one takes, with the search that it starts.
A_SUGGESTION = 1000


def suggest(session: Session, finder: Finder, text: str) -> tuple[SuggestionGroup, ...]:
    """What the letters typed so far may become; nothing under two letters or signs ("'s")."""
    if len(fold(text)) < 2:
        return _by_apostrophe(finder, text)
    # Letters are typed again and again; only who is shown is asked of SQL each time.
    key = ("suggested", text, finder.state())
    known: tuple[SuggestionGroup, ...] | None = finder.kept.get(key)
    if known is None:
        known = _known(finder, text)
        many = 1 + sum(len(group.items) for group in known)
        finder.kept.put(key, known, many * A_SUGGESTION)
    people = tuple(_name_suggestions(session, finder, text))
    return (*known, SuggestionGroup("practitioner", people)) if people else known


def _known(finder: Finder, text: str) -> tuple[SuggestionGroup, ...]:
    """Terms, wishes and places."""
    conditions = tuple(_term_suggestions(finder, text, Kind.CONDITION))
    professions = tuple(_term_suggestions(finder, text, Kind.PROFESSION))
    wishes = tuple(islice(_wishes(finder, text), EACH_SUGGESTION))
    places = _places(finder, text, rivals=bool(conditions or professions or wishes))
    groups = [("condition", conditions), ("profession", professions), ("wish", wishes)]
    # "Span" begins Spanish; that it begins what headaches are called in German says less.
    groups.sort(key=lambda group: not any(_begins(item, text) for item in group[1]))
    groups.append(("place", tuple(map(_place_suggestion, places))))
    return tuple(SuggestionGroup(kind, items) for kind, items in groups if items)


def _begins(item: Suggestion, text: str) -> bool:
    """Whether what is shown begins so."""
    return fold(item.label).startswith(fold(text))


def _by_apostrophe(finder: Finder, text: str) -> tuple[SuggestionGroup, ...]:
    """Towns that begin with an apostrophe and one letter: "'s-"."""
    found = _called(finder, called.beginning(text, frozenset(called.LANGUAGES)))
    items = tuple(map(_place_suggestion, found[:EACH_SUGGESTION]))
    return (SuggestionGroup("place", items),) if items else ()


def _term_suggestions(finder: Finder, text: str, kind: Kind) -> Iterator[Suggestion]:
    known = known_values(finder)[kind.value]
    for slug, words in islice(finder.vocabulary.beginning(text, kind.value), EACH_SUGGESTION):
        label = known[slug]
        said = "" if words.casefold() in label.casefold() else words
        yield Suggestion(label, words=said, wanted=Criteria(**{kind.value: (slug,)}))  # type: ignore[arg-type]


def _wishes(finder: Finder, text: str) -> Iterator[Suggestion]:
    """Facts that begin so; after words that are understood, what may follow them."""
    known = known_values(finder)
    seen = set()
    for kind, slugs, way in _facts(finder, text):
        label = str(FLAGS[kind]) if kind in FLAGS else known[kind].get(slugs[0], slugs[0])
        chosen: object = True if kind in FLAGS else slugs
        if label not in seen:
            seen.add(label)
            words = "" if way.casefold() in label.casefold() else way
            wanted = Criteria(**{kind: chosen})  # type: ignore[arg-type]
            yield Suggestion(label, words=words, wanted=wanted)
    yield from _after_words(finder, text)


def _facts(finder: Finder, text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Facts that begin so, else those that begin after a verb: "speaks ger"."""
    found = facts.beginning(finder, text)
    first = next(found, None)
    if first is None:
        rest = _without_verb(text)
        return facts.beginning(finder, rest) if rest != text else iter(())
    return chain((first,), found)


def _after_words(finder: Finder, text: str) -> Iterator[Suggestion]:
    """Of "osteopath bould": the osteopaths near Boulder."""
    said = text.split()
    for cut in range(len(said) - 1, 0, -1):
        head, rest = (
            " ".join(said[:cut]),
            [word for word in said[cut:] if folded(word) not in ASKING],
        )
        tail = " ".join(rest)
        if len(fold(tail)) < 2 or not _understood(finder, head):
            continue
        for place in _places(finder, tail, rivals=False)[:2]:
            label = f"{_trimmed(head)} near {place.label}"
            yield Suggestion(label, wanted=Criteria(q=label))
        led = any(folded(word) in ASKING for word in said[cut - 1 :])
        for kind in () if led else (Kind.CONDITION, Kind.PROFESSION):
            for item in islice(_term_suggestions(finder, tail, kind), 2):
                label = f"{_trimmed(head)} {item.label}"
                yield replace(item, label=label, wanted=Criteria(q=label))
        return


def _without_verb(text: str) -> str:
    """Letters without the "speaks" that leads to a language."""
    first, _, rest = text.partition(" ")
    return rest if folded(first) in BEFORE_LANGUAGE and len(fold(rest)) > 1 else text


def _trimmed(head: str) -> str:
    words = head.split()
    while len(words) > 1 and folded(words[-1]) in ASKING:
        words.pop()
    return " ".join(words)


def _understood(finder: Finder, head: str) -> bool:
    """Whether words are terms and facts from end to end."""
    pieces = typed(head)
    spans = terms.spans(finder, pieces)
    inside = {i for span in spans for i in range(span.start, span.end)}
    left = [p for i, p in enumerate(pieces) if i not in inside and not p.stop]
    return bool(spans) and all(folded(piece.text) in ASKING for piece in left)


def _place_suggestion(place: Place) -> Suggestion:
    """A place; of an area what kind of one it is."""
    kind = str(_kind_of(place)) if place.is_area else ""
    return Suggestion(place.label, words=kind, wanted=Criteria(near=place.label))


def _kind_of(place: Place) -> Said:
    if place.kind == "country":
        return said("country")
    if place.kind == "area":
        return said("area")
    if place.areas[0].count(".") > 1:
        return said("county")
    if place.country == "CA":
        return said("province")
    return said("state") if place.country in ("US", "AU") else said("region")


def _known_to(place: Place) -> int:
    """By how many people a place is known: an area is by fewer than live there."""
    return place.population // AREA_DISCOUNT if place.is_area else place.population


def _places(finder: Finder, text: str, *, rivals: bool) -> Sequence[Place]:
    """Places that begin so: those first that are called so in the visitor's language, then those
    near which somebody practises, then the biggest; a nickname, or another name, is the last."""
    found = finder.gazetteer.suggest(text, limit=PLACES_WEIGHED, home=finder.home)
    if rivals and len(fold(text)) <= FEW_LETTERS:
        found = tuple(place for place in found if _known_to(place) >= KNOWN_TO_ALL)
    here = called.languages_of(finder.home) - {"en"}
    ours = _called(finder, called.beginning(text, here))
    others = _called(finder, called.beginning(text, frozenset(called.LANGUAGES) - here))
    nearby = _practised(finder, tuple(dict.fromkeys((*ours, *found, *others))))
    neighbours = called.neighbours_of(finder.home)
    few = len(fold(text)) <= FEW_LETTERS or text.startswith(called.APOSTROPHES)
    name = text.partition(",")[0]
    letters = shortened(name), place_key(name)
    astray = {
        place: 0 if place in ours or place in others else _astray(place, letters, few=few)
        for place in nearby
    }

    def last(place: Place) -> tuple[int, bool, bool, int]:
        whole = place.kind in ("country", "region") and _known_to(place) >= KNOWN_TO_ALL
        weight = _known_to(place) * max(1, min(nearby[place], ENOUGH_NEAR))
        weight *= HOME_TOWN if place.country == finder.home else 1
        likely = nearby[place] or whole or place.country in neighbours
        return astray[place], place not in ours, not likely, -weight

    best = sorted(nearby, key=last)
    return [place for place in best if not (few and astray[place] > 2)][:EACH_SUGGESTION]


def _astray(place: Place, letters: tuple[str, str], *, few: bool) -> int:
    """How far a town's name is from how it begins: 0 when a word of it does, 1 when it does only
    without its spaces ("den h", Denham), 2 when another name of it does, 3 when that says little."""
    if place.kind != "town" or f" {letters[0]}" in f" {shortened(place.name)}":
        return 0
    if place_key(place.name).startswith(letters[1]):
        return 1
    return 3 if few or place.country in ENGLISH or place.population < KNOWN_TO_ALL else 2


def _called(finder: Finder, towns: Iterable[str]) -> tuple[Place, ...]:
    """The places that some well-known towns are."""
    return tuple(place for town in towns if (place := _town(finder, town)))


def _town(finder: Finder, town: str) -> Place | None:
    key = ("town", town)
    known: Place | None = finder.kept.get(key)
    if known is None:
        known = finder.gazetteer.labelled(town)
        finder.kept.put(key, known)
    return known


def _practised(finder: Finder, places: Sequence[Place]) -> dict[Place, int]:
    """How many practise in or near each; kept for as long as the index answers the same."""
    now = ("near", finder.reader.generation(), finder.today)
    known = {place: finder.kept.get((*now, place)) for place in places}
    unknown = [place for place, total in known.items() if total is None]
    everybody = Query(day=finder.today, limit=0)
    around = [
        replace(everybody, areas=frozenset(place.areas))
        if place.is_area
        else replace(everybody, circle=Circle(place.point, NEAR_KM))
        for place in unknown
    ]
    for place, total in zip(unknown, finder.reader.totals(around), strict=True):
        known[place] = total
        finder.kept.put((*now, place), total)
    return {place: total or 0 for place, total in known.items()}


def _name_suggestions(session: Session, finder: Finder, text: str) -> Iterator[Suggestion]:
    ids = finder.reader.names(text, limit=EACH_SUGGESTION)
    found = live_names(session, finder, ids)
    for one in (found[i] for i in ids if i in found):
        yield Suggestion(one.title, words=one.town, slug=one.slug)
