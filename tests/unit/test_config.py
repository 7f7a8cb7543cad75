"""Settings as people type them, and names that were meant to be settings."""

import os
import stat
from pathlib import Path

import pytest

from directory import config
from directory.config import Config, values
from directory.config.folder import keep_private
from directory.errors import ConfigError

# What shells, systemd, containers, orchestrators and build servers set by themselves.
OTHERS = """
    HOSTNAME HOSTTYPE MACHTYPE OSTYPE PORTAGE_CONFIGROOT SHELL LOGNAME USER HOME PATH PWD OLDPWD LANG LC_ALL TERM
    XDG_DATA_DIRS XDG_DATA_HOME XDG_CONFIG_DIRS XDG_RUNTIME_DIR DATADIRS MAIL MAILCHECK MAILTO MANPATH
    INVOCATION_ID JOURNAL_STREAM LISTEN_PID LISTEN_FDS NOTIFY_SOCKET STATE_DIRECTORY CACHE_DIRECTORY LOGS_DIRECTORY
    KUBERNETES_SERVICE_HOST KUBERNETES_PORT KUBERNETES_PORT_443_TCP_ADDR POSTGRES_PORT POSTGRES_SERVICE_HOST
    MAIL_PORT MAIL_SERVICE_HOST SEARCH_PORT SEARCH_SERVICE_HOST DATABASE_PORT DATABASE_HOST DATABASE_NAME DATABASE_USER
    BASE_PORT SITE_PORT DATA_PORT CI CI_BASE_URL BASE_URL_OLD DATABASE_URL_OLD GITHUB_SERVER_URL FILE_URL SITE_URL
    RUNNER_TEMP BUILD_URL JOB_URL SECRET_ID SECRET_NAME SECRET_KEY_BASE LOG_FILE LOG_FORMAT LOG_DIR PGDATA PGHOST
    PGPORT TRUSTED_HOSTS WEB_PORT INDEX_URL PIP_INDEX_URL UV_INDEX_URL HTTP_PROXY no_proxy host port PYTHONPATH
"""


@pytest.mark.parametrize("typed", ["warning", " Warning ", "wArNiNg\t", "WARNING"])
def test_a_log_level_may_be_written_in_any_letters(typed, tmp_path):
    read = Config.from_env({"DATA_DIR": str(tmp_path), "LOG_LEVEL": typed})

    assert read.log_level == "WARNING"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("BASE_URl", "BASE_URL"),
        ("BASE_URI", "BASE_URL"),
        ("base_url", "BASE_URL"),
        ("BSAE_URL", "BASE_URL"),
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("SITE_NAMES", "SITE_NAME"),
        ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("SECRET-KEY", "SECRET_KEY"),
        ("STILLPOINT_BASE_URL", "BASE_URL"),
        ("STILLPOINT_PORT", "PORT"),
        ("stillpoint_databse_url", "DATABASE_URL"),
    ],
)
def test_a_setting_that_is_misspelt_is_named_with_the_one_that_was_meant(typed, meant):
    said = config.unread({typed: "hunter2", "BASE_URL": "https://cst.example"})

    assert said == (f"{typed} is set, but nothing reads it. Did you mean {meant}?",)


def test_what_other_programs_set_is_not_called_a_slip():
    assert config.unread(dict.fromkeys(OTHERS.split(), "x")) == ()


def test_what_kubernetes_says_of_a_service_called_stillpoint_is_not_called_a_slip():
    told = {
        "STILLPOINT_SERVICE_HOST": "10.0.0.7",
        "STILLPOINT_SERVICE_PORT": "80",
        "STILLPOINT_PORT": "tcp://10.0.0.7:80",
        "STILLPOINT_PORT_80_TCP_PROTO": "tcp",
    }

    assert config.unread(told) == ()


def test_settings_themselves_are_no_slips():
    assert config.unread(dict.fromkeys(values.SETTINGS, "x")) == ()


