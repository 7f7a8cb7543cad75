"""What people type who know other search boxes: "language:es", "near:denver", "colic | reflux";
and what has one meaning however it is spelled: "w/o", "T M J", a telephone number.
"""

import re
from collections.abc import Callable, Mapping

from directory.places.pasting import broken
from directory.search.text import each, folded
from directory.usecases.visitors.reading.languages import language_names

_WISHES = each(
    """profession trade type condition conditions symptom complaint credential credentials
    certification training age ages access fee fees time times day days gender practitioner
    beruf beschwerde symptome beschwerden alter geschlecht metier symptomes
    sintoma sintomas profesion condicion sintomi professione profissao"""
)
_PLACES = each(
    """near place places location town city where zip zipcode postcode postal state region country
    county area ort stadt plz land lieu ville pays codepostal ciudad lugar pais luogo citta cidade
    plaats stad postcode"""
)
_LANGUAGES = each(
    "language languages lang speaks sprache sprachen langue langues idioma idiomas lingua lingue taal"
)
_PRICES = each("price prices cost budget up_to upto preis prix precio prezzo preco prijs")
_NAMES = each("name nom nombre nome naam practitioner_name")
_ON_OFF = each("online accepting home_visits")
_OFF = each("0 no false off nein non n")
_FIELD = re.compile(
    r"""(?<![^\s,;(])(?P<field>[^\W\d]\w{1,18})\s?(?:[:=]|<=?|≤)\s?(?!//)(?P<value>"[^"]+"|[^\s,;)"]+)"""
)
_MARKS = re.compile("[:=<≤]")
_WITHOUT = re.compile(r"(?<!\S)w/o\s*", re.I)
# Ten digits and more, or fewer after a plus, with signs between them: no code, no price.
_TELEPHONE = re.compile(
    r"(?<![\w.,\"])(?:\+\d(?:[ ().-]{0,2}\d){7,13}|\(?\d(?:[ ()-]{0,2}\d){9,13})(?![\w.,°'\"])"
)
# Letters one by one: "T M J".
_LETTERS = re.compile(r"(?<!\S)[A-Z](?: [A-Z]){2,4}(?!\S)")
_BAR = re.compile(r"(?<=\S)\s+\|{1,2}\s+(?=\S)|(?<=[^\W\d_])\|{1,2}(?=[^\W\d_])")


def plainly(q: str) -> str:
    """A line in plain words: the field goes, what it holds stays as it would be typed."""
    q = broken.mended(q)
    if "|" in q:
        q = _BAR.sub(" or ", q)
    if "/" in q:
        q = _WITHOUT.sub(" without ", q)
    q = _TELEPHONE.sub(r'"\g<0>"', q)
    q = _LETTERS.sub(lambda match: match[0].replace(" ", ""), q)
    return _FIELD.sub(_said, q) if _MARKS.search(q) else q


def _said(match: re.Match[str]) -> str:
    field, value = match["field"].casefold(), match["value"].strip('"')
    for fields, say in _WAYS:
        if field in fields or folded(field) in fields:
            return say(value, field)
    return match[0]


def _language(value: str, field: str) -> str:
    names: Mapping[str, str] = language_names()
    return names.get(value.casefold(), value)


def _on_or_off(value: str, field: str) -> str:
    said = field.replace("_", " ")
    return f"not {said}" if value.casefold() in _OFF else said


_WAYS: tuple[tuple[frozenset[str], Callable[[str, str], str]], ...] = (
    (_WISHES, lambda value, _: value),
    (_PLACES, lambda value, _: f"near {value}"),
    (_LANGUAGES, _language),
    (_PRICES, lambda value, _: f"up to {value}"),
    (_NAMES, lambda value, _: f'"{value}"'),
    (_ON_OFF, _on_or_off),
)
