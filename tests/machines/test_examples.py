"""The files for other programs, read by those programs themselves where they are installed."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from directory.cli.machines import examples
from directory.config import Config
from directory.config.values import SECRET, SETTINGS
from tests import sites
from tests.sites import ROOT, command, environment

# What others may have in their settings and what nobody may find in a file.
NAME = 'The "50 %" $HOME \\ Röchlin: a #directory'
SECRETS = {
    "SECRET_KEY": "canary-canary-canary-1",
    "DATABASE_URL": "postgresql://user:canary2@db.example/stillpoint",
    "MAIL_URL": "smtps://user:canary3@mail.example",
    "LIMITS_URL": "redis://:canary4@counts.example:6379/0",
    "METRICS_TOKEN": "canary-canary-canary-5",
}


@pytest.fixture(params=["at home", "in the world", "by IPv6"])
def settings(request, tmp_path) -> Config:
    """Settings of a bare checkout, of a site in the world, and of one on IPv6."""
    env = {
        "at home": {},
        "in the world": {
            "BASE_URL": "https://directory.example",
            "HOST": "0.0.0.0",
            "SITE_NAME": NAME,
            "AUDIT_ANCHOR_URL": f"file://{tmp_path}/elsewhere/anchor",
            **SECRETS,
        },
        "by IPv6": {"BASE_URL": "https://directory.example:8443", "HOST": "::1", "PORT": "8123"},
    }[request.param]
    return Config.from_env({"DATA_DIR": str(tmp_path / "a folder"), **env})


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def run(*words: str) -> str:
    """Run a program that must not complain; what it said."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("kind", examples.FILES)
def test_no_secret_stands_in_a_file_and_nothing_is_left_to_fill_in(settings, kind):
    said = examples.printed(kind, settings)

    assert "canary" not in said
    assert said.endswith("\n")
    assert "None" not in said
    assert kind == "alerts" or "{{" not in said


def test_every_setting_is_told_to_systemd_but_for_secrets(settings):
    said = examples.printed("systemd", settings)

    named = set(re.findall(r'^Environment="([A-Z_]+)=', said, re.M))
    told = {name: value for name, value in examples.settings_in_force(settings).items() if value}
    files = {name for name, value in told.items() if value.startswith(("sqlite:", "file:"))}
    assert named == (told.keys() - SECRET) | files
    hidden = told.keys() - named - {"SECRET_KEY"}
    assert [name for name in hidden if name not in said] == []
    assert set(examples.settings_in_force(settings)) == set(SETTINGS)


def test_systemd_takes_the_unit(settings, tmp_path):
    unit = tmp_path / "stillpoint.service"
    unit.write_text(examples.printed("systemd", settings))

    said = run(program("systemd-analyze"), "verify", "--man=no", str(unit))

    assert [line for line in said.splitlines() if unit.name in line] == []


def test_systemd_finds_the_unit_well_shut(settings, tmp_path):
    unit = tmp_path / "stillpoint.service"
    unit.write_text(examples.printed("systemd", settings))

    said = run(program("systemd-analyze"), "security", "--offline=yes", "--no-pager", str(unit))

    (exposure,) = re.findall(r"exposure level for .*: ([0-9.]+)", said)
    assert float(exposure) < 2


@pytest.mark.parametrize(("port", "may"), [("80", True), ("8000", False)])
def test_only_a_low_port_needs_what_only_root_may(port, may, tmp_path):
    config = Config.from_env({"DATA_DIR": str(tmp_path / "var"), "PORT": port})

    said = examples.printed("systemd", config)

    assert ("AmbientCapabilities=CAP_NET_BIND_SERVICE" in said) is may
    assert len(re.findall("^CapabilityBoundingSet=", said, re.M)) == 1


def test_what_runs_is_what_up_runs_and_a_reload_is_its_hangup(settings):
    said = examples.printed("systemd", settings)

    (started,) = re.findall(r'^ExecStart="(.+)" -m directory.cli up$', said, re.M)
    assert Path(started).exists()
    assert "\nExecReload=/bin/kill -HUP $MAINPID\n" in said


