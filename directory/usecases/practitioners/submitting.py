"""From written to public: what is lacking, what goes live at once, what an admin reads."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from directory.errors import Conflict, Invalid
from directory.models import Account, Actor, Draft, Listing, State
from directory.promises import Flag, lint
from directory.said import Said, said
from directory.usecases.audit import chain
from directory.usecases.listings import changes, loading, slugs, tombstones, waiting
from directory.usecases.listings.fields import (
    NOTHING_YET,
    UNNAMED,
    WHOLE,
    changed_fields,
    pages_of,
)
from directory.usecases.practitioners import consenting, for_owners, rules
from directory.usecases.practitioners.writing import Copy, working_copy

AT_ONCE = "published-at-once"


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of it: the fields that are live at once, and those that an admin reads."""

    at_once: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


def lacking(content: Draft) -> dict[str, Said]:
    """What must be there before a listing can be sent in, by field."""
    missing: dict[str, Said] = {}
    if not content.name:
        missing["name"] = said("Say your name.")
    if not content.professions:
        missing["professions"] = said("Say what you are: at least one profession.")
    if not content.practices:
        missing["practices"] = said("Say where you work: at least one place.")
    elif not content.placed:
        missing["practices"] = said("One of your places is not on the map yet.")
    if not (content.phone or content.email or content.website):
        missing["phone"] = said("Give one way to reach you: telephone, e-mail or website.")
    return missing


def promises(content: Draft) -> dict[str, tuple[Flag, ...]]:
    """Words that promise what nobody can, by field; an admin reads them before the public does."""
    found = {name: lint(text) for name, text in content.words.items()}
    return {name: flags for name, flags in found.items() if flags}


def submit(
    session: Session,
    listing_id: int,
    *,
    version: int,
    agreed: Collection[str],
    listing_url: str,
    by: Actor,
    at: datetime,
    key: bytes | None = None,
) -> Submitted:
    """Send in what is written, as it stood when it was read (`version`).

    Of a live listing, low-risk changes are public at once and the rest waits while the
    live one stays. Raises Invalid when something is lacking or consent is missing, Conflict
    when it was changed since. Sent twice, it has one effect. With the `key` of the keyed
    hashes no listing gets the address of an erased one.
    """
    listing = loading.mine(session, listing_id, by=by, for_owner=True, lock=True)
    copy = working_copy(session, listing, at, by=by)
    before = listing.newest or NOTHING_YET
    if not by.edits(listing.id) and _waits_already(session, listing, copy):
        return Submitted(waiting=_new(listing, copy.content))
    if version != copy.version:
        raise Conflict("Something was changed since you checked your answers. Check them again.")
    _refuse_what_lacks(session, listing, copy, agreed, by, at, key)
    done = foresee(session, listing, copy.content, by)
    if done.at_once:
        _publish(session, listing, copy.content, done.at_once, by=by, at=at)
    if not done.at_once and not done.waiting:
        _confirm(session, listing, by=by, at=at)
    if done.waiting and listing.live is None and listing.slug.startswith(UNNAMED):
        listing.slug = slugs.free_slug(session, copy.content, key=key)
    asked = _ask(session, listing, copy.content, done, by=by, at=at)
    if by.edits(listing.id):
        for_owners.settle(session, listing, before, asked, listing_url, at=at)
    elif asked or done.at_once:
        _write_to_owner(session, listing, "submitted" if asked else AT_ONCE, listing_url, at)
    return done


def _waits_already(session: Session, listing: Listing, copy: Copy) -> bool:
    waits = listing.pending
    return (
        waits is not None
        and waits.content == copy.content
        and not copy.typed
        and not _not_agreed(session, listing, copy.content)
    )


def _not_agreed(session: Session, listing: Listing, content: Draft) -> tuple[str, ...]:
    """The groups that its owner did not agree to; where there is none, an admin vouches for it."""
    if listing.owner_id is None:
        return ()
    return consenting.missing(session, listing.id, content)


def _ask(
    session: Session, listing: Listing, content: Draft, done: Submitted, *, by: Actor, at: datetime
) -> bool:
    """Put before the admins what must wait; says whether that is news to them.

    Who changes a telephone number meanwhile keeps their place in the queue.
    """
    waited = listing.pending
    if not done.waiting:
        if waited is not None:
            listing.withdraw(on=at.date())
            chain.record(session, "withdrawn", listing.id, by=str(by), at=at)
        return False
    if waited is not None and set(changed_fields(waited.content, content)) <= {*done.at_once}:
        if waited.content != content:
            listing.propose(content, at=waited.created_at)
            waiting.enqueue(session, listing, at=at)
        return False
    _propose(session, listing, content, done.waiting, by=by, at=at)
    return True


