"""A check of a credential, and an issuer's roster, as the forms send them."""

from marshmallow import fields

from directory.schemas.kinds import Line, at_most
from directory.schemas.reports import Loose


class CheckSchema(Loose):
    """One check; the use-case says what it may hold."""

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


class RosterSchema(Loose):
    """Whose roster it is."""

    issuer = Line(
        required=True, validate=at_most(120), error_messages={"required": "Say whose roster it is."}
    )


class PlanSchema(Loose):
    """What to do of a difference that was seen; `plan` is what our own page sent along."""

    plan = fields.Str(required=True)
    by_name = fields.Bool(load_default=False)
    lapse = fields.Bool(load_default=False)
