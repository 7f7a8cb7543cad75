"""Letters that were broken on the way: "M&uuml;nchen", "M%C3%BCnchen", "MÃ¼nchen", "BONN53111"."""

import re
from html import unescape
from urllib.parse import unquote, unquote_to_bytes

_ENTITY = re.compile(r"&(?:#\d{2,5}|#x[0-9a-f]{2,5}|[a-z]{2,8});", re.IGNORECASE)
_PERCENT = re.compile(r"%[0-9A-F]{2}", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u(?!d[89a-f])([0-9a-f]{4})", re.IGNORECASE)
# How the first bytes of letters in UTF-8 look when each is taken for a letter.
_TWICE = re.compile("[\u00c2-\u00c5\u00e2]")
_CODE_PAGES = ("cp1252", "latin-1")
_GLUED = re.compile(r"(?<=[^\W\d_]{3})(?=\d{4,5}(?!\w))|(?<!\w)(\d{4,5})(?=[^\W\d_]{3})")


def mended(text: str) -> str:
    """A text as it was before, and a code apart from its town; the same when it is whole."""
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    if "%" in text and _PERCENT.search(text):
        text = _unquoted(text)
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if _TWICE.search(text):
        text = _decoded(text)
    return _GLUED.sub(lambda found: f"{found[1] or ''} ", text)


def _unquoted(text: str) -> str:
    try:
        plain = unquote_to_bytes(text).decode("utf-8")
    except UnicodeError:
        plain = unquote(text, encoding="latin-1")
    return plain if plain.isprintable() else text


def _decoded(text: str) -> str:
    for page in _CODE_PAGES:
        try:
            return text.encode(page).decode("utf-8")
        except UnicodeError:
            continue
    return text
