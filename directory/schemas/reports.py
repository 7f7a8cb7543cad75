"""What a member of the public reports, and what those who work through it decide."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from directory.models import ReportKind
from directory.schemas.kinds import Email, Paragraphs, at_most

LONGEST_WORDS = 1000
LONGEST_ANSWER = 1000
LONGEST_REASON = 400


class Mail(Email):
    """An e-mail address that may be left out."""

    def __init__(self) -> None:
        super().__init__(load_default="")


class Loose(Schema):
    """A form: what else comes with it, such as its token, is none of ours."""

    class Meta:
        unknown = EXCLUDE


class ReportSchema(Loose):
    """What is wrong with a listing, by the form for everybody."""

    kind = fields.Enum(
        ReportKind,
        by_value=True,
        required=True,
        error_messages={
            "required": "Choose what it is about.",
            "unknown": "Choose what it is about.",
        },
    )
    words = Paragraphs(load_default="", validate=at_most(LONGEST_WORDS))
    reply_to = Mail()


class KindSchema(Loose):
    """Which reports to show; `after` is the number of the last one seen."""

    kind: Any = fields.Enum(ReportKind, by_value=True, load_default=None)
    after = fields.Int(load_default=0, validate=validate.Range(0, 2**31 - 1))


class AnswerSchema(Loose):
    """Words to whoever reported."""

    answer = Paragraphs(
        required=True,
        validate=at_most(LONGEST_ANSWER),
        error_messages={"required": "Write an answer."},
    )


class ReasonSchema(Loose):
    """Why a listing is hidden."""

    reason = Paragraphs(
        required=True,
        validate=at_most(LONGEST_REASON),
        error_messages={"required": "Say why."},
    )


class WordsSchema(Loose):
    """How somebody is named for the do-not-list, and what is wanted."""

    email = Mail()
    name = Paragraphs(load_default="", validate=at_most(120))
    postcode = Paragraphs(load_default="", validate=at_most(20))
    wanted = fields.Str(required=True, validate=validate.OneOf(("look", "add", "remove")))


class PairSchema(Loose):
    """Two listings: numbers, slugs or addresses."""

    keep = fields.Str(load_default="", validate=at_most(300))
    other = fields.Str(load_default="", validate=at_most(300))


class AgingSchema(Loose):
    """Which of the aging listings to show."""

    unclaimed = fields.Bool(load_default=False)
    skip = fields.Int(load_default=0, validate=validate.Range(0, 1_000_000))
