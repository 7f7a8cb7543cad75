"""One rule for every e-mail address: what is taken can be written to, and nothing else is."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from directory import mailboxes
from directory.config import Config
from directory.errors import ConfigError, Invalid
from directory.mail import Undeliverable
from directory.schemas import read
from directory.schemas.accounts import InviteSchema as Invitation
from directory.schemas.imports import UnlistedSchema
from directory.schemas.pages import ContactSchema
from directory.schemas.practitioners import InviteSchema
from directory.schemas.visitors import ReportSchema
from tests.unit.test_mail import LETTER, NOW

SOUND = (
    "rowan@practice.example",
    "rowan.o'neil+cst@sub.practice.example",
    "R_1/2=x@practice.example",
    "a@b.example",
    "1@2.example",
    "jörg@praxis.example",
    "info@köln.example",
    "info@xn--kln-sna.example",
    "info@пример.рф",
    f"{'a' * 64}@practice.example",
    f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example",
)
WRONG = (
    "-oQ@e.example",
    "-@e.example",
    ".a@e.example",
    "a.@e.example",
    "a..b@e.example",
    "@e.example",
    "a@",
    "a",
    "a@b@e.example",
    "a@e",
    "a@localhost",
    "a@.example",
    "a@e..example",
    "a@e.example.",
    "a@-e.example",
    "a@e-.example",
    "a@e_f.example",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    "a@e.1",
    '"a b"@e.example',
    '"a"@e.example',
    "a b@e.example",
    "a@e.example,b@e.example",
    "a@e.example;b@e.example",
    "<a@e.example>",
    "A <a@e.example>",
    "a(x)@e.example",
    "a@e.example(x)",
    "a:b@e.example",
    "a\\b@e.example",
    "a@e.example>\nBcc: b@e.example",
    "a\x00@e.example",
    "a\u2028@e.example",
    "a\ud800@e.example",
    "a@e\ud800.example",
    f"{'a' * 65}@e.example",
    f"a@{'b' * 64}.example",
    f"a@{'.'.join(['b' * 60] * 4)}.example.example",
)
# Each schema that takes an address, by its field, with what else it wants.
TAKEN = (
    (ContactSchema, "email", {}),
    (InviteSchema, "email", {}),
    (Invitation, "email", {"role": "admin"}),
    (UnlistedSchema, "email", {"wanted": "look"}),
    (ReportSchema, "reply_to", {"kind": "wrong"}),
)


def takes(schema, name, more, address):
    """What comes out; None when the address is refused."""
    made = schema(None) if schema is ContactSchema else schema()
    with suppress(Invalid):
        return read(made, MultiDict({**more, name: address}))
    return None


@pytest.mark.parametrize("address", SOUND)
def test_an_address_that_people_have_is_taken_everywhere_and_written_to(address):
    for schema, name, more in TAKEN:
        assert takes(schema, name, more, address), schema
    assert replace(LETTER, to=address).message(NOW)["To"]


@pytest.mark.parametrize("address", WRONG)
def test_what_is_no_address_is_taken_nowhere_and_never_written_to(address, tmp_path):
    for schema, name, more in TAKEN:
        assert takes(schema, name, more, address) is None, schema
    with pytest.raises(Undeliverable):
        replace(LETTER, to=address).message(NOW)


@given(st.text(alphabet='ab.-@"\\ <>,;:()\n\r\0é1_', max_size=24))
def test_whatever_is_taken_is_one_address_in_one_line(text):
    if mailboxes.is_one(text):
        [found] = replace(LETTER, to=text).message(NOW)["To"].addresses
        local_part, domain = text.rsplit("@", 1)
        assert found.username == local_part
        assert not local_part.startswith(("-", "."))
        assert "." in domain


@pytest.mark.parametrize("address", ["-oQ@e.example", '"a"@e.example', "nobody"])
def test_nor_does_the_site_write_from_such_an_address(address, tmp_path):
    with pytest.raises(ConfigError):
        Config.from_env({"DATA_DIR": str(tmp_path), "CONTACT_EMAIL": address})


@pytest.mark.parametrize("host", ["::1", "127.0.0.1", "localhost", "my-machine"])
def test_the_usual_sender_is_one_wherever_the_site_is(host, tmp_path):
    sender = Config.from_env({"DATA_DIR": str(tmp_path), "HOST": host}).contact_email

    assert replace(LETTER, sender=("Us", sender)).message(NOW)["From"]
