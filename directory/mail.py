"""Letters, and how they leave: by SMTP, or as files in a folder (MAIL_URL says which)."""

import hashlib
import os
import re
import smtplib
import ssl
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from directory import mailboxes
from directory.config import Config
from directory.errors import ConfigError, DirectoryError

TIMEOUT = 20.0
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# How `Files` calls them, and how much of a letter's mark stands in its name.
MARK_IN_NAME = 8
LETTER = re.compile(r"\.?\d{8}T\d{6}\.\d{6}Z-([0-9a-f]{8})\.eml(?:\.\d+)?")
MESSAGE_ID = re.compile(r"<[\w.+-]+@[\w.-]+>", re.ASCII)


class MailFailed(DirectoryError):
    """A letter did not leave; its words are for the admins."""


class Delayed(MailFailed):
    """It may leave when tried again later."""


class Undeliverable(MailFailed):
    """It will never leave as it is: nobody there, or no letter at all."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one recipient, in text and HTML; `sender` is a name and an address."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    sender: tuple[str, str]

    def message(
        self, at: datetime, *, cte: Literal["quoted-printable", "8bit"] = "quoted-printable"
    ) -> EmailMessage:
        """It as MIME; Undeliverable when it cannot be one.

        No value can add a header or a recipient: control characters never reach one.
        """
        if not MESSAGE_ID.fullmatch(self.message_id):
            raise Undeliverable("The mail has no usable Message-ID.")
        try:
            message = EmailMessage(policy=CRLF)
            message["Message-ID"] = self.message_id
            message["Date"] = format_datetime(at.astimezone(UTC))
            message["From"] = _address(self.sender[1], one_line(self.sender[0]), own=True)
            message["To"] = _address(self.to)
            message["Reply-To"] = _address(self.sender[1], own=True)
            message["Subject"] = one_line(self.subject)
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(self.text, cte=cte)
            message.add_alternative(self.html, subtype="html", cte=cte)
        except ValueError as error:
            raise Undeliverable(f"The mail cannot be written: {error}") from None
        return message


class Transport(Protocol):
    """A way out."""

    def deliver(self, letter: Letter, *, at: datetime) -> None:
        """Return when somebody else has taken charge of it; Delayed or Undeliverable if not."""


def transport(config: Config) -> Transport:
    """What MAIL_URL names; ConfigError when it names nothing we can use."""
    parts = urlsplit(config.mail_url)
    if parts.scheme == "file":
        if parts.netloc or not parts.path.startswith("/"):
            raise ConfigError("MAIL_URL cannot be used: use file:///an/absolute/folder")
        return Files(Path(parts.path))
    try:
        return Smtp.from_url(parts)
    except ValueError:
        raise ConfigError("MAIL_URL cannot be used: use smtp://user:password@host:port") from None


def files(config: Config) -> "Files | None":
    """Where letters lie that left as files; None when they leave otherwise, or not at all."""
    with suppress(ConfigError):
        found = transport(config)
        return found if isinstance(found, Files) else None
    return None


def named(mail_id: int, event: str) -> str:
    """What tells the letter of one queued mail from all others."""
    return f"{mail_id} {event}"


def message_id(config: Config, name: str) -> str:
    """The Message-ID of what has that name: always the same, and it tells nobody the name."""
    return f"<{mark(config.key, name)}@{_ascii_domain(config.contact_email.rpartition('@')[2])}>"


def mark(key: bytes, name: str) -> str:
    """The first part of its Message-ID. `key` is Config.key."""
    return hashlib.sha256(key + f" {name}".encode()).hexdigest()[:32]


def one_line(text: str) -> str:
    """Text fit for a header: no control characters, one blank where blanks were."""
    return " ".join(CONTROL.sub(" ", text).split())


@dataclass(frozen=True, slots=True)
class Files:
    """One `.eml` file for each letter, named by its time, readable by us alone."""

    folder: Path

    def deliver(self, letter: Letter, *, at: datetime) -> None:
        content = letter.message(at, cte="8bit").as_bytes(policy=CRLF.clone(utf8=True))
        name = (
            f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{letter.message_id[1 : MARK_IN_NAME + 1]}.eml"
        )
        part = self.folder / f".{name}.{os.getpid()}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
                f.write(content)
                f.flush()
                os.fsync(f.fileno())
            part.replace(self.folder / name)
        except OSError as error:
            raise Delayed(f"The mail cannot be written to a file: {error.strerror}") from None

    def remove(self, marks: Collection[str]) -> None:
        """Delete the letters with these marks; one that is not there is no error."""
        begun = {mark[:MARK_IN_NAME] for mark in marks}
        for path, start in self._letters():
            if start in begun and _mark_of(path) in marks:
                path.unlink(missing_ok=True)

    def sweep(self, marks: Collection[str], *, before: datetime) -> int:
        """Delete the letters from before that moment but for those with these marks.

        Says how many went.
        """
        begun = {mark[:MARK_IN_NAME] for mark in marks}
        old = [path for path, start in self._letters() if start not in begun]
        gone = [path for path in old if _written_before(path, before)]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _letters(self) -> Iterator[tuple[Path, str]]:
        """The files that `deliver` wrote, also half, each with how its mark begins."""
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            if found := LETTER.fullmatch(path.name):
                yield path, found[1]


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: TLS from the start (smtps) or when it offers it (smtp).

    A password never travels unencrypted, but to this very machine.
    """

    host: str
    port: int
    user: str
    password: str
    tls: bool

    @classmethod
    def from_url(cls, parts: SplitResult) -> "Smtp":
        """ValueError without a host, or with a port that is none."""
        if not parts.hostname:
            raise ValueError("no host")
        user, tls = unquote(parts.username or ""), parts.scheme == "smtps"
        port = parts.port or (465 if tls else 587 if user else 25)
        return cls(parts.hostname, port, user, unquote(parts.password or ""), tls)

    def deliver(self, letter: Letter, *, at: datetime) -> None:
        message = letter.message(at)
        try:
            self._send(message)
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error, error) from None
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _refusal(code, text, error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Delayed(f"The mail server {self.host} cannot be used: {_words(error)}") from None

    def reach(self) -> None:
        """Connect and sign in, and send nothing; Delayed when that cannot be done."""
        try:
            client = self._connection()
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error, error) from None
        except (smtplib.SMTPException, OSError) as error:
            raise Delayed(f"The mail server {self.host} cannot be used: {_words(error)}") from None

    def _send(self, message: EmailMessage) -> None:
        client = self._connection()
        try:
            _hand_over(client, message)
            with suppress(smtplib.SMTPException, OSError):
                client.quit()  # it has the mail by now, however it says good-bye
        finally:
            client.close()

    def _connection(self) -> smtplib.SMTP:
        context = self._context()
        client: smtplib.SMTP
        if self.tls:
            client = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            self._greet(client, context)
        except BaseException:
            client.close()
            raise
        return client

    def _greet(self, client: smtplib.SMTP, context: ssl.SSLContext) -> None:
        client.ehlo_or_helo_if_needed()
        encrypted = self.tls
        if not encrypted and client.has_extn("starttls"):
            client.starttls(context=context)
            client.ehlo()
            encrypted = True
        if not self.user:
            return
        if not encrypted and not _loopback(self.host):
            raise Delayed(f"{self.host} offers no encryption, so it does not get the password.")
        client.login(self.user, self.password)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if _loopback(self.host):
            # Nobody stands between, and nobody certifies "localhost".
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _mark_of(path: Path) -> str:
    """The mark of a letter that lies in a file; "" when it is gone, or half."""
    with suppress(OSError):
        with path.open("rb") as file:
            first = file.readline(200).decode("ascii", "replace")
        return first.partition("<")[2].partition("@")[0]
    return ""


