"""Single cells, as people fill them in: what can be used of each, and what is kept aside and why.

A cell that cannot be used costs that cell and nobody's listing. Every reader here takes what stands
there and gives what our schemas take; a `Tray` keeps the rest.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from marshmallow import ValidationError

from directory import mailboxes
from directory.files.rosters.tables import shown
from directory.places.names import fold
from directory.schemas.kinds import NO, YES, Website, phone_number
from directory.usecases.imports.rows import Aside

Corrections = Mapping[tuple[str, str], str]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
# An export puts one apostrophe before such a cell, and an import takes one away.
LIKE_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_SIGNED = frozenset(("latitude", "longitude", "home_visit_km", "price_amount", "position"))
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|NV|BEZUG!|#+)", re.I)
NOTHING = frozenset(
    """|na|n a|none|null|nil|nan|tbc|tba|tbd|unknown|not applicable|not known|not given|not listed
    |no|nothing|keine|kein|keiner|k a|aucun|aucune|neant|ninguno|ninguna|no tiene|nessuno|nessuna
    |non|nenhum|nenhuma|nao tem|geen|brak|pending|coming soon|see above|as above|ditto|private
    |withheld|ex directory|exdirectory|confidential|to follow|x|xx|xxx""".replace(
        "\n    ", ""
    ).split("|")
)
_YES = YES | frozenset(
    [
        "ja",
        "oui",
        "si",
        "sim",
        "tak",
        "да",
        "x",
        "✓",
        "✔",
        "vrai",
        "wahr",
        "verdadero",
        "vero",
        "verdadeiro",
        "yep",
        "yea",
    ]
)
_NO = NO | frozenset(
    ("nein", "non", "nao", "nie", "нет", "faux", "falsch", "falso", "nope", "nee", "none")
)
_FIRST_WORD = re.compile(r"\s*([^\W\d_]+)\b\s*[-–—,;:(.!]", re.U)
_UNSEEN = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF)) | {0xA0: " "}
_APART = re.compile(r"\s*[;,|/\n]\s*|\s+(?:or|and|und|oder|et|ou|y|o|e)\s+|\s*&\s*|\s+", re.I)
_AT = re.compile(r"\s*[(\[{]\s*at\s*[)\]}]\s*|\s+at\s+", re.I)
_DOT = re.compile(r"\s*[(\[{]\s*dot\s*[)\]}]\s*|\s+dot\s+", re.I)
_DIGITS = re.compile(r"\+?\(?\d[\d\s().\-/]{5,}\d(?:\s*(?:x|ext\.?)\s*\d{1,6})?", re.I)
_NUMBERS_APART = re.compile(r"\s*[;,|\n/]\s*|\s+(?:or|and|und|oder|et|ou|y)\s+|\s*&\s*", re.I)
_SHORTENED = re.compile(r"\d[.,]\d+E\+?\d+", re.I)
_SCHEME = re.compile(r"(https?)\s*[:;]?\s*/*\s*", re.I)
_KM = re.compile(
    r"(?:within|up to|max\.?|about|approx\.?|ca\.?|bis(?: zu)?|jusqu\S*|hasta|fino a|ate|tot|<|~)?\s*"
    r"(?:(?P<low>\d+)\s*(?:-|–|to)\s*)?(?P<far>\d+(?:[.,]\d+)?)\s*"
    r"(?P<unit>km|kms|k|kilomet\w*|mi|mls|miles?|m)?\.?\s*(?:radius|away|umkreis)?",
    re.I,
)
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:e-?\d+)?", re.I)
KM_IN_A_MILE = 1.609344
_MONEY = re.compile(
    r"(?P<before>[$£€¥]|[A-Z]{2,3}\$?)?\s*(?P<number>[\d.,' ’]*\d)\s*(?P<after>[$£€¥]|[A-Z]{3})?"
    r"(?:\s*(?:/|per|pro|par)\s*(?:session|hour|hr|h|stunde|sitzung|seance|\d+\s*min\w*))?",
    re.I,
)
_CURRENCIES = {"£": "GBP", "€": "EUR", "C$": "CAD", "A$": "AUD", "NZ$": "NZD", "US$": "USD"}
_GENDERS = {
    **dict.fromkeys(("female", "f", "w", "woman", "weiblich", "femme", "mujer", "donna"), "woman"),
    **dict.fromkeys(("male", "m", "man", "mannlich", "homme", "hombre", "uomo"), "man"),
}


@dataclass
class Tray:
    """What is kept aside of one row, and what is to be said of it; `corrections` are by value."""

    corrections: Corrections
    asides: list[Aside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def put_aside(self, column: str, text: str, why: str) -> str:
        """Keep a cell, or a part of it, aside; what is left of it is nothing.

        `why` goes on after the value, which stands where it has "%s".
        """
        whole = why if "%s" in why or not text else f"%s {why}"
        self.asides.append(Aside(column, shown(text), whole))
        return ""

    def note(self, column: str, words: str) -> None:
        """Say what was done to a cell."""
        self.notes.append(f"{column}: {words}")

    def corrected(self, column: str, text: str) -> str:
        """What somebody said that this value stands for; the text itself when nobody did."""
        if not self.corrections:
            return text
        return self.corrections.get((column, value_key(text)), text)


def value_key(text: str) -> str:
    """Under which a value is corrected: as it is shown, in any case."""
    return shown(text).casefold()


def plain(column: str, text: str, tray: Tray) -> str:
    """A cell without what no column of ours may hold: formulas, a spreadsheet's errors."""
    if text.startswith("#") and _ERROR.fullmatch(text.strip()):
        return tray.put_aside(column, text, "a spreadsheet could not work this out")
    if text.strip() in ("-", "–", "—", "--", ".", "/"):
        return tray.put_aside(column, text, "says nothing")
    signs = "+-" if column in _SIGNED else "+" if column == "phone" else ""
    listed = column in ("about", "fees") and text.startswith("- ")
    if text.startswith(FORMULA) and text[0] not in signs and not (listed or text.startswith('="')):
        return tray.put_aside(
            column, text, f"begins with {text[0]!r}, as a spreadsheet formula does"
        )
    return unescaped(text)


