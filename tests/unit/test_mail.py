"""Letters: no value can add a header or a recipient; what each answer of a server means."""

import email.policy
import ssl
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from directory.config import Config
from directory.errors import ConfigError
from directory.mail import Delayed, Letter, Smtp, Undeliverable, message_id, transport
from tests import sites
from tests.mailbox import Mailbox

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
LETTER = Letter(
    to="rowan@practice.example",
    subject="Your listing is public – at last",
    text="Grüße!\nhttps://site.example/a?token=1",
    html="<p>Grüße!</p>",
    message_id="<abc@site.example>",
    sender=("Stillpoint, the “directory”", "hello@site.example"),
)
EVIL = "Bcc: victim@example.org"
BREAKS = ("\r\n", "\n", "\r", "\r\n\r\n", "\0\n", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029")
HEADERS = [
    "Message-ID",
    "Date",
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]


def configured(tmp_path, **settings: str) -> Config:
    return Config.from_env({"DATA_DIR": str(tmp_path / "var"), **settings})


def by(url: str, tmp_path):
    return transport(configured(tmp_path, MAIL_URL=url))


def parsed(letter: Letter):
    return message_from_bytes(letter.message(NOW).as_bytes(), policy=email.policy.default)


def test_a_letter_is_text_and_html_from_the_site_to_one_person():
    message = parsed(LETTER)

    assert message.keys() == HEADERS
    assert message["From"].addresses[0].display_name == "Stillpoint, the “directory”"
    assert message["From"].addresses[0].addr_spec == "hello@site.example"
    assert message["Reply-To"] == "hello@site.example"
    assert message["Subject"] == LETTER.subject
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert message.get_body(("plain",)).get_content().split() == LETTER.text.split()
    assert message.get_body(("html",)).get_content().strip() == LETTER.html


@pytest.mark.parametrize("line_break", BREAKS)
@pytest.mark.parametrize("place", ["subject", "name"])
def test_words_cannot_add_a_header(place, line_break):
    words = f"Hello{line_break}{EVIL}"
    changes = {"subject": words, "name": (words, "hello@site.example")}[place]

    message = parsed(replace(LETTER, **{"sender" if place == "name" else place: changes}))

    assert message.keys() == HEADERS
    assert message["Bcc"] is None
    assert [one.addr_spec for one in message["To"].addresses] == [LETTER.to]


@pytest.mark.parametrize(
    "to",
    [
        *(f"rowan@practice.example{line_break}{EVIL}" for line_break in BREAKS),
        "rowan@practice.example, victim@example.org",
        "rowan@practice.example;victim@example.org",
        "Rowan <rowan@practice.example>",
        "victim@example.org>,<rowan@practice.example",
        "a@b@practice.example",
        "friends:rowan@practice.example;",
        '"a b"@practice.example',
        "rowan@",
        "@practice.example",
        "rowan",
        "",
        "rowan@" + "x" * 260,
        "rowan@münchen..example",
        "\ud800@practice.example",
    ],
)
def test_a_recipient_is_one_address_or_none(to):
    with pytest.raises(Undeliverable):
        replace(LETTER, to=to).message(NOW)


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=200))
def test_whatever_the_words_are_the_headers_stay_ours(subject, name, text):
    letter = replace(LETTER, subject=subject, sender=(name, "hello@site.example"), text=text)

    message = parsed(letter)

    assert message.keys() == HEADERS
    assert [one.addr_spec for one in message["To"].addresses] == [LETTER.to]
    assert message["From"].addresses[0].addr_spec == "hello@site.example"


def test_a_message_id_is_the_same_each_time_and_no_other_mails(tmp_path):
    config = configured(tmp_path, CONTACT_EMAIL="hello@münchen.example")

    first = message_id(config, "1 approved:17")

    assert first == message_id(config, "1 approved:17")
    assert first != message_id(config, "2 approved:17")
    assert first.endswith("@xn--mnchen-3ya.example>")
    assert replace(LETTER, message_id=first).message(NOW)["Message-ID"] == first


def test_a_file_is_readable_by_its_owner_alone_and_named_by_its_time(tmp_path):
    out = by(f"file://{tmp_path / 'out'}", tmp_path)

    out.deliver(LETTER, at=NOW)
    out.deliver(replace(LETTER, to="ünal@practice.example"), at=NOW + timedelta(seconds=1))

    first, second = sorted((tmp_path / "out").iterdir())
    assert first.name == "20261102T120000.000000Z-abc@site.eml"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert "https://site.example/a?token=1" in first.read_text()
    assert "ünal@practice.example" in second.read_text()


def test_a_folder_that_cannot_be_written_delays_the_mail(tmp_path):
    (tmp_path / "out").write_text("a file")

    with pytest.raises(Delayed, match="cannot be written to a file"):
        by(f"file://{tmp_path / 'out'}", tmp_path).deliver(LETTER, at=NOW)


