"""The language of a page: looked up once, and the right one all the same."""

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale

from directory.web.formatting import folding, languages

GERMAN = {
    "Confirmed today": "Heute bestätigt",
    "%(n)s more": "%(n)s weitere",
    ("%(num)s place", "%(num)s places"): ("%(num)s Ort", "%(num)s Orte"),
    "100%% sure": "100%% sicher",
}


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = Catalog(locale="de")
    for text, translated in GERMAN.items():
        catalog.add(text, translated)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    app = Flask(__name__)
    app.jinja_environment = folding.Pages
    Babel(app, default_translation_directories=str(tmp_path))
    with app.test_request_context():
        yield app


@pytest.mark.usefixtures("app")
def test_a_template_speaks_the_language_of_the_moment_and_then_the_usual_one_again():
    page = "{{ _('Confirmed today') }}, {{ 12345|numberformat }}"

    english = render_template_string(page)
    with force_locale("de"):
        german = render_template_string(page)

    assert english == render_template_string(page) == "Confirmed today, 12,345"
    assert german == "Heute bestätigt, 12.345"


@pytest.mark.usefixtures("app")
def test_values_are_escaped_in_pages_and_percent_signs_are_formats():
    with force_locale("de"):
        page = render_template_string("{{ _('%(n)s more', n='<b>') }} {{ _('100%% sure') }}")

    assert page == "&lt;b&gt; weitere 100% sicher"


@pytest.mark.usefixtures("app")
def test_plain_text_is_not_escaped():
    text = "{% autoescape false %}{{ _('%(n)s more', n='R&B') }}{% endautoescape %}"

    assert render_template_string(text) == "R&B more"


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(("number", "expected"), [(1, "1 Ort"), (2, "2 Orte")])
def test_plurals_follow_the_language(number, expected):
    page = "{{ ngettext('%(num)s place', '%(num)s places', n) }}"

    with force_locale("de"):
        assert render_template_string(page, n=number) == expected
        assert languages.ngettext("%(num)s place", "%(num)s places", number) == expected


@pytest.mark.usefixtures("app")
def test_code_speaks_the_same_language_as_templates():
    with force_locale("de"):
        assert languages.gettext("%(n)s more", n=3) == "3 weitere"
        assert languages.format_number(1.5) == "1,5"
        assert languages.country_name("at") == "Österreich"
    assert languages.country_name("AT") == "Austria"
    assert languages.country_name("XX") == "XX"


def test_without_a_request_texts_stay_as_they_are():
    assert languages.gettext("%(n)s more", n=3) == "3 more"
