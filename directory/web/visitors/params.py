"""What the smaller pages take from their address."""

from marshmallow import EXCLUDE, Schema, fields, validate

from directory.schemas.search import SuggestSchema

MOST_KEPT = 50


class BoxSchema(SuggestSchema):
    """Letters typed so far; `kind` narrows to one kind, `box` names the field that asks."""

    kind = fields.Str(
        load_default="",
        validate=validate.OneOf(["condition", "profession", "place", "practitioner"]),
    )
    box = fields.Str(load_default="q", validate=validate.OneOf(["q", "near"]))


class ShortlistSchema(Schema):
    """The slugs of a shortlist, in its order."""

    class Meta:
        unknown = EXCLUDE

    s = fields.List(
        fields.Str(validate=validate.Length(1, 80)),
        load_default=[],
        validate=validate.Length(max=MOST_KEPT),
    )
