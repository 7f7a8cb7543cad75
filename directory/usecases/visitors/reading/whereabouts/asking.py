"""Words that lead to a place, words that only ask or say how, and what stands between them."""

from collections.abc import Sequence

from directory.search.text import Typed, each, folded
from directory.search.tongues import asks
from directory.usecases.visitors.reading import genders

# How bad it is, how good they are, that they treat, a greeting: beside a name these name nothing.
_DEGREES = """
    ache aches achy affordable annoying awful bad badly best better certified cheap dealing
    deals difficulties difficulty experienced expert feel feeling feels gentle great horrible
    hurt hurting hurts issue issues kind local nice offering offers pain painful pains problem
    problems professional qualified recommended relief sees severe sore specialises
    specialising specializes specializing suffer suffering suffers support symptom symptoms
    either entweder soit sia ofwel take takes taking terrible top treat treated treating treatment treatments treats trouble
    troubles trusted working works
    hi hello hey thanks thank cheers hallo danke merci bonjour gracias hola grazie ciao obrigado
    obrigada bedankt dank
"""
DEGREES = frozenset(_DEGREES.split())
SURE = frozenset({"near", "nearby", "around", "nr"})
LIKELY = frozenset({"in", "at", "by", "from", "to", "of"})


# What says "near" and "in" in other languages; what may stand between that and the place.
ELSEWHERE = each(
    "pres autour cerca vicino perto nabij dichtbij nahe bei im en dans em nel nei nelle te zu aus"
)
_TO = each("to the of de du des d da do von vom van der del di a al het")
# "In der Umgebung von", "dans les environs de", "in de buurt van": the same with more words.
_AROUND = each(
    """umgebung nahe gegend raum region environs alentours proximite peripherie alrededores cercanias
    zona dintorni vicinanze zone arredores proximidades regiao buurt omgeving nabijheid regio area
    vicinity"""
)
_THE = each("les los las le la el lo nei nelle os as den dem der die das")
THE_AROUND = frozenset((the, around) for the in _THE for around in _AROUND)
ASKING = SURE | LIKELY | ELSEWHERE | _TO | _AROUND
HERE = frozenset({"me", "here", "us"})


def only_says_how(piece: Typed) -> bool:
    """Whether a word only asks, or says how bad or good something is."""
    word = folded(piece.text) if piece.plain else ""
    return word in DEGREES or word in genders.TELLING or asks(word)


def runs(pieces: Sequence[Typed], taken: Sequence[bool]) -> list[tuple[int, int]]:
    """Runs of plain words that are not taken, trimmed of asking words; the last comes first."""
    found, start = [], None
    free = [piece.plain and not gone for piece, gone in zip(pieces, taken, strict=True)]
    for i, is_free in enumerate([*free, False]):
        if is_free and start is None:
            start = i
        elif not is_free and start is not None:
            found.append(_trimmed(pieces, start, i))
            start = None
    return [(start, end) for start, end in reversed(found) if end > start]


def _trimmed(pieces: Sequence[Typed], start: int, end: int) -> tuple[int, int]:
    while start < end and pieces[start].stop:
        start += 1
    while end > start and pieces[end - 1].stop:
        end -= 1
    return start, end


def leads_on(run: Sequence[str]) -> bool:
    """Whether a run begins with a word that only leads to a place: "de Paris", "Nähe von Ulm"."""
    first, *rest = (folded(word) for word in run[:2])
    goes_on = first in _THE and bool(_AROUND.intersection(rest))
    leads = first in ELSEWHERE and bool(_TO.intersection(rest))
    return first in _TO or goes_on or leads or (first in _AROUND and bool(rest))
