"""What practitioners may say about themselves, by form, JSON or CSV: one Draft comes out."""

from collections.abc import Mapping
from typing import Any

from marshmallow import (
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from directory.models import ACCESS, AGES, PRACTITIONERS, Draft, Practice, Taxonomy
from directory.models.draft import PRECISIONS
from directory.schemas.hours import ClosureSchema, OpeningSchema
from directory.schemas.kinds import (
    Choice,
    Country,
    Email,
    Language,
    Name,
    Number,
    Paragraphs,
    Spoken,
    Website,
    YesNo,
    at_most,
    line,
    many,
    phone_number,
    slugs,
)
from directory.schemas.offers import PriceSchema, countries

FARTHEST_VISIT_KM = 300
# BCTA/NA's mark is for its members, and they practise in these countries.
RCST_COUNTRIES = frozenset({"US", "CA"})
YES_OR_NO = (
    *("sliding_scale", "by_appointment", "free_talk", "receipts", "online", "online_only"),
)
_PHOTO = r"[0-9a-f]{32}\Z"


def _without_blanks(data: Any) -> Any:
    """What was left empty counts as not given, in a form, a cell and JSON alike."""
    if not isinstance(data, Mapping):
        return data
    return {
        name: value
        for name, value in data.items()
        if not (value is None or (isinstance(value, str) and not value.strip(" \r\n\t")))
    }


class PracticeSchema(Spoken):
    """One place of work; the JSON of a Practice."""

    country = Country(required=True, error_messages={"required": "The country is needed."})
    locality = line(120)
    name = line(120)
    address = line(200)
    region = line(80)
    postcode = line(20)
    lat = Number(
        load_default=None,
        validate=validate.Range(-90, 90, error="Latitude lies between -90 and 90."),
        error_messages={"invalid": "Not a number.", "special": "Not a number."},
    )
    lon = Number(
        load_default=None,
        validate=validate.Range(-180, 180, error="Longitude lies between -180 and 180."),
        error_messages={"invalid": "Not a number.", "special": "Not a number."},
    )
    precision = fields.Str(load_default="", validate=validate.OneOf(PRECISIONS))
    hide_address = YesNo(load_default=False)
    home_visit_km = Number(
        load_default=0.0,
        validate=validate.Range(
            0, FARTHEST_VISIT_KM, error=f"Home visits reach from 0 to {FARTHEST_VISIT_KM} km."
        ),
        error_messages={"invalid": "Not a number of km.", "special": "Not a number of km."},
    )

    @pre_load
    def drop_blanks(self, data: Any, **_: object) -> Any:
        return _without_blanks(data)

    @validates_schema
    def check_place(self, data: dict[str, Any], **_: object) -> None:
        if not data["locality"] and not data["postcode"]:
            raise ValidationError("The town is needed, or the postcode.", "locality")
        if (data["lat"] is None) != (data["lon"] is None):
            missing = "lon" if data["lon"] is None else "lat"
            raise ValidationError("Latitude and longitude go together.", missing)

    @post_load
    def to_practice(self, data: dict[str, Any], **_: object) -> Practice:
        if data["lat"] is None:
            data["precision"] = ""
        elif not data["precision"]:
            data["precision"] = "exact"
        data["hide_address"] = bool(data["hide_address"])
        return Practice(**data)


class DraftSchema(Spoken):
    """A listing's whole content; the JSON of a Draft.

    Given a taxonomy, professions, conditions and credentials must be slugs of it.
    """

    name = Name(required=True, error_messages={"required": "The name is needed."})
    practices = fields.List(
        fields.Nested(PracticeSchema),
        required=True,
        validate=validate.Length(1, 10, error="Between one and ten practices."),
        error_messages={"required": "A place of work is needed."},
    )
    suffix = line(80)
    professions = slugs(10)
    conditions = slugs(60)
    credentials = slugs(30)
    languages = many(Language(), 15)
    ages = many(Choice(AGES), len(AGES))
    access = many(Choice(ACCESS), len(ACCESS))
    about = Paragraphs(load_default="", validate=at_most(4000))
    first_visit = Paragraphs(load_default="", validate=at_most(4000))
    background = Paragraphs(load_default="", validate=at_most(4000))
    photo = fields.Str(load_default="", validate=validate.Regexp(rf"{_PHOTO}|\Z"))
    hours = fields.List(fields.Nested(OpeningSchema), load_default=list)
    closures = fields.List(fields.Nested(ClosureSchema), load_default=list)
    fees = Paragraphs(load_default="", validate=at_most(400))
    sliding_scale = YesNo(load_default=False)
    phone = line(60)
    email = Email(load_default="")
    website = Website(load_default="")
    accepting = YesNo(load_default=None)
    by_appointment = YesNo(load_default=False)
    free_talk = YesNo(load_default=False)
    receipts = YesNo(load_default=False)
    price = fields.Nested(PriceSchema, load_default=None, allow_none=True)
    online = YesNo(load_default=False)
    online_only = YesNo(load_default=False)
    serves = countries()
    practitioner = Choice(PRACTITIONERS, load_default="")

    def __init__(self, taxonomy: Taxonomy | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.taxonomy = taxonomy

    @pre_load
    def drop_blanks(self, data: Any, **_: object) -> Any:
        return _without_blanks(data)

    @validates_schema
    def check_terms(self, data: dict[str, Any], **_: object) -> None:
        if self.taxonomy is None:
            return
        wrong = {
            name: [f"“{slug}” is no such term." for slug in data[name] if slug not in terms]
            for name, terms in (
                ("professions", self.taxonomy.professions),
                ("conditions", self.taxonomy.conditions),
                ("credentials", self.taxonomy.credentials),
            )
        }
        if found := {name: messages for name, messages in wrong.items() if messages}:
            raise ValidationError(found)

    @validates_schema
    def check_rcst(self, data: dict[str, Any], **_: object) -> None:
        countries = {practice.country for practice in data["practices"]}
        if "rcst-na" in data["credentials"] and not countries & RCST_COUNTRIES:
            raise ValidationError(
                "RCST® is for practices in the United States and Canada.", "credentials"
            )

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> Draft:
        if data["phone"]:
            data["phone"] = phone_number(data["phone"], data["practices"][0].country)
        for name in YES_OR_NO:
            data[name] = bool(data[name])
        data["online"] = data["online"] or data["online_only"]
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return Draft(**values)
