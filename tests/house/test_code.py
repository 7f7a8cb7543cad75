"""How big things may grow, and what nobody leaves lying about."""

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.files import ROOT, name, ours

PACKAGES = ("directory/", "indexer/")
MOST_LINES = 400
MOST_FILES = 15
# Flask-Security's seams, one a file; and migrations, which only ever grow.
CROWDED = {"directory/signin", "directory/migrations/versions"}
# A change of what the public sees is told to the index in `changes`, and for whole terms in
# `terms`: nobody else can then forget the audit trail.
TELLS_THE_INDEX = {
    "directory/usecases/listings/changes.py",
    "directory/usecases/curation/terms.py",
}
WINGS = ("visitors", "practitioners", "moderation", "curation", "imports", "accounts")
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


def test_no_folder_has_more_than_15_files():
    rooms = Counter(str(Path(name(path)).parent) for path in source())

    assert {room for room, files in rooms.items() if files > MOST_FILES} <= CROWDED


@pytest.mark.parametrize("floor", ["directory/usecases", "directory/web", "templates"])
def test_every_floor_has_the_same_wings(floor):
    rooms = {name(path).removeprefix(f"{floor}/").split("/")[0] for path in ours(".py", ".html")}

    assert set(WINGS) <= rooms


@pytest.mark.parametrize("floor", ["usecases", "web"])
def test_the_tests_of_a_floor_have_its_wings(floor):
    tested = {
        Path(name(path)).parent.name for path in ours(".py") if f"tests/{floor}/" in name(path)
    }

    assert set(WINGS) <= tested


def test_the_index_is_told_of_changes_in_one_place():
    tells = re.compile(r"IndexChange\(|insert\(IndexChange")
    telling = {
        name(path)
        for path in source()
        if "/models/" not in name(path) and tells.search(path.read_text())
    }

    assert telling == TELLS_THE_INDEX


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
