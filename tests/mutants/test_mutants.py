"""The maker of mutants: what it changes, what it leaves alone, and how it counts."""

import ast
import builtins
import sys
import tomllib
from pathlib import Path

import pytest

from tests.mutants import planting, probing, report
from tests.mutants.operators import ON_IMPORT, Mutant, mutants
from tests.mutants.running import ROOT, Coverage, Verdict

HERE = Path(__file__).parent
CORE = tomllib.loads((HERE / "core.toml").read_text())


def changes(source: str) -> set[tuple[str, str]]:
    """What becomes of a source that is one statement, by operator."""
    return {
        (one.operator, ast.unparse(one.tree(source)).splitlines()[-1].strip())
        for one in mutants("a.py", source)
    }


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("a = b < c", {("compare", "a = b <= c"), ("compare", "a = b >= c")}),
        ("a = b is c", {("compare", "a = b is not c")}),
        (
            "a = b and c",
            {("and/or", "a = b or c"), ("condition", "a = c"), ("condition", "a = b")},
        ),
        ("a = not b", {("not", "a = b")}),
        ("a = b + c", {("arithmetic", "a = b - c")}),
        ("a = True", {("constant", "a = False")}),
        ("a = 1", {("constant", "a = 2"), ("constant", "a = 0")}),
        ("a.b = c", {("assignment dropped", "pass")}),
        ("a()", {("call dropped", "pass")}),
        ("raise a", {("raise dropped", "pass")}),
        ("def f():\n    return a", {("return", "return None")}),
        ("def f():\n    return [a]", {("return", "return []")}),
        ("a = b if c else d", {("choice", "a = b"), ("choice", "a = d")}),
        ("if a:\n    b", {("if dropped", "pass"), ("if always", "b")}),
        ("a = [b for b in c if d]", {("filter", "a = [b for b in c]")}),
        (
            "a = b.where(c, d)",
            {("step dropped", "a = b"), ("filter", "a = b.where(d)"), ("filter", "a = b.where(c)")},
        ),
    ],
)
def test_each_operator_makes_small_mistakes(source, made):
    assert changes(source) == made


@pytest.mark.parametrize(
    "source",
    [
        '"""Words."""',
        "a = 'words'",
        "import a",
        "log.info('%d', 1)",
        "a: Mapped[int] = mapped_column(default=1)",
        "@dataclass(frozen=True)\nclass A:\n    b: Literal[1]",
        "def f():\n    return None",
    ],
)
def test_what_harms_nobody_is_left_alone(source):
    assert mutants("a.py", source) == []


def test_a_mutant_knows_its_place_and_the_statement_that_has_to_be_run():
    source = "MOST = 1\n\nclass A:\n    def f(self, b=2):\n        return g(\n            3,\n        )\n"

    numbers = [one for one in mutants("a.py", source) if one.operator == "constant"][::2]

    assert [(one.line, one.within, one.statement) for one in numbers] == [
        (1, "", ON_IMPORT),
        (4, "A.f", ON_IMPORT),
        (6, "A.f", 5),
    ]


def test_a_planted_module_is_what_is_imported(tmp_path, monkeypatch):
    (tmp_path / "planted_for_a_test.py").write_text("answer = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])

    planting.plant("planted_for_a_test.py", compile("answer = 2", "x", "exec"), tmp_path)

    import planted_for_a_test

    assert planted_for_a_test.answer == 2


PROBED = """
def f(a):
    for b in a:
        if b:
            return [c for c in a
                    if c]
        elif b is None:
            continue
    try:
        return 1 / 0
    except ZeroDivisionError:
        return 2
"""


@pytest.mark.parametrize(
    ("given", "lines"), [([1], [3, 4, 5]), ([None], [3, 4, 7, 8, 9, 10, 12]), ([], [3, 9, 10, 12])]
)
def test_a_probed_function_does_the_same_and_tells_what_it_runs(given, lines, monkeypatch):
    told, plain, probed = [], {}, {}
    monkeypatch.setattr(builtins, probing.PROBE, told.append, raising=False)
    exec(PROBED, plain)
    exec(compile(probing.probed(PROBED), "a.py", "exec"), probed)

    assert probed["f"](given) == plain["f"](given)
    assert told == lines


def test_the_tests_of_a_line_are_the_quick_ones_first_and_of_a_shared_line_all():
    covered = Coverage(
        seconds={"slow": 2.0, "quick": 1.0, "elsewhere": 0.1},
        lines={"slow": {4, 5}, "quick": {5}, "elsewhere": {9}},
        always={20},
    )

    assert covered.tests(5) == ["quick", "slow"]
    assert covered.tests(7) == []
    assert covered.tests(20) == covered.tests(ON_IMPORT) == ["elsewhere", "quick", "slow"]


def mutant(line: int) -> Mutant:
    return Mutant("a.py", line, line, "f", "not", f"not {line}", "b", 1, ast.Pass())


def test_survivors_lower_the_score_and_equivalent_ones_do_not():
    killed, alive, same = mutant(1), mutant(2), mutant(3)
    verdicts = [(killed, Verdict("t", 1)), (alive, Verdict("", 4)), (same, Verdict("", 0))]

    rows = report.rows(verdicts, {report.key(same): "It is."})

    assert report.score(rows) == 0.5
    assert report.table(rows).splitlines()[-1].split() == ["all", "3", "1", "1", "50%"]
    assert report.survivors(rows) == "a.py:2  not  not 2 -> b"
    assert report.score([]) == 1.0


@pytest.mark.parametrize("file", CORE)
def test_every_module_of_the_core_is_there_with_its_tests_and_its_mutants_compile(file):
    source = (ROOT / file).read_text()

    made = mutants(file, source)

    assert [one for one in CORE[file]["tests"] if not (ROOT / one).exists()] == []
    assert len(made) > 10
    assert all(compile(one.tree(source), file, "exec") for one in made[:: len(made) // 10])


def test_every_mutant_that_was_judged_equivalent_still_exists():
    there = {report.key(one) for file in CORE for one in mutants(file, (ROOT / file).read_text())}

    assert set(report.known(HERE / "equivalent.toml")) - there == set()
