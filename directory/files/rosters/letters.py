"""Bytes as text, whatever wrote them, and letters that somebody read wrong before us.

A file says nothing of its encoding, so each that it may be in is tried, and the likeliest is the
one in which names look like names: "Müller", not "MŸller" or "M¸ller".
"""

import codecs
import html
import quopri
import re
from collections.abc import Callable
from functools import lru_cache, partial
from itertools import pairwise

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What Excel and Numbers write when they do not write Unicode, the commonest first.
LEGACY = {
    "cp1252": "Western European, Windows-1252",
    "mac_roman": "Western European, MacRoman",
    "cp1250": "Central European, Windows-1250",
    "cp1251": "Cyrillic, Windows-1251",
    "cp1253": "Greek, Windows-1253",
    "cp1254": "Turkish, Windows-1254",
    "cp932": "Japanese, Shift-JIS",
    "cp1257": "Baltic, Windows-1257",
    "iso8859_2": "Central European, ISO 8859-2",
    "koi8_r": "Cyrillic, KOI8-R",
    "cp1255": "Hebrew, Windows-1255",
    "gb18030": "Chinese, GB 18030",
    "cp949": "Korean, Windows-949",
    "cp850": "Western European, of DOS",
}
_LIKELY = {
    "cp1252": "äöüßéèêëàâçñóíúáïîôûùåøæœãõýÄÖÜÉÁÅØÆÇÑÓÍÚÀÈ",
    "cp1250": "ąćęłńóśźżčďěňřšťůžőűăâîşţđáéíúýöüäßĄĆĘŁŃÓŚŹŻČĎĚŇŘŠŤŮŽŐŰÁÉÍÚÝÖÜ",
    "cp1254": "ğışçöüĞİŞÇÖÜ",
    "cp1257": "āčēģīķļņšūžąęėįųõäöüĀČĒĢĪĶĻŅŠŪŽĄĘĖĮŲ",
}
_LIKELY["iso8859_2"] = _LIKELY["cp1250"]
_SELDOM = frozenset("âîôûùïœæãõý")
for _same in ("mac_roman", "cp850"):
    _LIKELY[_same] = _LIKELY["cp1252"]
# Where these stand in the file, its letters are likely of that encoding.
_AT_HOME = {
    "cp1250": re.compile(
        r"\b(?:polska|poland|polen|pologne|czech\w*|cesk\w*|slovak\w*|slovensk\w*|hungary|"
        r"magyar\w*|ungarn|romania|rom.nia|croatia|hrvatska|slovenia|miasto|zaw.d|PL|CZ|HU)\b",
        re.I,
    ),
    "cp1257": re.compile(r"\b(?:latvia|latvija|lithuania|lietuva|estonia|eesti|LV|EE)\b", re.I),
    "cp1255": re.compile(r"\bisrael\b", re.I),
    "gb18030": re.compile(r"\b(?:china|CN)\b", re.I),
    "cp949": re.compile(r"\b(?:korea|KR)\b", re.I),
    "cp932": re.compile(r"\b(?:japan|JP)\b", re.I),
    "cp1254": re.compile(r"\b(?:turkey|t.rkiye|t.rkei|TR)\b", re.I),
}
_AT_HOME["iso8859_2"] = _AT_HOME["cp1250"]
_NOT_LATIN = frozenset(("cp1251", "cp1253", "cp932", "koi8_r", "cp1255", "gb18030", "cp949"))
_SMALL = "".join(char for char in map(chr, range(0xC0, 0x250)) if char.islower())
_CAPITALS = "".join(char for char in map(chr, range(0xC0, 0x250)) if char.isupper())
# Half as wide as they are high: nobody's name.
_HALF = re.compile("[\uff61-\uff9f]")
# Typographic signs that stand between words, and one that stands within them.
_SIGNS = "’‘“”„–—…®™°£€«»·•§©\xa0½¼¾²³ªº¿¡"
_TYPED = "’“”–—…€®™"
_WORD = re.compile(r"[^\W\d_]+", re.U)
# A letter beyond ASCII, or a sign that is no letter, in the middle of a word, and a capital after
# a small letter: "Kšln" is possible, "MŸller", "£ukasz", "Zo‘" and "M¸ller" are not.
_CAPITAL_INSIDE = re.compile(
    rf"[a-z{_SMALL}][{_CAPITALS}](?![A-Z{_CAPITALS}])|(?<=[A-Za-z])[ŸŒŽ](?=[a-zß-ÿ])"
    r"|(?<=[A-Z])[À-ÖØ-Þ](?=[a-zß-ÿ])|(?<=[A-Z])[ÆŒ](?=[A-Z][a-z])|(?<!\w)[ñîìíïôûÄÖß](?!\w)"
)
_SIGN_INSIDE = re.compile(
    r"(?<=[^\W\d_])[¡¢£¤¥¦§¨©ª«¬®¯°±²³´¶¸¹º»¼½¾¿‚“„†‡ˆ‰‹›˜™˙˝˛˘√∂∑∏π∫Ω≈∆◊≤≥ﬂﬁ](?=[^\W\d_])"
    r"|(?<![\w.])[£¥¯³¹¼¾](?=[^\W\d_]{2})|(?<=[a-z])[‘¸ˆ‰‡¨](?!\w)"
    r"|(?<=[^\W\d_]{2})‘(?=[a-zß-ÿ])|(?<=[^\W\d_lL])·(?=[^\W\d_])"
)
_ONLY_BEYOND = re.compile(r"[À-ÿ]{4,}")
_MARKUP = re.compile(
    r"&(?:[a-zA-Z][a-zA-Z0-9]{1,12}|#\d{2,6}|#x[0-9a-fA-F]{2,5});"
    r"|&[a-zA-Z](?:acute|grave|circ|tilde|uml|cedil|slash|ring)\b"
)
_QUOTED = re.compile(r"(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F]){1,3})+")
_ESCAPED = re.compile(r"\\u00([0-9a-fA-F]{2})")
LOST = "\N{REPLACEMENT CHARACTER}"
_LOST = re.compile(rf"{LOST}|(?<=[^\W\d_])\?+(?=[^\W\d_])")
# Read as the first, though written as the second: which mistakes we know to undo.
_MISREAD = (
    *(("cp1252", one) for one in ("cp1250", "mac_roman", "cp1251", "cp1254")),
    *(("mac_roman", one) for one in ("cp1252",)),
    ("latin-1", "cp1250"),
)
# So many bytes of a large file tell its encoding. What the general guess weighs, and what it weighs
# to be common, in points for each letter.
LOOKED_AT = 300_000
GUESSED, PRIOR = 0.1, 0.06
# A country that so large a part of the lines names is where its people are: one in so many.
OFTEN = 3
_SEEN_AS = ("cp1252", "latin-1", "mac_roman", "cp850", "cp437", "cp1250", "cp1251")


