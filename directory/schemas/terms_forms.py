"""What admins send about terms, imports, exports and places: small forms, each into plain values."""

from typing import Any

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from directory.models import GROUPS, State
from directory.places import Point
from directory.schemas.kinds import Country, Line, at_most
from directory.usecases.imports.export import Filter
from directory.usecases.imports.rows import Outcome
from directory.usecases.imports.runs import LEFT, TAKEN_BACK

MOST = 2**31 - 1
NEEDED: dict[str, Any] = {"required": "Say what it is called."}
CREDENTIAL_KINDS = (
    *("course", "specialty", "assessed", "registered", "teacher", "student", "licence"),
)
OUTCOMES = (*(one.value for one in Outcome), TAKEN_BACK, LEFT)
SHOWN_STATES = tuple(state.value for state in State if state is not State.ERASED)


class Form(Schema):
    """What else a form carries, such as its token, is not for us."""

    class Meta:
        unknown = EXCLUDE


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
    """The term that the other one becomes."""

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


class RowsSchema(Form):
    """Which rows of an import to show: of one outcome, those after a line."""

    outcome = fields.Str(load_default="", validate=validate.OneOf(("", *OUTCOMES)))
    after = fields.Int(load_default=0, validate=validate.Range(0, MOST))


class PageSchema(Form):
    """Which page of a list."""

    page = fields.Int(load_default=1, validate=validate.Range(1, 10_000))


class ExportSchema(Form):
    """Which listings to export."""

    state = fields.Str(load_default="", validate=validate.OneOf(("", *SHOWN_STATES)))
    country = Country(load_default="")
    profession = fields.Str(load_default="", validate=validate.Length(max=60))
    confirmed_before = fields.Date(
        load_default=None, error_messages={"invalid": "Type the day as 2026-12-31."}
    )
    owner = fields.Str(load_default="", validate=validate.OneOf(("", "yes", "none")))

    @post_load
    def to_wanted(self, data: dict[str, object], **_: object) -> Filter:
        return Filter(**data)  # type: ignore[arg-type]


class PlaceSchema(Form):
    """Where a practice is: one of the places offered, or coordinates such as "40.01, -105.27"."""

    revision = fields.Int(required=True, validate=validate.Range(1, MOST))
    position = fields.Int(required=True, validate=validate.Range(0, 100))
    place = fields.Str(load_default="", validate=validate.Length(max=300))
    coordinates = Line(load_default="", validate=at_most(60))

    @validates_schema
    def check(self, data: dict[str, object], **_: object) -> None:
        if not data["place"] and not data["coordinates"]:
            raise ValidationError("Choose one of the places, or type coordinates.", "place")

    @post_load
    def to_where(self, data: dict[str, object], **_: object) -> dict[str, object]:
        typed = str(data["coordinates"])
        return {**data, "where": _point(typed) if typed else str(data["place"])}


def _point(typed: str) -> Point:
    """Coordinates as maps show them: degrees with a dot, north and east positive."""
    wrong = ValidationError("Type two numbers such as 40.01, -105.27.", "coordinates")
    parts = typed.replace(";", " ").replace(",", " ").split()
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError:
        raise wrong from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise wrong
    return Point(lat, lon)
