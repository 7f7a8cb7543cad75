"""Every promise names tests that are there, or SECURITY.md says why it has none."""

import ast
import re
from functools import cache

import pytest

from tests.house import files
from tests.security.promises import PROMISES, Promise

# A row of the table in SECURITY.md: | 13.2.4 the machine … | why it is not tested |
UNTESTED = re.compile(r"^\| (?P<number>\d[\d.,x-]*) [^|]+ \| (?P<why>[^|]+) \|$", re.MULTILINE)


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests that a file defines; none when there is no such file."""
    whole = files.ROOT / path
    if not whole.is_file():
        return frozenset()
    functions = (one for one in ast.parse(whole.read_text("utf-8")).body)
    return frozenset(
        one.name
        for one in functions
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_") and not skips(one)
    )


def skips(test: ast.FunctionDef) -> bool:
    return any(re.search(r"\b(?:skip|xfail)\b", ast.unparse(one)) for one in test.decorator_list)


@cache
def untested() -> dict[str, str]:
    """What SECURITY.md calls untested, and why."""
    text = (files.ROOT / "SECURITY.md").read_text("utf-8")
    return {found["number"]: found["why"].strip() for found in UNTESTED.finditer(text)}


def missing(promise: Promise) -> list[str]:
    parts = (proof.partition("::") for proof in promise.proofs)
    return [f"{path}::{name}" for path, _, name in parts if name not in names_in(path)]


@pytest.mark.parametrize("promise", PROMISES, ids=str)
def test_promise(promise):
    assert missing(promise) == []
    assert promise.proofs or len(untested().get(promise.number, "")) > 30


def test_what_is_called_untested_is_promised_and_has_no_test():
    without = {promise.number for promise in PROMISES if not promise.proofs}

    assert set(untested()) == without


def test_no_promise_is_made_twice():
    numbers = [promise.number for promise in PROMISES]

    assert len(numbers) > 55
    assert sorted(set(numbers)) == sorted(numbers)


def test_a_test_that_is_not_there_would_be_noticed():
    gone = Promise("0", "nothing", ("tests/security/test_promises.py::test_nothing",))
    nowhere = Promise("0", "nothing", ("tests/nowhere.py::test_promise",))
    there = Promise("0", "something", ("tests/security/test_promises.py::test_promise",))

    assert missing(gone)
    assert missing(nowhere)
    assert not missing(there)
