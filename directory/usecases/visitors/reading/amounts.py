"""What stands in numbers: a price ("under $100", "bis 120 Franken") and an hour ("after 6pm").

Both are read from the line as typed, for words have no signs: "$100" is "100" among them.
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
    (?<![\d.,:])(?P<number>\d{{1,5}})(?:[.,]\d\d)?(?![\d:])(?:\s?(?P<unit>{_UNIT})(?![^\W_]))?
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
    |dopo\ le|dalle|depois\ das|a\ partir\ das|na|vanaf|until|till|bis|jusqu['’]à|hasta\ las?|tot
    |at|around|um|gegen|à|a\ las|alle|às|om|rond
"""
_SOONER = r"before|vor|avant|antes\ de\ las?|prima\ delle|antes\ das|voor"
_HOUR = re.compile(
    rf"""(?<![^\W_])(?:(?P<later>{_LATER})\s+|(?P<sooner>{_SOONER})\s+)?(?<![\d.,:])
    (?P<hour>\d{{1,2}})(?:(?P<colon>[:.]|\s?h)(?P<minutes>\d\d))?(?!\d)
    \s?(?P<unit>[ap]\.?m\.?|uhr|h|uur|o['’]clock)?(?![^\W_])""",
    re.IGNORECASE | re.VERBOSE,
)
# From five o'clock on it is "after work"; before nine it is early.
EVENING, EARLY, NOON = 17, 9, 12


def spans(q: str, pieces: Sequence[Typed]) -> tuple[Span, ...]:
    """The price and the hours that a line names, in typed order; a price is of kind "up_to"."""
    if not any(letter.isdigit() for letter in q):
        return ()
    prices = list(_of(q, pieces, ((m, _most(m)) for m in _PRICE.finditer(q)), "up_to"))[:1]
    hours = _of(q, pieces, ((m, _time(m)) for m in _HOUR.finditer(q)), "times")
    taken = {i for span in prices for i in range(span.start, span.end)}
    beside = [one for one in hours if taken.isdisjoint(range(one.start, one.end))]
    return tuple(sorted([*prices, *beside], key=lambda span: span.start))


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
    if not (unit or match["colon"] or (later or "").lower() in ("after", "past") or sooner):
        return ""
    hour = int(match["hour"])
    afternoon = unit == "pm" or (not unit and not match["colon"] and not sooner)
    hour += NOON if afternoon and hour < NOON else 0
    if sooner or (unit not in ("", "h") and not later):
        early = hour <= EARLY if sooner else hour < EARLY
        if early:
            return "early"
    return "evening" if not sooner and EVENING <= hour <= 23 else ""


def price(slug: str, local: str) -> Price | None:
    """The price of a span, where people pay with `local` money; None for no sound amount."""
    amount, _, money = slug.partition(" ")
    if money in _SHARED:
        money = local if local in _SHARED[money] else _SHARED[money][0]
    return Price(float(amount), money or local) if float(amount) else None
