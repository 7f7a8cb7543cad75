"""An age in numbers: "6 week old", "my mum, 82", "under 5", "over 60s", "0 à 3 mois"."""

from collections.abc import Iterator, Sequence

from directory.search.text import Typed, each, folded
from directory.search.tongues import asks
from directory.search.vocabulary import Span

# How many of them are a year.
_UNITS = {
    **dict.fromkeys(
        each("day days tag tage tagen jour jours dia dias giorno giorni dag dagen"), 365.0
    ),
    **dict.fromkeys(
        each(
            """week weeks wk wks woche wochen semaine semaines semana semanas settimana settimane
            weken wochige wochigen wochiger wochiges"""
        ),
        52.0,
    ),
    **dict.fromkeys(
        each(
            """month months mth mths mo monat monate monaten mois mes meses mese mesi maand
            maanden"""
        ),
        12.0,
    ),
    **dict.fromkeys(
        each(
            """year years yr yrs yo jahr jahre jahren jahrige jahrigen jahriger jahriges ans ano
            anos anno anni jaar jarige jarigen"""
        ),
        1.0,
    ),
}
_OLD = each("old olds of age alt aged oud")
_OLDER_FORMS = each("altes alte alter alten oude")
_TELLING = each("yo jahrige jahrigen jahriger jarige jarigen")
_FAMILY = each(
    """mum mom mother dad father nan gran grandma grandmother granny grandpa grandad grandfather aunt
    uncle parent husband wife mutter vater oma opa mere pere madre padre abuela abuelo nonna nonno
    mae pai avo moeder vader"""
)
# Beside these a number of months or years is an age.
_YOUNG = each(
    """baby babies newborn newborns infant infants child children kid kids toddler toddlers son
    daughter saugling sauglinge kind kinder kleinkind kleinkinder sohn tochter bebe bebes nourrisson
    nourrissons enfant enfants fils fille nino ninos nina ninas hijo hija bambino bambini neonato
    neonati figlio figlia crianca criancas filho filha kinderen peuter peuters kleuter kleuters
    zoon dochter ages aged bimbo bimbi bimba bimbe neonata neonate babys bebee fillette garcon bube
    madchen jongen meisje menino menina chico chica bub"""
)
# What may stand between a child and its age: "kind van 4 jaar", "mein Sohn ist 6 Jahre".
_HAS = each(
    """de di do da d van von ist is sind was wird of age aged a avec ans con mit im met tem tiene ha
    heeft has hat wurde jetzt nu ora now only just about almost nearly nur erst ca etwa circa environ
    bijna casi quasi quase alter eta edad idade leeftijd agee agees eleve"""
)
_MOST_BETWEEN = 3
_UNDER: set[tuple[str, ...]] = {
    ("under",),
    ("below",),
    ("unter",),
    ("younger", "than"),
    ("junger", "als"),
    ("onder",),
}
_UNDER |= {("onder", "de"), ("jonger", "dan"), ("sotto", "i"), ("abaixo", "de"), ("menores", "de")}
# These say so of how long something has lasted, too.
_LESS: set[tuple[str, ...]] = {
    ("less", "than"),
    ("weniger", "als"),
    ("moins", "de"),
    ("menos", "de"),
    ("meno", "di"),
}
_LESS |= {("minder", "dan"), ("up", "to"), ("bis",), ("bis", "zu"), ("hasta",), ("fino", "a")}
_LESS |= {("ate",), ("tot",)}
_OVER: set[tuple[str, ...]] = {
    ("over",),
    ("above",),
    ("older", "than"),
    ("uber",),
    ("alter", "als"),
    ("plus", "de"),
}
_OVER |= {("mas", "de"), ("mayores", "de"), ("piu", "di"), ("sopra", "i"), ("mais", "de")}
_OVER |= {("acima", "de"), ("boven", "de"), ("ouder", "dan")}
_FROM: set[tuple[str, ...]] = {
    ("from",),
    ("ab",),
    ("des",),
    ("a", "partir", "de"),
    ("desde",),
    ("vanaf",),
    ("dai",),
}
_TO = each("to bis a au al tot ate and und et e y en")
# A number of these is no age.
_NO_AGES = each(
    """min mins minute minutes minuten minuti minutos hour hours stunden km kms mi mile miles meilen
    euro euros eur usd chf gbp dollar dollars bucks franken francs franchi pounds quid people clients
    patients percent kg lbs cm sessions am pm uhr"""
)
_LASTING = each("of experience erfahrung experiencia esperienza ago")
# What says how long something has lasted: "for 3 years", "depuis plus de 2 ans", "since 2019".
_SINCE = each("for since seit vor depuis desde hace ha faz da sinds al last past il letzten over")
_BEFORE_NUMBER = each(
    "for over about almost nearly the last past than more uber mehr als den plus de y a hace mas ha"
    " piu di mais dan meer dan ca etwa circa environ"
)
_AFTERWARDS = each(
    """ago now later long lang fa atras geleden her plus more already straight nonstop early late
    overdue premature experience erfahrung experiencia esperienza ervaring"""
)
# Numbers that are written out: before a unit alone they are one.
_WRITTEN = (
    "two zwei deux dos due dois duas twee", "three drei trois tres tre drie",
    "four vier quatre cuatro quattro quatro", "five funf cinq cinco cinque vijf",
    "six sechs seis sei zes", "seven sieben sept siete sette sete zeven",
    "eight acht huit ocho otto oito", "nine neun neuf nueve nove negen",
    "ten zehn dix diez dieci dez tien", "eleven elf onze once undici",
    "twelve zwolf douze doce dodici doze twaalf",
)  # fmt: skip
_NUMBERS = {word: n for n, words in enumerate(_WRITTEN, 2) for word in words.split()}
# "For a year", "seit einigen Monaten", "depuis des années": how long, without a number.
_SOME = each(
    """a an one many some several few couple of ein einem einer eine einigen mehreren vielen un une
    plusieurs quelques una unos unas varios varias muchos muchas uno alcuni alcune molti um uma
    varios muitos een enkele paar veel"""
)
_MANY = each("annees annee jaren anni anos jahren years ans wochen monaten months weeks")
FIRST_YEAR, LAST_YEAR = 1940, 2099
OLDER_FROM, OLDEST = 65, 110
# Whoever is over so many years is older to most, and from so many on it is said of no prices.
OLD_TO_MOST, OVER_FROM, MOST_YEARS_OVER = 60, 50, 100
COMING_OF_AGE = 18
# Up to so many years, exclusive.
GROUPS = (
    (2, "infants"),
    (13, "children"),
    (COMING_OF_AGE, "teens"),
    (OLDER_FROM, "adults"),
    (OLDEST, "older"),
)


