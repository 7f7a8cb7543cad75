"""No browser test reads a page that a click has just sent away."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

# What reads at once, whatever is there; everything else of Playwright waits for its element.
AT_ONCE = {"count", "all", "all_inner_texts", "all_text_contents", "is_visible", "content", "url"}
SENT = {"click", "press", "check", "uncheck"}
# A key that moves or types sends nothing away.
STAYS = {"Tab", "Shift+Tab", "Escape", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"}

FILES = sorted((Path(__file__).parents[1] / "browser").glob("*.py"))


def sends(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
        return False
    keys = {one.value for one in call.args if isinstance(one, ast.Constant)}
    return call.func.attr in SENT and not keys & STAYS


def reads_at_once(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assert | ast.Assign | ast.Return):
        names = (one.attr for one in ast.walk(statement) if isinstance(one, ast.Attribute))
        return not AT_ONCE.isdisjoint(names)
    return False


def hasty(source: str) -> list[int]:
    """The lines that read at once what the line before may have sent away."""
    found = []
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        # A `with page.expect_navigation():` waits for the page that comes.
        if isinstance(body, list) and not isinstance(node, ast.With):
            pairs = pairwise(body)
            found += [two.lineno for one, two in pairs if sends(one) and reads_at_once(two)]
    return sorted(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_page_is_read_after_it_has_come(path):
    assert hasty(path.read_text()) == []


def test_a_hasty_line_is_seen():
    assert hasty("def test():\n    button.click()\n    n = page.locator('li').count()\n") == [3]
    assert hasty("def test():\n    box.press('Tab')\n    assert page.url\n") == []
