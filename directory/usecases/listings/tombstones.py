"""Who is gone for good, and who wants no listing: remembered by keyed hashes alone."""

import hashlib
import hmac
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.models import (
    DoNotList,
    Draft,
    Tombstone,
)
from directory.places import fold


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
    hashes = {draft: {hashed(key, mark) for mark in marks(draft)} for draft in drafts}
    everyone = set[str]().union(*hashes.values())
    there = set(session.scalars(select(DoNotList.hash).where(DoNotList.hash.in_(everyone))))
    return frozenset(draft for draft, mine in hashes.items() if mine & there)


def marks(draft: Draft) -> tuple[str, ...]:
    """What an import knows somebody by, surest first: the e-mail address, and the name with each
    postcode (or town, where there is none).

    One identity for all who ask: a row's import key is the first of them, erasure and the
    do-not-list remember all of them.
    """
    found = [email_mark(draft.email)] if draft.email.strip() else []
    if name := fold(draft.name):
        for place in draft.practices:
            where = fold(place.postcode) or fold(f"{place.locality} {place.country}")
            found.append(f"name:{name}|{where.replace(' ', '')}")
    return tuple(dict.fromkeys(found))


def email_mark(address: str) -> str:
    """The mark of an e-mail address, however it was typed."""
    return f"email:{address.strip().casefold()}"


def tomb(key: bytes, slug: str) -> str:
    return hashed(key, f"slug:{slug}")
