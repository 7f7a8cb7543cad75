"""Rules of the house that admins may see and change."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from directory.errors import Invalid
from directory.models import Actor, Rule
from directory.said import said
from directory.usecases.audit import chain

LOW_RISK = "low-risk edits"
# Who somebody is, what they claim and where they work is always read before it is public.
MAY_GO_LIVE_AT_ONCE = (
    "phone",
    "email",
    "website",
    "hours",
    "closures",
    "fees",
    "sliding_scale",
    "by_appointment",
    "price",
    "free_talk",
    "receipts",
    "accepting",
    "languages",
    "ages",
    "access",
)
AT_FIRST = (
    *("phone", "hours", "closures", "fees", "sliding_scale", "accepting"),
    *("by_appointment", "price", "free_talk", "receipts"),
)


def low_risk(session: Session) -> frozenset[str]:
    """The fields of a draft whose changes go live without an admin, for owners of live listings."""
    rule = session.get(Rule, LOW_RISK)
    return frozenset(AT_FIRST if rule is None else rule.value) & frozenset(MAY_GO_LIVE_AT_ONCE)


def set_low_risk(session: Session, fields: Iterable[str], *, by: Actor, at: datetime) -> None:
    """Change which edits go live at once; raises Invalid for a field that never may."""
    wanted = sorted(set(fields))
    if never := sorted(set(wanted) - set(MAY_GO_LIVE_AT_ONCE)):
        raise Invalid(
            {"fields": [said("An admin always reads changes of: %(fields)s.", fields=never)]}
        )
    before = sorted(low_risk(session))
    session.merge(Rule(name=LOW_RISK, value=wanted, changed_at=at, changed_by=str(by)))
    chain.record(session, "rule changed", None, by=str(by), at=at, before=before, after=wanted)
