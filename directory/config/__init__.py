"""Every setting, read once from the environment into a frozen Config."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from marshmallow import ValidationError

from directory import mailboxes, misspelt
from directory.config import folder
from directory.config.values import MOST_PROCESSES, SECRET, SETTINGS, ConfigSchema, pair, redis_url
from directory.errors import ConfigError

# UK Advertising Standards Authority, CAP Code rule 12.1 and its advice on CST: no
# evidence was accepted for any condition, so none may be named in an advertisement.
DEFAULT_POLICIES = "GB=no-conditions"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force. `from_env` is the only way in for a process."""

    data_dir: Path
    database_url: str
    search_url: str
    secret_key: str
    host: str
    port: int
    base_url: str
    site_name: str
    contact_email: str
    mail_url: str
    web_concurrency: int
    trusted_proxies: tuple[str, ...]
    tile_url: str
    claims_policies: tuple[tuple[str, str], ...]
    log_level: str
    index_memory_mb: int
    index_processes: int
    limits_url: str
    metrics_token: str
    audit_anchor_url: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ, *, makes: bool = True) -> "Config":
        """Read the settings; a value we cannot use raises ConfigError with one clear line.

        DATA_DIR and the secret in it are made when they are missing. Who only looks does not want
        that (`makes`): then `secret_key` is "" while there is none, until `settled`.
        """
        given = {name: said for name in SETTINGS if (said := env.get(name, "").strip())}
        try:
            values: dict[str, Any] = ConfigSchema().load(given)
        except ValidationError as error:
            raise ConfigError(_one_line(error, given)) from None
        config = cls(**_with_defaults(values))
        return config.settled() if makes else config

    def settled(self) -> "Config":
        """These settings with DATA_DIR made, and the secret in it, where they were missing."""
        folder.make_room(self.data_dir)
        return (
            self if self.secret_key else replace(self, secret_key=folder.kept_secret(self.data_dir))
        )

    @property
    def at_home(self) -> bool:
        """Whether people reach the site on this machine alone, so that it may be a demonstration."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    @property
    def key(self) -> bytes:
        """What keyed hashes are made with."""
        return self.secret_key.encode()

    @property
    def lasting_key(self) -> bytes:
        """What erased addresses and the do-not-list were hashed with: the secret that lies in
        DATA_DIR, whatever SECRET_KEY of this one process says."""
        return (folder.held_secret(self.data_dir) or self.secret_key).encode()

    @property
    def index_dir(self) -> Path:
        """Where the embedded index keeps its generations."""
        return Path(urlsplit(self.search_url).path)

    @property
    def audit_anchor_file(self) -> Path | None:
        """The second file that the audit's anchors are written to, if there is one."""
        parts = urlsplit(self.audit_anchor_url)
        return Path(unquote(parts.path)) if parts.scheme == "file" else None

    @property
    def audit_anchor_address(self) -> str:
        """The address that the audit's anchors are sent to, if there is one."""
        scheme, _, address = self.audit_anchor_url.partition(":")
        return address if scheme.lower() == "mailto" else ""


def unread(env: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """A sentence for each name that looks like one of SETTINGS and is none."""
    return tuple(misspelt.told(env, SETTINGS))


def without_unread(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for processes that we start: `unread` was told once, by us."""
    unknown = misspelt.misspelt(env, SETTINGS)
    return {name: value for name, value in env.items() if name not in unknown}


def _one_line(error: ValidationError, given: Mapping[str, str]) -> str:
    name, messages = next(iter(error.normalized_messages().items()))
    shown = "(not shown)" if name in SECRET else repr(_without_password(given[name]))
    return f"{name}={shown} cannot be used: {' '.join(messages)}"


def _without_password(value: str) -> str:
    """A value as it may be shown: of an address, neither who signs in nor what follows a `?`."""
    if "://" not in value:
        return value
    return re.sub(r"\?.*", "?***", re.sub(r"//.*@", "//***@", value))


def _with_defaults(given: dict[str, Any]) -> dict[str, Any]:
    data_dir = Path(given.pop("data_dir", "var")).resolve()
    host, port = given.get("host", "127.0.0.1"), given.get("port", 8000)
    proxies = given.pop("trusted_proxies", "")
    values: dict[str, Any] = {
        "database_url": f"sqlite:///{data_dir / 'stillpoint.db'}",
        "search_url": f"file://{data_dir / 'index'}",
        "host": host,
        "port": port,
        "base_url": f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}",
        "site_name": "Stillpoint",
        "mail_url": f"file://{data_dir / 'mail'}",
        "web_concurrency": 2,
        "tile_url": "",
        "log_level": "INFO",
        "index_memory_mb": 512,
        "metrics_token": "",
        "index_processes": min(_cores(), MOST_PROCESSES),
        "limits_url": "",
        "audit_anchor_url": "",
    } | given
    values["limits_url"] = redis_url(values["limits_url"])
    values["database_url"] = _driver(values["database_url"])
    values["base_url"] = values["base_url"].rstrip("/")
    values.setdefault("contact_email", _postmaster(values["base_url"]))
    values["secret_key"] = given.get("secret_key") or folder.held_secret(data_dir)
    # What is said of one country leaves what holds in the others.
    said = f"{DEFAULT_POLICIES},{given.get('claims_policies', DEFAULT_POLICIES)}"
    values["claims_policies"] = tuple(dict(map(pair, said.split(","))).items())
    values["trusted_proxies"] = tuple(part.strip() for part in proxies.split(",") if part.strip())
    return values | {"data_dir": data_dir}


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _postmaster(base_url: str) -> str:
    """The mailbox that every mail domain has (RFC 2142, section 5)."""
    own = f"postmaster@{urlsplit(base_url).hostname}"
    number = re.fullmatch(r"postmaster@[0-9.]+", own)
    return own if mailboxes.is_one(own, own=True) and not number else "postmaster@localhost"


def _driver(url: str) -> str:
    """psycopg 3 is the one PostgreSQL driver we install."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
