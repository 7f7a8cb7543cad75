"""From written to public: what is lacking, what goes live at once, what an admin reads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from directory.claims import Flag, lint
from directory.errors import Conflict, Invalid
from directory.models import Account, Actor, Draft, IndexChange, Listing, State, WorkingCopy
from directory.said import Said, said
from directory.usecases import audit, consenting, intake, post, rules
from directory.usecases.keeping import kept
from directory.usecases.practitioners import NOTHING_YET, UNNAMED, changed_fields


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
) -> Submitted:
    """Send in what is written, as it stood when it was read (`version`).

    Of a live listing, low-risk changes are public at once and the rest waits while the
    live one stays. Raises Invalid when something is lacking or consent is missing, Conflict
    when it was changed since. Sent twice, it has one effect.
    """
    listing = kept(session, listing_id, by=by)
    session.refresh(listing, ["state"], with_for_update=True)
    copy = session.get(WorkingCopy, listing.id)
    if copy is None:
        raise Conflict("There is nothing to send in.")
    if listing.pending is not None and listing.pending.content == copy.content:
        return Submitted(waiting=_new(listing, copy.content))
    if version != copy.version:
        raise Conflict("Something was changed since you checked your answers. Check them again.")
    _refuse_what_lacks(session, listing, copy, agreed, by, at)
    done = _sort(session, listing, copy.content, by)
    if done.at_once:
        _publish(session, listing, copy.content, done.at_once, by=by, at=at)
    if done.waiting:
        _propose(session, listing, copy.content, by=by, at=at)
    elif listing.pending is not None:
        listing.withdraw(on=at.date())
        audit.record(session, "withdrawn", listing.id, by=str(by), at=at)
    if not done.at_once and not done.waiting:
        _confirm(session, listing, by=by, at=at)
    _write_to_owner(session, listing, done, listing_url, copy.version, at)
    return done


def _refuse_what_lacks(
    session: Session,
    listing: Listing,
    copy: WorkingCopy,
    agreed: Collection[str],
    by: Actor,
    at: datetime,
) -> None:
    problems: dict[str, list[Said]] = {name: [text] for name, text in lacking(copy.content).items()}
    for page in copy.typed:
        problems[page] = [said("Something on this page could not be used yet.")]
    consenting.give(session, listing.id, agreed, by=by, at=at)
    for group in consenting.missing(session, listing.id, copy.content):
        problems[f"agree-{group}"] = [said("Without your leave we may not publish this.")]
    if problems:
        raise Invalid(problems)


def _sort(session: Session, listing: Listing, content: Draft, by: Actor) -> Submitted:
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
    live = listing.live
    if live is None:
        raise Conflict("This listing is not public.")
    changes: Mapping[str, object] = {name: getattr(content, name) for name in fields}
    listing.publish_at_once(replace(live.content, **changes), at=at)  # type: ignore[arg-type]
    audit.record(session, "published at once", listing.id, by=str(by), at=at, fields=list(fields))
    session.add(IndexChange(listing_id=listing.id, at=at))


def _propose(
    session: Session, listing: Listing, content: Draft, *, by: Actor, at: datetime
) -> None:
    if listing.slug.startswith(UNNAMED):
        listing.slug = intake.free_slug(session, content)
    listing.propose(content, at=at)
    audit.record(
        session, "submitted", listing.id, by=str(by), at=at, fields=list(_new(listing, content))
    )


def _confirm(session: Session, listing: Listing, *, by: Actor, at: datetime) -> None:
    """Nothing differs from what is public: whoever sends that says that it is right."""
    listing.confirm(on=at.date())
    audit.record(session, "confirmed", listing.id, by=str(by), at=at)
    session.add(IndexChange(listing_id=listing.id, at=at))


def _write_to_owner(
    session: Session,
    listing: Listing,
    done: Submitted,
    listing_url: str,
    version: int,
    at: datetime,
) -> None:
    owner = session.get(Account, listing.owner_id) if listing.owner_id else None
    if owner is None or not (done.at_once or done.waiting):
        return
    kind = "submitted" if done.waiting else "published-at-once"
    content = session.get_one(WorkingCopy, listing.id).content
    post.send(
        session,
        kind,
        owner.email,
        event=f"{kind}:{listing.id}:{version}",
        at=at,
        account_id=owner.id,
        listing_id=listing.id,
        name=content.name,
        listing_url=listing_url,
    )
