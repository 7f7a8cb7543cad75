"""What reviewers and admins send while they read the queue and decide."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from directory.schemas.kinds import Form, Id
from directory.usecases.listings.fields import FIELDS
from directory.usecases.listings.risks import RISKS
from directory.usecases.moderation import queue
from directory.usecases.moderation.canned import BY_NAME

# How many fields one answer can be about.
NOTES = 3
# Nine digits are numbers to every database.
_PICK = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")


class Pick(fields.Str):
    """A listing and the revision of it that was seen: "12:34"."""

    def _deserialize(self, value: object, *args: object, **kwargs: object) -> tuple[int, int]:  # type: ignore[override]
        found = _PICK.fullmatch(str(value))
        if found is None:
            raise ValidationError("This is not a line of the queue.")
        return int(found[1]), int(found[2])


class SieveSchema(Form):
    """What of the queue to show."""

    reason = fields.Str(load_default="", validate=validate.OneOf(("", *RISKS)))
    country = fields.Str(load_default="", validate=validate.Length(max=2))
    kind = fields.Str(load_default="", validate=validate.OneOf(("", "first", "edit")))
    mine = fields.Bool(load_default=False)
    page = fields.Int(load_default=1, validate=validate.Range(1, 10**6))


class TakeSchema(Form):
    """Whether to read what another reads."""

    anyway = fields.Bool(load_default=False)


class PicksSchema(Form):
    """The lines that were ticked."""

    pick = fields.List(Pick(), load_default=[], validate=validate.Length(max=queue.PER_PAGE))


class DoneSchema(Form):
    """What was done a moment ago: to which listing, and which revision of it."""

    of = Id(least=0, load_default=0)
    revision = Id(least=0, load_default=0)


class SeenSchema(Form):
    """The revision that was read when a button was pressed."""

    revision_id = Id(required=True)


def _notes_schema() -> type[SeenSchema]:
    parts: dict[str, Any] = {}
    for number in range(1, NOTES + 1):
        parts[f"field{number}"] = fields.Str(load_default="", validate=validate.OneOf(FIELDS))
        parts[f"canned{number}"] = fields.Str(load_default="", validate=validate.OneOf(BY_NAME))
        parts[f"words{number}"] = fields.Str(load_default="", validate=validate.Length(max=2000))
    return type("NotesSchema", (SeenSchema,), parts)


# The revision that was read, and the admin's words: `field1`, `canned1`, `words1` and so on.
NotesSchema = _notes_schema()


class VerdictSchema(Form):
    """What an admin says about a claim."""

    verdict = fields.Str(required=True, validate=validate.OneOf(("grant", "refuse")))
    words = fields.Str(load_default="", validate=validate.Length(max=1000))
