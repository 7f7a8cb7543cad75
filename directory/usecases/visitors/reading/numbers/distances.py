"""How far somebody goes, in words: "10 miles from", "Umkreis 20 km", "dans un rayon de 30 km".

They are read from the line as typed. What leads on to the place ("from", "um", "autour de")
belongs to it, too.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from directory.said import Said, said
from directory.search.text import Typed, typed
from directory.search.vocabulary import Span
from directory.usecases.visitors.criteria import KM_PER_MILE, MOST_KM

KIND, WAY = "within", "way"
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "five": 5, "six": 6, "eight": 8, "ten": 10,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "hundred": 100, "fünf": 5, "zehn": 10, "fünfzehn": 15, "zwanzig": 20, "dreißig": 30,
    "dreissig": 30, "vierzig": 40, "fünfzig": 50, "hundert": 100, "cinq": 5, "dix": 10,
    "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "cinco": 5,
    "diez": 10, "veinte": 20, "treinta": 30, "cincuenta": 50, "cinque": 5, "dieci": 10,
    "quindici": 15, "venti": 20, "trenta": 30, "cinquanta": 50, "dez": 10, "vinte": 20,
    "trinta": 30, "vijf": 5, "tien": 10, "vijftien": 15, "twintig": 20, "dertig": 30,
    "vijftig": 50,
}  # fmt: skip
_MILES = r"mi|miles?|mls|meilen?|millas?|miglia|milhas?|mijlen|mijl"
_KM = r"""
    kms?|kilomet(?:er|re)[sn]?|kilómetros?|kilometros?|quil[óoô]metros?|chilometr[io]|kilomètres?
