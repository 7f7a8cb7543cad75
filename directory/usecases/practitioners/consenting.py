"""Leave to publish: asked for by group of fields, given to a wording, taken back at any time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from directory.errors import Invalid
from directory.models import Actor, Consent, Draft
from directory.said import Said, said
from directory.usecases.audit import chain
from directory.usecases.listings import changes, loading

# Say it anew, with a new version, whenever what one of the texts means has changed.
VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of a draft that are agreed to together, and what agreeing means."""

    label: Said
    fields: tuple[str, ...]
    why: Said


GROUPS: Mapping[str, Group] = {
    "identity": Group(
        said("Your name and photo"),
        ("name", "suffix", "photo"),
        said("So that people know who you are, and find you by name."),
    ),
    "practitioner": Group(
        said("Whether you are a woman, a man, or another gender"),
        ("practitioner",),
        said("So that people who would rather be seen by one or the other find you."),
    ),
    "work": Group(
        said("Your work"),
        (
            *("professions", "conditions", "credentials", "languages", "ages", "access"),
            *("hours", "by_appointment", "closures", "accepting"),
            *("fees", "sliding_scale", "free_talk", "receipts", "price"),
        ),
        said(
            "Professions, training, languages, hours, fees, and whom you work with: so that"
            " people can tell whether you are the right one for them."
        ),
    ),
    "places": Group(
        said("Where you work"),
        ("practices", "online", "online_only", "serves"),
        said(
            "So that people near you find you. Where you chose to show only your area, the"
            " street stays hidden."
        ),
    ),
    "contact": Group(
        said("How to reach you"),
        ("phone", "email", "website"),
        said("So that people can call you, write to you, or read more."),
    ),
    "words": Group(
        said("Your own words"),
        ("about", "first_visit", "background"),
        said("What you say about yourself, a first visit, and your background."),
    ),
}
WHO_SEES_IT = said(
    "Everybody: it stands on your page, in search results, in this site's sitemap and in the"
    " open interface that other programs read. Search engines will copy it."
)
HOW_TO_TAKE_IT_BACK = said(
    "On this page, whenever you like, with one button. Your listing is then taken down at once;"
    " search engines may take some days to forget it."
)


@dataclass(frozen=True, slots=True)
class Given:
    """Leave that stands: for which group, to which wording, since when.

    `current` is False when the wording has changed since, and leave must be asked for again.
    """

    group: str
    version: str
    given_at: datetime

    @property
    def current(self) -> bool:
        return self.version == VERSION


def needed(draft: Draft) -> tuple[str, ...]:
    """The groups in which a draft says anything at all."""
    return tuple(
        name for name, group in GROUPS.items() if any(_says(draft, field) for field in group.fields)
    )


def given(session: Session, listing_id: int) -> dict[str, Given]:
    """The leave that stands, by group: the newest of each."""
    rows = session.scalars(_standing(listing_id).order_by(Consent.id))
    return {row.group: Given(row.group, row.version, row.given_at) for row in rows}


def missing(session: Session, listing_id: int, draft: Draft) -> tuple[str, ...]:
    """The groups that may not be published yet; without any, the draft may be."""
    there = given(session, listing_id)
    return tuple(name for name in needed(draft) if name not in there or not there[name].current)


def give(
    session: Session, listing_id: int, groups: Iterable[str], *, by: Actor, at: datetime
) -> None:
    """Agree to the wording as it is now; what was agreed to already is not written again."""
    listing = loading.mine(session, listing_id, by=by, lock=True)
    wanted = dict.fromkeys(groups)
    if unknown := [name for name in wanted if name not in GROUPS]:
        raise Invalid({"agree": [said("We do not know “%(name)s”.", name=unknown[0][:40])]})
    there = given(session, listing_id)
    new = [name for name in wanted if name not in there or not there[name].current]
    for name in new:
        session.add(
            Consent(
                listing_id=listing.id,
                account_id=by.account_id,
                group=name,
                version=VERSION,
                given_at=at,
            )
        )
    if new:
        session.flush()
        chain.record(session, "agreed", listing.id, by=str(by), at=at, groups=new, version=VERSION)


def withdraw(session: Session, listing_id: int, group: str, *, by: Actor, at: datetime) -> None:
    """Take leave back, which only the owner can: the listing is down at once.

    What waits for an admin is withdrawn too. What was written stays as a draft, seen by the
    practitioner alone. Done twice, it has one effect.
    """
    listing = loading.mine(session, listing_id, by=by, as_owner=True, lock=True)
    if group not in GROUPS:
        raise Invalid({"group": [said("We do not know “%(name)s”.", name=group[:40])]})
    rows = session.scalars(_standing(listing_id).where(Consent.group == group)).all()
    if not rows:
        return
    for row in rows:
        row.withdrawn_at = at
    if listing.pending is not None:
        listing.withdraw(on=at.date())
    was_public = listing.live is not None
    if was_public:
        listing.unpublish()
    tell = changes.public_changed if was_public else changes.noted
    tell(session, listing, "consent withdrawn", by=by, at=at, group=group, down=was_public)


def _standing(listing_id: int) -> Select[Consent]:
    return select(Consent).where(Consent.listing_id == listing_id, Consent.withdrawn_at.is_(None))


def _says(draft: Draft, field: str) -> bool:
    value = getattr(draft, field)
    # "Takes no new clients" says something, too.
    return value is not None if field == "accepting" else bool(value)
