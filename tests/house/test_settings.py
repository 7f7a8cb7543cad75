"""Settings: all documented, none that stops the start without saying why."""

import re

import pytest

from directory.config import Config
from directory.config.values import SETTINGS
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
    "LIMITS_URL": "memcached://localhost",
    "METRICS_TOKEN": "sixteen and more, with blanks",
    "AUDIT_ANCHOR_URL": "pigeon://post",
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


@pytest.mark.parametrize(
    "address",
    [
        "mysql://site:hunter2@db.example/site",
        "postgresql://site:hunter2@db.example:none/site",
        "postgresql://site:hun/ter2@db.example/site",
        "postgresql://site:h@hunter2@db.example:99999/site?password=hunter2",
    ],
)
def test_a_password_in_an_address_is_not_shown(address, tmp_path):
    with pytest.raises(ConfigError) as refused:
        Config.from_env({"DATA_DIR": str(tmp_path), "DATABASE_URL": address})

    assert str(refused.value).startswith("DATABASE_URL=")
    assert "ter2" not in str(refused.value)


def test_a_misspelt_setting_is_named_once_however_many_workers_there_are(tmp_path):
    log, port = tmp_path / "log", sites.free_port()
    settings = {"DATA_DIR": str(tmp_path / "var"), "PORT": str(port), "WEB_CONCURRENCY": "2"}

    with sites.process(sites.GUNICORN, log, settings | {"DATABSE_URL": "hunter2"}) as web:
        sites.wait_for(f"http://127.0.0.1:{port}/healthz", web)

    said = log.read_text()
    assert said.count("DATABSE_URL is set, but nothing reads it. Did you mean DATABASE_URL?") == 1
    assert "hunter2" not in said