def test_what_is_told_to_systemd_is_what_was_set(settings):
    said = examples.printed("systemd", settings)

    (quoted,) = re.findall(r'^Environment="SITE_NAME=(.*)"$', said, re.M)
    told = quoted.replace("%%", "%").replace('\\"', '"').replace("\\\\", "\\")
    assert told == settings.site_name


def test_caddy_takes_its_file(settings, tmp_path):
    file = tmp_path / "Caddyfile"
    file.write_text(examples.printed("caddy", settings))

    said = run(program("caddy"), "adapt", "--validate", "--config", str(file))

    assert f":{settings.port}" in said
    assert "not formatted" not in said


def test_nginx_takes_its_file(settings, tmp_path):
    said = examples.printed("nginx", settings)
    for name, content in zip(("fullchain.pem", "privkey.pem"), certificate(), strict=True):
        (tmp_path / name).write_bytes(content)
        said = re.sub(rf"/etc/letsencrypt/live/[^/]+/{name}", str(tmp_path / name), said)
    (tmp_path / "site.conf").write_text(said)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {tmp_path}/{kind};\n" for kind in kinds)
    (tmp_path / "paths.conf").write_text(folders)
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ include {tmp_path}/paths.conf; include {tmp_path}/site.conf; }}\n"
    )

    run(program("nginx"), "-t", "-q", "-c", str(whole), "-p", str(tmp_path))


def test_prometheus_takes_the_rules(settings, tmp_path):
    file = tmp_path / "alerts.yaml"
    file.write_text(examples.printed("alerts", settings))

    rules = yaml.safe_load(file.read_text())["groups"][0]["rules"]
    said = run(program("promtool"), "check", "rules", str(file))
    assert f"{len(rules)} rules found" in said


def test_the_rules_name_the_site_as_it_is_called(settings):
    (group,) = yaml.safe_load(examples.printed("alerts", settings))["groups"]

    assert group["rules"][0]["annotations"]["summary"] == f"{settings.site_name} does not answer."


def test_compose_has_all_that_the_site_is_made_of(settings):
    made = yaml.safe_load(examples.printed("compose", settings))

    services = made["services"]
    assert set(services) == {
        *("database", "counts", "prepare", "web", "indexer", "worker", "proxy"),
    }
    for service in services.values():
        assert set(service["networks"]) <= set(made["networks"])
        assert set(service.get("depends_on", {})) <= set(services)
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in made["volumes"]
    told = services["web"]["environment"]
    assert told["SITE_NAME"].replace("$$", "$") == settings.site_name
    assert told["BASE_URL"] == settings.base_url
    assert set(told) <= set(SETTINGS)
    assert services["proxy"]["networks"]["inside"]["ipv4_address"] == told["TRUSTED_PROXIES"]


def test_the_settings_of_compose_can_be_used(settings, tmp_path):
    told = yaml.safe_load(examples.printed("compose", settings))["services"]["web"]["environment"]
    told |= {"DATA_DIR": str(tmp_path / "data"), "MAIL_URL": "smtp://mail.example"}
    told |= {"DATABASE_URL": told["DATABASE_URL"].replace("${POSTGRES_PASSWORD}", "letters9")}
    told |= {"METRICS_TOKEN": ""}

    config = Config.from_env({name: value.replace("$$", "$") for name, value in told.items()})

    assert config.claims_policies == settings.claims_policies
    assert config.site_name == settings.site_name


def test_the_compose_file_of_the_repository_is_the_same_one():
    assert (ROOT / "compose.yaml").read_text() == examples.compose_for_anybody()


