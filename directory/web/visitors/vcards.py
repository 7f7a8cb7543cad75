"""A listing as an address-book entry: vCard 4.0 (RFC 6350)."""

import re
from collections.abc import Iterator

from directory.models import Practice
from directory.usecases.visitors.results import Profile
from directory.web.formatting.telephones import telephone

OCTETS_A_LINE = 75
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def vcard(profile: Profile, url: str) -> str:
    """Everything that an address book has room for, and no condition."""
    return "".join(f"{line}\r\n" for text in _lines(profile, url) for line in _folded(text))


def _lines(profile: Profile, url: str) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield "KIND:individual"
    yield f"FN:{_text(profile.title)}"
    *first, last = profile.name.split() or [""]
    yield f"N:{_text(last)};{_text(' '.join(first))};;;{_text(profile.suffix)}"
    if profile.professions:
        yield f"TITLE:{_text(', '.join(term.label for term in profile.professions))}"
    if profile.practices and profile.practices[0].name:
        yield f"ORG:{_text(profile.practices[0].name)}"
    if profile.phone:
        country = profile.practices[0].country if profile.practices else ""
        yield f"TEL;VALUE=uri;TYPE=work:tel:{telephone(profile.phone, country)}"
    if profile.email:
        yield f"EMAIL;TYPE=work:{_text(profile.email)}"
    if profile.website:
        yield f"URL:{_line(profile.website)}"
    for practice in profile.practices:
        yield from _place(practice)
    for term in profile.languages:
        yield f"LANG:{_text(term.slug)}"
    yield f"SOURCE:{_line(url)}"
    yield f"REV:{profile.confirmed_on:%Y%m%d}T000000Z"
    yield "END:VCARD"


def _place(practice: Practice) -> Iterator[str]:
    parts = (
        "",
        "",
        practice.address,
        practice.locality,
        practice.region,
        practice.postcode,
        practice.country,
    )
    yield "ADR;TYPE=work:" + ";".join(map(_text, parts))
    if practice.lat is not None and practice.precision == "exact" and not practice.hide_address:
        yield f"GEO;TYPE=work:geo:{practice.lat:.5f},{practice.lon:.5f}"


def _text(value: str) -> str:
    """Escaped as RFC 6350, section 3.4, wants it."""
    plain = _UNSAFE.sub("", value).replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return "\\n".join(plain.splitlines())


def _line(value: str) -> str:
    return "".join(_UNSAFE.sub("", value).split())


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 octets, never cut inside a character (section 3.2)."""
    piece, octets = "", 0
    for char in line:
        size = len(char.encode())
        if octets + size > OCTETS_A_LINE:
            yield piece
            piece, octets = " ", 1
        piece, octets = piece + char, octets + size
    yield piece
