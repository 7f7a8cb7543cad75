"""What stands in numbers: a price ("under $100"), an hour ("after 6pm"), a length ("60 minutes").

They are read from the line as typed, for words have no signs: "$100" is "100" among them.
"""

import re
from collections.abc import Iterator, Sequence

from directory.search.port import Price
from directory.search.text import Typed, typed
from directory.search.vocabulary import Span

# What a price is said to be at most: sure, or of an age or a number, too.
_MOST = r"""
    max(?:imum|imal|imaal)?\.?|maxi|at\ most|up\ to|no(?:t)?\ more\ than|not\ over|cheaper\ than
    |budget(?:\ of|\ is|:)?|<=?|≤|höchstens|bis\ (?:zu|max\.?)|nicht\ mehr\ als|jusqu['’]à|au\ plus
    |pas\ plus\ de|hasta|(?:como\ |no\ )?máximo(?:\ de)?|no\ más\ de|fino\ a|(?:al\ )?massimo
    |non\ più\ di|até|não\ mais\ de|hoogstens|niet\ meer\ dan
"""
_LESS = r"""
    under|below|less\ than|lower\ than|unter|bis|weniger\ als|moins\ de|menos\ de|meno\ di|abaixo\ de
    |minder\ dan|onder(?:\ de)?|tot|sotto(?:\ i)?
"""
_OR_LESS = r"""
    or\ (?:less|under|below|cheaper)|max(?:imum|imal|imaal)?\.?|maxi|at\ most|tops|oder\ weniger
    |höchstens|ou\ moins|(?:como\ |no\ )?máximo|o\ menos|o\ meno|(?:al\ )?massimo|ou\ menos
    |of\ minder
"""
_SIGN = r"US\$|CA\$|C\$|A\$|AU\$|NZ\$|R\$|[$£€]|CHF|EUR|USD|GBP|CAD|AUD|NZD|S?Fr\.?"
_UNIT = r"""
    [$£€]|euros?|eur|chf|franken|francs?|franchi|francos?|sfr\.?|fr\.?|dollars?|bucks|usd|cad|aud|nzd
    |pounds?|quid|gbp|kronor|kroner|kr\.?|sek|nok|dkk|zł|pln|yen|jpy|reais|brl|inr|rupees|mxn|pesos
"""
# A number of these is no price.
_OTHER = r"""
    km|kms|mi|miles?|meilen|min(?:utes?|uten|uti|utos)?|hours?|std|%|years?|yrs?|yo|jahren?|ans?
    |años?|anni|anos|jaar|months?|monaten?|mois|mes(?:es|i)?|maanden|weeks?|wochen|weken|days?|uhr|h|uur
    |am|pm|lbs?|kg|cm|people|clients|patients
"""
_PRICE = re.compile(
    rf"""(?<![^\W_])(?:(?P<most>{_MOST})|(?P<less>{_LESS}))?\s*(?:(?P<sign>{_SIGN})\s?)?
    (?<![\d.,:])(?P<number>\d{{1,5}})(?:[.,]\d\d)?(?![\d:])
    (?:\s?(?P<unit>{_UNIT})(?![^\W_])|(?![^\W\d_]))
    (?!\s?(?:{_OTHER})(?![^\W_]))(?:\s*(?P<after>{_OR_LESS})(?![^\W_]))?""",
    re.IGNORECASE | re.VERBOSE,
)
_MONEY = {
    "us$": "USD", "ca$": "CAD", "c$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "r$": "BRL",
    "£": "GBP", "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "pound": "GBP",
    "pounds": "GBP", "quid": "GBP", "zł": "PLN", "yen": "JPY", "reais": "BRL", "rupees": "INR",
    **dict.fromkeys(("franken", "franc", "francs", "franchi", "franco", "francos"), "CHF"),
    **dict.fromkeys(("fr", "fr.", "sfr", "sfr."), "CHF"),
    **dict.fromkeys(("$", "dollar", "dollars", "bucks"), "$"),
    **dict.fromkeys(("kr", "kr.", "kronor", "kroner"), "kr"),
    "pesos": "",
}  # fmt: skip
# Money of one name in several countries: that of the place, or else the first.
_SHARED = {"$": ("USD", "CAD", "AUD", "NZD"), "kr": ("SEK", "NOK", "DKK", "ISK")}
# Without its money a number is a price from so much on, after "max" and after "under".
LEAST_MOST, LEAST_LESS, MOST_UNTOLD = 20, 50, 1000

