"""E-mail addresses: the one rule for all that are taken and all that are written to."""

import re
import unicodedata
from urllib.parse import unquote

LONGEST = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
LONGEST_LOCAL_PART = 64
# Atoms with single dots between them (RFC 5322, 3.2.3; letters beyond ASCII by RFC 6531). Nothing
# in quotes: hardly anybody has such an address, and what it may hold has fooled many a parser. No
# dash to begin with: a program that is handed the address would take it for an option.
_ATOM = r"(?:[^\W_]|[!#$%&'*+/=?^_`{|}~-])+"
_LOCAL_PART = re.compile(rf"(?!-){_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.I | re.A)
_PUBLIC_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})", re.I | re.A)

# What nobody sees: soft hyphens, joiners, marks of direction, byte order marks.
_UNSEEN = dict.fromkeys(
    (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
)
_MAILTO = re.compile(r"mailto:([^?]*)(?:\?.*)?", re.I | re.S)
_NAMED = re.compile(r"[^<>]*<([^<>]*)>")
# Nobody pastes more layers than a link within angle brackets after a name.
_LAYERS = 3


def pasted(typed: str) -> str:
    """What people paste, without what is no part of an address: "Name <address>", "mailto:" with
    all that follows a "?", a comma or dot at the end, blanks around it and signs nobody sees.

    An address comes out as it is. What is none still is none.
    """
    text = typed.translate(_UNSEEN)
    for _ in range(_LAYERS):
        text = text.strip().rstrip(".,; \t\r\n")
        if link := _MAILTO.fullmatch(text):
            text = unquote(link[1])
        if named := _NAMED.fullmatch(text):
            text = named[1]
    return text.strip() or typed


def parted(address: str, *, own: bool = False) -> tuple[str, str]:
    """The local part of an address, and its domain as the network knows it (IDNA).

    ValueError when it is not exactly one address of somebody on the internet, or written with
    look-alikes of other signs, such as letters of full width. `own` addresses,
    which letters come from, may be of a machine without a public name, such as localhost.
    """
    local_part, at, domain = address.rpartition("@")
    known = domain.encode("idna").decode() if at else ""
    if not (
        _is_plain(address)
        and _LOCAL_PART.fullmatch(local_part)
        and len(local_part.encode()) <= LONGEST_LOCAL_PART
        and (_DOMAIN if own else _PUBLIC_DOMAIN).fullmatch(known)
    ):
        raise ValueError("this is no e-mail address")
    if len(f"{local_part}@{known}".encode()) > LONGEST:
        raise ValueError("this e-mail address is too long")
    return local_part, known


def _is_plain(address: str) -> bool:
    # Else what looks like somebody's address were another one (UTS 36, 2.10).
    return address == unicodedata.normalize("NFKC", address).translate(_UNSEEN)


def is_one(address: str, *, own: bool = False) -> bool:
    """Whether `parted` would part it."""
    try:
        parted(address, own=own)
    except ValueError:
        return False
    return True
