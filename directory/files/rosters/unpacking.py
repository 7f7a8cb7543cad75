"""A workbook's sheets as JSON lines: a program of its own, with little memory and time.

A workbook of a few kilobytes can unpack to more than any machine holds, or name a cell in the
last row and column there is. Whatever it does here, it does to this process alone.
Reads the workbook from standard input. Imports nothing of ours.
"""

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

MEMORY, SECONDS = 300_000_000, 25
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 20, 100_000, 1000
LOCKED, UNREADABLE = 3, 4


def told(value: Any) -> str:
    """What a cell shows: whole numbers without a point, days as 2026-03-01, yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)


def sheets(content: bytes) -> Iterator[list[Any]]:
    """The name of each sheet in sight, then each row that says something, with its number."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    for meta in book.sheets_metadata[:MOST_SHEETS]:
        if meta.visible is not SheetVisibleEnum.Visible or meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        yield [0, meta.name]
        sheet = book.get_sheet_by_name(meta.name)
        first = sheet.start[0] + 1 if sheet.start else 1
        for number, row in enumerate(sheet.iter_rows(), first):
            cells = [told(value) for value in row[:MOST_COLUMNS]]
            if any(cell.strip() for cell in cells):
                yield [number, *cells]
            if number > MOST_ROWS:
                break


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, PasswordError

    try:
        for row in sheets(sys.stdin.buffer.read()):
            sys.stdout.write(json.dumps(row) + "\n")
    except PasswordError:
        return LOCKED
    except CalamineError:
        return UNREADABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
