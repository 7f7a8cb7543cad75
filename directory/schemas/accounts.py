"""What is sent about accounts: their erasure, their roles, and invitations to take part."""

from marshmallow import fields, validate

from directory.models import Role
from directory.schemas.kinds import Email, Form

LONGEST_ADDRESS = 254
LONGEST_PASSWORD = 200


class EraseSchema(Form):
    """The first step: who it is, that it is meant, and whether an import may list them again."""

    proof = fields.Str(load_default="", validate=validate.Length(max=LONGEST_ADDRESS))
    sure = fields.Bool(load_default=False)
    never_again = fields.Bool(load_default=False)


class PasswordSchema(Form):
    """Somebody's password, once more."""

    password = fields.Str(load_default="", validate=validate.Length(max=LONGEST_PASSWORD))


class FindSchema(Form):
    """Which accounts are wanted."""

    q = fields.Str(load_default="", validate=validate.Length(max=LONGEST_ADDRESS))
    role = fields.Enum(Role, by_value=True, load_default=None)
    page = fields.Int(load_default=1, validate=validate.Range(1, 1_000_000))


class RoleSchema(Form):
    """Another role."""

    role = fields.Enum(Role, by_value=True, required=True)


class InviteSchema(RoleSchema):
    """Whom to invite, to do what."""

    email = Email(required=True, error_messages={"required": "Type an e-mail address."})
