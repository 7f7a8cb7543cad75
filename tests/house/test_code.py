"""How big things may grow, and what nobody leaves lying about."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.files import ROOT, name, ours

PACKAGES = ("directory/", "indexer/")
MOST_LINES = 400
LEFT_OPEN = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error")
NOBODY_KNOWS_WHAT = {"utils", "helpers", "common", "base", "manager", "misc"}


def source() -> tuple[Path, ...]:
    return tuple(path for path in ours(".py") if name(path).startswith(PACKAGES))


def lengths(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.end_lineno - node.lineno + 1


def test_no_file_has_more_than_400_lines():
    written = [*source(), *ours(".html", ".css", ".js", ".mjs")]
    long = {name(path): len(path.read_text().splitlines()) for path in written}

    assert {file: lines for file, lines in long.items() if lines > MOST_LINES} == {}


def test_functions_are_short():
    found = sorted(
        length for path in source() if "/versions/" not in name(path) for length in lengths(path)
    )

    assert statistics.median(found) <= 10
    assert statistics.quantiles(found, n=20)[-1] <= 40


def test_nothing_is_left_open():
    left = [
        f"{name(path)}:{number}"
        for path in ours(".py", ".html", ".css", ".js", ".mjs", ".md")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LEFT_OPEN.search(line)
    ]

    assert left == []


def test_every_module_is_named_for_what_it_holds():
    assert [name(path) for path in source() if path.stem in NOBODY_KNOWS_WHAT] == []


@pytest.mark.parametrize("package", ["directory", "indexer"])
def test_every_module_says_what_it_is_for(package):
    silent = [
        name(path)
        for path in source()
        if name(path).startswith(package) and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_the_code_is_found_at_all():
    assert (ROOT / "directory" / "app.py") in source()
