"""What practitioners send besides the pages of the editor: a cut, a code, a tap, a tick."""

from typing import Any

from marshmallow import fields, post_load, validate

from directory.photos import CENTRED, Crop
from directory.schemas.kinds import NO_POSITION, Coordinates, Email, Form, Id
from directory.usecases.practitioners import consenting
from directory.usecases.practitioners.claiming import LONGEST_WORDS
from directory.usecases.practitioners.confirming import Tap

# A picture has room to move the square along its longer side alone.
CUTS = {"start": Crop(0, 0), "middle": CENTRED, "end": Crop(1, 1)}
SHARE = validate.Range(0, 1)


class DoneSchema(Form):
    """What was done a moment ago, so that the page can say so."""

    sent = fields.Str(load_default="")
    done = fields.Str(load_default="")
    view = fields.Str(load_default="page")


class SendSchema(Form):
    """What the page of answers sends: which state of them was read, and what was agreed to."""

    version = Id(required=True)
    agree = fields.List(fields.Str(validate=validate.OneOf(consenting.GROUPS)), load_default=[])


class LettersSchema(Form):
    """What was typed into a box of terms, and which box."""

    q = fields.Str(load_default="", validate=validate.Length(max=200))
    box = fields.Str(load_default="box", validate=validate.Regexp(r"[a-z_-]{1,30}\Z"))


class PinSchema(Form):
    """Where somebody put the pin of a place; loaded as `partial`, it may be left alone."""

    position = Coordinates(required=True, error_messages={"required": NO_POSITION["invalid"]})


class CropSchema(Form):
    """The square to keep of a picture, as `Crop` has it; a frame counts for more than a word."""

    x = fields.Float(validate=SHARE)
    y = fields.Float(validate=SHARE)
    size = fields.Float(validate=SHARE)
    cut = fields.Str(load_default="middle", validate=validate.OneOf(CUTS))

    @post_load
    def to_crop(self, data: dict[str, Any], **_: object) -> Crop:
        cut = CUTS[data["cut"]]
        return Crop(*(data.get(name, getattr(cut, name)) for name in ("x", "y", "size")))


class WithdrawSchema(Form):
    """Which group's leave is taken back; `consenting` knows the groups, once it is known whose."""

    group = fields.Str(load_default="")


class InviteSchema(Form):
    """Whom to invite as a helper."""

    email = Email(
        required=True,
        error_messages={"required": "Type the e-mail address of whoever should help."},
    )


class CodeSchema(Form):
    """The code from the mail to the address of a listing that is claimed."""

    code = fields.Str(
        required=True,
        validate=validate.Length(max=40),
        error_messages={"required": "Type the code from our mail."},
    )


class AskSchema(Form):
    """What somebody who claims a listing tells the admins."""

    words = fields.Str(
        required=True,
        validate=validate.Length(max=LONGEST_WORDS, error="At most {max} characters."),
        error_messages={"required": "Tell us how we can know that it is you."},
    )


class TapSchema(Form):
    """The button that was pressed on the page behind a mail."""

    answer = fields.Enum(Tap, by_value=True, required=True)
