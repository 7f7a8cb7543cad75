"""CSV as it is written: what parts the cells, and where quotes end."""

import pytest

from directory.files.rosters import delimited

HEADER = "no,name,town,country,email,about"


def cells(text: str) -> list[tuple[str, ...]]:
    return [record.cells for record in delimited.records(text)]


def people(*lines: str) -> list[delimited.Record]:
    return list(delimited.records("\n".join((HEADER, *lines))))[1:]


def somebody(number: int, about: str = "ok") -> str:
    return f"{number},Rowan {number},Boulder,US,p{number}@p.example,{about}"


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_line_for_excel_tells_what_parts_cells_and_lines_stay_counted(first):
    records = list(delimited.records(f"{first}\r\na;b\r\n1;2\r\n"))

    assert [(one.line, one.cells) for one in records] == [(2, ("a", "b")), (3, ("1", "2"))]


@pytest.mark.parametrize("delimiter", list(delimited.DELIMITERS))
def test_what_parts_cells_makes_lines_even(delimiter):
    others = delimited.DELIMITERS.replace(delimiter, "")
    line = delimiter.join(("name", f"town{others[0]} state", f"a{others[1]}b"))

    assert len(cells(f"{line}\n{line}\n{line}")[0]) == 3


def test_blank_first_lines_and_lines_of_nothing_are_passed_over():
    assert [one.line for one in delimited.records("\n\n,,\na,b\n , \n1,2\n")] == [4, 6]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_sort_are_counted_as_an_editor_counts_them(end):
    text = end.join((HEADER, somebody(1, '"one\ntwo"'), somebody(2)))

    assert [one.cells[0] for one in delimited.records(text)] == ["no", "1", "2"]


@pytest.mark.parametrize("at", ["name", "about"])
def test_a_quote_that_is_never_closed_costs_its_own_line_alone(at):
    bad = somebody(2, '"never closed') if at == "about" else somebody(2).replace("Row", '"Row')

    found = people(somebody(1), bad, somebody(3), somebody(4, '"closed"'), somebody(5))

    assert [one.line for one in found] == [2, 3, 4, 5, 6]
    assert [bool(one.fault) for one in found] == [False, True, False, False, False]
    assert "p4@p.example" not in str(found[1].cells)


def test_text_of_several_lines_with_commas_in_it_is_one_cell():
    about = '"first line\n\nsecond, with, commas, and, more, and, more\nthird"'

    found = people(somebody(1, about), somebody(2))

    assert [one.line for one in found] == [2, 6]
    assert found[0].cells[5].endswith("third")


def test_text_whose_last_line_has_as_many_commas_as_a_record_is_one_cell():
    header = "no,name,about,town,country,email"
    text = f'{header}\n1,Rowan,"one\n\ntwo, three, four",Boulder,US,p@p.example\n2,Kit,ok,Oz,US,k@p.example'

    found = list(delimited.records(text))

    assert [one.line for one in found] == [1, 2, 5]
    assert found[1].cells[2:4] == ("one\n\ntwo, three, four", "Boulder")


def test_prose_of_as_many_commas_between_two_quotes_is_no_record():
    found = people(somebody(1, '"one\na, b, c, d, e, f\nthree"'), somebody(2), somebody(3))

    assert [one.line for one in found] == [2, 5, 6]


def test_a_first_cell_of_two_lines_is_no_open_quote():
    assert people('"1\n2",Rowan,Boulder,US,p@p.example,ok', somebody(3))[0].cells[0] == "1\n2"


def test_a_blank_before_a_quote_and_lines_quoted_as_a_whole_are_read():
    assert cells('a, "b, c", d\n1, 2, 3') == [("a", "b, c", " d"), ("1", " 2", " 3")]
    assert cells('"a,b"\n"1,""2, 3"""') == [("a", "b"), ("1", "2, 3")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('a 5" step', 'a 5" step'),
        ('"6\' 2"" tall"', "6' 2\" tall"),
        ('"Hands" Clinic', "Hands Clinic"),
        ('"Anna "Annie" Quote"', 'Anna "Annie" Quote'),
    ],
)
def test_inches_and_quotes_within_a_cell_end_nothing(written, read):
    first, second = people(somebody(1, written), somebody(2))

    assert first.cells[5] == read
    assert second.cells[0] == "2"


def test_ten_thousand_quotes_that_are_never_closed_are_read_in_a_moment():
    assert len(people(*(somebody(n, '"open') for n in range(10_000)))) == 10_000
