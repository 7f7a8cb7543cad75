"""Names as rosters hold them: "Dr. Maria de la Fuente, LMT, CST-D", "SURNAME, First", ALL CAPS."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_TITLES = re.compile(
    r"^(?:(?:dr|prof|mr|mrs|ms|miss|mx|herr|frau|hr|fr|m|mme|mlle|sr|sra|srta|sig|sigra|don|doña|dott|"
    r"dottssa|dra|drs|ir|mag|dipl[.-]?ing|rev|sister|med)(?:\.\s*|\s+)(?=[^\W\d_]))+",
    re.I,
)
_MADE_OF_WORDS = frozenset(("m", "don", "fr", "ir", "med", "sister"))
# Letters after a name that no taxonomy of ours has.
_LETTERS = frozenset(
    [
        "phd",
        "dphil",
        "md",
        "do",
        "dc",
        "nd",
        "lmt",
        "rmt",
        "cmt",
        "lac",
        "rn",
        "bsn",
        "msn",
        "ma",
        "msc",
        "bsc",
        "ba",
        "bs",
        "ms",
        "mph",
        "pt",
        "dpt",
        "ot",
        "otr",
        "slp",
        "cst",
        "cstt",
        "cstd",
        "cst1",
        "cst2",
        "rcst",
        "bcst",
        "bctmb",
        "ncbtmb",
        "ncbtmbt",
        "mcsp",
        "ibclc",
        "lcsw",
        "lmft",
        "lpc",
        "dds",
        "dmd",
        "cnm",
        "cpm",
        "arnp",
        "fnp",
        "np",
        "pa",
        "dom",
        "jr",
        "sr",
        "esq",
        "mbbs",
        "frcs",
        "mcsta",
        "cnhc",
        "rcstcsta",
        "iahp",
        "hp",
        "lmp",
        "mt",
        "bmt",
        "rpp",
        "rpt",
        "rsmt",
    ]
)
_GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv"))
# Written with small letters, too, and no name.
_AS_WORDS = _GENERATIONS | frozenset(("phd", "dphil", "lac", "bsc", "msc", "esq", "diplac", "psyd"))
_COMPANIES = frozenset(("inc", "llc", "ltd", "gmbh", "plc", "co", "corp", "pllc", "sarl", "bv"))
_SMALL = frozenset(
    [
        "van",
        "der",
        "den",
        "de",
        "la",
        "del",
        "von",
        "zu",
        "zur",
        "zum",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "y",
        "e",
        "i",
        "und",
        "al",
        "bin",
        "ibn",
        "ter",
        "ten",
        "af",
        "av",
        "du",
        "des",
        "le",
        "lo",
        "las",
        "los",
        "op",
        "'t",
    ]
)
_PRONOUNS = re.compile(
    r"\s*[(\[](?:she|he|they|her|him|sie|er|elle|il|ella|él)\b[^)\]]*[)\]]", re.I
)
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Person:
    """A name in its parts: `letters` stand after it, `as_given` is what the file has when that
    is something else."""

    name: str
    letters: tuple[str, ...] = ()
    as_given: str = ""


def parted(text: str, knows: Callable[[str], bool]) -> Person:
    """The parts of a name; `knows` tells whether letters are a trade's or a training's."""
    given = " ".join(text.split())
    named = _PRONOUNS.sub("", given).strip('“”„"‘ ')

    def is_letters(part: str) -> bool:
        return _is_letters(part, knows)

    parts = [part.strip() for part in named.split(",")]
    parts = [part for part in parts if part]
    if not parts:
        return Person("")
    trailing = list[str]()
    while len(parts) > 1 and _are_letters(parts[-1], is_letters, knows):
        trailing.insert(0, parts.pop())
    name = _without_titles(parts[0])
    if len(parts) == 2 and parts[1].lower().rstrip(".") in _COMPANIES:
        return Person(given)
    if len(parts) == 2 and _is_first(parts[1]):  # "Beispielfrau, Heike"
        name, trailing = _turned(name, parts[1], trailing, is_letters)
    elif len(parts) > 1:
        name = ", ".join((name, *parts[1:]))
    name, after = _letters_at_end(name, is_letters)
    name = cased(name)
    letters = tuple(dict.fromkeys((*after, *trailing)))
    if letters and letters[0].lower().rstrip(".") in _GENERATIONS:
        name, letters = f"{name} {letters[0]}", letters[1:]
    return Person(name, letters, "" if name == given else given)


def cased(name: str) -> str:
    """ALL CAPS and all small as names are written; a surname in capitals before a first name goes
    after it."""
    letters = "".join(_LETTER.findall(name))
    if len(letters) < 4:
        return name
    if letters.isupper() or letters.islower():
        return _capitalised(name)
    words = name.split()
    shouted = [_is_shouted(word) for word in words]
    if any(shouted) and not all(shouted):
        told = [
            _capitalised(word) if loud else word for word, loud in zip(words, shouted, strict=True)
        ]
        loud = next((n for n, one in enumerate(shouted) if not one), 0)
        if shouted[0] and not any(shouted[loud:]):  # "DUPONT Marie"
            told = [*told[loud:], *told[:loud]]
        return " ".join(told)
    return name


def _are_letters(
    part: str, is_letters: Callable[[str], bool], knows: Callable[[str], bool]
) -> bool:
    """Whether what follows a comma is letters, or a trade in words."""
    return all(map(is_letters, re.split(r"[\s/]+", part))) or (" " in part and knows(part))


def _is_letters(part: str, knows: Callable[[str], bool]) -> bool:
    """Whether it is letters such as LMT, CST-D, Ph.D. or III rather than somebody's name."""
    bare = re.sub(r"[.\-()®™\s]", "", part).lower()
    if not bare or len(bare) > 12:
        return False
    if bare in _AS_WORDS or (bare in _LETTERS and part.upper() == part):
        return True
    # Letters are written as such: "CST-T", "L.Ac."; "Massage" after a comma is no name either.
    upper = sum(char.isupper() for char in part)
    return knows(part) and (upper > 1 or not part[:1].isupper())