"""
_MINUTES = r"min(?:s|utes?|uten?|uti|utos?|uut)?|hours?|hrs?|h|stunden?|heures?|horas?|or[ae]|uur"
_BEFORE = r"""
    (?:(?:with)?in|inside|over)\s+(?:an?\s+)?(?:radius\s+of\s+)?(?:about\s+)?|(?:an?\s+)?radius(?:\s+of)?:?\s*
    |(?:up\s+to|at\s+most|no\s+more\s+than|less\s+than|under|max\.?|maximum|about|around|approx\.?)\s+
    |(?:can\s+|will\s+|could\s+|willing\s+to\s+|happy\s+to\s+)?(?:drive|travel|go)\s+(?:(?:up\s+to|about|within)\s+)?
    |(?:not\s+)?(?:more|further|farther)\s+than\s+|[+±~<≤]=?\s*
    |(?:im\s+|in\s+einem\s+)?(?:umkreis|radius|entfernung|umgebung|abstand)(?:\s+von)?(?:\s+(?:bis\s+zu|max\.?|ca\.?|etwa))?:?\s*
    |(?:bis(?:\s+zu)?|innerhalb(?:\s+von)?|maximal|höchstens|weniger\s+als|ca\.?|etwa)\s+
    |(?:dans\s+|sur\s+)?(?:un\s+)?(?:rayon|périmètre|perimetre)(?:\s+(?:maximum|max\.?))?(?:\s+(?:de|d['’]environ|d['’]))?:?\s*
    |(?:à\s+|a\s+)?(?:moins\s+de|jusqu['’]à|environ)\s+|à\s+
    |(?:en\s+|dentro\s+de\s+)?(?:un\s+|num\s+|em\s+um\s+|nel\s+|in\s+un\s+|entro\s+un\s+|no\s+)?
      (?:radio|raggio|raio)(?:\s+(?:máximo|massimo))?(?:\s+(?:de|di))?:?\s*
    |(?:a\s+)?(?:menos\s+de|meno\s+di|no\s+más\s+de)\s+|(?:hasta|dentro\s+de|entro(?:\s+i)?|fino\s+a|até(?:\s+a)?|a)\s+
    |(?:in\s+|binnen\s+)?(?:een\s+)?(?:straal|omtrek|omgeving)(?:\s+van)?(?:\s+max\.?)?:?\s*
    |(?:binnen|tot|maximaal|hoogstens|op)\s+
"""
_AFTER = r"""
    radius|away|or\s+(?:less|so)|max\.?|(?:round\s+)?umkreis|entfernung|entfernt|im\s+umkreis|radius
    |de\s+(?:rayon|distance)|(?:aux?\s+)?alentours?|à\s+la\s+ronde|a\s+la\s+redonda|de\s+(?:distancia|distância|raio|radio)
    |di\s+(?:distanza|raggio)|afstand|straal|in\s+de\s+omtrek
"""
_DRIVE = r"""
    drive|driving|by\s+car|walk(?:ing)?|by\s+(?:train|bus|bike)|fahrt|autofahrt|mit\s+dem\s+auto|zu\s+fuß
    |en\s+voiture|de\s+route|à\s+pied|en\s+coche|andando|in\s+(?:auto|macchina)|a\s+piedi|de\s+carro|a\s+pé
    |rijden|lopen|away|entfernt
"""
_LEADS = r"""
    (?:(?:north|south|east|west)\s+|outside\s+)of|outside|of|from|around|round|near|rund\s+um
    |(?:nörd|süd|öst|west)lich\s+von|au\s+(?:nord|sud)\s+de|à\s+l['’](?:est|ouest)\s+de
    |al?\s+(?:norte|sur|nord|sud|este?|oeste|ovest)\s+d[ei]|(?:noord|zuid|oost|west)elijk\s+van|sud\s+de|rund\s+um|um|von|vom|bei|entfernt\s+von|autour\s+de|autour\s+du|autour\s+d['’]
    |de\s+la|alrededor\s+del?|desde|del|attorno\s+a|intorno\s+a|dal?|di|ao\s+redor\s+de|em\s+torno\s+de
    |em\s+volta\s+de|des?|d['’]|du|da|do|van(?:af)?|rondom|rond|om
"""
_HERE = r"""
    me|here|us|my\s+(?:home|house|place|location|area|position|work)|home|work|mir|hier|zu\s?hause
    |mir\s+zu\s?hause|chez\s+moi|ici|moi|mí|aquí|mi\s+casa|casa|casa\s+mia|qui|mim|aqui|minha\s+casa|mij|thuis
"""
_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
_FAR = re.compile(
    rf"""(?<![^\W_])(?P<before>{_BEFORE})?(?<![\d.,:])
    (?P<number>{_NUMBER}|(?:{"|".join(_NUMBERS)})(?=\s))(?:\s?|-)
    (?:(?P<miles>{_MILES})|(?P<km>{_KM}))(?![^\W_])\.?
    (?:\s+(?P<after>{_AFTER})(?![^\W_]))?
    (?:\s+(?P<leads>{_LEADS})(?:(?<=['’])|\s+(?=\S)|\s*$)(?P<here>(?:{_HERE})(?![^\W_]))?)?""",
    re.IGNORECASE | re.VERBOSE,
)
_LONG = re.compile(
    rf"""(?<![^\W_])(?:(?:(?P<inside>within|innerhalb\s+von|entro|binnen)|under|less\s+than|about|in|à|a|op)\s+)?
    (?:{_NUMBER}[\s-]?|(?:half\s+)?an?\s+|eine[rn]?\s+|une\s+(?:demi-)?|una\s+|un['’]|een\s+)(?:{_MINUTES})(?![^\W_])
    (?:\s+(?P<by>{_DRIVE})(?![^\W_]))?
    (?:\s+(?P<leads>from|of|entfernt\s+von|von|de|da|dal|van(?:af)?)\s+(?=\S)(?P<here>(?:{_HERE})(?![^\W_]))?)?""",
    re.IGNORECASE | re.VERBOSE,
)
# Where no digit is, one of these is beside a number in words.
_IN_WORDS = re.compile(rf"(?<![^\W_])(?:{_MILES}|{_KM}|{_MINUTES})(?![^\W_])", re.I | re.VERBOSE)
_TO_A_PLACE = frozenset({"from", "entfernt von"})
# Beside these a number of miles was run rather than driven.
_SPORT = re.compile(
    r"\s*(?:runs?|runner|running|race|races|marathon|hikes?|walks?|ride|rides|swim|lauf|läufe"
    r"|läufer|wanderung|course|carrera|corsa|corrida|hardlopen|loop)\b",
    re.IGNORECASE,
)
_SPORT_BEFORE = re.compile(
    r"\b(?:ran|run|running|after|race|walked|nach|après|despu[eé]s)\s*$", re.I
)


class Distance(NamedTuple):
    """Kilometres or miles as `Criteria.within` has them, "" for minutes; where the words stand.

    `leads` is where what leads on to a place begins, before `here` when that is where somebody
    is; both are the end without.
    """

    within: str
    start: int
    end: int
    leads: int
    here: int


def read(text: str) -> Distance | None:
    """The first distance in a text, or else the first time that a way takes."""
    if not any(letter.isdigit() for letter in text) and not _IN_WORDS.search(text):
        return None
    for found in _FAR.finditer(text):
        if (within := _within(found)) and not _is_sport(text, found):
            return _distance(found, within)
    for found in _LONG.finditer(text):
        if (
            found["by"]
            or (found["inside"] and found["leads"])
            or (found["leads"] or "").lower() in _TO_A_PLACE
        ):
            return _distance(found, "")
    return None


def _distance(found: re.Match[str], within: str) -> Distance:
    end = len(found[0].rstrip()) + found.start()
    leads = found.start("leads") if found["leads"] else end
    return Distance(
        within, found.start(), end, leads, found.start("here") if found["here"] else end
    )


def _within(found: re.Match[str]) -> str:
    number = found["number"].lower().replace(",", ".")
    amount = float(_NUMBERS.get(number, 0) if number[0].isalpha() else number)
    unit, km = ("mi", amount * KM_PER_MILE) if found["miles"] else ("km", amount)
    if not amount:
        return ""
    return f"{amount:g}{unit}" if km <= MOST_KM else f"{MOST_KM:g}km"


def _is_sport(text: str, found: re.Match[str]) -> bool:
    """Whether it was run: "after a 10 mile run", "ran 5 km"."""
    alone = not (found["after"] or found["leads"])
    before = text[: found.start()]
    return alone and bool(_SPORT.match(text[found.end() :]) or _SPORT_BEFORE.search(before))


def apart(text: str) -> tuple[str, str]:
    """A place in words without its distance, and the distance: "Berlin", "50km"."""
    found = read(text)
    if found is None or not found.within:
        return text, ""
    rest = f"{text[: found.start]} {text[found.here : found.end]} {text[found.end :]}"
    return " ".join(rest.split()).strip(" ,;+("), found.within


def spans(q: str, pieces: Sequence[Typed]) -> list[Span]:
    """The distance in a line, "" for the time that a way takes."""
    found = read(q)
    if found is None:
        return []
    start, end = len(typed(q[: found.start])), len(typed(q[: found.end]))
    if start == end or not all(piece.plain for piece in pieces[start:end]):
        return []
    return [Span(start, end, KIND if found.within else WAY, found.within)]


def of(numbers: Sequence[Span]) -> Span | None:
    """The distance among spans."""
    return next((span for span in numbers if span.kind in (KIND, WAY)), None)


def leading(q: str, pieces: Sequence[Typed], far: Span | None) -> tuple[Typed, ...]:
    """The same pieces; what leads on from a distance as the word for near, for it says that."""
    found = read(q) if far else None
    if far is None or found is None or found.leads == found.end:
        return tuple(pieces)
    ahead = ("near", "me") if found.here < found.end else ("near",)
    near = [Typed(word) for word in ahead[: far.length]]
    return (*pieces[: far.end - len(near)], *near, *pieces[far.end :])


def after(far: Span | None, run: tuple[int, int]) -> tuple[int, int]:
    """The words of a place without those that `leading` made of a distance."""
    start, end = run
    inside = far is not None and start < end and far.start <= start < far.end
    return (far.end, max(end, far.end)) if far and inside else run


def notes(
    spans: Sequence[Span], words: Callable[[Span], str], *, kind: str, chosen: str
) -> Iterator[Said]:
    """What of a distance was not taken: `kind` of place is "" without one; or one was `chosen`."""
    for span in spans:
        if span.kind == WAY:
            yield said(
                "We cannot tell how long a way takes, so “%(words)s” was passed over.",
                words=words(span),
            )
        elif span.kind == KIND and chosen not in ("", span.slug):
            yield said(
                "Another distance is chosen, so “%(words)s” was passed over.", words=words(span)
            )
        elif span.kind == KIND and not kind:
            yield said(
                "A distance counts from a town or postcode: type one beside “%(words)s”.",
                words=words(span),
            )


def label(within: str) -> Said:
    """A distance in words."""
    number = within.rstrip("kmi")
    if within.endswith("mi"):
        return said("Within %(number)s miles", number=number)
    return said("Within %(number)s km", number=number)
