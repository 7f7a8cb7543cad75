"""Amounts of money and the names of currencies, as they are written in a language."""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency
from flask_babel import get_locale

from directory.models import Price
from directory.models.offers import currencies
from directory.web.formatting.languages import gettext as _

ENGLISH = Locale("en")


def price(one: Price) -> str:
    """A price with what it is for: "$95 for 60 minutes"."""
    shown = amount(one.amount, one.currency)
    if not one.minutes:
        return str(_("%(amount)s a session", amount=shown))
    return str(_("%(amount)s for %(minutes)s minutes", amount=shown, minutes=one.minutes))


def amount(number: float, currency: str) -> str:
    """An amount; without decimals where it has none."""
    shown: str = format_currency(
        number,
        currency,
        format=_pattern(str(_locale()), whole=number == int(number)),
        locale=_locale(),
        currency_digits=False,
    )
    return shown


def currency_names() -> Mapping[str, str]:
    """Every currency in use, by code, with its name in the language of the page."""
    return _names(str(_locale()))


def _locale() -> Locale:
    return get_locale() or ENGLISH


@lru_cache(maxsize=16)
def _names(tag: str) -> Mapping[str, str]:
    known = Locale.parse(tag).currencies
    return {code: known.get(code, code) for code in currencies()}


@lru_cache(maxsize=64)
def _pattern(tag: str, *, whole: bool) -> str | None:
    usual: str = Locale.parse(tag).currency_formats["standard"].pattern
    return usual.replace("0.00", "0") if whole else usual