def spans(pieces: Sequence[Typed]) -> Iterator[Span]:
    """Ages that are typed as a number, with the words that belong to them."""
    words = [folded(piece.text) if piece.plain else "" for piece in pieces]
    at = 0
    while at < len(words):
        found = (
            _between(words, at) or _range(words, at) or _of_somebody(words, at) or _one(words, at)
        )
        if found:
            yield Span(at, found[1], "ages", found[0])
        at = found[1] if found else at + 1


def with_numbers(pieces: Sequence[Typed], facts: Sequence[Span]) -> list[Span]:
    """Facts, and ages in numbers beside them: "Kinder unter 6 Jahren" is one age, of children."""
    found = list(facts)
    for age in spans(pieces):
        inside = [fact for fact in found if fact.start < age.end and fact.end > age.start]
        if any(fact.kind != "ages" or fact.length >= age.length for fact in inside):
            continue
        if inside:  # "bébé de 3 mois": the baby is a part of the age
            found = [fact for fact in found if fact not in inside]
            found.append(age)
            continue
        said = next((fact for fact in found if _tells_of(fact, age, pieces)), None)
        if said is None:
            found.append(age)
            continue
        both = "|".join(slug for slug in age.slugs if slug in said.slugs) or age.slug
        found[found.index(said)] = Span(said.start, age.end, "ages", both)
    taken = {i for fact in found for i in range(fact.start, fact.end)}
    return [
        *found,
        *(one for one in lasting(pieces) if taken.isdisjoint(range(one.start, one.end))),
    ]


