"""What the doctor looks at around the site: disk, clock, mail server, proxy, secret, settings."""

import http.client
import os
import secrets
import ssl
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text

from directory import mail
from directory.cli.desk import Desk
from directory.cli.machines.findings import Finding, fail, ok, warn
from directory.config import Config, folder
from directory.config.folder import KEY_FILE, OTHERS
from directory.db import reading
from directory.errors import ConfigError
from directory.mail import Letter, MailFailed, Smtp
from directory.usecases.curation import figures

MIB = 1 << 20
# Below these nothing is written any more, and soon nothing will be.
LEAST_FREE, LITTLE_FREE = 200 * MIB, 1024 * MIB
LEAST_NODES, LITTLE_NODES = 1000, 20_000
MOST_SECONDS_APART = 5.0
PATIENCE = 5.0
LEAST_SIGNS = 10
MISDIRECTED = 421


def disk(config: Config) -> Iterator[Finding]:
    """Room for bytes and for files, where we write."""
    for one in figures.disks(config).values():
        words = f"{one.free / MIB:,.0f} MiB free at {one.path}"
        if one.free < LEAST_FREE:
            yield fail(f"{words}: make room, or nothing can be written")
        elif one.free < LITTLE_FREE:
            yield warn(f"{words}: make room")
        # Some file systems do not count files, and say that there are none.
        if one.most_files and one.free_files < LITTLE_NODES:
            told = f"room for {one.free_files:,} more files at {one.path}"
            advice = f"{told}: delete some, or make it anew"
            yield fail(advice) if one.free_files < LEAST_NODES else warn(advice)
        yield ok(words)


def clock(here: Desk) -> Iterator[Finding]:
    """Ours goes with those of database and file system, and what was done lies in the past."""
    trial = here.config.data_dir / f".doctor-{secrets.token_hex(4)}"
    try:
        trial.touch(mode=0o600)
        apart = abs(datetime.now(UTC).timestamp() - trial.stat().st_mtime)
    finally:
        trial.unlink(missing_ok=True)
    if apart > MOST_SECONDS_APART:
        yield fail(f"{apart:,.0f} s apart from the file system's: set both by NTP")
    if here.engine.dialect.name == "postgresql":
        with here.engine.connect() as connection:
            theirs: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        apart = abs((datetime.now(UTC) - theirs).total_seconds())
        if apart > MOST_SECONDS_APART:
            yield fail(f"{apart:,.0f} s apart from the database's: set both by NTP")
    with reading(here.engine) as session:
        newest = figures.newest_event(session)
    if newest and (ahead := (newest - datetime.now(UTC)).total_seconds()) > MOST_SECONDS_APART:
        told = f"the last event of the audit lies {ahead:,.0f} s ahead"
        yield fail(f"{told}: this clock is behind, or was ahead; set all by NTP")
    yield ok("goes with those of the database and the file system")


def permissions(config: Config) -> Iterator[Finding]:
    """DATA_DIR is its owner's alone, with all that is in it, and can be written."""
    if not config.data_dir.is_dir():
        yield fail(f"{config.data_dir} is not there yet: the site makes it when it starts")
        return
    found, name = config.data_dir.stat(), folder.name_of(config.data_dir.stat().st_uid)
    if found.st_uid != os.geteuid():
        yield warn(f"{config.data_dir} belongs to {name}: run this as who serves the site")
    if found.st_mode & OTHERS:
        yield fail(f"others can look into {config.data_dir}: `chmod -R go-rwx` it")
    if not os.access(config.data_dir, os.R_OK | os.W_OK | os.X_OK):
        yield fail(f"{config.data_dir} cannot be read and written by this user")
    if wrong := [path for path in _within(config) if not _usable(path, found.st_uid)]:
        told = f"{wrong[0]} and {len(wrong) - 1:,} more do" if wrong[1:] else f"{wrong[0]} does"
        yield fail(f"{told} not belong to {name}, or cannot be used: `chown -R {name}` the folder")
    yield ok(f"{config.data_dir} is {name}'s alone, with all that is in it")


def _within(config: Config) -> Iterator[Path]:
    """All files and folders that the site keeps, without what links lead to."""
    for top in dict.fromkeys((config.data_dir, config.index_dir)):
        if top != config.data_dir and config.data_dir in top.parents:
            continue
        for at, folders, files in os.walk(top):
            yield from (Path(at, name) for name in sorted((*folders, *files)))


