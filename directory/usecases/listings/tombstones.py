"""Who is gone for good, and who wants no listing: remembered by keyed hashes alone."""

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import DoNotList, Draft, Practice, Tombstone
from directory.places import fold

# Room for it in Listing.import_key.
LONGEST_MARK = 300
# How marks of a name begin: with a postcode (or a town that has none), and with a town whose
# postcode is left out.
BY_NAME, IN_TOWN = "name", "town"
_ZIP_PLUS_4 = re.compile(r"(\d{5})[- ]?\d{4}")


def hashed(key: bytes, text: str) -> str:
    """HMAC-SHA256: who has not got the key can neither read a text from it nor try texts out."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def gone(session: Session, slug: str, *, key: bytes) -> bool:
    """Whether a listing at this address was erased."""
    return bool(buried(session, [slug], key=key))


def buried(session: Session, slugs: Iterable[str], *, key: bytes) -> set[str]:
    """Those of the slugs that belonged to erased listings; nobody may have them again."""
    by_hash = {tomb(key, slug): slug for slug in slugs}
    found = session.scalars(
        select(Tombstone.slug_hash).where(Tombstone.slug_hash.in_(list(by_hash)))
    )
    return {by_hash[one] for one in found}


def unwanted(session: Session, drafts: Collection[Draft], *, key: bytes) -> frozenset[Draft]:
    """Those of the drafts whose practitioners asked not to be listed again."""
    hashes = {draft: {hashed(key, mark) for mark in asked_for(draft)} for draft in drafts}
    everyone = set[str]().union(*hashes.values())
    there = set(session.scalars(select(DoNotList.hash).where(DoNotList.hash.in_(everyone))))
    return frozenset(draft for draft, mine in hashes.items() if mine & there)


def marks(draft: Draft) -> tuple[str, ...]:
    """What an import knows somebody by, surest first: the e-mail address, and the name with each
    postcode (or town, where there is none). A name without a letter or digit is no name.

    One identity for all who ask: a row's import key is the first of them, erasure and the
    do-not-list remember all of them.
    """
    found = [email_mark(draft.email)] if draft.email.strip() else []
    found += [_named(draft, fold(one.postcode) or _town(one)) for one in draft.practices]
    return tuple(dict.fromkeys(filter(None, found)))


def remembered(draft: Draft) -> frozenset[str]:
    """What is kept of whoever wants no listing: the marks, and what other files may say instead,
    which are the town without a postcode and the short form of a US ZIP+4 code."""
    towns = {_named(draft, _town(one), IN_TOWN) for one in draft.practices if one.postcode}
    return frozenset(filter(None, {*marks(draft), *_short_zips(draft), *towns}))


def asked_for(draft: Draft) -> frozenset[str]:
    """What somebody is looked for by; it and `remembered` share a mark when they are the same. One with a postcode is also whoever was known by town alone;
    one without is whoever had any postcode there. Namesakes at two postcodes stay two."""
    towns = {
        _named(draft, _town(one), BY_NAME if one.postcode else IN_TOWN) for one in draft.practices
    }
    return frozenset(filter(None, {*marks(draft), *_short_zips(draft), *towns}))


def _named(draft: Draft, where: str, sort: str = BY_NAME) -> str:
    """A name with where it is found; "" when either says nothing."""
    name, where = fold(draft.name), where.replace(" ", "")
    mark = f"{sort}:{name}|{where}" if name and where else ""
    if len(mark) <= LONGEST_MARK:
        return mark
    return f"{mark[: LONGEST_MARK - 64]}{hashlib.sha256(mark.encode()).hexdigest()}"


def _town(practice: Practice) -> str:
    return fold(f"{practice.locality} {practice.country}") if practice.locality else ""


def _short_zips(draft: Draft) -> set[str]:
    found = (_ZIP_PLUS_4.fullmatch(one.postcode.strip()) for one in draft.practices)
    return {_named(draft, match[1]) for match in found if match}


def plain_postcode(postcode: str) -> str:
    """How a postcode begins in every way it is written: small letters and digits, no ZIP+4."""
    short = _ZIP_PLUS_4.fullmatch(postcode.strip())
    return short[1] if short else fold(postcode).replace(" ", "")


def email_mark(address: str) -> str:
    """The mark of an e-mail address, however it was typed."""
    return f"email:{address.strip().casefold()}"


def tomb(key: bytes, slug: str) -> str:
    return hashed(key, f"slug:{slug}")
