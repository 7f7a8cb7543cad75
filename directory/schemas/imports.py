"""What admins send about rosters in and listings out, and about who wants no listing."""

from marshmallow import fields, post_load, validate

from directory.models import State
from directory.schemas.kinds import Country, Email, Form, Id, Paragraphs, at_most
from directory.usecases.imports.export import Filter
from directory.usecases.imports.rows import Outcome
from directory.usecases.imports.runs import LEFT, TAKEN_BACK

OUTCOMES = (*(one.value for one in Outcome), TAKEN_BACK, LEFT)
SHOWN_STATES = tuple(state.value for state in State if state is not State.ERASED)


class RowsSchema(Form):
    """Which rows of an import to show: of one outcome, those after a line."""

    outcome = fields.Str(load_default="", validate=validate.OneOf(("", *OUTCOMES)))
    after = Id(least=0, load_default=0)


class HeaderSchema(Form):
    """Which line of a roster names its columns."""

    line = Id(required=True)


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


class UnlistedSchema(Form):
    """How somebody is named for the do-not-list, and what is wanted."""

    email = Email(load_default="")
    name = Paragraphs(load_default="", validate=at_most(120))
    postcode = Paragraphs(load_default="", validate=at_most(20))
    wanted = fields.Str(required=True, validate=validate.OneOf(("look", "add", "remove")))
