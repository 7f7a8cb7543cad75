"""Kinds of fields: one line, paragraphs, yes or no, a country, a language, a telephone number …

And the two kinds of form that the wings share.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from directory import mailboxes
from directory.places import Point
from directory.places.names import fold
from directory.schemas import messages
from directory.schemas.names import country_code, language_code

YES = frozenset({"yes", "y", "true", "t", "1", "on"})
NO = frozenset({"no", "n", "false", "f", "0", "off"})

# A database's integer, and so the number of a row, is no larger.
MOST_ID = 2**31 - 1
LONGEST_NAME = 120
LONGEST_ADDRESS = 300
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
# A number in degrees; "nan" and "1_0", which `float` would take, are none.
_DEGREES = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.I)
# What stands between two numbers, after them, or for a minus.
_AS_TYPED = str.maketrans(",;°−", "   -")
NO_POSITION = {
    "invalid": "Write two numbers, such as 40.0150, -105.2705.",
    "range": "Latitude lies between -90 and 90, longitude between -180 and 180.",
}
_FORMULA = frozenset("=+-@")


class Spoken(Schema):
    """A schema that says what is wrong in our words."""

    error_messages = messages.OF_FORMS


class Form(Spoken):
    """What else comes with a form, such as its token or its button, is passed over."""

    class Meta:
        unknown = EXCLUDE


class PagedSchema(Form):
    """Which page of a list."""

    page = fields.Int(load_default=1, validate=validate.Range(1, 10_000))


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


class Whole(fields.Int):
    """A whole number; true and 2.5, which marshmallow would take for 1 and 2, are none."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Number(fields.Float):
    """A number; true, which marshmallow would take for 1, is none."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Id(fields.Int):
    """The number of a row; 0, where that is the least, stands for none."""

    def __init__(self, *, least: int = 1, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(least, MOST_ID), **kwargs)


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


class YesNo(fields.Field[bool | None]):
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


class Coordinates(fields.Field[Point]):
    """Latitude and longitude as maps show them, such as "40.0150, -105.2705"; a Point comes out.

    Degrees with a dot, north and east positive; a comma, a semicolon or a space between them.
    """

    def __init__(self, **kwargs: Any) -> None:
        messages = {**NO_POSITION, **kwargs.pop("error_messages", {})}
        super().__init__(error_messages=messages, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Point:
        parts = str(value).translate(_AS_TYPED).split()
        if len(parts) != 2 or not all(_DEGREES.fullmatch(part) for part in parts):
            raise self.make_error("invalid")
        try:
            return Point(float(parts[0]), float(parts[1]))
        except ValueError:
            raise self.make_error("range") from None


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


def at_most(count: int) -> validate.Length:
    """Refuse what is longer, in plain words."""
    return validate.Length(max=count, error=f"At most {count} characters.")


def line(most: int) -> Line:
    """One line that may be left out."""
    return Line(load_default="", validate=at_most(most))


def many(one: fields.Field[Any], most: int) -> Many:
    """A list of at most so many values."""
    return Many(
        one, load_default=list, validate=validate.Length(max=most, error=f"At most {most} of them.")
    )


def slugs(most: int) -> Many:
    """A list of at most so many slugs."""
    return many(Line(validate=validate.Regexp(_SLUG, error="“{input}” is no such term.")), most)


class Name(Line):
    """A person's name; never the beginning of a spreadsheet formula."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        name = super()._deserialize(value, *args, **kwargs)
        if name[:1] in _FORMULA:
            raise ValidationError(f"A name cannot begin with “{name[0]}”.")
        if not fold(name):
            raise ValidationError("A name needs a letter or a digit.")
        if len(name) > LONGEST_NAME:
            raise ValidationError(f"At most {LONGEST_NAME} characters.")
        return name


class Email(Line):
    """An e-mail address, by the rule of `mailboxes`, out of what somebody pasted."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        if isinstance(value, str):
            value = mailboxes.pasted(value)
        address = super()._deserialize(value, *args, **kwargs)
        if len(address) > mailboxes.LONGEST:
            raise ValidationError(f"At most {mailboxes.LONGEST} characters.")
        if address and not mailboxes.is_one(address):
            raise ValidationError(f"“{address}” is no e-mail address.")
        return address


class Website(Line):
    """A plain http(s) address of a public host; without a scheme it is an https one."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        address = super()._deserialize(value, *args, **kwargs)
        if not _SCHEME.match(address):
            address = f"https://{address}"
        _refuse_strange(address)
        return address


def _refuse_strange(address: str) -> None:
    if len(address) > LONGEST_ADDRESS:
        raise ValidationError(f"At most {LONGEST_ADDRESS} characters.")
    if not is_web_address(address):
        raise ValidationError("A website begins with http:// or https:// and names a real host.")
    if "@" in urlsplit(address).netloc:
        raise ValidationError("A website's address cannot hold a user name or password.")


def is_web_address(address: str) -> bool:
    """Whether it is a whole http(s) address of a public host."""
    try:
        parts = urlsplit(address)
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        return False
    sound = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "")
    return bool(sound) and port_is_number and not _NOT_IN_URLS.search(address)


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
