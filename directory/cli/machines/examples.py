"""`example`: what other programs must be told to serve the site, filled in from its settings."""

import json
import os
import pwd
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from directory.cli import desk
from directory.cli.commands import Command
from directory.config import LOOPBACK, Config
from directory.config.folder import KEY_FILE
from directory.config.values import SECRET, SETTINGS

FILES = {
    "systemd": "stillpoint.service",
    "caddy": "Caddyfile",
    "nginx": "nginx.conf",
    "compose": "compose.yaml",
    "alerts": "alerts.yaml",
}
# In the network of compose.yaml: one address that may say who a visitor is.
SUBNET, PROXY = "10.87.11.0/24", "10.87.11.2"
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104
# What is of this machine means nothing in a container.
OF_THE_MACHINE = frozenset(
    {"DATA_DIR", "DATABASE_URL", "SEARCH_URL", "HOST", "PORT", "MAIL_URL", "LIMITS_URL"}
    | {"TRUSTED_PROXIES", "INDEX_PROCESSES", "AUDIT_ANCHOR_URL", "SECRET_KEY", "METRICS_TOKEN"}
)


@click.command(cls=Command, without_database=True)
@click.argument("kind", type=click.Choice(list(FILES)))
def example(kind: str) -> None:
    """Print a file for systemd, Caddy, nginx, Docker Compose or Prometheus (alerts).

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
    writer.filters |= {"unit": _for_systemd, "json": _for_yaml}
    if kind == "compose":
        caddy = {"site": "{$$BASE_URL}", "upstream": "web:8000", "near": False}
        values = {**values, "caddyfile": writer.get_template("Caddyfile").render(caddy).rstrip()}
    return writer.get_template(FILES[kind]).render(values)


def _values(config: Config) -> dict[str, Any]:
    parts, told = urlsplit(config.base_url), settings_in_force(config)
    near = config.host in (*LOOPBACK, *ANYWHERE)
    upstream = "127.0.0.1" if config.host in ANYWHERE else config.host
    return {
        "config": config,
        "python": sys.executable,
        "root": str(_root()),
        "user": _user(config.data_dir),
        "settings": {name: told[name] for name in SETTINGS if told[name] and _tellable(name, told)},
        "hidden": _hidden(config, told),
        "writes": _writes(config),
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
    kept = config.data_dir / KEY_FILE
    at_home = {"SECRET_KEY": kept.read_text() if kept.exists() else ""}
    held = (name for name in SECRET if told[name] and not _tellable(name, told))
    return sorted(name for name in held if told[name] != at_home.get(name))


def _tellable(name: str, told: Mapping[str, str]) -> bool:
    """Whether anybody may read it: no password stands in the address of a file."""
    return name not in SECRET or told[name].startswith(("sqlite:", "file:"))


def _writes(config: Config) -> list[str]:
    """The folders that the site writes to, none within another."""
    urls = (config.database_url, config.mail_url, config.search_url)
    files = [Path(urlsplit(url).path) for url in urls if url.startswith(("sqlite", "file"))]
    found = {config.data_dir, config.index_dir.parent}
    found |= {path.parent for path in (*files, config.audit_anchor_file) if path}
    return sorted(
        str(one) for one in found if not any(other in one.parents for other in found - {one})
    )


def _root() -> Path:
    """Where `python -m directory.cli` finds the site."""
    return Path(__file__).resolve().parents[3]


def _user(data_dir: Path) -> str:
    """Whom DATA_DIR belongs to; root is nobody to serve the world."""
    number = data_dir.stat().st_uid
    try:
        found = pwd.getpwuid(number).pw_name
    except KeyError:
        found = str(number)
    return found if number and os.name == "posix" else "stillpoint"


def _for_systemd(value: str) -> str:
    """Text within the quotes of a unit (systemd.syntax(7), systemd.unit(5) for the %)."""
    one_line = " ".join(value.split())
    return one_line.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _for_yaml(value: str) -> str:
    """Text as a value in YAML, which understands JSON's."""
    return json.dumps(value, ensure_ascii=False)


def _plain(value: str) -> str:
    """Text that Compose is to take as it is."""
    return value.replace("$", "$$")


COMMANDS = (example,)
