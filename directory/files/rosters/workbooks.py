"""Workbooks of Excel and LibreOffice (xlsx, xls, ods) as records, sheet by sheet."""

import json
import subprocess
import sys
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from directory.errors import Invalid
from directory.files.rosters.delimited import LONGEST_CELL, TOO_LONG, Record
from directory.files.rosters.unpacking import LOCKED
from directory.said import Said, said

_PROGRAM = Path(__file__).with_name("unpacking.py")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What the parts of a workbook may unpack to, and what their rows may be.
MOST_UNPACKED = 200_000_000
MOST_TOLD = 60_000_000
PATIENCE = 60.0
TOO_LARGE = said(
    "This workbook unpacks to far more than a roster holds. Save the one sheet as CSV and send that."
)
NOT_READ = said("This workbook cannot be read. Save it anew as .xlsx, or as CSV, and send that.")
PROTECTED = said("This workbook is protected by a password. Save it without one, and send that.")
NUMBERS = said(
    "This is a document of Numbers. Export it from there to Excel or CSV, and send that."
)
ANOTHER = said("This is no list that can be read. Send a CSV file, or a workbook (xlsx, xls, ods).")
A_PAGE = said(
    "This is a web page that is called a workbook. Open it in Excel or LibreOffice, save it as .xlsx, and send that."
)
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<style")
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc",
)


def is_one(content: bytes) -> bool:
    """Whether a file is a workbook; raises Invalid for what is neither that nor text."""
    if content.startswith(_OTHERS):
        raise _refused(ANOTHER)
    if content[:500].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_MARKUP):
        raise _refused(A_PAGE)
    return content.startswith((_ZIP, _OLE))


def sheets(content: bytes) -> dict[str, list[Record]]:
    """The records of each sheet in sight by its name; raises Invalid when nobody can read them."""
    if content.startswith(_ZIP):
        _check_parts(content)
    found: dict[str, list[Record]] = {}
    for line in _unpacked(content).splitlines():
        number, *cells = json.loads(line)
        if number == 0:
            records = found.setdefault(cells[0], [])
        elif any(len(cell) > LONGEST_CELL for cell in cells):
            records.append(Record(number, tuple(cell[:80] for cell in cells), TOO_LONG))
        else:
            records.append(Record(number, tuple(cells)))
    return found


def _check_parts(content: bytes) -> None:
    """Refuse what is no workbook inside, or says itself that it unpacks to too much."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            names = set(parts.namelist())
            size = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError):
        raise _refused(NOT_READ) from None
    if any(name.endswith(".iwa") or name.startswith("Index/") for name in names):
        raise _refused(NUMBERS)
    if not {"xl/workbook.xml", "xl/workbook.bin", "content.xml"} & names:
        raise _refused(ANOTHER)
    if size > MOST_UNPACKED:
        raise _refused(TOO_LARGE)


def _unpacked(content: bytes) -> bytes:
    """What the program that unpacks says of it."""
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-I", str(_PROGRAM)],
                input=content,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _refused(TOO_LARGE) from None
        if done.returncode == LOCKED:
            raise _refused(PROTECTED)
        if done.returncode < 0 or answer.tell() > MOST_TOLD:  # it hit a limit
            raise _refused(TOO_LARGE)
        if done.returncode:
            raise _refused(NOT_READ)
        answer.seek(0)
        return answer.read()


def _refused(words: Said) -> Invalid:
    return Invalid({"file": [words]})