def test_caddy_takes_the_file_within_compose(tmp_path):
    made = yaml.safe_load((ROOT / "compose.yaml").read_text())
    file = tmp_path / "Caddyfile"
    file.write_text(made["configs"]["caddyfile"]["content"].replace("$$", "$"))
    adapted = subprocess.run(
        [program("caddy"), "adapt", "--config", str(file)],
        env={"BASE_URL": "https://directory.example"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert adapted.returncode == 0, adapted.stderr
    assert "directory.example" in json.dumps(json.loads(adapted.stdout))


def test_the_dockerfile_copies_what_there_is_and_serves_as_nobody_of_note():
    said = (ROOT / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", said, re.M)
    python = re.search(r"^FROM python:(\d+)\.(\d+)", said, re.M)
    least = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]

    assert [path for words in copied for path in words.split() if not (ROOT / path).exists()] == []
    assert "\nUSER stillpoint\n" in said
    assert (int(python[1]), int(python[2])) >= tuple(map(int, least.strip(">=").split(".")))


@pytest.mark.parametrize("kind", examples.FILES)
def test_the_command_prints_each_also_without_a_database(app, kind):
    here = app.extensions["stillpoint"]
    here.config = replace(here.config, base_url="https://directory.example")

    done = command(app, "example", kind)

    assert done.exit_code == 0
    assert done.output == examples.printed(kind, here.config)


def certificate() -> tuple[bytes, bytes]:
    """One for nobody, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "directory.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return (
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


def test_the_folders_that_are_written_to_are_told_to_systemd(settings, tmp_path):
    said = examples.printed("systemd", settings)

    folders = [Path(one) for one in re.findall(r'^ReadWritePaths="(.*)"$', said, re.M)]
    assert settings.data_dir in folders
    assert not any(one in other.parents for one in folders for other in folders)
    if settings.audit_anchor_file:
        assert tmp_path / "elsewhere" in folders


def units(said: str, folder: Path) -> list[Path]:
    """The files that are printed one after the other, each headed by where it goes."""
    made = []
    for part in re.split(r"^(?=# /etc/systemd/system/)", said, flags=re.M)[1:]:
        made.append(folder / part.partition("\n")[0].rpartition("/")[2])
        made[-1].write_text(part)
    return made


def test_systemd_takes_the_backup_and_its_timer(settings, tmp_path):
    service, timer = units(examples.printed("backup", settings), tmp_path)

    said = run(program("systemd-analyze"), "verify", "--man=no", str(service), str(timer))

    assert (service.suffix, timer.stem) == (".service", service.stem)
    assert [line for line in said.splitlines() if service.stem in line] == []


def test_a_backup_has_the_settings_of_the_site(settings):
    site, backup = (examples.printed(kind, settings) for kind in ("systemd", "backup"))

    for kind in ("Environment=", "EnvironmentFile=", "User=", "ReadWritePaths="):
        told = [re.findall(rf"^{kind}.*$", said, re.M) for said in (site, backup)]
        assert told[0] == told[1] != []


def test_the_backup_that_systemd_starts_is_written(tmp_path):
    (tmp_path / "var").mkdir()
    config = Config.from_env({"DATA_DIR": str(tmp_path / "var"), "SITE_NAME": NAME})
    said = examples.printed("backup", config)
    (script,) = re.findall(r"^ExecStart=/bin/sh -ec '(.*)' \"", said, re.M)
    env = environment(DATA_DIR=str(tmp_path / "var"), STATE_DIRECTORY=str(tmp_path))
    plain = script.replace("$$", "$").replace("%%", "%")
    sites.run("-m", "directory.cli", "migrate", DATA_DIR=str(tmp_path / "var"))

    done = subprocess.run(
        ["/bin/sh", "-ec", plain, sys.executable],
        cwd=ROOT,
        env=env,
        capture_output=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    (file,) = tmp_path.glob("stillpoint-*")
    assert file.stat().st_size > 0


@pytest.mark.parametrize(
    ("database", "there", "state"),
    [("sqlite:////srv/data/site.db", "/srv/data", False), ("", "/var/lib/stillpoint", True)],
)
def test_a_new_machine_is_told_what_to_make_and_looking_makes_nothing(database, there, state):
    config = Config.from_env(
        {
            "DATA_DIR": "/var/lib/stillpoint" if state else "/srv/here is/var",
            "AUDIT_ANCHOR_URL": "file:///mnt/no-such/anchor",
            **({"DATABASE_URL": database} if database else {}),
        },
        makes=False,
    )

    said = examples.printed("systemd", config)

    folders = re.findall(r'^ReadWritePaths="(.*)"$', said, re.M)
    made = re.findall(r"^#   install -d -m 700 -o stillpoint (.+)$", said, re.M)
    assert there in folders
    assert not any("//" in folder for folder in folders)
    states = re.findall(r"^StateDirectory=(.*)$", said, re.M)
    assert sorted((*made, *(f"/var/lib/{name}" for name in states))) == sorted(
        f"'{folder}'" if " " in folder else folder for folder in folders
    )
    assert bool(states) is state
    assert "useradd" in said
