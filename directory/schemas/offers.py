"""What a session costs, and the countries that are served online."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from directory.models.offers import (
    MOST_AMOUNT,
    MOST_MINUTES,
    Price,
    currencies,
    currency_of,
)
from directory.schemas.kinds import Country, Line, Many, Spoken, Whole

MOST_COUNTRIES = 60
NO_AMOUNT = "Write a number such as 95 or 95.50."
# Digits in groups of three, then cents; either may be left out: "80." and ".50".
_AMOUNT = re.compile(r"(\d{1,8}|\d{1,3}(?:[ ,.'’]\d{3})+|(?=[.,]\d))(?:[.,](\d{0,2}))?")
# Three digits after a point: thousands to some, decimals to others; "1.250" is no cent and a bit.
_EITHER = re.compile(r"(?:0|\d{2,3})\.\d{3}")
_PARTS = re.compile(r"[,;|\n]")


class Amount(fields.Field[float]):
    """An amount of money as people write it: "95", "95,50", "1,200"; at most two decimals."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValidationError(NO_AMOUNT)
        said = f"{value:.2f}" if isinstance(value, float) else str(value).strip()
        if _EITHER.fullmatch(said):
            raise ValidationError(f"“{said}” may be read in two ways: write 95000 or 95.50.")
        found = _AMOUNT.fullmatch(said)
        if found is None:
            raise ValidationError(NO_AMOUNT)
        amount = float((re.sub(r"\D", "", found[1]) or "0") + "." + (found[2] or "0"))
        if not 0 < amount <= MOST_AMOUNT:
            raise ValidationError(f"Between 1 and {MOST_AMOUNT}.")
        return amount


class Currency(Line):
    """A currency that is in use somewhere, by its ISO 4217 code."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        code = super()._deserialize(value, *args, **kwargs).upper()
        if code and code not in currencies():
            raise ValidationError(f"“{code[:20]}” is no currency: write three letters such as EUR.")
        return code


class Minutes(Whole):
    """How long a session lasts; 0 when that is not said."""

    def __init__(self, **kwargs: Any) -> None:
        error = f"Between 0 and {MOST_MINUTES} minutes."
        super().__init__(
            validate=validate.Range(0, MOST_MINUTES, error=error),
            error_messages={"invalid": "Not a number of minutes."},
            **kwargs,
        )


class Countries(Many):
    """Countries by code or name; in one box they are parted by commas or semicolons."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        given = value if isinstance(value, list | tuple) else [value]
        parts = [part.strip() for one in given for part in _PARTS.split(str(one))]
        return super()._deserialize([part for part in parts if part], *args, **kwargs)


def countries() -> Countries:
    """A list of countries that may be left out."""
    return Countries(
        Country(),
        load_default=list,
        validate=validate.Length(max=MOST_COUNTRIES, error=f"At most {MOST_COUNTRIES} countries."),
    )


class PriceSchema(Spoken):
    """The JSON of a Price."""

    amount = Amount(required=True, error_messages={"required": "Say how much."})
    currency = Currency(required=True, error_messages={"required": "Say in which currency."})
    minutes = Minutes(load_default=0)

    @pre_load
    def drop_blanks(self, data: Any, **_: object) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {name: value for name, value in data.items() if value not in (None, "")}

    @post_load
    def to_price(self, data: dict[str, Any], **_: object) -> Price:
        return Price(**data)


def price_of(boxes: Mapping[str, Any], countries: Sequence[str]) -> Price | None:
    """The price that stands in three boxes; without a currency it is in that of the country.

    Raises ValidationError when nobody can tell the currency.
    """
    if boxes["price_amount"] is None:
        return None
    currency = boxes["price_currency"] or next(filter(None, map(currency_of, countries)), "")
    if not currency:
        raise ValidationError("Say in which currency.")
    return Price(boxes["price_amount"], currency, boxes["price_minutes"])
