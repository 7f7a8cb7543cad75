"""Settings: all documented, none that stops the start without saying why."""

import re

import pytest

from directory.config import SETTINGS, Config
from directory.errors import ConfigError
from tests import sites
from tests.house.files import ROOT

COMMANDS = (
    ("-m", "flask", "--app", "wsgi", "routes"),
    ("-m", "indexer", "status"),
    sites.GUNICORN,
)
WRONG = {
    "PORT": "eight thousand",
    "WEB_CONCURRENCY": "0",
    "DATABASE_URL": "mysql://localhost/x",
    "SEARCH_URL": "ftp://localhost",
    "BASE_URL": "localhost",
    "MAIL_URL": "pigeon://post",
    "TRUSTED_PROXIES": "next door",
    "CLAIMS_POLICIES": "GB=whatever",
    "LOG_LEVEL": "LOUD",
    "INDEX_MEMORY_MB": "63",
    "INDEX_PROCESSES": "65",
    "SECRET_KEY": "short",
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_readme_documents(setting):
    assert re.search(rf"`{setting}`", (ROOT / "README.md").read_text())


@pytest.mark.parametrize("setting", WRONG)
def test_a_value_we_cannot_use_is_one_clear_line(setting, tmp_path):
    with pytest.raises(ConfigError) as refused:
        Config.from_env({"DATA_DIR": str(tmp_path)} | {setting: WRONG[setting]})

    assert str(refused.value).startswith(f"{setting}=")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_process_starts_with_it(command, tmp_path):
    ended = sites.run(*command, DATA_DIR=str(tmp_path), PORT="eight thousand")

    assert ended.returncode != 0
    assert "PORT='eight thousand' cannot be used" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_wrong_secret_is_not_shown(tmp_path):
    with pytest.raises(ConfigError) as refused:
        Config.from_env({"DATA_DIR": str(tmp_path), "SECRET_KEY": "hunter2"})

    assert "hunter2" not in str(refused.value)
