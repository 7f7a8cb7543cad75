"""Workbooks of every kind, and those that would do harm: one clear sentence each."""

import io
import zipfile
from pathlib import Path

import pytest

from directory.errors import Invalid
from directory.files.rosters import tables, workbooks
from tests.unit.rosters import files

XLS = Path(__file__).parents[2] / "data" / "members.xls"
ROWS = [["Name", "Zip", "Email"], ["Rowan Testerly", 2134.0, "r@p.example"]]


def refused(content: bytes) -> str:
    with pytest.raises(Invalid) as told:
        tables.read(content)
    (sentence,) = told.value.fields["file"]
    return str(sentence)


def test_a_workbook_of_excel_is_read_by_rows_numbers_without_their_points():
    table = tables.read(files.xlsx({"Notes": [["2026"]], "Members": ROWS}))

    assert table.named == ("Name", "Zip", "Email")
    assert table.body[0].cells == ("Rowan Testerly", "2134", "r@p.example")
    assert table.notes == ("Of its sheets “Members” is read, and not “Notes”.",)


def test_one_of_libreoffice_and_an_old_one_of_excel_are_read_too():
    new = tables.read(files.ods([["Socios"], ["Nombre", "CP"], ["Inés Ficticia", "03001"]]))
    old = tables.read(XLS.read_bytes())

    assert (new.named, new.body[0].line) == (("Nombre", "CP"), 3)
    assert old.named[:2] == ("No.", "SURNAME, First")
    assert old.body[0].cells[5:7] == ("4101", "2075550111")


def test_a_cell_in_the_last_row_and_column_there_is_fills_no_memory():
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    near = '<row r="1"><c r="A1"><v>1</v></c></row>'

    assert "unpacks to far more" in refused(files.xlsx({"A": []}, raw=near + far))


def test_what_says_that_it_unpacks_to_too_much_is_not_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"0" * (workbooks.MOST_UNPACKED + 1))

    assert "unpacks to far more" in refused(packed.getvalue())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 and no more", "cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 3000, "cannot be read"),
        (b"\r\n<html><table><tr><td>Name</td></tr></table>", "a web page"),
        (b"%PDF-1.7", "no list that can be read"),
        (b"x" * (tables.MOST_BYTES + 1), "may have 20 MB"),
        (b"a," * 5000 + b"\n" + b"1," * 5000, "too many columns"),
        (b"a,b\n" + b"1,2\n" * (tables.MOST_ROWS + 1), "may have 100,000 rows"),
    ],
)
def test_what_is_no_roster_or_too_large_for_one_gets_one_sentence(content, words):
    assert words in refused(content)


@pytest.mark.parametrize(
    ("name", "words"),
    [("Index/Document.iwa", "document of Numbers"), ("notes.txt", "no list that can be read")],
)
def test_an_archive_of_something_else_is_told_apart(name, words):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(name, b"")

    assert words in refused(packed.getvalue())
