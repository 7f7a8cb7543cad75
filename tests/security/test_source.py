"""What stands nowhere in our code: statements put together, callers of other hosts, loose dice."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.house import files

SERVED = ("directory/", "indexer/", "wsgi.py")
# They take a statement as text.
SQL = {"text", "sa.text", "sqlalchemy.text", "literal_column"}
SQL_OF = (".exec_driver_sql", ".execute", ".copy")
# They put names of our own into statements: of tables for places, of SQLite's settings, of the
# tables that a database or a backup of ours has (see tests/backups for those that it may not).
OUR_OWN = {
    "directory/places/loader.py",
    "directory/db/__init__.py",
    "directory/backups/restoring.py",
    "directory/backups/taking.py",
    "directory/backups/numbers.py",
}
# `doctor` asks our own BASE_URL, for the engineer who runs it.
DOCTOR = "directory/cli/machines/outside.py"
CLIENTS = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "urllib3", "ftplib"}
TEMPLATES_OF = ("render_template_string", ".from_string")
# It writes our mails from our own files; what people said comes in as values.
LETTERS = "directory/web/formatting/letters.py"
RUNS = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load"}
THAWS = ("pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.loads", "shelve.open")
DICE = {"random", "numpy.random"}
DEMO = "directory/files/demo/"


@cache
def trees() -> dict[str, ast.Module]:
    """Every module that runs where people are served."""
    found = (path for path in files.ours(".py") if files.name(path).startswith(SERVED))
    return {files.name(path): ast.parse(path.read_text("utf-8")) for path in found}


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Every call: its module, what is called as it is written, and the node."""
    return tuple(
        (module, ast.unparse(node.func), node)
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    )


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield from (str(node.module), *(f"{node.module}.{one.name}" for one in node.names))


def importing(wanted: set[str]) -> set[str]:
    return {module for module, tree in trees().items() if wanted & set(imported(tree))}


def takes_sql(module: str, name: str) -> bool:
    if name == "text" and "sqlalchemy.text" not in imported(trees()[module]):
        return False  # another of that name
    return name in SQL or name.endswith(SQL_OF)


def is_put_together(node: ast.Call) -> bool:
    """Whether what it takes is text that was made there: an f-string, a sum, a format."""
    if not node.args:
        return False
    first = node.args[0]
    if isinstance(first, ast.Call) and isinstance(first.func, ast.Attribute):
        return isinstance(first.func.value, ast.Constant)  # "…".format(…), "…".join(…)
    return isinstance(first, ast.JoinedStr | ast.BinOp)


def test_there_is_code_to_look_at():
    assert len(trees()) > 100
    assert sum(takes_sql(module, name) for module, name, _ in calls()) > 50


def test_no_statement_of_sql_is_put_together_from_text():
    built = {
        (module, ast.unparse(node))
        for module, name, node in calls()
        if takes_sql(module, name) and is_put_together(node) and module not in OUR_OWN
    }

    assert built == set()


def test_no_module_can_call_another_host_by_http():
    assert importing(CLIENTS) == {DOCTOR}


def test_no_page_is_a_template_made_of_what_people_said():
    assert {module for module, name, _ in calls() if name.endswith(TEMPLATES_OF)} <= {LETTERS}


def test_nothing_that_was_sent_can_become_code():
    assert [(module, name) for module, name, _ in calls() if name in RUNS] == []


def test_nothing_thaws_what_python_has_frozen():
    assert [(module, name) for module, name, _ in calls() if name.endswith(THAWS)] == []


def test_no_secret_is_thrown_with_loose_dice():
    assert {module for module in importing(DICE) if not module.startswith(DEMO)} == set()
