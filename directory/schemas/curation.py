"""What admins send to keep the directory right: terms, places, reports, checks, merges, rules."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from directory.models import GROUPS, ReportKind
from directory.schemas.kinds import (
    Coordinates,
    Email,
    Form,
    Id,
    Line,
    PagedSchema,
    Paragraphs,
    at_most,
)
from directory.usecases.curation.one_listing.messages import CANNED

TWO_NUMBERS = "Type two numbers such as 40.01, -105.27."
LONGEST_ANSWER = 1000
LONGEST_REASON = 400
LONGEST_QUESTION = 200
# How many days back the record can be read; 0 is all of them.
DAYS = (1, 7, 30, 90, 365)
NEEDED: dict[str, Any] = {"required": "Say what it is called."}
CREDENTIAL_KINDS = (
    *("course", "specialty", "assessed", "registered", "teacher", "student", "licence"),
)


class TermSchema(Form):
    """A new term; each kind takes what it has a column for."""

    label = Line(required=True, validate=at_most(80), error_messages=NEEDED)
    plural = Line(load_default="", validate=at_most(80))
    group = fields.Str(load_default="whole", validate=validate.OneOf(list(GROUPS)))
    serious = fields.Bool(load_default=False)
    issuer = Line(load_default="", validate=at_most(120))
    kind = fields.Str(load_default="course", validate=validate.OneOf(CREDENTIAL_KINDS))


class RenameSchema(Form):
    """What a term is called from now on."""

    label = Line(required=True, validate=at_most(80), error_messages=NEEDED)
    plural = Line(load_default="", validate=at_most(80))


class SynonymSchema(Form):
    """Another way to say a term."""

    words = Line(
        required=True, validate=at_most(80), error_messages={"required": "Type the words."}
    )
    everyday = fields.Bool(load_default=False)


class MergeSchema(Form):
    """The term that another one becomes."""

    into = fields.Str(
        required=True,
        validate=validate.Length(1, 60),
        error_messages={"required": "Choose the term that stays."},
    )


class SeriousSchema(Form):
    """Whether visitors are told to see a doctor first."""

    serious = fields.Bool(load_default=False)


class WordSchema(Form):
    """A word that found nothing; and the term that it is to stand for, as "kind:slug"."""

    words = fields.Str(required=True, validate=validate.Length(1, 60))
    term = fields.Str(
        load_default="",
        validate=validate.Regexp(
            r"(?:profession|condition|credential):[a-z0-9-]{1,60}\Z|\Z", error="Choose a term."
        ),
    )


class PlacingSchema(Form):
    """Where a practice is: one of the places offered, or coordinates such as "40.01, -105.27"."""

    revision = Id(required=True)
    position = fields.Int(required=True, validate=validate.Range(0, 100))
    place = fields.Str(load_default="", validate=validate.Length(max=300))
    coordinates = Coordinates(
        load_default=None, error_messages={"invalid": TWO_NUMBERS, "range": TWO_NUMBERS}
    )

    @validates_schema
    def check(self, data: dict[str, object], **_: object) -> None:
        if not data["place"] and data["coordinates"] is None:
            raise ValidationError("Choose one of the places, or type coordinates.", "place")

    @post_load
    def to_where(self, data: dict[str, object], **_: object) -> dict[str, object]:
        return {**data, "where": data["coordinates"] or data["place"]}


class KindSchema(Form):
    """Which reports to show; `after` is the number of the last one seen."""

    kind: Any = fields.Enum(ReportKind, by_value=True, load_default=None)
    after = Id(least=0, load_default=0)


class AnswerSchema(Form):
    """Words to whoever reported."""

    answer = Paragraphs(
        required=True,
        validate=at_most(LONGEST_ANSWER),
        error_messages={"required": "Write an answer."},
    )


class ReasonSchema(Form):
    """Why a listing is hidden."""

    reason = Paragraphs(
        required=True,
        validate=at_most(LONGEST_REASON),
        error_messages={"required": "Say why."},
    )


class PairSchema(Form):
    """Two listings: numbers, slugs or addresses."""

    keep = fields.Str(load_default="", validate=at_most(300))
    other = fields.Str(load_default="", validate=at_most(300))


class FindSchema(PagedSchema):
    """What to find, in the words of whoever looks."""

    q = Line(load_default="", validate=at_most(LONGEST_QUESTION))


class StaleSchema(Form):
    """Which of the listings that nobody confirmed to show."""

    unclaimed = fields.Bool(load_default=False)
    skip = fields.Int(load_default=0, validate=validate.Range(0, 1_000_000))


class CheckSchema(Form):
    """One check of a credential; the use-case says what it may hold."""

    credential = fields.Str(required=True, error_messages={"required": "Choose a credential."})
    issuer = Line(
        required=True, validate=at_most(120), error_messages={"required": "Say with whom."}
    )
    method = fields.Str(required=True, error_messages={"required": "Say how it was checked."})
    expires_on = fields.Date(
        required=True,
        error_messages={
            "required": "Say until when it holds.",
            "invalid": "The day must look like 2027-05-31.",
        },
    )


class RosterSchema(Form):
    """Which issuer's roster it is."""

    issuer = Line(
        required=True, validate=at_most(120), error_messages={"required": "Say whose roster it is."}
    )


class PlanSchema(Form):
    """What to do of a difference that was seen; `plan` is what our own page sent along."""

    plan = fields.Str(required=True)
    by_name = fields.Bool(load_default=False)
    lapse = fields.Bool(load_default=False)


class EventsSchema(Form):
    """Which events of the record are wanted."""

    actor = fields.Str(load_default="", validate=validate.Length(max=254))
    action = fields.Str(load_default="", validate=validate.Length(max=40))
    listing = Id(load_default=None)
    days = fields.Int(load_default=0, validate=validate.OneOf((0, *DAYS)))
    before = Id(load_default=None)


class RulesSchema(Form):
    """Which edits go live at once."""

    field = fields.List(fields.Str(validate=validate.Length(max=40)), load_default=[])


class NoteSchema(Form):
    """A note for the other admins; `notes` says what it may hold."""

    words = Paragraphs(load_default="")


class MessageSchema(Form):
    """Words to whoever keeps a listing; `messages` says what they may hold."""

    subject = Line(load_default="")
    message = Paragraphs(load_default="")


class CannedSchema(Form):
    """Which ready-made message to begin with."""

    canned = fields.Str(load_default="", validate=validate.OneOf(("", *CANNED)))


class HandOverSchema(Form):
    """Whom to invite to keep a listing."""

    email = Email(
        required=True, error_messages={"required": "Type the e-mail address of its practitioner."}
    )
