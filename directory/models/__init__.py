"""The nouns of the directory and their rules."""

from directory.models.account import Account, Role
from directory.models.audit import AuditEvent
from directory.models.draft import ACCESS, AGES, Draft, Practice
from directory.models.listing import Listing, PracticePlace, Revision, Slug, State
from directory.models.outbox import IndexChange
from directory.models.taxonomy import (
    GROUPS,
    Condition,
    Credential,
    Kind,
    Profession,
    Synonym,
    Taxonomy,
)

__all__ = [
    "ACCESS",
    "AGES",
    "GROUPS",
    "Account",
    "AuditEvent",
    "Condition",
    "Credential",
    "Draft",
    "IndexChange",
    "Kind",
    "Listing",
    "Practice",
    "PracticePlace",
    "Profession",
    "Revision",
    "Role",
    "Slug",
    "State",
    "Synonym",
    "Taxonomy",
]