def seen(text: str) -> str:
    """The text without signs that nobody sees, and with plain blanks."""
    text = text.replace("\x00", "")
    return text if text.isascii() else text.translate(_UNSEEN)


def unescaped(cell: str) -> str:
    """Undo the apostrophe that keeps a spreadsheet from reading an exported cell as a formula."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def words(column: str, text: str, tray: Tray) -> str:
    """Text in somebody's own words; "n/a" and a lone dash say nothing."""
    if _says_nothing(text) and fold(text) not in ("x", "no", "non", "private"):
        return tray.put_aside(column, text, "says nothing")
    return text


def yes_or_no(column: str, text: str, tray: Tray) -> str:
    """ "yes", "no" or nothing, out of what six languages say; the rest is for a person to decide."""
    said = _answer(text)
    if said or not text.strip():
        return said
    first = _FIRST_WORD.match(text)
    if first and (said := _answer(first[1])):
        tray.note(column, f"“{shown(text)}” is read as {said}")
        return said
    return tray.put_aside(column, text, "is neither yes nor no")


def _answer(text: str) -> str:
    word = text.strip().lower().rstrip(".!")
    for given in (word, fold(word)):
        if given in _YES or given in _NO:
            return "yes" if given in _YES else "no"
    return ""


def email(column: str, text: str, tray: Tray) -> str:
    """The first e-mail address of a cell."""
    whole = mailboxes.pasted(text)
    if mailboxes.is_one(whole):
        if whole != text.strip():
            tray.note(column, f"“{shown(text)}” is read as {whole}")
        return whole
    for spelled in (text, _DOT.sub(".", _AT.sub("@", text))):
        parts = [mailboxes.pasted(part) for part in _APART.split(spelled) if part]
        found = [part for part in parts if mailboxes.is_one(part)]
        if found:
            _several(column, text, found, tray)
            return found[0]
    return tray.put_aside(column, text, "is no e-mail address")


def _several(column: str, text: str, found: Sequence[str], tray: Tray) -> None:
    if len(set(found)) > 1:
        tray.put_aside(column, ", ".join(found[1:]), f"is one too many beside {found[0]}")
    else:
        tray.note(column, f"“{shown(text)}” is read as {found[0]}")


