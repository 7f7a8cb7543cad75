"""marshmallow: outside data in, inside values out, and nothing else."""

from collections.abc import Mapping
from typing import Any, Protocol

from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import FileStorage

from directory.errors import Invalid
from directory.said import Said, said
from directory.schemas import messages

messages.speak()

LONGEST_KEPT = 20_000
LONGEST_OF_MANY = 200
MOST_KEPT = 300


class Parameters(Protocol):
    """URL parameters or form fields, as web frameworks hold them: several values a name."""

    def getlist(self, name: str, /) -> list[str]:
        """Every value of a name, in order."""
        ...


def read(schema: Schema, given: Parameters) -> Any:
    """Load URL parameters or form fields; raises Invalid with the messages by field.

    A parameter that the schema has as a list may be repeated; any other given twice is
    refused, for nobody could say which one was meant. Empty values count as not given.
    """
    repeated = {
        name: [said("Given more than once; say it once.")]
        for name, field in schema.fields.items()
        if not isinstance(field, fields.List) and len(given.getlist(name)) > 1
    }
    if repeated:
        raise Invalid(repeated)
    data: dict[str, Any] = {}
    for own, field in schema.fields.items():
        name = field.data_key or own
        values = [value for value in given.getlist(name) if value.strip()]
        if values:
            data[name] = values if isinstance(field, fields.List) else values[0]
    try:
        return schema.load(data)
    except ValidationError as error:
        raise Invalid(_flat(error.normalized_messages())) from None


def sent(files: Mapping[str, FileStorage], name: str, missing: Said) -> bytes:
    """The file that a form brought; raises Invalid, in these words, when it is missing or empty."""
    found = files.get(name)
    content = found.read() if found else b""
    if not content:
        raise Invalid({name: [missing]})
    return content


def as_typed(schema: Schema, given: Parameters) -> dict[str, list[str]]:
    """What was typed into the boxes that a schema knows, and nothing else of the form.

    Right or wrong, but never more than somebody could have meant to type.
    """
    boxes = {name: given.getlist(name)[:MOST_KEPT] for name in schema.fields}
    return {
        name: [value[: LONGEST_OF_MANY if len(values) > 1 else LONGEST_KEPT] for value in values]
        for name, values in boxes.items()
        if values
    }


def _flat(told: dict[str, Any]) -> dict[str, list[str | Said]]:
    """marshmallow nests messages of lists by index; people read one line a field."""
    flat: dict[str, list[str | Said]] = {}
    for name, found in told.items():
        if isinstance(found, dict):
            flat[str(name)] = [text for texts in _flat(found).values() for text in texts]
        else:
            flat[str(name)] = [messages.spoken(text) for text in found]
    return flat
