"""What visitors send besides a search: letters typed so far, a shortlist, a report."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from marshmallow import fields, validate
from werkzeug.datastructures import MultiDict

from directory.errors import Invalid
from directory.models import ReportKind
from directory.schemas import read
from directory.schemas.kinds import Email, Form, Paragraphs, at_most
from directory.schemas.search import SearchSchema, SuggestSchema, Text
from directory.search.port import FACETS
from directory.usecases.visitors.criteria import Criteria

LONGEST_WORDS = 1000
MOST_KEPT = 50
LONGEST_ADDRESS = 2000
LONGEST_PLACE = 120


class BoxSchema(SuggestSchema):
    """Letters typed so far; `kind` narrows to one kind, `box` names the field that asks."""

    kind = fields.Str(
        load_default="",
        validate=validate.OneOf(["condition", "profession", "place", "practitioner"]),
    )
    box = fields.Str(load_default="q", validate=validate.OneOf(["q", "near"]))


class WholeSchema(Form):
    """The filters of which a page of results shows every value."""

    whole = fields.List(fields.Str(validate=validate.OneOf(FACETS)), load_default=[])


class SearchAddress(fields.Field[Criteria | None]):
    """The part of a search's address after its "?", as Criteria; None for whatever is no search."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Criteria | None:
        if len(value) > LONGEST_ADDRESS:
            return None
        try:
            wanted: Criteria = read(SearchSchema(), MultiDict(parse_qsl(value)))
        except (Invalid, ValueError):
            return None
        return wanted


# The searches whose results led here, by the word that Python keeps for itself.
CameFromSchema = Form.from_dict(
    {"from": fields.List(SearchAddress(), load_default=[])}, name="CameFromSchema"
)


class ShortlistSchema(Form):
    """The slugs of a shortlist, in its order, and the place that distances are told from."""

    near = Text(load_default="", validate=at_most(LONGEST_PLACE))

    s = fields.List(
        fields.Str(validate=validate.Length(1, 80)),
        load_default=[],
        validate=validate.Length(max=MOST_KEPT),
    )


class ReportSchema(Form):
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
    reply_to = Email(load_default="")