def decoded(content: bytes) -> tuple[str, list[str]]:
    """The text of a file, and sentences about how it was read."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace").removeprefix("\ufeff"), []
    if wide := _without_mark(content):
        return content.decode(wide, errors="replace"), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        return _by_lines(content)


def _without_mark(content: bytes) -> str:
    """UTF-16 that does not say so: every second byte of ordinary text is nothing."""
    start = content[:4000]
    half = len(start) // 2
    even, odd = start[::2].count(0), start[1::2].count(0)
    if half < 2 or max(even, odd) < half * 0.4 or min(even, odd) > half * 0.1:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _by_lines(content: bytes) -> tuple[str, list[str]]:
    """Lines that are UTF-8 as such, the others in the encoding that suits all of them best."""
    lines = re.split(rb"(?<=\n)|(?<=\r)(?!\n)", content)
    good: dict[int, str] = {}
    for number, line in enumerate(lines):
        try:
            good[number] = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
    other = [line for number, line in enumerate(lines) if number not in good]
    encoding = _likeliest(b"".join(other[:: 1 + len(content) // LOOKED_AT]), content)
    mixed = any(not text.isascii() for text in good.values())
    read = _reader(encoding)
    text = "".join(good[n] if n in good else read(line) for n, line in enumerate(lines))
    named = LEGACY.get(encoding, encoding)
    if mixed:
        return text, [
            f"The file is in two encodings: {len(other)} of its lines are not UTF-8;"
            f" they were read as {named}. Please look at the names."
        ]
    return text, [f"The file is not UTF-8; it was read as {named}. Please look at the names."]


def _reader(encoding: str) -> Callable[[bytes], str]:
    """A line in the file's encoding, unless another one alone makes names of it."""

    def read(line: bytes) -> str:
        text = line.decode(encoding, errors="replace")
        if encoding not in ("cp1252", "mac_roman") or not oddities(text):
            return text
        other = "mac_roman" if encoding == "cp1252" else "cp1252"
        otherwise = line.decode(other, errors="replace")
        return text if oddities(otherwise) else otherwise

    return read


def _likeliest(lines: bytes, whole: bytes) -> str:
    plain = whole[:LOOKED_AT].decode("ascii", errors="replace")
    scores = {one: _score(lines, one, plain) - PRIOR * place for place, one in enumerate(LEGACY)}
    guessed = from_bytes(lines, cp_isolation=list(LEGACY)).best()
    if guessed and guessed.encoding in scores:
        scores[guessed.encoding] += GUESSED
    best = max(scores, key=lambda one: scores[one])
    if scores[best] < 0 and (other := from_bytes(lines).best()):
        return other.encoding
    return best


def _score(lines: bytes, encoding: str, plain: str) -> float:
    """How much like names the text looks in an encoding, for each sign beyond ASCII."""
    text = lines.decode(encoding, errors="replace")
    signs = [char for char in text if not char.isascii()]
    if not signs:
        return 0.0
    points = sum(_points(char, encoding) for char in signs) - 3.0 * oddities(text)
    points -= 2.0 * len(_HALF.findall(text))
    if encoding in _NOT_LATIN:
        points += sum(_in_script(word.group()) for word in _WORD.finditer(text))
    home = _AT_HOME.get(encoding)
    bonus = min(1.0, OFTEN * len(home.findall(plain)) / (1 + plain.count("\n"))) if home else 0.0
    return points / len(signs) + bonus * 0.9


