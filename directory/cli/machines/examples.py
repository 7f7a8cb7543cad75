"""`example`: what other programs must be told to serve the site, filled in from its settings."""

import json
import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import make_url

from directory.cli import desk
from directory.cli.chores import CHORES
from directory.cli.commands import Command
from directory.config import LOOPBACK, Config, folder
from directory.config.values import SECRET, SETTINGS

FILES = {
    "systemd": "stillpoint.service",
    "backup": "stillpoint-backup.units",
    "caddy": "Caddyfile",
    "nginx": "nginx.conf",
    "compose": "compose.yaml",
    "alerts": "alerts.yaml",
}
# Where systemd makes folders for services (StateDirectory=).
STATES = Path("/var/lib")
# In the network of compose.yaml: one address that may say who a visitor is.
SUBNET, PROXY = "10.87.11.0/24", "10.87.11.2"
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104
# What is of this machine means nothing in a container.
OF_THE_MACHINE = frozenset(
    {"DATA_DIR", "DATABASE_URL", "SEARCH_URL", "HOST", "PORT", "MAIL_URL", "LIMITS_URL"}
    | {"TRUSTED_PROXIES", "INDEX_PROCESSES", "AUDIT_ANCHOR_URL", "SECRET_KEY", "METRICS_TOKEN"}
)


@click.command(cls=Command, without_database=True, looks=True)
@click.argument("kind", type=click.Choice(list(FILES)))
def example(kind: str) -> None:
    """Print a file for systemd, Caddy, nginx, Docker Compose or Prometheus (alerts).

    `backup` is for systemd, too: a backup every day, with the settings of the site.

    It is filled in from the settings in force. No secret stands in it: those go where the
    file says.
    """
    click.echo(printed(kind, desk.here().config), nl=False)


def printed(kind: str, config: Config) -> str:
    """The file, with a newline at its end."""
    return _filled(kind, _values(config) | _in_containers(config))


def compose_for_anybody() -> str:
    """The compose.yaml of the repository: what `.env` must say is left to it."""
    settings = {
        "BASE_URL": "${BASE_URL:?set it in .env}",
        "CONTACT_EMAIL": "${CONTACT_EMAIL:?set it in .env}",
        "SITE_NAME": "${SITE_NAME:-Stillpoint}",
    }
    return _filled("compose", {"fixed": False} | _around(settings))


def settings_in_force(config: Config) -> dict[str, str]:
    """What the environment would say for these settings, by name; "" for none."""
    told: dict[str, Any] = {name: getattr(config, name.lower()) for name in SETTINGS}
    told["TRUSTED_PROXIES"] = ",".join(config.trusted_proxies)
    told["CLAIMS_POLICIES"] = ",".join("=".join(pair) for pair in config.claims_policies)
    return {name: str(value) for name, value in told.items()}


