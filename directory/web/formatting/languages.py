"""The language of a page: looked up once, every text and number of it made once."""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale, numbers
from babel.support import NullTranslations
from flask import g
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

Number = int | float
KEPT = 4096  # texts and numbers at hand: those of our templates, of some languages


class Language:
    """What flask-babel would say in a locale, without asking for the locale at every word.

    In templates `gettext` and `ngettext` are Jinja's own ("newstyle"): a text is always a
    format, and in HTML its values are escaped.
    """

    def __init__(self, locale: Locale | None) -> None:
        self.locale = locale
        self.tag = str(locale) if locale else ""
        self._translations: NullTranslations = get_translations()

    def text(self, text: str, values: Mapping[str, object]) -> str:
        """A text with its values."""
        found = _translated(self._translations, text)
        return found % values if values else found

    def plural(self, one: str, many: str, num: int, values: Mapping[str, object]) -> str:
        """A text in the form for a number of things."""
        found: str = self._translations.ungettext(one, many, num)
        return found % {"num": num, **values}

    def said(self, text: str, *, html: bool) -> str:
        """A text without values, as a template says it."""
        return _filled(self._translations, text, html)

    def number(self, number: Number) -> str:
        """A number as it is written here."""
        return _written(self.tag, number)

    def words(self) -> dict[str, object]:
        """What templates call these by."""
        return {"_": self.gettext, "gettext": self.gettext, "ngettext": self.ngettext}

    @pass_eval_context
    def gettext(self, how: EvalContext, text: str, /, **values: object) -> str:
        """A text in a template."""
        if not values:
            return self.said(text, html=how.autoescape)
        return _format(self._translations, text, how.autoescape) % values

    @pass_eval_context
    def ngettext(self, how: EvalContext, one: str, many: str, num: int, /, **values: object) -> str:
        """A text in a template, in the form for a number of things."""
        found = self._translations.ungettext(one, many, num)
        return _made(found, how.autoescape) % {"num": num, **values}


def current() -> Language:
    """The language of this request, or of this stretch of it (`flask_babel.force_locale`)."""
    locale = get_locale()
    if locale is None:
        return Language(None)
    kept: Language | None = g.get("language")
    if kept is None or kept.locale is not locale:
        kept = g.language = Language(locale)
    return kept


def gettext(text: str, /, **values: object) -> str:
    """A text in the visitor's language."""
    return current().text(text, values)


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """A text in the visitor's language, in the form for a number of things."""
    return current().plural(one, many, num, values)


def format_number(number: Number) -> str:
    """A number as it is written in the visitor's language."""
    return current().number(number)


def country_name(code: str) -> str:
    """A country in the visitor's language; the code itself when nobody knows it."""
    return _territory(current().tag, code)


@lru_cache(maxsize=KEPT)
def _translated(translations: NullTranslations, text: str) -> str:
    found: str = translations.ugettext(text)
    return found


@lru_cache(maxsize=KEPT)
def _format(translations: NullTranslations, text: str, html: bool) -> str:
    return _made(_translated(translations, text), html)


@lru_cache(maxsize=KEPT)
def _filled(translations: NullTranslations, text: str, html: bool) -> str:
    return _format(translations, text, html) % {}


def _made(text: str, html: bool) -> str:
    """A translated format; in a page it may hold markup of its own, as templates do."""
    return Markup(text) if html else text  # noqa: S704  # nosec B704


@lru_cache(maxsize=KEPT, typed=True)
def _written(locale: str, number: Number) -> str:
    return numbers.format_decimal(number, locale=locale or None)


@lru_cache(maxsize=KEPT)
def _territory(locale: str, code: str) -> str:
    names = Locale.parse(locale).territories if locale else {}
    return str(names.get(code.upper(), code))
