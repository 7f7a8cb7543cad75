"""What practitioners may say about themselves, by form, JSON or CSV: one Draft comes out."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from marshmallow import (
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from directory.models import ACCESS, AGES, Draft, Practice, Taxonomy
from directory.models.draft import PRECISIONS
from directory.places.names import fold
from directory.schemas.names import country_code, language_code

FARTHEST_VISIT_KM = 300
YES = frozenset({"yes", "y", "true", "t", "1", "on"})
NO = frozenset({"no", "n", "false", "f", "0", "off"})
# BCTA/NA's mark is for its members, and they practise in these countries.
RCST_COUNTRIES = frozenset({"US", "CA"})

_SEPARATORS = re.compile(r"[|;\n]")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)")
_HOST = re.compile(
    r"(?:(?!-)[^\W_](?:[^\W_]|-){0,62}(?<!-)\.)+(?:xn--[a-z0-9-]+|[^\W\d_]{2,63})", re.I
)
_NOT_IN_URLS = re.compile(r"[\s\\<>\"'`{}|^]")
# Control characters but for tab and line ends, lone surrogates, and the embedding, override
# and isolate marks that turn the reading direction of what stands around them.
_UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
_FORMULA = frozenset("=+-@")


def split_many(text: str) -> list[str]:
    """The values of a cell that holds many, separated by `|`, `;` or line ends."""
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


def _readable(text: str) -> str:
    """The text in NFC; raises ValidationError when it holds what nobody can read."""
    if found := _UNREADABLE.search(text):
        raise ValidationError(
            f"This holds a character that cannot be shown (U+{ord(found.group()):04X})."
        )
    return unicodedata.normalize("NFC", text.replace("\ufeff", ""))


class Line(fields.Str):
    """One line of plain text, its spaces tidied."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return " ".join(_readable(super()._deserialize(value, *args, **kwargs) or "").split())


class Paragraphs(fields.Str):
    """Plain text with line ends; never more than one empty line in a row."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = _readable(super()._deserialize(value, *args, **kwargs) or "")
        lines = [line.rstrip() for line in text.splitlines()]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class Answer(fields.Field[bool | None]):
    """Yes, no, or nothing said."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool | None:
        said = str(value).strip().lower()
        if said not in YES | NO | {""}:
            raise ValidationError("Say yes or no, or leave it empty.")
        return None if said == "" else said in YES


class Country(Line):
    """A country by ISO code or name; its code comes out."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        code = country_code(text)
        if code is None:
            raise ValidationError(f"We do not know the country “{text[:60]}”.")
        return code


class Language(Line):
    """A language by ISO code or name; its ISO 639-1 code comes out."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        code = language_code(text)
        if code is None:
            raise ValidationError(f"We do not know the language “{text[:60]}”.")
        return code


