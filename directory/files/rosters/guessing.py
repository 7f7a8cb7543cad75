"""Which column is which: by what it is called, and by what stands in it."""

import re
from collections.abc import Callable, Mapping, Sequence

from directory import mailboxes
from directory.files.rosters import columns
from directory.files.rosters.lexicon import Lexicon
from directory.models import Kind
from directory.schemas.kinds import is_web_address
from directory.schemas.names import country_code

# So many of a column's cells must be of a kind for it to be one of that kind.
MOSTLY = 0.7
ENOUGH = 2
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,22}(?:\s*(?:x|ext)\.?\s*\d+)?", re.I)
_POSTCODE = re.compile(
    r"\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\d{2}-\d{3}", re.I
)
_WEB = re.compile(r"(?:https?://|www\.)\S+", re.I)
_PERSON = re.compile(
    r"(?:(?:Dr|Mrs?|Ms)\.? )?[^\W\d_]{2,}[’'\-.]?(?:[ ,\-’'.]+[^\W\d_]+\.?){1,4}", re.U
)


def guess(
    named: Sequence[str], samples: Mapping[str, Sequence[str]], lexicon: Lexicon
) -> dict[str, str]:
    """Which of our columns each of the file's seems to be, "" when we cannot tell; each once.

    A name that we know decides, unless its cells are plainly something else.
    """
    guessed = columns.guess(named)
    tests = _tests(lexicon)
    for column, ours in guessed.items():
        cells = [cell.strip() for cell in samples.get(column, ()) if cell.strip()]
        wrong = ours in ("email", "phone", "name") and _share(cells, tests["email"]) >= MOSTLY
        if wrong and ours != "email":
            guessed[column] = ""
    for ours, is_one in tests.items():
        if ours not in guessed.values() and not _said_otherwise(ours, guessed):
            _claim(ours, is_one, guessed, samples)
    return guessed


def _tests(lexicon: Lexicon) -> dict[str, Callable[[str], bool]]:
    """What the cells of a column look like, the surest first."""

    def is_trade(cell: str) -> bool:
        return bool(lexicon.read(Kind.PROFESSION, cell)[0])

    return {
        "email": lambda cell: mailboxes.is_one(mailboxes.pasted(cell)),
        "website": lambda cell: bool(_WEB.fullmatch(cell)) or is_web_address(cell),
        "country": lambda cell: len(cell) > 1 and country_code(cell) is not None,
        "professions": is_trade,
        "postcode": lambda cell: bool(_POSTCODE.fullmatch(cell)),
        "phone": lambda cell: bool(_PHONE.fullmatch(cell)),
        "name": lambda cell: bool(_PERSON.fullmatch(cell)) and cell[:1].isupper(),
    }


def _said_otherwise(ours: str, guessed: Mapping[str, str]) -> bool:
    return ours == "name" and columns.LAST in guessed.values()


def _claim(
    ours: str,
    is_one: Callable[[str], bool],
    guessed: dict[str, str],
    samples: Mapping[str, Sequence[str]],
) -> None:
    """Give a column of ours to the one of the file's, not known by its name, that looks like it."""
    shares = {}
    for column, taken in guessed.items():
        cells = [cell.strip() for cell in samples.get(column, ()) if cell.strip()]
        if not taken and len(cells) >= ENOUGH:
            shares[column] = _share(cells, is_one)
    best = max(shares, key=lambda one: shares[one], default="")
    if best and shares[best] >= MOSTLY:
        guessed[best] = ours


def _share(cells: Sequence[str], is_one: Callable[[str], bool]) -> float:
    return sum(map(is_one, cells)) / len(cells) if cells else 0.0
