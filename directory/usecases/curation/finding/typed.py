"""What somebody typed into the one box: words, a number, a telephone number, an address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from directory.models.reviewing import telephone_handle, website_handle
from directory.places.names import word_keys

LONGEST = 200
MOST_WORDS = 6
MOST_ID = 2**31 - 1
# Shorter beginnings fit half of all words: beside none that is longer, a short word is taken as a
# whole one ("Li").
SHORTEST_BEGINNING = 3
FEWEST_DIGITS = 4
_NUMBER = re.compile(r"(?:#|nr\.? ?|no\.? ?)?(\d{1,10})", re.ASCII | re.I)
_TELEPHONE = re.compile(r"(?:tel:)?[+(]?\d[\d ()./\u00a0-]*", re.ASCII | re.I)
_WEBSITE = re.compile(r"(?:https?://)?[^\s/@]+\.[^\s/@.]{2,}(?:/\S*)?", re.I)
# Pages of ours: a public listing, and those of the staff that are about one row.
_LISTING = re.compile(r"/practitioners/([^/]+?)(?:\.vcf)?/?")
_ROW = re.compile(
    r"/(?:admin|my)/(listing|listings|review|hide|checks|accounts|reports|imports)/(\d{1,10})(?:/.*)?",
    re.ASCII,
)
_KIND = {"accounts": "account", "reports": "report", "imports": "import"}


@dataclass(frozen=True, slots=True)
class Beginning:
    """All texts from `low` to below `high`; `low` alone where `high` is ""."""

    low: str
    high: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the words may mean, each "" or None when they cannot.

    `row` is a kind ("listing", "account", "report", "import") and a number, from an address.
    """

    text: str
    words: tuple[Beginning, ...] = ()
    number: int | None = None
    email: str = ""
    telephone: str = ""
    website: str = ""
    slug: str = ""
    row: tuple[str, int] | None = None

    def number_of(self, kind: str) -> int | None:
        """The number of a row of this kind, if one was typed."""
        if self.row is not None:
            return self.row[1] if self.row[0] == kind else None
        return self.number


def read(text: str) -> Typed:
    """What a text may mean; never raises, whatever the text."""
    text = " ".join(text.split())[:LONGEST].strip()
    if found := _of_ours(text):
        return found
    if "@" in text:
        return Typed(text, email=text.casefold().removeprefix("mailto:").strip("<>,; "))
    words = _words(word_keys(text)[:MOST_WORDS])
    number = _NUMBER.fullmatch(text)
    is_website = _WEBSITE.fullmatch(text) and "." in text
    return Typed(
        text,
        words=() if is_website and "/" in text else words,
        number=_id(number[1]) if number else None,
        telephone=_telephone(text),
        website=website_handle(text) if is_website else "",
        slug=text.casefold() if " " not in text else "",
    )


def beginning(text: str) -> Beginning:
    """All that begins so: the last letter is raised by one for where it ends."""
    last = ord(text[-1]) + 1
    # Surrogates are no letters, and behind the last one there is none.
    high = "\ue000" if 0xD800 <= last <= 0xDFFF else chr(min(last, 0x10FFFF))
    return Beginning(text, text[:-1] + high)


def _words(words: Sequence[str]) -> tuple[Beginning, ...]:
    if any(len(word) >= SHORTEST_BEGINNING or not word.isascii() for word in words):
        return tuple(map(beginning, words))
    return tuple(map(Beginning, words))


def _of_ours(text: str) -> Typed | None:
    """The row or listing that an address of ours names."""
    try:
        path = unquote(urlsplit(text).path) if "/" in text else ""
    except ValueError:
        return None
    path = path[path.find("/") :]
    if found := _LISTING.fullmatch(path):
        return Typed(text, slug=found[1].casefold())
    found = _ROW.fullmatch(path)
    number = _id(found[2]) if found else None
    if not found or number is None:
        return None
    return Typed(text, row=(_KIND.get(found[1], "listing"), number))


def _id(digits: str) -> int | None:
    number = int(digits)
    return number if 0 < number <= MOST_ID else None


def _telephone(text: str) -> str:
    digits = sum(char.isdecimal() for char in text)
    fits = digits >= FEWEST_DIGITS and _TELEPHONE.fullmatch(text)
    return telephone_handle(text) if fits else ""