def _filled(kind: str, values: Mapping[str, Any]) -> str:
    from directory.app import TEMPLATES  # late: it knows every page

    # These are no web pages: what stands in them is quoted for who reads them.
    writer = Environment(  # nosec B701
        loader=FileSystemLoader(TEMPLATES / "deploy"),
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    writer.filters |= {"unit": _for_systemd, "json": _for_yaml, "shell": _for_shell}
    if kind == "compose":
        caddy = {"site": "{$$BASE_URL}", "upstream": "web:8000", "near": False}
        values = {**values, "caddyfile": writer.get_template("Caddyfile").render(caddy).rstrip()}
    return writer.get_template(FILES[kind]).render(values)


def _values(config: Config) -> dict[str, Any]:
    parts, told = urlsplit(config.base_url), settings_in_force(config)
    near, writes = config.host in (*LOOPBACK, *ANYWHERE), _writes(config)
    states = [one for one in writes if one.parent == STATES and re.fullmatch(r"[\w.-]+", one.name)]
    upstream = "127.0.0.1" if config.host in ANYWHERE else config.host
    return {
        "config": config,
        "python": sys.executable,
        "root": str(_root()),
        "user": _user(config.data_dir),
        "chores": len(CHORES),
        "states": [one.name for one in states],
        "missing": [one for one in writes if one not in states and not one.is_dir()],
        "settings": {name: told[name] for name in SETTINGS if told[name] and _tellable(name, told)},
        "hidden": _hidden(config, told),
        "writes": writes,
        "near": near,
        "upstream": f"[{upstream}]:{config.port}"
        if ":" in upstream
        else f"{upstream}:{config.port}",
        "site": f"https://{parts.netloc}",
        "netloc": parts.netloc,
        "host": parts.hostname,
        "port": parts.port if parts.scheme == "https" and parts.port else 443,
    }


def _in_containers(config: Config) -> dict[str, Any]:
    told = settings_in_force(config)
    kept = {name: told[name] for name in SETTINGS if told[name] and name not in OF_THE_MACHINE}
    return {"fixed": True} | _around({name: _plain(value) for name, value in kept.items()})


def _around(settings: Mapping[str, str]) -> dict[str, Any]:
    """What the containers are told, and where they find each other."""
    inside = {
        "DATA_DIR": "/data",
        "HOST": ANYWHERE[0],
        "PORT": "8000",
        "DATABASE_URL": "postgresql://stillpoint:${POSTGRES_PASSWORD}@database/stillpoint",
        "LIMITS_URL": "valkey://counts:6379/0",
        "MAIL_URL": "${MAIL_URL:?set it in .env}",
        "METRICS_TOKEN": "${METRICS_TOKEN:-}",
        "TRUSTED_PROXIES": PROXY,
    }
    return {"environment": {**inside, **settings}, "subnet": SUBNET, "proxy": PROXY}


def _hidden(config: Config, told: Mapping[str, str]) -> list[str]:
    """The secrets that are set, by name, but for the one that DATA_DIR keeps itself."""
    at_home = {"SECRET_KEY": folder.held_secret(config.data_dir)}
    held = (name for name in SECRET if told[name] and not _tellable(name, told))
    return sorted(name for name in held if told[name] != at_home.get(name))


def _tellable(name: str, told: Mapping[str, str]) -> bool:
    """Whether anybody may read it: no password stands in the address of a file."""
    return name not in SECRET or told[name].startswith(("sqlite:", "file:"))


def _writes(config: Config) -> list[Path]:
    """The folders that the site writes to, none within another."""
    found = {config.data_dir, config.index_dir.parent}
    if config.database_url.startswith("sqlite"):
        found.add(Path(make_url(config.database_url).database or "").resolve().parent)
    if config.mail_url.startswith("file"):
        found.add(Path(unquote(urlsplit(config.mail_url).path)).parent)
    if config.audit_anchor_file:
        found.add(config.audit_anchor_file.parent)
    plain = {Path("/", str(one).lstrip("/")) for one in found}
    return sorted(one for one in plain if not any(other in one.parents for other in plain - {one}))


def _root() -> Path:
    """Where `python -m directory.cli` finds the site."""
    return Path(__file__).resolve().parents[3]


def _user(data_dir: Path) -> str:
    """Whom DATA_DIR belongs to; root is nobody to serve the world."""
    number = data_dir.stat().st_uid if data_dir.is_dir() else 0
    return folder.name_of(number) if number else "stillpoint"


def _for_systemd(value: object) -> str:
    """Text within the quotes of a unit (systemd.syntax(7), systemd.unit(5) for the %)."""
    one_line = " ".join(str(value).split())
    return one_line.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _for_shell(value: object) -> str:
    """A word as a shell takes it."""
    return shlex.quote(str(value))


def _for_yaml(value: str) -> str:
    """Text as a value in YAML, which understands JSON's."""
    return json.dumps(value, ensure_ascii=False)


def _plain(value: str) -> str:
    """Text that Compose is to take as it is."""
    return value.replace("$", "$$")


COMMANDS = (example,)
