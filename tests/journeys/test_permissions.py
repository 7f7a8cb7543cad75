"""No process of ours writes, or leaves, what other users of the machine can read."""

import os
import stat

import pytest

from tests import sites

COMMANDS = {
    "a command": ("-m", "flask", "--app", "wsgi", "migrate"),
    "the indexer": ("-m", "indexer", "rebuild"),
    "gunicorn": (*sites.GUNICORN, "--check-config"),
}


@pytest.fixture
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("usual_umask")
def test_every_process_keeps_the_folder_to_its_owner(tmp_path):
    for name, words in COMMANDS.items():
        ended = sites.run(*words, DATA_DIR=str(tmp_path / "var"))
        assert ended.returncode == 0, f"{name}: {ended.stderr}"
        there = [tmp_path / "var", *(tmp_path / "var").rglob("*")]
        bare = [path for path in there if stat.S_IMODE(path.lstat().st_mode) & 0o077]
        assert bare == [], name
        # As backups and people open it again.
        (tmp_path / "var").chmod(0o755)
        (tmp_path / "var" / "stillpoint.db").chmod(0o644)

    assert {"stillpoint.db", "index"} <= {path.name for path in there}