class Choice(Line):
    """One of our own few terms, by slug or label; its slug comes out."""

    def __init__(self, labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.labels = labels
        self._slugs = {
            fold(words): slug for slug, label in labels.items() for words in (slug, label)
        }

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        slug = self._slugs.get(fold(text))
        if slug is None:
            raise ValidationError(f"“{text[:60]}” is none of: {', '.join(self.labels)}.")
        return slug


class Many(fields.List[Any]):
    """A list without repeats; text such as "en|de" or "en; de" is one too."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, str):
            value = split_many(value)
        return list(dict.fromkeys(super()._deserialize(value, *args, **kwargs)))


def _at_most(count: int) -> validate.Length:
    return validate.Length(max=count, error=f"At most {count} characters.")


def _line(most: int) -> Line:
    return Line(load_default="", validate=_at_most(most))


def _many(one: fields.Field[Any], most: int) -> Many:
    return Many(
        one, load_default=list, validate=validate.Length(max=most, error=f"At most {most} of them.")
    )


def _slugs(most: int) -> Many:
    return _many(Line(validate=validate.Regexp(_SLUG, error="“{input}” is no such term.")), most)


def _name(name: str) -> None:
    if name[:1] in _FORMULA:
        raise ValidationError(f"A name cannot begin with “{name[0]}”.")


def _website(address: str) -> None:
    """Refuse whatever is not a plain http(s) address of a public host."""
    wrong = ValidationError("A website begins with http:// or https:// and names a real host.")
    try:
        parts = urlsplit(address)
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        raise wrong from None
    sound = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "")
    if not (sound and port_is_number) or _NOT_IN_URLS.search(address):
        raise wrong
    if "@" in parts.netloc:
        raise ValidationError("A website's address cannot hold a user name or password.")


def phone_number(typed: str, country: str) -> str:
    """A number as it is dialled from abroad ("+1 503-555-0101"), read as one of `country`.

    Raises ValidationError when it cannot be a telephone number.
    """
    try:
        number = phonenumbers.parse(typed, country or None)
    except phonenumbers.NumberParseException:
        raise ValidationError(f"“{typed[:40]}” is no telephone number.", "phone") from None
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(
            f"“{typed[:40]}” has too few or too many digits for a telephone number.", "phone"
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _without_blanks(data: Any) -> Any:
    """What was left empty counts as not given, in a form, a cell and JSON alike."""
    if not isinstance(data, Mapping):
        return data
    return {
        name: value
        for name, value in data.items()
        if not (value is None or (isinstance(value, str) and not value.strip(" \r\n\t")))
    }


class PracticeSchema(Schema):
    """One place of work; the JSON of a Practice."""

    country = Country(required=True, error_messages={"required": "The country is needed."})
    locality = _line(120)
    name = _line(120)
    address = _line(200)
    region = _line(80)
    postcode = _line(20)
    lat = fields.Float(
        load_default=None,
        validate=validate.Range(-90, 90, error="Latitude lies between -90 and 90."),
        error_messages={"invalid": "Not a number.", "special": "Not a number."},
    )
    lon = fields.Float(
        load_default=None,
        validate=validate.Range(-180, 180, error="Longitude lies between -180 and 180."),
        error_messages={"invalid": "Not a number.", "special": "Not a number."},
    )
    precision = fields.Str(load_default="", validate=validate.OneOf(PRECISIONS))
    hide_address = Answer(load_default=False)
    home_visit_km = fields.Float(
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


class DraftSchema(Schema):
    """A listing's whole content; the JSON of a Draft.

    Given a taxonomy, professions, conditions and credentials must be slugs of it.
    """

    name = Line(
        required=True,
        validate=[_at_most(120), _name],
        error_messages={"required": "The name is needed."},
    )
    practices = fields.List(
        fields.Nested(PracticeSchema),
        required=True,
        validate=validate.Length(1, 10, error="Between one and ten practices."),
        error_messages={"required": "A place of work is needed."},
    )
    suffix = _line(80)
    professions = _slugs(10)
    conditions = _slugs(60)
    credentials = _slugs(30)
    languages = _many(Language(), 15)
    ages = _many(Choice(AGES), len(AGES))
    access = _many(Choice(ACCESS), len(ACCESS))
    about = Paragraphs(load_default="", validate=_at_most(4000))
    fees = Paragraphs(load_default="", validate=_at_most(400))
    phone = _line(60)
    email = Line(
        load_default="",
        validate=[
            _at_most(254),
            validate.Email(error="“{input}” is no e-mail address."),
        ],
    )
    website = Line(load_default="", validate=[_at_most(300), _website])
    accepting = Answer(load_default=None)

    def __init__(self, taxonomy: Taxonomy | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.taxonomy = taxonomy

    @pre_load
    def tidy(self, data: Any, **_: object) -> Any:
        given = _without_blanks(data)
        website = given.get("website") if isinstance(given, dict) else None
        if isinstance(website, str) and not _SCHEME.match(website.strip()):
            given["website"] = f"https://{website.strip()}"
        return given

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
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return Draft(**values)
