"""Queued mail becomes letters: every kind in text and HTML, and nothing breaks out of its place."""

import re

import pytest
from bs4 import BeautifulSoup
from jinja2 import meta

from directory.app import HERE
from directory.usecases.mailing.delivery import Claimed
from directory.web.formatting import letters

FOLDER = HERE.parent / "templates" / "email"
KINDS = sorted(path.stem for path in FOLDER.glob("*.txt") if not path.stem.startswith("_"))
OURS = ("approved", "changes-asked", "published-at-once", "rejected", "submitted")
LINK = re.compile("link|url|address|page")
URL = "https://site.example/my/listing/17?a=1&b=2"
VALUES = {
    "name": "Rowan Testerly",
    "listing_url": URL,
    "notes": "First.\n\nSecond.",
    "wait": "a day",
}


@pytest.fixture
def render(app):
    with app.app_context():
        yield letters.renderer(app)


def mail(kind: str, **values: str) -> Claimed:
    return Claimed(7, "event", kind, "rowan@practice.example", VALUES | values, 1)


def text_of(html: str) -> str:
    return BeautifulSoup(html, "html.parser").body.get_text(" ")


@pytest.mark.parametrize("kind", OURS)
def test_each_mail_says_the_same_in_text_and_html(render, kind):
    letter = render(mail(kind))

    page = BeautifulSoup(letter.html, "html.parser")
    assert "Rowan Testerly" in letter.subject
    assert page.title.string == letter.subject
    assert page.h1.string == letter.subject
    assert URL in letter.text
    assert [a["href"] for a in page.find_all("a")].count(URL) == 2
    for words in ("You get this mail because", "Stillpoint", "postmaster@localhost"):
        assert words in letter.text
        assert words in text_of(letter.html)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_both_forms_and_asks_nothing_of_other_hosts(kind):
    text, html = (FOLDER / f"{kind}.txt").read_text(), (FOLDER / f"{kind}.html").read_text()

    assert re.match(r"Subject: .+\n\n.+", text)
    assert '{% extends "email/_layout.html" %}' in html
    assert "|safe" not in html
    assert not re.search(r"<(img|script|link|iframe|form)|url\(", html)


def asked_for(app, kind: str) -> dict[str, str]:
    env, asked = app.jinja_env, set()
    for ending in ("txt", "html"):
        source = (FOLDER / f"{kind}.{ending}").read_text()
        asked |= meta.find_undeclared_variables(env.parse(source)) - set(env.globals)
    return {name: URL if LINK.search(name) else f"the {name}" for name in asked}


def test_every_kind_can_be_filled_and_offers_the_same_links_in_both_forms(app, render):
    wrong = {}
    for kind in KINDS:
        letter = render(Claimed(7, "event", kind, "a@b.example", asked_for(app, kind), 1))
        offered = {a["href"] for a in BeautifulSoup(letter.html, "html.parser").find_all("a")}
        said = set(re.findall(r"https?://[^\s<>\"]+", letter.text))
        if not letter.subject or not said <= offered:
            wrong[kind] = said - offered

    assert wrong == {}


def test_what_people_wrote_stays_text(render):
    hostile = "<script>alert(1)</script>{{ 7*7 }}{% raw %}"

    letter = render(mail("changes-asked", name=hostile, notes=hostile))

    assert "<script" not in letter.html
    assert text_of(letter.html).count(hostile) == 2
    assert letter.subject == f"Your listing needs a small change, {hostile}"
    assert hostile in letter.text


def test_a_name_of_many_lines_cannot_leave_the_subject(render):
    letter = render(mail("approved", name="Rowan\r\nBcc: victim@example.org\n\nBuy this"))

    assert letter.subject == "Your listing is public, Rowan Bcc: victim@example.org Buy this"
    assert letter.text.startswith("It was read and approved")


def test_a_missing_value_may_be_asked_for_and_not_written(render):
    asked = Claimed(
        7, "event", "submitted", "a@b.example", {"name": "Rowan", "listing_url": URL}, 1
    )
    hole = Claimed(7, "event", "approved", "a@b.example", {"name": "Rowan"}, 1)

    assert "How long" not in render(asked).text
    with pytest.raises(Exception, match="'listing_url' is undefined"):
        render(hole)


def test_the_site_speaks_for_itself_whatever_the_values_say(render):
    letter = render(mail("approved", site_name="Evil", base_url="https://evil.example"))

    assert "vil" not in letter.html.replace("devil", "")
    assert letter.sender == ("Stillpoint", "postmaster@localhost")


def test_each_queued_mail_has_a_message_id_of_its_own(render):
    again = [render(mail("approved")).message_id for _ in range(2)]
    other = render(Claimed(8, "event", "approved", "a@b.example", VALUES, 1)).message_id

    assert again[0] == again[1] != other


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("second-factor-on", "The way you sign in was changed"),
        ("passkey-deleted", "The way you sign in was changed"),
        ("codes-guessed", "Somebody typed wrong codes for your account"),
        ("address-asked", "Somebody asked to change your e-mail address"),
    ],
)
def test_a_mail_says_that_something_was_changed_only_when_it_was(render, what, says):
    letter = render(mail("account-security-changed", what=what, link=URL))

    assert letter.subject == says
    assert BeautifulSoup(letter.html, "html.parser").h1.string == says