def lasting(pieces: Sequence[Typed]) -> Iterator[Span]:
    """How long something has lasted, by which nobody is found: a time that is no age."""
    words = [folded(piece.text) if piece.plain else "" for piece in pieces]
    at = 0
    while at < len(words):
        end = _untold(words, at) or _time(words, at)
        if end > at:
            while end < len(words) and words[end] in _AFTERWARDS:
                end += 1
            yield Span(_since(words, at), end, "lasting", "1")
        at = max(end, at + 1)


def _time(words: Sequence[str], at: int) -> int:
    """Where a time ends that is told in numbers: "3 years", "since 2019"; 0 when none does."""
    number, unit, end = _number(words, at)
    if number is not None and unit:
        if words[end - 1] == "of":
            end -= words[end : end + 1] != ["experience"]
        return end
    year = words[at].isascii() and words[at].isdigit() and len(words[at]) == 4
    told = year and FIRST_YEAR <= int(words[at]) <= LAST_YEAR and _since(words, at) < at
    return at + 1 if told else 0


def _untold(words: Sequence[str], at: int) -> int:
    """Where a time ends that has no number: "for a year", "seit Jahren"; 0 when none does."""
    if words[at] not in _SINCE:
        return 0
    then = at + 1
    while then < len(words) and words[then] in _BEFORE_NUMBER | _SOME | {"des"}:
        then += 1
    unit = words[then] if then < len(words) else ""
    known = unit in _MANY or (unit in _UNITS and words[then - 1] in _SOME)
    return then + 1 if known else 0


def _since(words: Sequence[str], at: int) -> int:
    """Where the words begin that lead to how long: "for over", "depuis plus de", "il y a"."""
    start = at
    while start > 0 and words[start - 1] in _BEFORE_NUMBER | _SINCE:
        start -= 1
    return start if start < at and not _SINCE.isdisjoint(words[start:at]) else at


