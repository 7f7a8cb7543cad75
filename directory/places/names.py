"""Folding: how differently typed words become one spelling to compare.

`fold` is for any text, `place_key` for place names. Both are idempotent on
their own output and never raise, whatever the input.
"""

import re
import unicodedata
from collections.abc import Iterable

# Apostrophes, accents and primes that people type for one another.
_APOSTROPHES = dict.fromkeys(
    map(
        ord,
        "'`\u00b4\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u2032\uff07",
    )
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
    | {
        "\u0131": "i",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ĸ": "k",
        "ə": "e",
        "ƒ": "f",
        "ɓ": "b",
        "ɗ": "d",
    }
)
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
# Nukta, kana voicing and virama tell letters apart: they are no accents.
_KEPT_MARKS = frozenset({0, 7, 8, 9})
_ABBREVIATED = {
    "saint": "st",
    "sainte": "st",
    "ste": "st",
    "sankt": "st",
    "sint": "st",
    "mount": "mt",
    "fort": "ft",
}
_DIGRAPH = re.compile(r"([aou])e+")


def fold(text: str) -> str:
    """Casefolded words without accents, one space between them.

    Apostrophes vanish ("Bell's" → "bells"); other punctuation parts words
    ("Hay-on-Wye" → "hay on wye"); ß→ss, ø→o, ł→l, æ→ae, þ→th. Letters of every
    script stay. Invisible marks, NUL and lone surrogates are dropped.
    """
    if text.isascii():
        plain = text.lower().replace("'", "").replace("`", "")
        return _NOT_ASCII_WORD.sub(" ", plain).strip()
    return _fold_unicode(text)


def _fold_unicode(text: str) -> str:
    plain = text.translate(_APOSTROPHES)
    for _ in range(2):  # casefolding can bring back what decomposing took apart
        plain = unicodedata.normalize("NFKD", plain).casefold()
    plain = plain.translate(_APOSTROPHES).translate(_LETTERS)
    kept = "".join(filter(None, map(_kept, plain)))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] in "LN":
        return char
    if category[0] == "M":
        return char if unicodedata.combining(char) in _KEPT_MARKS else ""
    return "" if category in ("Cf", "Cs") else " "


def shortened(text: str) -> str:
    """`fold`, with Saint and the like as people shorten them."""
    return " ".join(_ABBREVIATED.get(word, word) for word in fold(text).split())


def place_key(text: str) -> str:
    """The spelling under which a place is stored and looked up.

    `fold`, then Saint/Sainte/Ste/Sankt → st, Mount → mt, Fort → ft, spaces
    dropped, and ae/oe/ue written as a/o/u, so that "München", "Muenchen" and
    "Munchen", or "Hay-on-Wye" and "hay on wye", are one.
    """
    joined = shortened(text).replace(" ", "")
    return _DIGRAPH.sub(r"\1", joined)


def word_keys(text: str) -> tuple[str, ...]:
    """The words of a name, each as it is compared: folded, "Müller" = "Mueller" = "Muller"."""
    return tuple(dict.fromkeys(_DIGRAPH.sub(r"\1", word) for word in fold(text).split()))


def key_of(words: Iterable[str]) -> str:
    """`place_key` of words that are folded already."""
    whole = " ".join(words).split()
    return _DIGRAPH.sub(r"\1", "".join([_ABBREVIATED.get(word, word) for word in whole]))
