"""The pages of the editor as forms: each gives the fields of a Draft that the page holds."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, validates_schema

from directory.models import ACCESS, AGES, DAYS, PRACTITIONERS, Closure, Opening, Taxonomy
from directory.schemas import hours
from directory.schemas.draft import RCST_COUNTRIES, PracticeSchema
from directory.schemas.kinds import (
    Choice,
    Email,
    Form,
    Language,
    Line,
    Name,
    Paragraphs,
    Website,
    YesNo,
    at_most,
    many,
    phone_number,
    slugs,
)
from directory.schemas.offers import Amount, Currency, Minutes, countries, price_of

MOST_CLOSURES = 6
LIMITS: Mapping[str, int] = {"about": 2000, "first_visit": 1000, "background": 1000, "fees": 400}


class PageSchema(Form):
    """One page; `countries` are those of the practices, for what depends on the country."""

    def __init__(self, taxonomy: Taxonomy, countries: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.taxonomy = taxonomy
        self.countries = countries

    @post_load
    def to_tuples(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }

    def _known(self, name: str, values: list[str], terms: Mapping[str, object]) -> None:
        if unknown := [slug for slug in values if slug not in terms]:
            raise ValidationError([f"“{slug}” is no such term." for slug in unknown], name)


class YouSchema(PageSchema):
    """Who you are."""

    name = Name(required=True, error_messages={"required": "Say your name."})
    suffix = Line(load_default="", validate=at_most(80))
    practitioner = Choice(PRACTITIONERS, load_default="")


class WorkSchema(PageSchema):
    """Professions and credentials."""

    professions = slugs(10)
    credentials = slugs(30)

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        self._known("professions", data["professions"], self.taxonomy.professions)
        self._known("credentials", data["credentials"], self.taxonomy.credentials)
        if not data["professions"]:
            raise ValidationError("Choose at least one profession.", "professions")
        elsewhere = self.countries and not set(self.countries) & RCST_COUNTRIES
        if "rcst-na" in data["credentials"] and elsewhere:
            raise ValidationError(
                "RCST® is for practices in the United States and Canada.", "credentials"
            )


class PeopleSchema(PageSchema):
    """Whom and what you work with."""

    conditions = slugs(60)
    ages = many(Choice(AGES), len(AGES))
    languages = many(Language(), 15)

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        self._known("conditions", data["conditions"], self.taxonomy.conditions)


class AccessSchema(PageSchema):
    """What holds for all your places, and online; each place has a form of its own."""

    access = many(Choice(ACCESS), len(ACCESS))
    online = YesNo(load_default=False)
    online_only = YesNo(load_default=False)
    serves = countries()

    @post_load
    def to_online(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Whoever works online only works online."""
        return {**data, "online": bool(data["online"] or data["online_only"])}


class ContactSchema(PageSchema):
    """How to reach you; a number without a country code is one of your first place's country."""

    phone = Line(load_default="", validate=at_most(60))
    email = Email(load_default="")
    website = Website(load_default="")

    @validates_schema(skip_on_field_errors=False)
    def check_number(self, data: dict[str, Any], **_: object) -> None:
        """Told with all else that is wrong, not after it."""
        if data.get("phone"):
            phone_number(data["phone"], self.country)

    @post_load
    def to_number(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        if data["phone"]:
            data["phone"] = phone_number(data["phone"], self.country)
        return data

    @property
    def country(self) -> str:
        """Where a number is dialled that says no country."""
        return self.countries[0] if self.countries else ""


PRICE_FIELDS = ("price_amount", "price_currency", "price_minutes")
DAY_FIELDS = tuple(f"day{day}" for day in range(len(DAYS)))
CLOSURE_FIELDS = tuple(
    (f"closed{number}_first", f"closed{number}_last", f"closed{number}_note")
    for number in range(MOST_CLOSURES)
)


class TimesSchema(PageSchema):
    """When, and for how much: a line for each day, days away, fees, new clients."""

    class Meta(Form.Meta):
        include: ClassVar = {
            name: Line(load_default="", validate=at_most(80))
            for name in chain(DAY_FIELDS, *CLOSURE_FIELDS)
        }

    fees = Paragraphs(load_default="", validate=at_most(LIMITS["fees"]))
    sliding_scale = YesNo(load_default=False)
    free_talk = YesNo(load_default=False)
    receipts = YesNo(load_default=False)
    by_appointment = YesNo(load_default=False)
    price_amount = Amount(load_default=None)
    price_currency = Currency(load_default="")
    price_minutes = Minutes(load_default=0)
    accepting = YesNo(load_default=None)

    @post_load
    def to_times(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        problems: dict[str, list[str]] = {}
        openings: list[Opening] = []
        for day, name in enumerate(DAY_FIELDS):
            with _noting(problems, name):
                openings += hours.stretches(day, data.pop(name))
        closures = set()
        for names in CLOSURE_FIELDS:
            first, last, note = (data.pop(name) for name in names)
            if first or last or note:
                with _noting(problems, names[0]):
                    closures.add(_closure(first, last, note))
        with _noting(problems, "price_amount"):
            data["price"] = price_of(data, self.countries)
        if problems:
            raise ValidationError(problems)
        for name in PRICE_FIELDS:
            del data[name]
        return {**data, "hours": tuple(openings), "closures": tuple(sorted(closures))}


@contextmanager
def _noting(problems: dict[str, list[str]], name: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        found = error.normalized_messages().values()
        problems[name] = [text for texts in found for text in texts]


def _closure(first: str, last: str, note: str) -> Closure:
    given = {"first": first, "note": note} | ({"last": last} if last else {})
    closure: Closure = hours.ClosureSchema().load(given)
    return closure


class WordsSchema(PageSchema):
    """In your own words; each box has its own limit."""

    about = Paragraphs(load_default="", validate=at_most(LIMITS["about"]))
    first_visit = Paragraphs(load_default="", validate=at_most(LIMITS["first_visit"]))
    background = Paragraphs(load_default="", validate=at_most(LIMITS["background"]))


class PlaceSchema(Form, PracticeSchema):
    """The form of one place; coordinates are given when the pin was put by hand."""


SCHEMAS: Mapping[str, type[PageSchema]] = {
    "you": YouSchema,
    "work": WorkSchema,
    "people": PeopleSchema,
    "places": AccessSchema,
    "contact": ContactSchema,
    "times": TimesSchema,
    "words": WordsSchema,
}