def _refuse_what_lacks(
    session: Session,
    listing: Listing,
    copy: Copy,
    agreed: Collection[str],
    by: Actor,
    at: datetime,
    key: bytes | None,
) -> None:
    problems: dict[str, list[Said]] = {name: [text] for name, text in lacking(copy.content).items()}
    for page in pages_of(copy.typed):
        problems[page.partition("/")[0]] = [said("Something on this page could not be used yet.")]
    needed = said("Without your leave we may not publish this.")
    if by.edits(listing.id):
        needed = said("Whoever keeps it has not agreed to this being public, and only they can.")
        problems |= _not_for_them(session, listing, copy.content, key)
    else:
        consenting.give(session, listing.id, agreed, by=by, at=at)
    for group in _not_agreed(session, listing, copy.content):
        problems[f"agree-{group}"] = [needed]
    if problems:
        raise Invalid(problems)


def _not_for_them(
    session: Session, listing: Listing, content: Draft, key: bytes | None
) -> dict[str, list[Said]]:
    """Why an admin cannot send this in for somebody else."""
    if content == (listing.newest or NOTHING_YET):
        return {WHOLE: [said("Nothing was changed yet.")]}
    asked = listing.owner_id is None and key is not None
    if asked and tombstones.unwanted(session, [content], key=key or b""):
        return {WHOLE: [said("Whoever this is about asked us not to be listed.")]}
    return {}


def foresee(session: Session, listing: Listing, content: Draft, by: Actor) -> Submitted:
    """What would become of this content if it were sent in now."""
    changed = _new(listing, content)
    if listing.live is None or listing.state is State.HIDDEN:
        return Submitted(waiting=changed)
    confirmed = session.get_one(Account, by.account_id).confirmed_at is not None
    easy = rules.low_risk(session) if confirmed else frozenset()
    flagged = promises(content)
    at_once = tuple(name for name in changed if name in easy and name not in flagged)
    return Submitted(at_once, tuple(name for name in changed if name not in at_once))


def _new(listing: Listing, content: Draft) -> tuple[str, ...]:
    live = listing.live.content if listing.live else NOTHING_YET
    return changed_fields(live, content)


def _publish(
    session: Session,
    listing: Listing,
    content: Draft,
    fields: Collection[str],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Put some fields before the public, on top of what is live."""
    new: dict[str, Any] = {name: getattr(content, name) for name in fields}
    ours = by.edits(listing.id)  # our word is not theirs that all of it is right
    listing.publish_at_once(replace(listing.public, **new), at=at, confirmed=not ours)
    detail = {"fields": list(fields), **_for_owner(listing, by)}
    changes.public_changed(session, listing, "published at once", by=by, at=at, **detail)


def _for_owner(listing: Listing, by: Actor) -> dict[str, bool]:
    """How the trail tells what an admin did for an owner from what owners do."""
    return {"for_owner": True} if by.edits(listing.id) else {}


def _propose(
    session: Session,
    listing: Listing,
    content: Draft,
    fields: Collection[str],
    *,
    by: Actor,
    at: datetime,
) -> None:
    listing.propose(content, at=at)
    waiting.enqueue(session, listing, at=at)
    detail = {"fields": list(fields), **_for_owner(listing, by)}
    chain.record(session, "submitted", listing.id, by=str(by), at=at, **detail)


def _confirm(session: Session, listing: Listing, *, by: Actor, at: datetime) -> None:
    """Nothing differs from what is public: whoever sends that says that it is right."""
    if listing.confirmed_on >= at.date():
        return
    listing.confirm(on=at.date())
    changes.public_changed(session, listing, "confirmed", by=by, at=at)


def _write_to_owner(
    session: Session, listing: Listing, kind: str, listing_url: str, at: datetime
) -> None:
    session.flush()  # gives new revisions their ids
    told = listing.pending if kind == "submitted" else listing.live
    if told is not None:
        changes.write_to_owner(
            session,
            listing,
            kind,
            event=f"{kind}:{told.id}",
            at=at,
            name=told.content.name,
            listing_url=listing_url,
        )
