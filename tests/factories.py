"""Drafts and live listings for tests: say only what the test is about."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from directory.models import Account, Actor, Draft, IndexChange, Listing, Practice, Role, State

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
PASSWORD = "a quiet lantern by the river"
# Argon2id of PASSWORD, made with the least work: tests sign in often.
PASSWORD_HASH = (
    "$argon2id$v=19$m=8,t=1,p=1$5Gtjbas4YAEZWMVnnwBjZQ$u665jPYZVhE9KbjIoTJoozqkkyE2/cZFEvNOXdbcgm0"
)

BOULDER = Practice(
    name="Stillwater Rooms",
    address="12 Invented Street",
    locality="Boulder",
    region="Colorado",
    postcode="80302",
    country="US",
    lat=40.0150,
    lon=-105.2705,
    precision="exact",
)
DENVER = Practice(
    locality="Denver",
    region="Colorado",
    postcode="80202",
    country="US",
    lat=39.7392,
    lon=-104.9903,
    precision="postcode",
    home_visit_km=60.0,
)
PORTLAND = Practice(
    locality="Portland",
    region="Oregon",
    postcode="97214",
    country="US",
    lat=45.5148,
    lon=-122.6430,
    precision="postcode",
)
LONDON = Practice(
    locality="London",
    region="England",
    country="GB",
    lat=51.5085,
    lon=-0.1257,
    precision="locality",
)
MUNICH = Practice(
    locality="Munich",
    region="Bavaria",
    country="DE",
    lat=48.1374,
    lon=11.5755,
    precision="locality",
)
NELSON_BC = Practice(
    locality="Nelson",
    region="British Columbia",
    country="CA",
    lat=49.4999,
    lon=-117.2855,
    precision="locality",
)
# Latitude 51.48, longitude zero: a coordinate like any other.
GREENWICH = Practice(
    locality="Greenwich", region="England", country="GB", lat=51.4779, lon=0.0, precision="exact"
)

_DRAFT_FIELDS = {field.name for field in fields(Draft)}


def draft(**changes: Any) -> Draft:
    """What one fictional massage therapist in Boulder says, but for the changes."""
    return Draft(
        **{
            "name": "Rowan Testerly",
            "suffix": "LMT",
            "professions": ("massage-therapist",),
            "conditions": ("migraine",),
            "credentials": ("cst-t",),
            "languages": ("en",),
            "ages": ("adults",),
            "about": "A quiet room and unhurried sessions.",
            "email": "rowan@practice.example",
            "practices": (BOULDER,),
        }
        | changes
    )


def listing(session: Session, *, on: date = TODAY, **changes: Any) -> Listing:
    """A live listing, confirmed `on` that day, in the outbox, flushed and not committed.

    `changes` are fields of the Draft or of the Listing (slug, state, is_demo, import_key …).
    """
    said = {name: value for name, value in changes.items() if name in _DRAFT_FIELDS}
    kept = {name: value for name, value in changes.items() if name not in _DRAFT_FIELDS}
    content = draft(**said)
    at = datetime.combine(on, NOW.timetz())
    slug = kept.pop("slug", "-".join(content.name.lower().split()))
    made = Listing(slug=slug, state=State.DRAFT, confirmed_on=on, created_at=at, is_demo=False)
    session.add(made)
    made.approve(made.propose(content, at=at), on=on)
    for name, value in kept.items():
        setattr(made, name, value)
    session.flush()
    session.add(IndexChange(listing_id=made.id, at=at))
    session.flush()
    return made


def account(session: Session, email: str = "rowan@practice.example", **changes: Any) -> Account:
    """A confirmed account that can sign in with PASSWORD, flushed and not committed."""
    made = Account(
        **{
            "email": email,
            "role": Role.PRACTITIONER,
            "created_at": NOW,
            "confirmed_at": NOW,
            "active": True,
            "password": PASSWORD_HASH,
            "fs_uniquifier": uuid4().hex,
        }
        | changes
    )
    session.add(made)
    session.flush()
    return made


def admin(
    session: Session,
    email: str = "ada@association.example",
    *,
    role: Role = Role.ADMIN,
    **changes: Any,
) -> Account:
    """An account of the staff, with a second factor set up; flushed and not committed."""
    factor = {"tf_primary_method": "authenticator", "tf_totp_secret": "not-read-by-tests"}
    return account(session, email, **{"role": role} | factor | changes)


def actor(account: Account) -> Actor:
    """The account as the use-cases know it."""
    return Actor(account.id, account.role, account.email)


# They differ in all that a visitor may ask for; one of them is not public.
DOZEN: tuple[dict[str, Any], ...] = (
    {},
    {
        "name": "Juniper Exampleton",
        "suffix": "DC",
        "professions": ("chiropractor",),
        "conditions": ("migraine", "neck-pain"),
        "languages": ("en", "es"),
        "accepting": True,
        "practices": (DENVER, BOULDER),
    },
    {
        "name": "Sage Mockridge",
        "professions": ("chiropractor",),
        "conditions": ("tmj",),
        "practices": (DENVER,),
    },
    {
        "name": "Linden Fictional",
        "professions": ("osteopath",),
        "languages": ("de", "en"),
        "practices": (MUNICH,),
    },
    {
        "name": "Hazel Pretend",
        "professions": ("physical-therapist",),
        "credentials": ("cst1",),
        "accepting": True,
        "access": ("wheelchair", "parking"),
        "practices": (PORTLAND,),
    },
    {
        "name": "Ash Placeholder",
        "professions": ("midwife", "lactation-consultant"),
        "conditions": ("colic", "infant-feeding"),
        "ages": ("infants",),
        "practices": (PORTLAND,),
    },
    {"name": "Willow Sampleford", "professions": ("osteopath",), "practices": (LONDON,)},
    {"name": "Alder Specimen", "professions": ("registered-nurse",), "practices": (GREENWICH,)},
    {
        "name": "Élodie Démonstration",
        "slug": "elodie-demonstration",
        "languages": ("fr", "en"),
        "practices": (NELSON_BC,),
    },
    {"name": "Birch Unseen", "state": State.HIDDEN},
    {
        "name": "Cedar Olderly",
        "about": "Works in stillness; confirmed long ago.",
        "days_ago": 300,
        "practices": (DENVER,),
    },
    {
        "name": "Maple <script>alert(1)</script>",
        "slug": "maple",
        "professions": ("bodyworker",),
        "about": 'Says "quotes" & <b>tags</b>.',
    },
)


def dozen(session: Session, *, on: date = TODAY) -> list[Listing]:
    """The DOZEN, seen from that day."""
    made = []
    for row in DOZEN:
        changes = dict(row)
        confirmed = on - timedelta(days=changes.pop("days_ago", 0))
        made.append(listing(session, on=confirmed, **changes))
    return made