def phone(column: str, text: str, country: str, tray: Tray) -> str:
    """The first telephone number of a cell, as it is dialled from abroad."""
    if _SHORTENED.fullmatch(text.strip()):
        why = "is no telephone number: a spreadsheet has taken its digits"
        return tray.put_aside(column, text, why)
    parts = [part for part in _NUMBERS_APART.split(text) if sum(map(str.isdigit, part)) > 6]
    one = text if len(parts) < 2 else parts[0]
    number = _dialled(one, country)
    if not number and (digits := _DIGITS.search(one)):
        number = _dialled(digits.group(), country)
        if number:
            tray.note(column, f"“{shown(text)}” is read as {number}")
    if not number:
        return tray.put_aside(column, text, "is no telephone number")
    if len(parts) > 1:
        tray.put_aside(column, ", ".join(parts[1:]), f"is one too many beside {number}")
    return number


def _dialled(text: str, country: str) -> str:
    digits = re.sub(r"^\s*00(?=[1-9])", "+", text)
    if sum(
        map(
            str.isalpha,
            re.sub(r"(?:\b(?:tel|mob|phone|m|t|p|ext)\b|x|ext)\.?:?", "", digits, flags=re.I),
        )
    ):
        return ""
    try:
        return phone_number(digits, country)
    except ValidationError:
        return ""


def website(column: str, text: str, tray: Tray) -> str:
    """The first address of a page in a cell."""
    for tried in (text.strip(), *filter(None, re.split(r"[\s;,|<>]+", text))):
        address = _SCHEME.sub(r"\1://", tried, count=1) if _SCHEME.match(tried) else tried
        if "@" not in address and _is_page(address):
            if address != text.strip():
                tray.note(column, f"“{shown(text)}” is read as {address}")
            return address
    return tray.put_aside(column, text, "is no address of a web page")


def _is_page(address: str) -> bool:
    try:
        Website().deserialize(address)
    except ValidationError:
        return False
    return True


def kilometres(column: str, text: str, tray: Tray) -> str:
    """How far somebody travels: "10 miles", "25 km", "10-15 mi" (the farther), "no"."""
    if _answer(text) == "no":
        return ""
    if _NUMBER.fullmatch(text.strip()):
        return text.strip()
    found = _KM.fullmatch(text.strip())
    if not found:
        return tray.put_aside(column, text, "is no number of km")
    far = found["far"].replace(",", ".")
    if (found["unit"] or "").lower() not in ("mi", "mls", "mile", "miles"):
        return far
    km = round(float(far) * KM_IN_A_MILE, 1)
    tray.note(column, f"“{shown(text)}” is read as {km:g} km")
    return f"{km:g}"


def amount(text: str) -> tuple[str, str]:
    """A price as its number and currency, "" when that is not said: "$95", "CHF 120 / session"."""
    found = _MONEY.fullmatch(text.strip())
    if not found:
        return text, ""
    sign = (found["before"] or found["after"] or "").upper()
    return found["number"].strip(), _CURRENCIES.get(sign, sign if len(sign) == 3 else "")


def gender(column: str, text: str, tray: Tray) -> str:
    """What somebody is in our few words, else as it stands."""
    del column, tray
    return _GENDERS.get(fold(text), text)


def listed(
    column: str,
    text: str,
    find: Callable[[str], str | None],
    tray: Tray,
    parts: re.Pattern[str],
    why: str,
) -> list[str]:
    """What `find` knows of the values in a cell; each that it does not know is kept aside."""
    known = list[str]()
    if not text:
        return known
    if _says_nothing(text):
        tray.put_aside(column, text, "says nothing")
        return known
    for value in filter(None, (part.strip() for part in re.split(r"[|;\n]", text))):
        whole = find(tray.corrected(column, value))
        if whole:
            known.append(whole)
            continue
        for part in filter(None, (one.strip() for one in parts.split(value))):
            meant = tray.corrected(column, part)
            one = find(meant)
            if one:
                known.append(one)
            elif meant:
                tray.put_aside(column, part, why)
    return list(dict.fromkeys(known))


def _says_nothing(text: str) -> bool:
    return bool(text.strip()) and fold(text) in NOTHING
