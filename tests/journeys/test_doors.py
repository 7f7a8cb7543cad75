"""The small doors that strangers try first: help, versions, and commands on a bad database."""

import pytest

from directory import __version__
from directory.cli.commands import DOORS, PURPOSES, Command, load
from tests import sites

FLASK = ("-m", "flask", "--app", "wsgi")
STILLPOINT = ("-m", "directory.cli")
INDEXER = ("-m", "indexer")
# Nothing listens on the first port.
REFUSED = "postgresql://site:hunter2@127.0.0.1:1/site"
# One of each way in; what they share holds for the others.
COMMANDS = [
    (*STILLPOINT, "create-admin", "admin@association.example"),
    (*STILLPOINT, "up"),
    (*FLASK, "verify-audit"),
    (*INDEXER, "follow"),
]


def ids(command: tuple[str, ...]) -> str:
    return " ".join(word for word in command if not word.startswith("-"))


@pytest.mark.parametrize("command", [FLASK, STILLPOINT], ids=ids)
def test_help_names_our_commands_by_purpose_before_those_of_flask(command, tmp_path):
    ended = sites.run(*command, "--help", DATA_DIR=str(tmp_path))

    said = ended.stdout
    assert ended.returncode == 0, ended.stderr
    titles = [said.index(f"\n{title}:\n") for title in (*PURPOSES, "Flask's own")]
    assert titles == sorted(titles)
    for name in DOORS:
        assert titles[0] < said.index(f"\n  {name} ") < titles[-1]
    assert said.index("\n  routes ") > titles[-1]


def test_the_version_is_ours_first(tmp_path):
    ended = sites.run(*STILLPOINT, "--version", DATA_DIR=str(tmp_path))

    first, *others = ended.stdout.splitlines()
    assert first == f"Stillpoint {__version__}"
    assert [line.split()[0] for line in others] == ["Python", "Flask", "Werkzeug"]


@pytest.mark.parametrize("name", DOORS)
def test_each_command_that_is_told_of_is_there_and_ends_as_all_of_them(name):
    command = load(name)

    assert command.name == name
    assert command.help
    assert isinstance(command, Command)


@pytest.mark.parametrize("command", COMMANDS, ids=ids)
def test_a_database_that_is_not_there_is_one_clear_line(command, tmp_path):
    ended = sites.run(
        *command,
        DATA_DIR=str(tmp_path),
        DATABASE_URL=REFUSED,
        PORT=str(sites.free_port()),
    )

    ours = "indexer" if command[:2] == INDEXER else "stillpoint"
    assert ended.returncode == 1
    assert ended.stderr == (
        f"{ours}: The database at 127.0.0.1:1/site cannot be used: nothing listens there.\n"
    )


@pytest.mark.parametrize(
    "command", [(*STILLPOINT, "work", "--once"), (*INDEXER, "rebuild")], ids=ids
)
def test_before_migrate_commands_say_that_it_comes_first(command, tmp_path):
    ended = sites.run(*command, DATA_DIR=str(tmp_path))

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert (
        "run `stillpoint migrate` (in a checkout `flask --app wsgi migrate`) first." in ended.stderr
    )


def test_migrate_says_which_steps_it_took_and_then_that_none_was_left(tmp_path):
    first, again = (sites.run(*FLASK, "migrate", DATA_DIR=str(tmp_path)) for _ in range(2))

    lines = first.stdout.splitlines()
    assert lines[0] == "0001  The first tables."
    assert lines[-1] == "The database is up to date."
    assert again.stdout == "The database is at its newest form already.\n"
    assert first.stderr == again.stderr == ""


def test_a_misspelt_setting_is_named_before_a_command_does_its_work(tmp_path):
    ended = sites.run(*FLASK, "migrate", DATA_DIR=str(tmp_path), BASE_URl="https://cst.example")

    assert ended.returncode == 0
    assert ended.stderr == (
        "stillpoint: BASE_URl is set, but nothing reads it. Did you mean BASE_URL?\n"
    )
