"""What the API answers to whoever keeps a copy."""

from marshmallow import fields

from directory.api.answers.kinds import Body
from directory.api.answers.listings import ListingSchema


class ChangesSchema(Body):
    """Listings as they are now, and the numbers of those to forget."""

    listings = fields.List(
        fields.Nested(ListingSchema), metadata={"description": "To be put in, or in place of."}
    )
    gone = fields.List(
        fields.Int(),
        metadata={"description": "Erased, hidden or paused: forget all that you have of them."},
    )
    since = fields.Str(metadata={"description": "How far this goes: what to ask for next."})
    next = fields.Url(metadata={"description": "What to ask next: at once when there is `more`."})
    more = fields.Bool(metadata={"description": "Whether there is more now."})
