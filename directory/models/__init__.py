"""The nouns of the directory and their rules."""

from directory.models.account import Account, Actor, Passkey, Role, SignedIn
from directory.models.audit import AuditEvent
from directory.models.draft import ACCESS, AGES, Draft, Practice
from directory.models.hours import DAYS, Closure, Opening
from directory.models.keeping import (
    Claim,
    ClaimState,
    Consent,
    Delegate,
    Handover,
    Rule,
    StaffCopy,
)
from directory.models.listing import (
    Decision,
    Listing,
    PracticePlace,
    Revision,
    State,
    Stood,
    WorkingCopy,
)
from directory.models.mail import OutgoingMail
from directory.models.offers import FEES, ONLINE, PRACTITIONERS, TIMES, Price
from directory.models.outbox import IndexChange
from directory.models.reviewing import (
    CredentialCheck,
    Handle,
    Report,
    ReportKind,
    ReportState,
    ReviewLock,
    StaffNote,
    Waiting,
)
from directory.models.taxonomy import (
    GROUPS,
    Condition,
    Credential,
    Kind,
    Profession,
    Synonym,
    Taxonomy,
)
from directory.models.traces import DoNotList, Photo, Slug, Tally, Tombstone
from directory.models.tries import Counter
from directory.models.upkeep import (
    AuditHead,
    ImportedRow,
    ImportRun,
    IndexReport,
    RebuildRequest,
    UnknownWords,
)

__all__ = [
    "ACCESS",
    "AGES",
    "DAYS",
    "FEES",
    "GROUPS",
    "ONLINE",
    "PRACTITIONERS",
    "TIMES",
    "Account",
    "Actor",
    "AuditEvent",
    "AuditHead",
    "Claim",
    "ClaimState",
    "Closure",
    "Condition",
    "Consent",
    "Counter",
    "Credential",
    "CredentialCheck",
    "Decision",
    "Delegate",
    "DoNotList",
    "Draft",
    "Handle",
    "Handover",
    "ImportRun",
    "ImportedRow",
    "IndexChange",
    "IndexReport",
    "Kind",
    "Listing",
    "Opening",
    "OutgoingMail",
    "Passkey",
    "Photo",
    "Practice",
    "PracticePlace",
    "Price",
    "Profession",
    "RebuildRequest",
    "Report",
    "ReportKind",
    "ReportState",
    "ReviewLock",
    "Revision",
    "Role",
    "Rule",
    "SignedIn",
    "Slug",
    "StaffCopy",
    "StaffNote",
    "State",
    "Stood",
    "Synonym",
    "Tally",
    "Taxonomy",
    "Tombstone",
    "UnknownWords",
    "Waiting",
    "WorkingCopy",
]