def _is_first(part: str) -> bool:
    """Whether what follows a comma is a first name, or two or three."""
    words = part.split()
    return 0 < len(words) < 4 and all(map(_LETTER.search, words))


def _turned(
    surname: str, rest: str, trailing: list[str], is_letters: Callable[[str], bool]
) -> tuple[str, list[str]]:
    """ "Doe", "Jane LMT" as "Jane Doe" with LMT."""
    first, after = _letters_at_end(_without_titles(rest), is_letters)
    if first.isupper() != surname.isupper():
        first = _capitalised(first) if first.isupper() and len(first) > 2 else first
        surname = _capitalised(surname) if surname.isupper() else surname
    return f"{first} {surname}".strip(), [*after, *trailing]


def _letters_at_end(name: str, is_letters: Callable[[str], bool]) -> tuple[str, list[str]]:
    """ "Jane Doe LMT CST-D" as the name and its letters; two words at least stay a name."""
    words = name.split()
    found = list[str]()
    if name.isupper() or name.islower():  # then nothing tells letters from a short surname
        known = {"lmt", "rmt", "phd", "rn", "cst", "cst-t", "cst-d", "rcst", "bctmb"}
        while len(words) > 2 and words[-1].lower() in known:
            found.insert(0, words.pop().upper())
        return " ".join(words), found
    while len(words) > 2 and words[-1].upper() == words[-1] and is_letters(words[-1]):
        found.insert(0, words.pop())
    return " ".join(words), found


def _without_titles(name: str) -> str:
    found = _TITLES.match(name)
    if not found:
        return name
    title = found.group().strip()
    rest = name[found.end() :]
    plain = title.lower().rstrip(".")
    if plain in _MADE_OF_WORDS and ("." not in title or " " not in rest):
        return name
    return rest or name


def _is_shouted(word: str) -> bool:
    letters = "".join(_LETTER.findall(word)).removeprefix("Mc").removeprefix("Mac")
    return len(letters) > 2 and letters.isupper()


def _capitalised(name: str) -> str:
    words = name.lower().split(" ")
    return " ".join(_word(word, first=not number) for number, word in enumerate(words))


def _word(word: str, *, first: bool) -> str:
    if not first and word in _SMALL:
        return word
    if word in _GENERATIONS and word.strip("i") in ("", "v"):
        return word.upper()
    return "-".join(_piece(piece) for piece in word.split("-"))


def _piece(piece: str) -> str:
    """ "o'brien" as "O'Brien", "mcdonald" as "McDonald", "d'arcy" as "d'Arcy"."""
    for mark in "'’":
        head, found, tail = piece.partition(mark)
        if found and tail and len(head) <= 2:
            start = head if head in ("d", "l") else head.capitalize()
            return start + mark + tail.capitalize()
    if piece.startswith("mc") and len(piece) > 4:
        return "Mc" + piece[2:].capitalize()
    return piece[:1].upper() + piece[1:]
