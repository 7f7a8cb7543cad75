"""One rule for every e-mail address: what is taken can be written to, and nothing else is."""

import unicodedata
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
    "a@-e.example",
    "a@e-.example",
    "a@e_f.example",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    "a@e.1",
    '"a b"@e.example',
    '"a"@e.example',
    "a b@e.example",
    "ｖic1@e.example",
    "vic１@e.example",
    "ﬁn@e.example",
    "vic@ｅ.example",
    "a²@e.example",
    "A <a@e.example>, B <b@e.example>",
    "<<a@e.example>",
    "mailto:a@e.example,b@e.example",
    "mailto:?to=a@e.example",
    "a@e.example,b@e.example",
    "a@e.example;b@e.example",
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
# What people paste for rowan@practice.example.
PASTED = (
    " rowan@practice.example\t",
    "\u200browan@practice.example\u200b",
    "rowan@prac\u00adtice.example\ufeff",
    "\u202arowan@practice.example\u202c",
    "mailto:rowan@practice.example",
    "MAILTO:rowan%40practice.example?subject=Hello%20there&cc=b@e.example",
    "Rowan Exampleton <rowan@practice.example>",
    '"Exampleton, Rowan (CST)" <rowan@practice.example>;',
    "<rowan@practice.example>",
    "<mailto:rowan@practice.example>",
    "Rowan <mailto:rowan@practice.example?subject=x>,",
    "rowan@practice.example.",
    "rowan@practice.example, ",
    "rowan@practice.example;",
    "\u00a0rowan@practice.example\u3000",
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


@pytest.mark.parametrize("text", PASTED)
def test_what_people_paste_is_taken_for_the_address_in_it(text):
    for schema, name, more in TAKEN:
        taken, plain = (takes(schema, name, more, one) for one in (text, "rowan@practice.example"))
        assert taken == plain, schema


@given(st.text(alphabet='aB1.-@"\\ <>,;:?%4()\n\r\0é１ｖ\u200b\u00ad', max_size=24) | st.text())
def test_an_address_comes_out_of_pasting_as_it_is_and_nothing_else_becomes_two(text):
    out = mailboxes.pasted(text)

    if mailboxes.is_one(text):
        assert out == text
    if mailboxes.is_one(out):
        assert mailboxes.pasted(out) == out
        assert out == unicodedata.normalize("NFKC", out)


before = st.sampled_from(
    ["", " ", "\u200b", "<", "mailto:", "Rowan <", "Rowan <mailto:", "\ufeff<"]
)
after = st.text(alphabet=" \t.,;\u200b\ufeff", max_size=5)


@given(st.sampled_from(SOUND), before, after)
def test_whatever_stands_around_an_address_leaves_it_whole(address, before, after):
    closing = ">" if "<" in before else ""

    assert mailboxes.pasted(f"{before}{address}{closing}{after}") == address


@given(st.sampled_from(SOUND), st.data())
def test_no_address_has_a_look_alike(address, data):
    place = data.draw(st.sampled_from([i for i, sign in enumerate(address) if "!" < sign <= "~"]))
    wide = chr(ord(address[place]) + 0xFEE0)

    assert not mailboxes.is_one(address[:place] + wide + address[place + 1 :])


def test_a_very_long_text_takes_no_time():
    for one in ("mailto:", "<", ">", "a <", ".", "\u200b", "%"):
        assert not mailboxes.is_one(mailboxes.pasted(one * 200_000))


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