def test_processes_that_we_start_are_not_told_again():
    env = {"BASE_URl": "https://cst.example", "PATH": "/bin", "PORT": "80"}

    assert config.without_unread(env) == {"PATH": "/bin", "PORT": "80"}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *(
            ("DATABASE_URL", typed)
            for typed in (
                "postgresql://u:abc@hunter2@127.0.0.1:1/db",
                "postgresql://u:hunter2/w#rd@127.0.0.1:1/db",
                "host=h user=u password=hunter2 dbname=db",
                "postgresql//u:hunter2@h",
                "u:hunter2@h/db",
                "jdbc:postgresql:db?user=u&password=hunter2",
                "postgres://u:abc\nhunter2@h",
                "postgresql://h/db;password=hunter2",
                "postgresql:/u:hunter2@h/db",
                "POSTGRESQL://u:hunter2@h/db",
                "postgresql://u:[hunter2]@h/db",
                "mysql://u:hunter2@h/db",
                "sqlite://u:hunter2@h/db",
                "sqlite://x.db",
                "sqlite:relative.db",
                "sqlite://",
                "sqlite:///",
            )
        ),
        ("MAIL_URL", "u:hunter2@h:25"),
        ("MAIL_URL", "smtp://u:hunter2@[::1"),
        ("BASE_URL", "https://directory.example?x=1"),
        ("BASE_URL", "https://directory example"),
        ("BASE_URL", "https://directory.example:99999"),
        ("CLAIMS_POLICIES", "UK=no-conditions"),
        *(
            ("AUDIT_ANCHOR_URL", typed)
            for typed in (
                *("file://host/a", "file:a", "file:///", "file:///a/", "file://[x", "/a/path"),
                *("mailto:", "mailto:nobody", "mailto:a@b.example,c@d.example"),
                *("mailto:a@b.example?cc=c@d.example", "mailto:a@b.example\nX: y"),
            )
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line_that_tells_no_secret(name, typed, tmp_path):
    with pytest.raises(ConfigError) as refused:
        Config.from_env({"DATA_DIR": str(tmp_path), name: typed})

    assert str(refused.value).startswith(f"{name}=")
    assert "\n" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "typed", "read"),
    [
        ("DATABASE_URL", " sqlite:///x.db ", "sqlite:///x.db"),
        ("DATABASE_URL", "postgres://u:p%40ss@h/db", "postgresql+psycopg://u:p%40ss@h/db"),
        (
            "DATABASE_URL",
            "postgresql://u@/db?host=/run/x",
            "postgresql+psycopg://u@/db?host=/run/x",
        ),
        ("BASE_URL", "https://directory.example/ ", "https://directory.example"),
    ],
)
def test_blanks_and_other_ways_to_say_the_same_are_no_matter(name, typed, read, tmp_path):
    found = Config.from_env({"DATA_DIR": str(tmp_path), name: typed})

    assert getattr(found, name.lower()) == read


def test_a_policy_for_one_country_leaves_those_of_the_others(tmp_path):
    found = Config.from_env({"DATA_DIR": str(tmp_path), "CLAIMS_POLICIES": "IE=no-conditions"})

    assert dict(found.claims_policies) == {"GB": "no-conditions", "IE": "no-conditions"}


def test_a_key_of_ones_own_needs_no_folder_made_by_hand(tmp_path):
    folder = tmp_path / "not" / "there"

    Config.from_env({"DATA_DIR": str(folder), "SECRET_KEY": "sixteen letters…"})

    assert folder.is_dir()


def test_a_file_in_place_of_the_folder_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match="cannot be made"):
        Config.from_env({"DATA_DIR": str(tmp_path / "file")})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("redis://localhost", "redis://localhost"),
        ("redis://:p%40ss@localhost:6380/2", "redis://:p%40ss@localhost:6380/2"),
        ("rediss://me:secret@counts.example/0", "rediss://me:secret@counts.example/0"),
        ("redis+unix:///run/redis.sock", "redis+unix:///run/redis.sock"),
        ("valkey://localhost/1", "redis://localhost/1"),
        ("valkeys://localhost", "rediss://localhost"),
        ("valkey+unix:///run/valkey.sock", "redis+unix:///run/valkey.sock"),
    ],
)
def test_counters_may_lie_in_redis_or_valkey(typed, meant, tmp_path):
    read = Config.from_env({"DATA_DIR": str(tmp_path), "LIMITS_URL": typed})

    assert read.limits_url == meant