def test_it_arrives_by_smtp(mailbox, tmp_path):
    by(mailbox.url, tmp_path).deliver(replace(LETTER, text="A line.\n.\nAnother."), at=NOW)

    (mail,) = mailbox.mails
    assert mail.recipients == (LETTER.to,)
    assert mail.message["Message-ID"] == LETTER.message_id
    assert mail.text.splitlines() == ["A line.", ".", "Another."]
    assert "Grüße" in mail.html


@pytest.mark.parametrize(
    ("to", "arrived"),
    [
        ("rowan@münchen.example", "rowan@xn--mnchen-3ya.example"),
        ("ünal@practice.example", "ünal@practice.example"),
    ],
)
def test_addresses_of_all_nations_are_written_to(mailbox, tmp_path, to, arrived):
    by(mailbox.url, tmp_path).deliver(replace(LETTER, to=to), at=NOW)

    (mail,) = mailbox.mails
    assert mail.recipients == (arrived,)
    assert mail.subject == LETTER.subject


def test_a_server_that_knows_ascii_alone_is_not_given_another_address(tmp_path):
    with Mailbox(enable_SMTPUTF8=False) as old, pytest.raises(Undeliverable, match="ünal@"):
        by(old.url, tmp_path).deliver(replace(LETTER, to="ünal@practice.example"), at=NOW)


@pytest.mark.parametrize(
    ("answers", "failure"),
    [
        ({"recipient": "550 5.1.1 Nobody here"}, Undeliverable),
        ({"recipient": "451 4.7.1 Greylisted"}, Delayed),
        ({"recipient": "452 Mailbox full"}, Delayed),
        ({"data": "554 5.7.1 We do not like it"}, Undeliverable),
        ({"data": "421 Closing"}, Delayed),
    ],
)
def test_what_a_server_answers_is_for_now_or_for_good(mailbox, tmp_path, answers, failure):
    code, _, words = next(iter(answers.values())).partition(" ")

    with mailbox.answering(**answers), pytest.raises(failure) as failed:
        by(mailbox.url, tmp_path).deliver(LETTER, at=NOW)

    assert str(failed.value) == f"The mail server answered {code}: {words}"
    assert mailbox.mails == []


def test_a_server_that_is_away_delays_the_mail(tmp_path):
    url = f"smtp://127.0.0.1:{sites.free_port()}"

    with pytest.raises(Delayed, match="cannot be used: Connection refused"):
        by(url, tmp_path).deliver(LETTER, at=NOW)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> ssl.SSLContext:
    """Of "localhost", vouched for by itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), "localhost"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    encoding, none = serialization.Encoding.PEM, serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, none)
        + made.public_bytes(encoding)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


def known(_server, _session, _envelope, _mechanism, given) -> AuthResult:
    right = (given.login, given.password) == (b"user@site", b"p:ss")
    return AuthResult(success=right, handled=False)


def test_encryption_is_used_when_offered_and_then_the_password_given(certificate, tmp_path):
    with Mailbox(tls_context=certificate, auth_required=True, authenticator=known) as box:
        by(f"smtp://user%40site:p%3Ass@127.0.0.1:{box.port}", tmp_path).deliver(LETTER, at=NOW)

    assert len(box.mails) == 1
    assert box.sessions[0].ssl is not None


def test_a_wrong_password_is_ours_to_mend_so_the_mail_waits(certificate, tmp_path):
    with (
        Mailbox(tls_context=certificate, auth_required=True, authenticator=known) as box,
        pytest.raises(Delayed, match="535"),
    ):
        by(f"smtp://user:wrong@127.0.0.1:{box.port}", tmp_path).deliver(LETTER, at=NOW)


def test_a_stranger_whose_certificate_nobody_knows_gets_nothing(certificate, tmp_path):
    # 127.1 is this machine by a name that is not known as such.
    with (
        Mailbox(tls_context=certificate) as box,
        pytest.raises(Delayed, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        by(f"smtp://user:secret@127.1:{box.port}", tmp_path).deliver(LETTER, at=NOW)


def test_without_encryption_no_password_goes_out(mailbox, tmp_path):
    with pytest.raises(Delayed, match=r"127\.1 offers no encryption"):
        by(f"smtp://user:secret@127.1:{mailbox.port}", tmp_path).deliver(LETTER, at=NOW)

    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.example", 25, False),
        ("smtp://me:pw@mail.example", 587, False),
        ("smtps://me:pw@mail.example", 465, True),
        ("smtps://mail.example:2465", 2465, True),
    ],
)
def test_ports_are_the_usual_ones_unless_said(tmp_path, url, port, tls):
    out = by(url, tmp_path)

    assert isinstance(out, Smtp)
    assert (out.host, out.port, out.tls) == ("mail.example", port, tls)


@pytest.mark.parametrize(
    "url", ["smtp://", "smtp:///x", "smtp://mail:port", "smtp://mail:99999", "file://host/x"]
)
def test_an_address_we_cannot_use_is_said_without_its_password(tmp_path, url):
    with pytest.raises(ConfigError, match=r"^MAIL_URL cannot be used: use "):
        by(url, tmp_path)