def _of_somebody(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """Somebody and their age: "bébé de 3 mois", "mi hijo de 5 años"; "3 Monate altes Baby"."""
    if words[at] in _YOUNG | _FAMILY:
        then = at + 1
        while then < min(at + 1 + _MOST_BETWEEN, len(words)) and words[then] in _HAS:
            then += 1
        number, unit, end = _number(words, then)
        follows = words[end] if number is not None and end < len(words) else ""
        aged = number is not None and unit and follows not in _LASTING | _AFTERWARDS
        return _in_group(number / _UNITS[unit], end) if aged and number is not None else None
    number, unit, end = _number(words, at)
    if number is None or not unit or _since(words, at) < at:
        return None
    while end < len(words) and words[end] in _OLD | _OLDER_FORMS:
        end += 1
    young = end < len(words) and words[end] in _YOUNG
    return _in_group(number / _UNITS[unit], end + 1) if young else None


def _in_group(years: float, end: int) -> tuple[str, int] | None:
    group = next((group for limit, group in GROUPS if years < limit), "")
    return (group, end) if group else None


def _tells_of(fact: Span, age: Span, pieces: Sequence[Typed]) -> bool:
    """Whether a word for an age stands right before its number."""
    between = pieces[fact.end : age.start]
    near = fact.kind == "ages" and fact.end <= age.start
    return near and all(piece.stop or asks(folded(piece.text)) for piece in between)


def _one(words: Sequence[str], at: int) -> tuple[str, int] | None:
    found = _age(words, at, words[at])
    return _in_group(*found) if found else None


def _age(words: Sequence[str], at: int, word: str) -> tuple[float, int] | None:
    """The years that a number with a unit stands for, and where it ends."""
    number, unit, end = _number(words, at)
    if number is None:
        return None
    if not unit:
        bare = word.isdigit() and (end == at + 1 or words[end - 1] not in _UNITS)
        return _bare(words, at, number) if bare else None
    old = end > at + 1 and words[end - 1] in _OLD
    # "3 years of pain" is no age; "3 year old" is.
    tells = (old and words[end - 1] != "of") or unit in _TELLING
    return (number / _UNITS[unit], end) if tells else None


def _number(words: Sequence[str], at: int) -> tuple[int | None, str, int]:
    """A number, its unit ("" without one), and where they and the words after them end."""
    word = words[at] if at < len(words) else ""
    if word in _NUMBERS and at + 1 < len(words) and words[at + 1] in _UNITS:
        word = str(_NUMBERS[word])
    digits = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        return None, "", at
    unit, end = word[len(digits) :], at + 1
    if not unit and end < len(words) and words[end] in _UNITS:
        unit, end = words[end], end + 1
    if unit == "s":  # "over 60s"
        return int(digits), "", end
    if unit and unit not in _UNITS:
        return None, "", at
    while unit and end < len(words) and words[end] in _OLD:
        end += 1
    return int(digits), unit, end


def _bare(words: Sequence[str], at: int, number: int) -> tuple[float, int] | None:
    """A number beside somebody's mother, or after "aged"."""
    aged = at > 0 and words[at - 1] == "aged"
    family = not _FAMILY.isdisjoint(words) and OLDER_FROM <= number < OLDEST
    return (float(number), at + 1) if aged or family else None


def _between(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """An age up to or from a number on: "under 5", "unter 6 Jahren", "over 60s"."""
    for length in (3, 2, 1):
        said = tuple(words[at : at + length])
        if said not in _UNDER | _LESS | _OVER | _FROM:
            continue
        number, unit, end = _number(words, at + length)
        follows = words[end] if number is not None and end < len(words) else ""
        if number is None or follows in _NO_AGES or (unit and follows in _LASTING):
            continue
        years = number / _UNITS.get(unit, 1.0)
        named = end == at + length + 1 and words[end - 1].endswith("s") and not unit
        old = words[end - 1] in _OLD
        if unit and not old and said in _OVER and _since(words, at) < at:
            continue  # "for over 10 years"
        surely = old or not _YOUNG.isdisjoint(words)
        if slug := _limited(said, years, sure=surely, told=bool(unit) or named):
            return slug, end
    return None


def _limited(said: tuple[str, ...], years: float, *, sure: bool, told: bool) -> str:
    """The groups below or above some years; "" when it is no age.

    `sure`: a child or "old" is beside it; `told`: the number has a unit, or is one of "60s".
    """
    if said in _OVER:
        likely = told or sure or OVER_FROM <= years < MOST_YEARS_OVER
        return _groups(years, OLDEST) if likely and years >= 1 else ""
    if said in _FROM:
        return _groups(years, years) if told and sure else ""
    likely = sure or (said in _UNDER and (told or years <= COMING_OF_AGE))
    return _groups(0, years, up_to=True) if likely and 0 < years <= OLDEST else ""


def _range(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """From one age to another: "0 à 3 mois", "3 to 5 year olds"."""
    first = words[at]
    if not (first.isascii() and first.isdigit() and len(first) <= 2):
        return None
    then = at + 1
    if then < len(words) and words[then] in _UNITS:
        then += 1
    then += then < len(words) and words[then] in _TO
    number, unit, end = _number(words, then)
    if number is None or not unit or int(first) >= number:
        return None
    if words[end - 1] not in _OLD - {"of"} and _YOUNG.isdisjoint(words):
        return None
    return _groups(int(first) / _UNITS[unit], number / _UNITS[unit]), end


def _groups(least: float, most: float, *, up_to: bool = False) -> str:
    """The groups of everybody from some years to others; from 60 on people are older ones."""
    if least >= OLD_TO_MOST:
        return "older"
    begin, found = 0, []
    for end, group in GROUPS:
        if begin < most + (not up_to) * 0.001 and end > least:
            found.append(group)
        begin = end
    return "|".join(found)
