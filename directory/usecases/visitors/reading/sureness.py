"""How sure it is that words on their own mean a place, or a word a term."""

from collections.abc import Sequence

from directory.places import Place, place_key
from directory.search.text import (
    DOTTED,
    STOP_WORDS,
    Typed,
    each,
    folded,
    plain_form,
    singular,
    words,
)
from directory.search.tongues import asks
from directory.search.vocabulary import Span, Vocabulary
from directory.usecases.visitors.reading import spellings

# Names of places that mean something else to most who type them on their own.
_WORDS = """
    acre act ago airport along anthem apex bake barking bath begun bend best boom borne brick bury
    capital central centre chinatown cocoa col com commonwealth confederation date deal delay dome
    drama duffel east fate federal figures fleet goes grapevine hang he homestead hope hurricane
    imperial lag lend lens liberal lie log lone lot male march marks mascara mascot metro mine
    mission mobile most mount much nice nor normal north northeast northern northwest officer
    opportunity oral orange pan para paramount parkway parole peer per plantation plaque plunge
    pool posse reading republic reservoir rest retreat roles rouge rue saga saint sake sale same
    semi shaping sine south southeast southwest split springs stains superior surprise tank temple than
    terrace thai time tire tours turn union university van var vista wedding west young
"""
NOT_A_PLACE = frozenset(_WORDS.split())
# Countries that are called by their letters.
COUNTRIES_BY_LETTERS = frozenset({"uk", "us", "usa", "uae"})
# What is "dog friendly" is no veterinarian.
_FRIENDLY = each("friendly freundlich freundliche freundlicher")
# These mean so in some countries alone: a hernia is of the back in Dutch.
_THERE = {"hernia": frozenset({"NL", "BE"})}
# No trade ends so: "medicate" is no form of "medico".
_VERBS = ("ate", "ated", "ates", "ating", "ation", "ations")
# A state's or country's letters are so many at most; among words they are capitals.
LETTERS = 3
TOWN_ENOUGH = 15_000
TOWN_BY_FOUR_LETTERS = 80_000
CITY_BY_ANOTHER_NAME = 150_000


def sure_enough(run: list[str], place: Place) -> bool:
    """Whether words on their own are meant as a place."""
    if only_asks(run):
        return False
    if len(run) == 1 and _means_more(run[0], place):
        return False
    if place.kind != "town" or says_more(run, place):
        return True
    return place.population >= _people_enough(run, place)


def only_asks(run: Sequence[str]) -> bool:
    """Whether words name nothing: "van der", "than a"."""
    plain = [folded(word) for word in run]
    small = all(asks(word) or word in STOP_WORDS for word in plain)
    joined = len(run) > 1 and all(
        asks(word) or word in STOP_WORDS or word in NOT_A_PLACE for word in plain
    )
    return small or joined


def is_meant(run: Sequence[str], place: Place) -> bool:
    """`sure_enough`, of words among others: not of what only asks, nor of an everyday word that
    is not how the place is called.
    """
    other_name = len(run) == 1 and place_key(run[0]) != place_key(place.name)
    everyday = run[0].islower() and spellings.everyday(folded(run[0]))
    if len(run) == 1 and len(run[0]) <= LETTERS and place.kind != "town":
        return run[0].isupper() and not only_asks(run)
    return sure_enough(list(run), place) and not (other_name and everyday)


def _means_more(word: str, place: Place) -> bool:
    """Whether a word alone is an ordinary one, or letters that stand for more than a place."""
    if DOTTED.fullmatch(word):
        return place.kind != "country" or folded(word) not in COUNTRIES_BY_LETTERS
    return folded(word) in NOT_A_PLACE or asks(folded(word))


def _people_enough(run: Sequence[str], place: Place) -> int:
    """How big a town must be to be meant by these words alone, whatever else they may mean."""
    if len(run) == 1 and place_key(run[0]) != place_key(place.name):
        return CITY_BY_ANOTHER_NAME
    return TOWN_BY_FOUR_LETTERS if len(run) == 1 and len(run[0]) <= 4 else TOWN_ENOUGH


def says_more(run: Sequence[str], place: Place) -> bool:
    """Whether words name a place and its region: "Boulder CO", not another name of a place."""
    name = len(words(place.name))
    return len(run) > name and place_key(" ".join(run[:name])) == place_key(place.name)


def only_a_thing(run: Sequence[str], place: Place) -> bool:
    """Whether a word after "near the" is what it says rather than a town: "near the beach"."""
    thing = len(run) == 1 and run[0].islower() and spellings.everyday(folded(run[0]))
    return thing and place.kind == "town" and place.population < TOWN_BY_FOUR_LETTERS


def doubtful(known: Vocabulary, pieces: Sequence[Typed], span: Span, home: str = "") -> bool:
    """Whether a term is so unlikely that it is offered rather than taken; for somebody at `home`."""
    if span.kind not in ("profession", "condition"):
        return False
    after = pieces[span.end : span.end + 1]
    if any(folded(piece.text) in _FRIENDLY for piece in after):
        return True
    word = folded(pieces[span.start].text)
    if span.length == 1 and home not in _THERE.get(word, (home,)):
        return True
    verb = span.kind == "profession" and span.length == 1 and word.endswith(_VERBS)
    return verb and not any(map(known.knows, (word, singular(word), plain_form(word))))
