"""Every setting, read once from the environment into a frozen Config."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from directory import mailboxes, misspelt
from directory.errors import ConfigError

KEY_FILE = "secret-key"
POLICIES = ("neutral", "no-conditions")
# UK Advertising Standards Authority, CAP Code rule 12.1 and its advice on CST: no
# evidence was accepted for any condition, so none may be named in an advertisement.
DEFAULT_POLICIES = "GB=no-conditions"
MOST_PROCESSES = 64
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
    metrics_token: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings; a value we cannot use raises ConfigError with one clear line."""
        given = {name: said for name in SETTINGS if (said := env.get(name, "").strip())}
        try:
            values: dict[str, Any] = ConfigSchema().load(given)
        except ValidationError as error:
            raise ConfigError(_one_line(error, given)) from None
        return cls(**_with_defaults(values))

    @property
    def at_home(self) -> bool:
        """Whether people reach the site on this machine alone, so that it may be a demonstration."""
        return urlsplit(self.base_url).hostname in LOOPBACK

    @property
    def key(self) -> bytes:
        """What keyed hashes are made with."""
        return self.secret_key.encode()

    @property
    def index_dir(self) -> Path:
        """Where the embedded index keeps its generations."""
        return Path(urlsplit(self.search_url).path)


def _database_url(url: str) -> None:
    try:
        parts, _ = make_url(url), urlsplit(url).port
    except (ArgumentError, ValueError):
        raise ValidationError(DATABASES) from None
    if not url.isprintable():
        raise ValidationError(DATABASES)
    if parts.drivername == "sqlite":
        usable = parts.host is None and parts.database not in (None, "", ":memory:")
    else:
        # What was not percent-encoded in a password is read as a part of what follows it.
        garbled = "@" in (parts.host or "") or set(";=@") & set(parts.database or "")
        usable = parts.drivername in DRIVERS and not garbled
    if not usable:
        raise ValidationError(DATABASES)


def _search_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise ValidationError("use file:///an/absolute/folder")


def _web_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or any(char.isspace() for char in url):
        raise ValidationError("use http://… or https://…")


def _base_url(url: str) -> None:
    _web_url(url)
    if "?" in url or "#" in url:
        raise ValidationError("use http://… or https://… with nothing after the name")


def _mailbox(address: str) -> None:
    if not mailboxes.is_one(address, own=True):
        raise ValidationError("use an address such as help@directory.example")


def _mail_url(url: str) -> None:
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        scheme = ""
    if scheme not in ("smtp", "smtps", "file"):
        raise ValidationError("use smtp://…, smtps://… or file:///a/folder")


def _token(value: str) -> None:
    # As it travels in a header (RFC 6750, 2.1).
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]{16,}=*", value):
        raise ValidationError("use at least 16 letters, digits or any of -._~+/")


def _policies(value: str) -> None:
    for part in value.split(","):
        country, policy = _pair(part)
        if country == "UK":
            raise ValidationError("the United Kingdom is GB")
        if not (len(country) == 2 and country.isupper() and policy in POLICIES):
            raise ValidationError(f"{part.strip()!r} is not like GB=no-conditions")


def _networks(value: str) -> None:
    for part in value.split(","):
        try:
            ip_network(part.strip(), strict=False)
        except ValueError:
            raise ValidationError(f"{part.strip()!r} is no IP address or network") from None


# The second as some who host databases write it.
DRIVERS = ("postgresql", "postgres", "postgresql+psycopg")
DATABASES = (
    "use sqlite:///… or postgresql://user:password@host:port/name; what is not a letter or digit"
    " in a password is percent-encoded, and the port is a number"
)
# However these are garbled, nothing of them is shown: a password may stand anywhere in them.
SECRET = frozenset({"SECRET_KEY", "DATABASE_URL", "MAIL_URL", "METRICS_TOKEN"})


LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _whole(least: int, most: int | None = None) -> fields.Int:
    wrong = f"use a whole number from {least}" + (f" to {most}" if most else "")
    limits = validate.Range(least, most, error=wrong)
    return fields.Int(validate=limits, error_messages={"invalid": wrong, "too_large": wrong})


class Capitals(fields.Str):
    """A word that means the same in small letters, or with blanks around it."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        return str(super()._deserialize(*args, **kwargs)).strip().upper()


class ConfigSchema(Schema):
    """The environment, checked. Names are the environment's own."""

    class Meta:
        unknown = EXCLUDE

    DATA_DIR = fields.Str()
    DATABASE_URL = fields.Str(validate=_database_url)
    SEARCH_URL = fields.Str(validate=_search_url)
    SECRET_KEY = fields.Str(validate=validate.Length(16, error="use at least {min} characters"))
    HOST = fields.Str()
    PORT = _whole(1, 65535)
    BASE_URL = fields.Str(validate=_base_url)
    SITE_NAME = fields.Str(validate=validate.Length(1, 60, error="use at most {max} characters"))
    CONTACT_EMAIL = fields.Str(validate=_mailbox)
    MAIL_URL = fields.Str(validate=_mail_url)
    WEB_CONCURRENCY = _whole(1, 64)
    TRUSTED_PROXIES = fields.Str(validate=_networks)
    TILE_URL = fields.Str(validate=_web_url)
    CLAIMS_POLICIES = fields.Str(validate=_policies)
    LOG_LEVEL = Capitals(validate=validate.OneOf(LEVELS, error="use one of {choices}"))
    INDEX_MEMORY_MB = _whole(64)
    INDEX_PROCESSES = _whole(1, MOST_PROCESSES)
    METRICS_TOKEN = fields.Str(validate=_token)

    @post_load
    def to_names(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {name.lower(): value for name, value in data.items()}


SETTINGS = tuple(ConfigSchema().fields)


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
    } | given
    values["database_url"] = _driver(values["database_url"])
    values["base_url"] = values["base_url"].rstrip("/")
    values.setdefault("contact_email", _postmaster(values["base_url"]))
    _make_room(data_dir)
    values["secret_key"] = given.get("secret_key") or _kept_secret(data_dir)
    # What is said of one country leaves what holds in the others.
    said = f"{DEFAULT_POLICIES},{given.get('claims_policies', DEFAULT_POLICIES)}"
    values["claims_policies"] = tuple(dict(map(_pair, said.split(","))).items())
    values["trusted_proxies"] = tuple(part.strip() for part in proxies.split(",") if part.strip())
    return values | {"data_dir": data_dir}


def _cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pair(part: str) -> tuple[str, str]:
    country, _, policy = part.strip().partition("=")
    return country, policy


def _postmaster(base_url: str) -> str:
    """The mailbox that every mail domain has (RFC 2142, section 5)."""
    own = f"postmaster@{urlsplit(base_url).hostname}"
    number = re.fullmatch(r"postmaster@[0-9.]+", own)
    return own if mailboxes.is_one(own, own=True) and not number else "postmaster@localhost"


def _driver(url: str) -> str:
    """psycopg 3 is the one PostgreSQL driver we install."""
    return re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)


def _make_room(data_dir: Path) -> None:
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"DATA_DIR={str(data_dir)!r} cannot be made: {error.strerror}") from None


def _kept_secret(data_dir: Path) -> str:
    """The secret of this installation: made once, readable by its owner alone."""
    path = data_dir / KEY_FILE
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise ConfigError(
            f"DATA_DIR={str(data_dir)!r} cannot be written: {error.strerror}"
        ) from None
    return path.read_text()
