"""How somebody wants their picture cut: by the frame on the page, or without a script in words."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from directory.photos import CENTRED, Crop

# A picture has room to move the square along its longer side alone.
CUTS = {"start": Crop(0, 0), "middle": CENTRED, "end": Crop(1, 1)}
SHARE = validate.Range(0, 1)


class CropSchema(Schema):
    """The square to keep, as `Crop` has it; a frame counts for more than a word."""

    class Meta:
        unknown = EXCLUDE

    x = fields.Float(validate=SHARE)
    y = fields.Float(validate=SHARE)
    size = fields.Float(validate=SHARE)
    cut = fields.Str(load_default="middle", validate=validate.OneOf(CUTS))

    @post_load
    def to_crop(self, data: dict[str, Any], **_: object) -> Crop:
        cut = CUTS[data["cut"]]
        return Crop(*(data.get(name, getattr(cut, name)) for name in ("x", "y", "size")))