def _points(char: str, encoding: str) -> float:
    if char == LOST or "\x80" <= char < "\xa0":
        return -4.0
    if encoding in _LIKELY:
        if char in _LIKELY[encoding]:
            return 0.8 if char in _SELDOM else 1.0
        return 0.8 if char in _TYPED else 0.3 if char in _SIGNS else -1.0
    return 0.3 if char.isalpha() or char in _SIGNS else -1.0


def _in_script(word: str) -> float:
    """Whether a word is wholly in letters beyond Latin: such are those of Greeks and Russians."""
    beyond = sum(char > "\u036f" for char in word)
    if not beyond or len(word) < 2:
        return 0.0
    mixed = any(one.islower() and two.isupper() for one, two in pairwise(word))
    return 0.9 * beyond if beyond == len(word) and not mixed else -2.0 * beyond


def oddities(text: str) -> int:
    """How many letters of a text stand where no name has them."""
    if text.isascii():
        return 0
    found = len(_CAPITAL_INSIDE.findall(text)) + len(_SIGN_INSIDE.findall(text))
    return found + len(_ONLY_BEYOND.findall(text)) + text.count(LOST)


@lru_cache(maxsize=20_000)
def mended(text: str, *, prose: bool = False) -> tuple[str, str]:
    """The text as it was meant, and what was undone: "" when nothing was.

    Text read twice in a wrong encoding ("ZÃ¼rich"), signs of web pages ("&aacute;") and letters
    of one encoding shown as those of another ("£ukasz") become what they were.
    """
    how = []
    if plain := _without_codes(text):
        text, how = plain, ["it held codes in the place of letters"]
    if _MARKUP.search(text):
        plain = html.unescape(html.unescape(text)).replace("\xa0", " ")
        if plain != text:
            text, how = plain, ["it held HTML signs"]
    if text.isascii():
        return text, "; ".join(how)
    for _ in range(2):  # some files went through it twice
        once = _undone(text)
        if once == text:
            break
        text, how = once, ["its letters were damaged by a wrong encoding"]
    if not prose and oddities(text) and (other := _otherwise(text)):
        text, how = other, ["its letters were read wrong, in another encoding"]
    return text, "; ".join(how)


def _without_codes(text: str) -> str:
    """Letters that mail and programs write as codes ("=C3=AB", "\\u00eb"); "" when there are none."""
    plain = _QUOTED.sub(lambda run: quopri.decodestring(run[0]).decode("utf-8", "replace"), text)
    plain = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), plain)
    return plain if plain != text and LOST not in plain else ""


def lost(text: str) -> bool:
    """Whether letters of it are gone for good: "M?ller", or a sign that stands for one."""
    return bool(_LOST.search(text))


def _undone(text: str) -> str:
    """UTF-8 that was read as something else, run by run."""
    for encoding in _SEEN_AS:
        pattern = _runs(encoding)
        if pattern.search(text):
            mended = pattern.sub(partial(_as_utf8, encoding=encoding), text)
            if mended != text and oddities(mended) <= oddities(text) and _readable(mended):
                return mended
    return text


@lru_cache
def _runs(encoding: str) -> re.Pattern[str]:
    """Signs of an encoding that would be a lead byte and what follows it in UTF-8."""

    def signs(first: int, last: int) -> str:
        found = (_sign(byte, encoding) for byte in range(first, last + 1))
        return "".join(re.escape(one) for one in found if one)

    more = f"[{signs(0x80, 0xBF)}]"
    if encoding == "cp1252":  # its five gaps come through as they are
        more = f"[{signs(0x80, 0xBF)}\x81\x8d\x8f\x90\x9d]"
    two, three = signs(0xC3, 0xDF), signs(0xE1, 0xEF)
    return re.compile(f"[{_sign(0xC2, encoding)}{two}]{more}|[{three}]{more}{more}")


def _sign(byte: int, encoding: str) -> str:
    return bytes([byte]).decode(encoding, errors="ignore")


def _as_utf8(found: re.Match[str], encoding: str) -> str:
    run = found.group()
    try:
        raw = b"".join(
            bytes([ord(char)]) if "\x80" <= char <= "\x9f" else char.encode(encoding)
            for char in run
        )
        text = raw.decode("utf-8")
    except UnicodeError:
        return run
    return text if text.isprintable() or text == "\xa0" else run


def _otherwise(text: str) -> str:
    """The same bytes in the encoding that makes names of them; "" when none does."""
    found = []
    foreign = bool(_ONLY_BEYOND.search(text))
    for seen, written in _MISREAD:
        if foreign and written != "cp1251":
            continue
        try:
            other = text.encode(seen).decode(written)
        except UnicodeError:
            continue
        if not oddities(other) and _readable(other):
            found.append(other)
    west = frozenset(_LIKELY["cp1252"])
    return max(found, key=lambda one: sum(map(west.__contains__, one)), default="")


def _readable(text: str) -> bool:
    return all(_in_script(word) >= 0 for word in _WORD.findall(text)) and LOST not in text
