"""What has one answer in a language is a part of the compiled page."""

import pytest
from babel.support import Translations
from flask import render_template
from flask_babel import force_locale
from jinja2 import DictLoader

from directory.web.formatting import languages

PAGES = {
    "page.html": '<a href="{{ url_for("visitors.home") }}">{{ _("Search & find") }}</a>{{ _("%(n)s of us", n="<b>") }}',
    "wide.html": "<p>\n    One\n      two</p>\n",
    "typed.html": "<textarea>\n    One\n      two</textarea>",
    "letter.txt": '{{ _("Go <b>on</b>") }} {{ "<" }}',
    "macros.html": '{% macro go() %}{{ _("Go <b>on</b>") }}{% endmacro %}',
    "user.html": '{% from "macros.html" import go with context %}{{ go() }}',
}
GERMAN = {"Search & find": "Suchen & finden", "Go <b>on</b>": "Weiter <b>so</b>"}


class German(Translations):
    def ugettext(self, text):
        return GERMAN.get(text, text)


@pytest.fixture
def pages(app, monkeypatch):
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(PAGES))
    monkeypatch.setattr(app.jinja_env, "_spoken", {})
    monkeypatch.setattr(
        languages,
        "get_translations",
        lambda: German() if str(languages.get_locale()) == "de" else Translations(),
    )
    with app.test_request_context("/"):
        yield


def test_a_page_says_what_it_said_before_values_escaped_and_words_not(pages):
    assert render_template("page.html") == '<a href="/">Search & find</a>&lt;b&gt; of us'


def test_a_letter_of_text_is_no_page(pages):
    assert render_template("letter.txt") == "Go <b>on</b> <"


def test_indentation_is_not_sent_but_where_it_is_read(pages):
    assert render_template("wide.html") == "<p>\nOne\ntwo</p>"
    assert render_template("typed.html") == "<textarea>\n    One\n      two</textarea>"


def test_each_language_has_its_own_page(pages):
    said = [render_template("user.html")]
    with force_locale("de"):
        said.append(render_template("user.html"))
    said.append(render_template("user.html"))

    assert said == ["Go <b>on</b>", "Weiter <b>so</b>", "Go <b>on</b>"]


def test_nothing_is_asked_when_a_page_is_made(app, pages, monkeypatch):
    render_template("page.html")
    monkeypatch.setitem(app.jinja_env.globals, "url_for", None)

    assert 'href="/"' in render_template("page.html")