def _usable(path: Path, owner: int) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:  # the site is at work meanwhile
        return True
    except OSError:
        return False
    if stat.S_ISLNK(found.st_mode):
        return True
    needed = os.R_OK | (os.W_OK | os.X_OK if stat.S_ISDIR(found.st_mode) else 0)
    return found.st_uid == owner and (os.access(path, needed) or not path.exists())


def temporary() -> Iterator[Finding]:
    """There is a place for temporary files."""
    place = folder.temporary()
    if not place:
        yield warn("no folder for them can be written, so they go below DATA_DIR: set TMPDIR")
        return
    yield ok(f"go to {place}")


def secret(config: Config) -> Iterator[Finding]:
    """Nobody guesses or reads it, and it is the one that the site always had."""
    path = config.data_dir / KEY_FILE
    kept = folder.held_secret(config.data_dir)
    if kept and stat.S_IMODE(path.stat().st_mode) & OTHERS:
        yield fail(f"others can read {path}: `chmod 600` it")
    if not config.secret_key:
        lost = folder.forgotten(config.data_dir)
        yield fail(lost) if lost else ok(f"none yet: it is made in {path} when the site starts")
        return
    if kept and kept != config.secret_key:
        yield fail(folder.another_secret(config.data_dir))
    if len(set(config.secret_key)) < LEAST_SIGNS or len(config.secret_key) < 2 * LEAST_SIGNS:
        yield fail("it can be guessed: keep to the one that is made in DATA_DIR/secret-key")
    yield ok(f"in {path}" if kept else "from SECRET_KEY")


def letters(config: Config) -> Iterator[Finding]:
    """The mail server takes us in; where mail lies in files, nobody waits for any."""
    try:
        way = mail.transport(config)
        if isinstance(way, Smtp):
            way.reach()
            yield ok(f"{way.host}:{way.port} takes us in")
            return
    except (ConfigError, MailFailed) as error:
        yield fail(f"{str(error).rstrip('.')}. See MAIL_URL.")
        return
    told = "mail lies in files"
    yield ok(told) if config.at_home else fail(f"{told}, so nobody gets any: set MAIL_URL")


def one_letter(config: Config, to: str) -> Iterator[Finding]:
    """One letter that says that letters arrive."""
    words = f"This is a test letter from {config.site_name}, {config.base_url}."
    letter = Letter(
        to=to,
        subject=f"A test letter from {config.site_name}",
        text=f"{words}\n",
        html=f"<p>{words}</p>",
        message_id=mail.message_id(config, f"doctor {secrets.token_hex(8)}"),
        sender=(config.site_name, config.contact_email),
    )
    try:
        mail.transport(config).deliver(letter, at=datetime.now(UTC))
    except (ConfigError, MailFailed) as error:
        yield fail(str(error))
        return
    yield ok(f"has left for {to}: see whether it arrives, and not as spam")


def base_url(config: Config) -> Iterator[Finding]:
    """People reach the site by it, encrypted."""
    parts = urlsplit(config.base_url)
    if config.at_home:
        yield ok(f"{config.base_url} is this machine: nobody else is meant to come")
        return
    if parts.scheme != "https":
        yield fail(f"{config.base_url} is not encrypted: let a proxy end TLS, and use https://…")
    try:
        status = _asked(config.base_url, "/healthz")
    except (OSError, http.client.HTTPException) as error:
        yield fail(f"{config.base_url} does not answer from here ({_words(error)})")
        return
    if status != http.HTTPStatus.OK:
        yield fail(f"{config.base_url}/healthz answers {status}: does the proxy lead to us?")
    yield ok(f"{config.base_url} answers")


def proxy(config: Config) -> Iterator[Finding]:
    """It hands on the name that people typed, and is believed about who they are."""
    if config.at_home:
        yield ok("none is needed on this machine")
        return
    if not config.trusted_proxies:
        yield warn("TRUSTED_PROXIES is not set: behind a proxy all visitors share one limit")
    try:
        status = _asked(config.base_url, "/about/ranking")
    except (OSError, http.client.HTTPException):
        yield warn("could not be asked, see BASE_URL")
        return
    if status == MISDIRECTED:
        yield fail("it does not hand on `Host` as people typed it")
    elif status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        yield fail(f"it answers {status}: it finds nothing at {config.host}:{config.port}")
    yield ok(f"hands on the name; trusted: {', '.join(config.trusted_proxies) or 'nobody'}")


def _asked(url: str, path: str) -> int:
    """The status that a page of the site answers with."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", f"{parts.path}{path}")
        return connection.getresponse().status
    finally:
        connection.close()


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate: {error.verify_message}"
    said = error.strerror if isinstance(error, OSError) else str(error)
    return said or type(error).__name__
