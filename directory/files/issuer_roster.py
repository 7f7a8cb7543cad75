"""An issuer's list of who holds which of its credentials, in CSV, as rows to compare with ours.

Columns: `name`, `credential`, `expires` (2027-05-31), and `email` or `number`, which is the
`external_id` that an import knew the listing by. Further columns are not read.
"""

import csv
import io
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields

from directory.errors import Invalid
from directory.files.rosters.lexicon import Lexicon
from directory.models import Kind, Taxonomy
from directory.said import said
from directory.schemas.kinds import Form, Name, line
from directory.usecases.curation.issuers import Holder

COLUMNS = ("name", "email", "number", "credential", "expires")
MOST_ROWS = 5000


class HolderSchema(Form):
    """One line."""

    name = Name(required=True, error_messages={"required": "The name is missing."})
    email = line(254)
    number = line(200)
    credential = fields.Str(
        required=True, error_messages={"required": "The credential is missing."}
    )
    expires = fields.Date(
        required=True,
        error_messages={
            "required": "The last day is missing.",
            "invalid": "The last day must look like 2027-05-31.",
        },
    )


def read(content: bytes, taxonomy: Taxonomy) -> tuple[Holder, ...]:
    """Read a CSV file; a bad line comes back with its errors and never stops the others.

    Raises Invalid when it is no such list at all, or has too many lines.
    """
    records = _records(content)
    header = [" ".join(cell.lower().split()) for cell in records[0][1]] if records else []
    if not {"name", "credential", "expires"} <= set(header):
        words = said("Its first line must name the columns “name”, “credential” and “expires”.")
        raise Invalid({"file": [words]})
    if len(records) > MOST_ROWS + 1:
        raise Invalid({"file": [said("At most %(most)s lines at once.", most=MOST_ROWS)]})
    lexicon = Lexicon(taxonomy)
    return tuple(
        _holder(number, dict(zip(header, cells, strict=False)), lexicon)
        for number, cells in records[1:]
    )


def _records(content: bytes) -> list[tuple[int, list[str]]]:
    """Every line with any text in it, by its number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(reader.line_num, cells) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        words = said("Line %(line)s cannot be read: %(why)s.", line=reader.line_num, why=str(error))
        raise Invalid({"file": [words]}) from None


def _holder(number: int, cells: dict[str, str], lexicon: Lexicon) -> Holder:
    given = {name: cells[name].strip() for name in COLUMNS if cells.get(name, "").strip()}
    try:
        data: dict[str, Any] = HolderSchema().load(given)
    except ValidationError as error:
        texts = [text for texts in error.normalized_messages().values() for text in texts]
        return Holder(number, given.get("name", "")[:80], errors=tuple(map(str, texts)))
    slug = lexicon.find(Kind.CREDENTIAL, data["credential"])
    if slug is None:
        unknown = f"We do not know the credential “{data['credential'][:60]}”."
        return Holder(number, data["name"], errors=(unknown,))
    expires: date = data["expires"]
    return Holder(number, data["name"], data["email"], data["number"], slug, expires)