def _written_before(path: Path, moment: datetime) -> bool:
    with suppress(OSError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment
    return False


def _hand_over(client: smtplib.SMTP, message: EmailMessage) -> None:
    sender = message["From"].addresses[0].addr_spec
    recipient = message["To"].addresses[0].addr_spec
    policy, options = CRLF.clone(cte_type="7bit"), []
    if not (sender + recipient).isascii():
        if not client.has_extn("smtputf8"):
            raise Undeliverable(f"The mail server cannot send to addresses such as {recipient}.")
        policy, options = CRLF.clone(utf8=True), ["SMTPUTF8", "BODY=8BITMIME"]
    client.sendmail(sender, [recipient], message.as_bytes(policy=policy), options)


def _refusal(code: int, text: bytes | str, error: Exception) -> MailFailed:
    """What an answer means: only 5xx about the recipient or the letter is for good.

    Who we are and whether we may sign in is ours to mend, so those mails wait.
    """
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    words = f"The mail server answered {code}: {one_line(said)[:300]}"
    about_it = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    return Undeliverable(words) if about_it and code >= 500 else Delayed(words)


def _words(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return one_line(said)[:300] or type(error).__name__


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _address(text: str, name: str = "", *, own: bool = False) -> Address:
    """Exactly one mailbox; ValueError for anything that is none, or more."""
    local_part, domain = mailboxes.parted(text, own=own)
    return Address(display_name=name, username=local_part, domain=domain)


def _ascii_domain(domain: str) -> str:
    """A domain as the network knows it (IDNA)."""
    return domain if domain.isascii() else domain.encode("idna").decode()
