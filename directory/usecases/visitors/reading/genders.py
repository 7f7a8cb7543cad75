"""A woman or a man: whom somebody wants to see, rather than who is to be seen.

"Woman Denver" asks for a practitioner; "woman with migraine", "pregnant woman", "for men" tell of
the one who comes; "Frau Testerly" and "Donna Pretend" are names, "Lady Lake" and "Le Mans" places.
"""

from collections.abc import Sequence

from directory.search.text import STOP_WORDS, Typed, each, folded
from directory.search.tongues import asks
from directory.search.vocabulary import Span, Vocabulary
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.reading import spellings
from directory.usecases.visitors.reading.people import TITLES
from directory.usecases.visitors.reading.sureness import TOWN_ENOUGH

# Alone these may mean the practitioner, in no other form.
WORDS = each(
    """woman women lady ladies female man men gentleman gentlemen male frau frauen femme femmes homme
    hommes mann manner mujer mujeres hombre hombres donna donne uomo uomini mulher mulheres homem
    homens vrouw vrouwen mannen weiblich weibliche weiblicher weiblichen mannlich mannliche
    mannlicher mannlichen femenina feminina masculin masculino vrouwelijk vrouwelijke mannelijk
    mannelijke praticienne enby nonbinary genderqueer nichtbinar nichtbinare"""
)
# These are said of practitioners.
_ADJECTIVES = frozenset(
    word for word in WORDS if word.startswith(("female", "male", "weibl", "mannl"))
)
# These are names or stand before one, too.
_NAMES = each("frau mann donna lady")
# What is no name tells of the one who comes, when it is not wanted: nobody is found by it.
TELLING = WORDS - each("mann donna lady")
_FIRST_NAMES = frozenset({"donna"})
_ARTICLES = each("a an the eine einen ein einer une un la le les una uma um een de die der das")
# Who is said to be so, or for whom something is, comes to be seen.
_OF_THE_PATIENT = each(
    """for fur pour para per voor in as my mein meine meiner mon ma mi mia minha meu mijn i am im bin
    suis soy sono sou ben pregnant older old elderly young adult menopausal breastfeeding nursing
    postpartum schwangere schwangeren schwanger altere alte junge stillende jeune vieille zwangere
    oudere being trans"""
)
_AFTER_THE_PATIENT = each(
    """with who suffering having has needs aged over after health mit avec con com met die qui que
    che hat enceinte enceintes embarazada embarazadas incinta incinte gravida gravidas gestante
    zwanger s"""
)
_LOOKING = each("looking look search searching asking ask wish hoping hope preference prefer")
# What only goes with it: "women only", "preferably a man".
AFTER = each(
    """only please preferred preferably nur bitte uniquement seulement solo solamente soltanto alleen
    graag somente apenas bevorzugt"""
)
BEFORE = _ARTICLES | each("preferably ideally prefer preferred lieber bevorzugt only nur please")


def wanted(finder: Finder, known: Vocabulary, span: Span, pieces: Sequence[Typed]) -> bool:
    """Whether a word for a woman or a man means the practitioner; `known` are words for facts."""
    if span.length > 1:
        return True
    word = folded(pieces[span.start].text)
    if word in _ADJECTIVES:
        return True
    if word not in WORDS or _is_patient(span, pieces):
        return False
    run = [piece.text for piece in pieces[span.start : span.start + 4]]
    place = finder.gazetteer.find_in(run, start_only=True) if len(run) > 1 else None
    if place and place[1] > 1:
        return False
    return word not in _NAMES or not _is_name(finder, known, span, pieces)


def beside_a_name(
    finder: Finder, known: Vocabulary, span: Span, pieces: Sequence[Typed], sides: Sequence[int]
) -> bool:
    """Whether one of the words beside is known but as a name; `known` are words for facts."""
    return any(_names(finder, known, pieces, at, span) for at in sides)


def _is_patient(span: Span, pieces: Sequence[Typed]) -> bool:
    if _word(pieces, span.end) in _AFTER_THE_PATIENT:
        return True
    at = span.start - 1
    while _word(pieces, at) in _ARTICLES:
        at -= 1
    before = _word(pieces, at)
    return before in _OF_THE_PATIENT and not (before == "for" and _word(pieces, at - 1) in _LOOKING)


def _is_name(finder: Finder, known: Vocabulary, span: Span, pieces: Sequence[Typed]) -> bool:
    """Whether "Frau", "Mann" or "Donna" stands beside the rest of a name."""
    beside = (span.start - 1, span.end) if pieces[span.start].text[0].isupper() else (span.end,)
    alone = len(pieces) == 1 and _word(pieces, span.start) in _FIRST_NAMES
    return alone or any(_names(finder, known, pieces, at, span) for at in beside)


def _names(finder: Finder, known: Vocabulary, pieces: Sequence[Typed], at: int, span: Span) -> bool:
    word = _word(pieces, at)
    if word in TITLES:
        return True
    if not word.isalpha() or word in STOP_WORDS or asks(word) or word in AFTER | BEFORE:
        return False
    if finder.vocabulary.knows(word) or known.knows(word):
        return False
    capital = pieces[at].text[0].isupper() and pieces[span.start].text[0].isupper()
    strange = capital or not spellings.everyday(word)
    place = finder.gazetteer.find_in([pieces[at].text], start_only=True) if strange else None
    small = place is not None and place[2].kind == "town" and place[2].population < TOWN_ENOUGH
    return strange and (place is None or (capital and small))


def _word(pieces: Sequence[Typed], at: int) -> str:
    return folded(pieces[at].text) if 0 <= at < len(pieces) and pieces[at].plain else ""
