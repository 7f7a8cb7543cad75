"""Listings as the text of a CSV file, none of whose cells a spreadsheet runs."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from directory.files.rosters.cells import LIKE_FORMULA
from directory.files.rosters.columns import ORDER, PERSON, PLACE, PRICE, TERMS
from directory.models import Draft


def written(listings: Iterable[tuple[str, Draft]]) -> Iterator[str]:
    """Listings with their ids as the text of a CSV file, line by line, its first line too.

    No spreadsheet reads a cell of it as a formula, and reading it gives back what went in, as
    far as one row can say it: the first practice, without hours and the like.
    """
    yield csv_line(ORDER)
    for external_id, draft in listings:
        values = _cells(draft) | {"external_id": external_id}
        yield csv_line([values[column] for column in ORDER])


def csv_line(cells: Sequence[str]) -> str:
    """One line of a CSV file, none of whose cells a spreadsheet runs."""
    line = io.StringIO()
    csv.writer(line).writerow([escaped(cell) for cell in cells])
    return line.getvalue()


def escaped(cell: str) -> str:
    """A cell that no spreadsheet runs; `cells.unescaped` gives the cell back."""
    return f"'{cell}" if LIKE_FORMULA.match(cell) else cell


def _cells(draft: Draft) -> dict[str, str]:
    place = draft.practices[0]
    exact = place.precision == "exact"
    cells = {name: _cell(getattr(draft, name)) for name in (*PERSON, *TERMS)}
    cells |= {column: _cell(getattr(place, field)) for column, field in PLACE.items()}
    cells |= {column: _cell(getattr(draft.price, field, "")) for column, field in PRICE.items()}
    # Positions that were looked up are looked up again: only given ones stay as they are.
    return cells if exact else cells | {"latitude": "", "longitude": ""}


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return "|".join(value)
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, float):
        return repr(value).removesuffix(".0") if value else "0"
    return str(value)
