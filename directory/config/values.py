"""What each setting may say: the environment, checked."""

import re
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from directory import mailboxes

POLICIES = ("neutral", "no-conditions")
MOST_PROCESSES = 64
# The second as some who host databases write it.
DRIVERS = ("postgresql", "postgres", "postgresql+psycopg")
DATABASES = (
    "use sqlite:///… or postgresql://user:password@host:port/name; what is not a letter or digit"
    " in a password is percent-encoded, and the port is a number"
)
# What Redis and Valkey listen to; both understand the same client.
COUNTERS = ("redis", "rediss", "redis+unix", "valkey", "valkeys", "valkey+unix")
ANCHORS = "use file:///an/absolute/file or mailto:somebody@elsewhere.example"
# However these are garbled, nothing of them is shown: a password may stand anywhere in them.
SECRET = frozenset({"SECRET_KEY", "DATABASE_URL", "MAIL_URL", "LIMITS_URL", "METRICS_TOKEN"})
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _database_url(url: str) -> None:
    from sqlalchemy import make_url  # late: who names no database need not wait for it
    from sqlalchemy.exc import ArgumentError

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


def _limits_url(url: str) -> None:
    from redis import ConnectionPool  # late: most that read settings never need it

    try:
        parts = urlsplit(url)
        # What was not percent-encoded in a password is read as a part of what follows it.
        garbled = bool(parts.fragment) or (
            not parts.scheme.endswith("unix") and not re.fullmatch(r"/?|/\d+", parts.path)
        )
        usable = parts.scheme in COUNTERS and url.isprintable() and not garbled
        if usable:
            # Nothing connects yet, but all that the address says is read.
            ConnectionPool.from_url(redis_url(url).replace("redis+unix", "unix")).make_connection()
    except (ValueError, TypeError):
        usable = False
    if not usable:
        raise ValidationError(
            "use redis://:password@host:port/0, rediss://…, valkey://… or redis+unix:///a/socket;"
            " what is not a letter or digit in a password is percent-encoded"
        )


def _token(value: str) -> None:
    # As it travels in a header (RFC 6750, 2.1).
    if not re.fullmatch(r"[A-Za-z0-9._~+/-]{16,}=*", value):
        raise ValidationError("use at least 16 letters, digits or any of -._~+/")


def _anchor_url(url: str) -> None:
    if url.lower().startswith("mailto:") and url.isprintable():
        validate.Email(error=ANCHORS)(url.partition(":")[2])
    elif not re.fullmatch(r"file:///[^?#]*[^/?#]", url):
        raise ValidationError(ANCHORS)


def _policies(value: str) -> None:
    for part in value.split(","):
        country, policy = pair(part)
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
    LIMITS_URL = fields.Str(validate=_limits_url)
    LOG_LEVEL = Capitals(validate=validate.OneOf(LEVELS, error="use one of {choices}"))
    INDEX_MEMORY_MB = _whole(64)
    INDEX_PROCESSES = _whole(1, MOST_PROCESSES)
    METRICS_TOKEN = fields.Str(validate=_token)
    AUDIT_ANCHOR_URL = fields.Str(validate=_anchor_url)

    @post_load
    def to_names(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {name.lower(): value for name, value in data.items()}


SETTINGS = tuple(ConfigSchema().fields)


def pair(part: str) -> tuple[str, str]:
    country, _, policy = part.strip().partition("=")
    return country, policy


def redis_url(url: str) -> str:
    """Valkey speaks Redis' language, so one client does for both."""
    return re.sub(r"^valkeys://", "rediss://", re.sub(r"^valkey(?=[:+])", "redis", url))
