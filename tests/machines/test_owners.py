"""Commands run by root in a folder of the site's own user, and by strangers; and those that look."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from directory.cli.__main__ import group
from directory.config import Config, folder
from directory.config.values import SETTINGS
from directory.errors import ConfigError
from tests import sites
from tests.full import FULL

# Users that need no name.
SITE, STRANGER = 54_321, 54_322
STILLPOINT = ("-m", "directory.cli")
LOOKING = [["doctor"], ["example", "systemd"], ["--help"], ["verify-audit"], ["up", "--help"]]
root_alone = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def theirs():
    """A DATA_DIR of the site's own user, where others can get to."""
    with tempfile.TemporaryDirectory() as around:
        Path(around).chmod(0o755)
        made = Path(around) / "var"
        made.mkdir(mode=0o700)
        os.chown(made, SITE, SITE)
        yield made


def strange(found: Path, owner: int = SITE) -> list[Path]:
    """What is not the owner's."""
    return [path for path in (found, *found.rglob("*")) if path.lstat().st_uid != owner]


def as_user(user: int, *lines: str) -> subprocess.CompletedProcess[str]:
    """Run this in a process that becomes somebody else once the program is read in."""
    script = "\n".join(
        (
            "import os, sys; from pathlib import Path; from directory import cli",
            "from directory.config import Config, folder; from directory.errors import ConfigError",
            "from directory.cli import desk, commands",
            "Config.from_env({'DATA_DIR': '/nowhere'}, makes=False)",
            f"os.setgroups([]); os.setresgid({user}, {user}, {user})",
            f"os.setresuid({user}, {user}, {user})" if user else "",
            *lines,
        )
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=sites.ROOT,
        env=sites.environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )


@root_alone
@pytest.mark.skipif(not FULL, reason="six commands, each of its own; FULL=1 does")
def test_what_root_makes_in_a_folder_of_somebody_else_is_theirs(theirs, tmp_path):
    outside = tmp_path / "outside"
    outside.touch()
    (theirs / "link").symlink_to(outside)
    os.chown(theirs / "link", SITE, SITE, follow_symlinks=False)
    os.link(outside, theirs / "hard")
    settings = {"DATA_DIR": str(theirs)}
    file, copy = tmp_path / "one.backup", tmp_path / "two"

    made = [sites.run(*STILLPOINT, "migrate", **settings)]
    made += [sites.run(*STILLPOINT, "backup", str(file), **settings)]
    made += [sites.run("-m", "indexer", "rebuild", **settings)]
    made += [sites.run(*STILLPOINT, "restore", "--force", str(file), **settings)]

    assert [one.returncode for one in made] == [0] * 4, [one.stderr for one in made]
    assert strange(theirs) == [theirs / "hard"]  # it is not only there
    assert {"secret-key", "stillpoint.db", "photos"} <= {one.name for one in theirs.iterdir()}
    assert (file.stat().st_uid, outside.stat().st_uid, copy.exists()) == (0, 0, False)
    assert made[0].stderr.count("belongs to 54321") == 1


@root_alone
def test_a_command_that_fails_leaves_nothing_of_roots_either(theirs):
    ended = sites.run(*STILLPOINT, "load-demo", "--count", "1", DATA_DIR=str(theirs))
    again = sites.run(*STILLPOINT, "restore", "/no/such.backup", DATA_DIR=str(theirs))

    assert (ended.returncode, again.returncode) == (1, 1)
    assert strange(theirs) == []


@root_alone
def test_who_serves_is_the_owner_of_the_folder_for_good(theirs):
    told = as_user(
        0,
        "try:",
        f"    folder.become_owner(Path({str(theirs)!r}))",
        "except ConfigError as error:",  # where the owner cannot read Python itself
        "    print(str(error).count('cannot be read by'), end=' ')",
        "print(os.getresuid(), os.getresgid(), os.getgroups())",
        "try: os.setuid(0)",
        "except PermissionError: print('no way back')",
    )

    assert f"{(SITE,) * 3} {(SITE,) * 3} [{SITE}]" in told.stdout, told.stderr
    assert told.stdout.endswith("no way back\n")


@root_alone
def test_a_stranger_is_refused_in_one_line_before_anything_is_written(theirs):
    theirs.chmod(0o777)
    told = as_user(
        STRANGER,
        f"here = desk.Desk(Config.from_env({{'DATA_DIR': {str(theirs)!r}}}, makes=False))",
        "try: here.settle(serves=False)",
        "except ConfigError as error: print(error)",
    )

    assert told.stdout == f"DATA_DIR={str(theirs)!r} belongs to 54321: run this as 54321.\n"
    assert list(theirs.iterdir()) == []


@root_alone
def test_a_secret_that_cannot_be_read_is_one_line(theirs):
    (theirs / "secret-key").write_text("root's, since somebody was careless")
    (theirs / "secret-key").chmod(0o600)
    told = as_user(
        SITE,
        f"try: Config.from_env({{'DATA_DIR': {str(theirs)!r}}})",
        "except ConfigError as error: print(error)",
    )

    assert told.stdout.startswith(f"{theirs / 'secret-key'} cannot be read: Permission denied")
    assert told.stdout.count("\n") == 1


@root_alone
def test_the_doctor_looks_at_every_file_and_names_the_first_that_is_not_the_owners(theirs):
    for name in ("locks", "photos", "photos/ab"):
        (theirs / name).mkdir()
    for name in ("locks/one.lock", "photos/ab/one.jpg"):
        (theirs / name).touch()
    sick = sites.run(*STILLPOINT, "doctor", DATA_DIR=str(theirs)).stdout
    given = folder.give_back(theirs)

    well = sites.run(*STILLPOINT, "doctor", DATA_DIR=str(theirs)).stdout

    assert "locks and 4 more do not belong to 54321" in sick
    assert given == 5
    assert "warn permissions" in well  # it is root who asks
    assert strange(theirs) == []


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_who_only_looks_makes_nothing(words, tmp_path):
    settings = dict.fromkeys(SETTINGS) | {"DATA_DIR": str(tmp_path / "a" / "var")}
    CliRunner().invoke(group(), words, env=settings)

    assert list(tmp_path.iterdir()) == []


def test_a_command_that_needs_a_database_makes_no_empty_one(tmp_path):
    ended = sites.run(*STILLPOINT, "backup", str(tmp_path / "file"), DATA_DIR=str(tmp_path / "var"))

    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "has no tables yet" in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("left", folder.OF_A_SITE)
def test_a_secret_that_is_missing_where_a_site_was_is_told_when_a_new_one_is_made(
    left, tmp_path, caplog
):
    Config.from_env({"DATA_DIR": str(tmp_path / "new")})
    quiet = list(caplog.messages)
    (tmp_path / left).touch()

    Config.from_env({"DATA_DIR": str(tmp_path)})
    (told,) = caplog.messages

    assert quiet == []
    assert f"is missing beside {left}" in told


def test_a_secret_that_was_cut_short_is_not_used(tmp_path):
    (tmp_path / "secret-key").touch()

    with pytest.raises(ConfigError, match="cut short"):
        Config.from_env({"DATA_DIR": str(tmp_path)})


def test_without_a_folder_for_temporary_files_they_go_below_the_data(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/no/such/folder"])
    monkeypatch.setenv("TMPDIR", "/no/such/folder")
    before = os.umask(0)
    os.umask(before)

    (told,) = folder.keep_private(tmp_path)
    os.umask(before)

    assert "set TMPDIR" in told
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(tmp_path / "tmp")