_LATER = r"""
    after|from|past|ab|nach|après|à\ partir\ de|dès|después\ de\ las?|a\ partir\ de\ las?|desde\ las?
    |dopo\ le(?:\ ore)?|dalle(?:\ ore)?|depois\ das|a\ partir\ das|a\ partir\ das|na|vanaf|until|till|bis|jusqu['’]à|hasta\ las?|tot
    |at|around|um|gegen|à|a\ las|alle|às|om|rond
"""
# After these a number is an hour without saying so.
_HOURS = (
    "after",
    "past",
    "después de la",
    "dopo le",
    "dalle",
    "depois das",
    "a partir d",
    "desde la",
)
_SOONER = r"before|vor|avant|antes\ de\ las?|prima\ delle|antes\ das|voor"
# "Vor 2 Jahren" is no hour.
_AGO = r"""
    years?|months?|weeks?|days?|jahre?n?|monate?n?|wochen?|tage?n?|ans?|mois|semaines?|jours?|años?
    |mes(?:es|i)?|semanas?|d[ií]as?|anni|anno|settiman[ae]|giorn[io]|anos?|jaar|maanden|weken|dagen
"""
_HOUR = re.compile(
    rf"""(?<![^\W_])(?:(?P<later>{_LATER})\s+|(?P<sooner>{_SOONER})\s+)?(?<![\d.,:])
    (?P<hour>\d{{1,2}})(?:(?P<colon>[:.]|\s?h)(?P<minutes>\d\d))?(?!\d)
    \s?(?P<unit>[ap]\.?m\.?|uhr|h|uur|o['’]clock)?(?![^\W_])(?!\s(?:{_AGO})(?![^\W_]))""",
    re.IGNORECASE | re.VERBOSE,
)
# How long a session takes; not how far somebody drives.
_LENGTH = re.compile(
    r"""(?<![^\W_])(?<!within\s)(?<!every\s)(?:(?:under|max\.?|at\ least|about)\s+)?
    (?:(?P<number>\d{1,3}(?:[.,]\d)?|an?|one|half\ an|half|eine[rn]?|une|una|um[ao]?|een|un)[\s’'-]?
    (?:(?P<minutes>min(?:s|\.|ute[sn]?|uti|utos?|uut)?)
    |(?P<hours>hours?|hrs?|h|std\.?|stunden?|heures?|horas?|or[ae]|uur)))(?![^\W_])
    (?!\s*(?:from|of|away|drive|walk|by|to|ago|entfernt|fahrt|de\ route|en\ voiture|lang|before|after
    |long|labou?r|later|apart)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
LEAST_MINUTES, MOST_MINUTES, HOUR = 10, 240, 60
# From five o'clock on it is "after work"; before nine it is early.
EVENING, EARLY, NOON = 17, 9, 12


def spans(q: str, pieces: Sequence[Typed]) -> tuple[Span, ...]:
    """The price, hours and length that a line names, in typed order; a price is "up_to"."""
    lasting = list(_of(q, pieces, ((m, _lasts(m)) for m in _LENGTH.finditer(q)), "minutes"))
    if not any(letter.isdigit() for letter in q):
        return tuple(lasting)
    prices = list(_of(q, pieces, ((m, _most(m)) for m in _PRICE.finditer(q)), "up_to"))[:1]
    hours = _of(q, pieces, ((m, _time(m)) for m in _HOUR.finditer(q)), "times")
    found = prices
    for span in (*hours, *lasting):
        if all(span.end <= one.start or span.start >= one.end for one in found):
            found.append(span)
    return tuple(sorted(found, key=lambda span: span.start))


def _of(
    q: str, pieces: Sequence[Typed], found: Iterator[tuple[re.Match[str], str]], kind: str
) -> Iterator[Span]:
    for match, slug in found:
        if slug:
            start, end = len(typed(q[: match.start()])), len(typed(q[: match.end()]))
            if start < end and all(piece.plain for piece in pieces[start:end]):
                yield Span(start, end, kind, slug)


def _most(match: re.Match[str]) -> str:
    """A price as "100 USD", "100 $" or "100 " (money untold); "" when it is none."""
    if not (match["most"] or match["less"] or match["after"]):
        return ""
    said = (match["sign"] or match["unit"] or "").lower()
    sure = match["most"] or match["after"]
    least = LEAST_MOST if sure else LEAST_LESS
    if not said and not least <= int(match["number"]) <= MOST_UNTOLD:
        return ""
    return f"{int(match['number'])} {_MONEY.get(said, said.upper())}"


def _time(match: re.Match[str]) -> str:
    """What an hour says of the times; "" when nothing."""
    unit = (match["unit"] or "").lower().replace(".", "")
    later, sooner = match["later"], match["sooner"]
    if not (unit or match["colon"] or (later or "").lower().startswith(_HOURS) or sooner):
        return ""
    hour = int(match["hour"])
    afternoon = unit == "pm" or (not unit and not match["colon"] and not sooner)
    hour += NOON if afternoon and hour < NOON else 0
    if sooner or (unit not in ("", "h") and not later):
        early = hour <= EARLY if sooner else hour < EARLY
        if early:
            return "early"
    return "evening" if not sooner and EVENING <= hour <= 23 else ""


def _lasts(match: re.Match[str]) -> str:
    """The minutes of a session; "" when it takes none so long."""
    number = match["number"].replace(",", ".")
    said = 1.0 if number[0].isalpha() else float(number)
    if match["minutes"] and not number[0].isdigit():
        return ""
    minutes = said if match["minutes"] else said * HOUR
    return f"{minutes:g}" if LEAST_MINUTES <= minutes <= MOST_MINUTES else ""


def price(slug: str, local: str) -> Price | None:
    """The price of a span, where people pay with `local` money; None for no sound amount."""
    amount, _, money = slug.partition(" ")
    if money in _SHARED:
        money = local if local in _SHARED[money] else _SHARED[money][0]
    return Price(float(amount), money or local) if float(amount) else None
