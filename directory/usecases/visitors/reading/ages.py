"""An age in numbers: "6 week old", "my 8-year-old", "my mum, 82"."""

from collections.abc import Iterator, Sequence

from directory.search.text import Typed, folded
from directory.search.vocabulary import Span

# How many of them are a year.
_UNITS = {
    **dict.fromkeys(
        [
            "day",
            "days",
            "tag",
            "tage",
            "jour",
            "jours",
            "dia",
            "dias",
            "giorno",
            "giorni",
            "dag",
            "dagen",
        ],
        365.0,
    ),
    **dict.fromkeys(
        [
            "week",
            "weeks",
            "wk",
            "wks",
            "woche",
            "wochen",
            "semaine",
            "semaines",
            "semana",
            "semanas",
            "settimana",
            "settimane",
            "weken",
        ],
        52.0,
    ),
    **dict.fromkeys(
        [
            "month",
            "months",
            "mth",
            "mths",
            "mo",
            "monat",
            "monate",
            "mois",
            "mes",
            "meses",
            "mese",
            "mesi",
            "maand",
            "maanden",
        ],
        12.0,
    ),
    **dict.fromkeys(
        [
            "year",
            "years",
            "yr",
            "yrs",
            "yo",
            "jahr",
            "jahre",
            "jahrige",
            "jahriger",
            "jahriges",
            "ans",
            "ano",
            "anos",
            "anno",
            "anni",
            "jaar",
            "jarige",
        ],
        1.0,
    ),
}
_OLD = frozenset(["old", "of", "age", "alt", "aged", "oud"])
_FAMILY = frozenset(
    [
        "mum",
        "mom",
        "mother",
        "dad",
        "father",
        "nan",
        "gran",
        "grandma",
        "grandmother",
        "granny",
        "grandpa",
        "grandad",
        "grandfather",
        "aunt",
        "uncle",
        "parent",
        "husband",
        "wife",
        "mutter",
        "vater",
        "oma",
        "opa",
        "mere",
        "pere",
        "madre",
        "padre",
        "abuela",
        "abuelo",
        "nonna",
        "nonno",
        "mae",
        "pai",
        "avo",
        "moeder",
        "vader",
    ]
)
OLDER_FROM, OLDEST = 65, 110
# Up to so many years, exclusive.
GROUPS = (
    (2, "infants"),
    (13, "children"),
    (18, "teens"),
    (OLDER_FROM, "adults"),
    (OLDEST, "older"),
)


def spans(pieces: Sequence[Typed]) -> Iterator[Span]:
    """Ages that are typed as a number, with the words that belong to them."""
    words = [folded(piece.text) if piece.plain else "" for piece in pieces]
    for at, word in enumerate(words):
        if found := _age(words, at, word):
            years, end = found
            if group := next((group for limit, group in GROUPS if years < limit), None):
                yield Span(at, end, "ages", group)


def _age(words: Sequence[str], at: int, word: str) -> tuple[float, int] | None:
    """The years that a number with a unit stands for, and where it ends."""
    digits = word.rstrip("abcdefghijklmnopqrstuvwxyz")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        return None
    unit, end = word[len(digits) :], at + 1
    if not unit and end < len(words) and words[end] in _UNITS:
        unit, end = words[end], end + 1
    if unit not in _UNITS:
        return _bare(words, at, int(digits)) if not unit else None
    old = end < len(words) and words[end] in _OLD
    while end < len(words) and words[end] in _OLD:
        end += 1
    # "3 years of pain" is no age; "3 year old" is.
    tells = (old and words[end - 1] != "of") or unit in ("yo", "jahrige", "jahriger", "jarige")
    return (int(digits) / _UNITS[unit], end) if tells else None


def _bare(words: Sequence[str], at: int, number: int) -> tuple[float, int] | None:
    """A number beside somebody's mother, or after "aged"."""
    aged = at > 0 and words[at - 1] == "aged"
    family = not _FAMILY.isdisjoint(words) and OLDER_FROM <= number < OLDEST
    return (float(number), at + 1) if aged or family else None
