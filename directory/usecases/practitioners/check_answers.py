"""Check your answers: all that was written, and what sending it in would mean."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from directory.models import Actor, Draft, Listing
from directory.promises import Flag
from directory.said import Said
from directory.usecases.listings import duplicates, fields, loading
from directory.usecases.listings.duplicates import Likely
from directory.usecases.practitioners import consenting, submitting, writing
from directory.usecases.practitioners.consenting import GROUPS, Given, Group
from directory.usecases.practitioners.submitting import Submitted
from directory.usecases.visitors import profiles
from directory.usecases.visitors.finder import Finder
from directory.usecases.visitors.results import Profile


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody is about to send in, as it stood at `version`.

    `profile` is what the public would see. `lacking` has what must be there first, by field;
    `stuck` the pages where something could not be used yet; `promises` what the linter
    found, by field. `asked` are the groups that need leave, with the leave that was given.
    `sent` says that exactly this waits for an admin already; `for_owner` that an admin wrote it
    for whoever keeps the listing, and nobody is asked for leave where nobody keeps it; `heard`
    that a mail reaches its owner.
    """

    listing_id: int
    version: int
    content: Draft
    profile: Profile
    lacking: Mapping[str, Said]
    stuck: tuple[str, ...]
    promises: Mapping[str, tuple[Flag, ...]]
    alike: tuple[Likely, ...]
    asked: tuple[tuple[str, Group, Given | None], ...]
    foreseen: Submitted
    public: bool
    sent: bool
    for_owner: bool
    heard: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The groups to which nobody has agreed as they are worded now."""
        return tuple(name for name, _, given in self.asked if not (given and given.current))


def answers(
    session: Session, listing_id: int, finder: Finder, *, by: Actor, at: datetime
) -> Answers:
    """One's own answers; raises NotFound for anybody else's."""
    written = writing.current(session, listing_id, by=by, at=at)
    listing, content = written.listing, written.content
    there = consenting.given(session, listing.id)
    pending = listing.pending
    alike = duplicates.likely(session, content, besides=listing.id, on=at.date())
    mine = {one.id for one in loading.all_mine(session, by)}
    return Answers(
        listing_id=listing.id,
        version=written.version,
        content=content,
        profile=_profile(listing, content, finder),
        lacking=submitting.lacking(content),
        stuck=fields.pages_of(written.typed),
        promises=submitting.promises(content),
        alike=tuple(one for one in alike if one.listing_id not in mine),
        asked=_asked(listing, content, there, by),
        foreseen=submitting.foresee(session, listing, content, by),
        public=listing.live is not None,
        sent=pending is not None and pending.content == content and not by.edits(listing.id),
        for_owner=by.edits(listing.id),
        heard=loading.is_heard(session, listing),
    )


def _asked(
    listing: Listing, content: Draft, there: Mapping[str, Given], by: Actor
) -> tuple[tuple[str, Group, Given | None], ...]:
    if by.edits(listing.id) and listing.owner_id is None:
        return ()
    return tuple((name, GROUPS[name], there.get(name)) for name in consenting.needed(content))


def preview(
    session: Session, listing_id: int, finder: Finder, stand_in: Draft, *, by: Actor, at: datetime
) -> Profile:
    """The profile of what is being written; what it lacks is taken from the `stand_in`.

    It counts as confirmed that day, as it would be once approved.
    """
    written = writing.current(session, listing_id, by=by, at=at)
    content = written.content
    whole = replace(
        content,
        name=content.name or stand_in.name,
        practices=content.practices or stand_in.practices,
    )
    return replace(_profile(written.listing, whole, finder), confirmed_on=at.date())


def _profile(listing: Listing, content: Draft, finder: Finder) -> Profile:
    return profiles.profile_with(listing, content, finder, accepting=content.accepting)