@pytest.mark.parametrize(
    "typed",
    [
        "hunter2",
        "memory://hunter2",
        "redis:hunter2",
        "http://:hunter2@localhost",
        "redis://:hunter2#@localhost",
        "redis://:hunter2/x@localhost",
        "redis://:hunter2@localhost:port",
        "redis://:hunter2@localhost/first",
        "redis://:hunter2@localhost?no_such_option=1",
        "redis+sentinel://:hunter2@localhost/0",
    ],
)
def test_where_nothing_can_count_is_told_without_its_password(typed, tmp_path):
    with pytest.raises(ConfigError, match="LIMITS_URL=\\(not shown\\) cannot be used") as refused:
        Config.from_env({"DATA_DIR": str(tmp_path), "LIMITS_URL": typed})

    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.fixture
def usual_umask():
    """As most systems have it; it is one for the whole process, so it is put back."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def open_folder(tmp_path):
    """A DATA_DIR of before, which anybody could read, with a link out of it."""
    outside = tmp_path / "outside"
    outside.write_text("somebody's")
    folder = tmp_path / "var"
    (folder / "photos" / "ab").mkdir(parents=True)
    for name in ("stillpoint.db", "photos/ab/ab-160.jpg"):
        (folder / name).write_text("private")
    (folder / "run.sh").write_text("")
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to(outside)
    (folder / "up").symlink_to(tmp_path)
    tmp_path.chmod(0o755)
    return folder, outside


@pytest.mark.usefixtures("usual_umask")
def test_what_others_could_read_is_closed_at_the_start_and_no_link_is_followed(tmp_path):
    folder, outside = open_folder(tmp_path)
    read = Config.from_env({"DATA_DIR": str(folder)})

    told = keep_private(read.data_dir)

    ours = [path for path in (folder, *folder.rglob("*")) if not path.is_symlink()]
    assert told == ()
    assert [path for path in ours if mode(path) & 0o077] == []
    assert (mode(folder), mode(folder / "run.sh")) == (0o700, 0o700)
    assert (mode(outside), mode(tmp_path)) == (0o644, 0o755)
    (folder / "new").mkdir()
    (folder / "new" / "file").write_text("")
    assert (mode(folder / "new"), mode(folder / "new" / "file")) == (0o700, 0o600)


@pytest.mark.usefixtures("usual_umask")
def test_a_new_folder_is_closed_before_anything_lies_in_it(tmp_path):
    Config.from_env({"DATA_DIR": str(tmp_path / "var")})

    assert mode(tmp_path / "var") == 0o700


@pytest.mark.usefixtures("usual_umask")
def test_a_folder_that_is_not_ours_to_close_is_left_and_told_in_one_line(tmp_path, monkeypatch):
    folder, _ = open_folder(tmp_path)
    read = Config.from_env({"DATA_DIR": str(folder)})
    monkeypatch.setattr(os, "geteuid", lambda: 4_294_967)

    (told,) = keep_private(read.data_dir)

    assert str(folder) in told
    assert "\n" not in told
    assert mode(folder / "stillpoint.db") == 0o644
    folder.chmod(0o700)
    assert keep_private(read.data_dir) == ()


def test_anchors_go_to_a_file_or_to_an_address_or_nowhere(tmp_path):
    def read(url: str):
        found = Config.from_env({"DATA_DIR": str(tmp_path), "AUDIT_ANCHOR_URL": url})
        return found.audit_anchor_file, found.audit_anchor_address

    assert read("file:///mnt/other%20disk/anchor") == (Path("/mnt/other disk/anchor"), "")
    assert read("mailto:ada@elsewhere.example") == (None, "ada@elsewhere.example")
    assert read("") == (None, "")
