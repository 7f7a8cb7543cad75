"""What the API answers of a listing: by itself, in a search, in the changes."""

from datetime import date
from typing import Any

from marshmallow import fields

from directory.api.answers.kinds import Body, Instant, PageUrl, PhotoUrl, Rounded, TermSchema, slugs
from directory.freshness import SHOWN_FOR


class ShownUntil(fields.Date):
    """The day of a confirmation, as the first day on which it does not hold any more."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        shown_until: date = value + SHOWN_FOR
        return shown_until.isoformat()


def _id() -> fields.Int:
    return fields.Int(
        attribute="listing_id",
        metadata={"description": "Stays the same for as long as the listing is there."},
    )


def _photo() -> PhotoUrl:
    described = "A square portrait, 320 pixels wide; null without one."
    return PhotoUrl(allow_none=True, dump_only=True, metadata={"description": described})


def _updated() -> Instant:
    described = "When this version was written; see also `confirmed_on`."
    return Instant(allow_none=True, metadata={"description": described})


def _demo() -> fields.Bool:
    return fields.Bool(metadata={"description": "An invented person, to show the directory."})


def _page() -> PageUrl:
    described = "The public page."
    return PageUrl(attribute="slug", dump_only=True, metadata={"description": described})


class LocationSchema(Body):
    """Where a practice is, as a search shows it."""

    locality = fields.Str()
    region = fields.Str()
    country = fields.Str(metadata={"description": "ISO 3166-1 alpha-2."})
    postcode = fields.Str(metadata={"description": "Empty when the address is hidden."})
    lat = Rounded(
        5,
        allow_none=True,
        metadata={
            "description": "Degrees north. Where the practitioner hides the address: to 2 decimals"
            " only (about a kilometre)."
        },
    )
    lon = Rounded(
        5, allow_none=True, metadata={"description": "Degrees east; hidden in the same way."}
    )


class PracticeSchema(LocationSchema):
    """A practice, as its listing shows it."""

    name = fields.Str()
    address = fields.Str(metadata={"description": "Empty when the practitioner hides it."})
    home_visit_km = Rounded(
        1, metadata={"description": "How far home visits go from here; 0: none are made."}
    )


class PriceSchema(Body):
    """What one session costs."""

    amount = fields.Float()
    currency = fields.Str(metadata={"description": "ISO 4217."})
    minutes = fields.Int(metadata={"description": "How long it lasts; 0 when that is not said."})


class PersonSchema(Body):
    """Who was found: what no search changes of a result."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Any may be missing when `fields` names others; its number never is."""
        field_obj.required = field_name == "id"

    id = _id()
    slug = fields.Str(metadata={"description": "Part of its address; may change."})
    name = fields.Str()
    professions = slugs("What they are.")
    conditions = slugs(
        "What they say they work with; never a claim that anything is treated. Empty where a"
        " country's advertising rules let none be named."
    )
    credentials = slugs("As claimed.")
    languages = slugs("ISO 639-1 codes.")
    accepting = fields.Bool(
        allow_none=True,
        metadata={"description": "New clients; null when nothing is stated, or no longer holds."},
    )
    price = fields.Nested(PriceSchema, allow_none=True)
    online = fields.Bool(metadata={"description": "Works online."})
    phone = fields.Str(metadata={"description": "As it is dialled from abroad, or empty."})
    photo = _photo()
    is_demo = _demo()
    confirmed_on = fields.Date(
        metadata={"description": "When the practitioner last said that all this is right."}
    )
    updated_at = _updated()
    locations = fields.List(fields.Nested(LocationSchema), attribute="practices")
    url = _page()


class ResultSchema(PersonSchema):
    """One practitioner found."""

    distance_km = fields.Float(
        allow_none=True,
        metadata={
            "description": "To the nearest practice; whole kilometres where the address is hidden;"
            " null when no place was asked for, and for who is found from afar, working online."
        },
    )
    score = fields.Float()
    why = fields.List(fields.Str(), metadata={"description": "Why it is here, in words."})


class OpeningSchema(Body):
    """A stretch of a usual week, in local time; day 0 is Monday."""

    day = fields.Int()
    opens = fields.Str(metadata={"description": "Such as 09:00."})
    closes = fields.Str(metadata={"description": "Such as 17:30; 24:00 is midnight."})


class ClosureSchema(Body):
    """Days on which nobody is there, both included."""

    first = fields.Str(metadata={"format": "date"})
    last = fields.Str(metadata={"format": "date"})
    note = fields.Str()


class ListingSchema(Body):
    """All that the public may see of a listing."""

    id = _id()
    slug = fields.Str()
    name = fields.Str()
    suffix = fields.Str()
    professions = slugs("What they are.")
    conditions = slugs("What they say they work with; see the search.")
    credentials = slugs("As claimed.")
    languages = slugs("ISO 639-1 codes.")
    ages = slugs("Whom they work with.")
    access = slugs("How to get in, and other ways to meet.")
    about = fields.Str(metadata={"description": "In the practitioner's own words; Markdown."})
    first_visit = fields.Str(metadata={"description": "What a first session is like; Markdown."})
    background = fields.Str(metadata={"description": "Training and experience; Markdown."})
    hours = fields.List(fields.Nested(OpeningSchema), metadata={"description": "A usual week."})
    closures = fields.List(
        fields.Nested(ClosureSchema), metadata={"description": "Days away, still to come."}
    )
    fees = fields.Str()
    sliding_scale = fields.Bool()
    free_talk = fields.Bool(metadata={"description": "A first talk is free."})
    receipts = fields.Bool(metadata={"description": "Gives receipts for insurers."})
    price = fields.Nested(PriceSchema, allow_none=True)
    times = slugs("When they see people, told from the hours; by appointment.")
    online = fields.Bool(metadata={"description": "Works online."})
    online_only = fields.Bool(
        metadata={"description": "Works online only: of the locations nothing but the country."}
    )
    serves = slugs("Countries of clients seen online, as ISO 3166-1 codes.")
    practitioner = fields.Pluck(
        TermSchema,
        "slug",
        allow_none=True,
        metadata={"description": "woman, man or another, as they say it themselves; else null."},
    )
    phone = fields.Str()
    email = fields.Str()
    website = fields.Str()
    accepting = fields.Bool(allow_none=True)
    confirmed_on = fields.Date()
    locations = fields.List(fields.Nested(PracticeSchema), attribute="practices")
    photo = _photo()
    is_demo = _demo()
    updated_at = _updated()
    shown_until = ShownUntil(
        attribute="confirmed_on",
        dump_only=True,
        metadata={"description": "From then on it is hidden, unless it is confirmed anew before."},
    )
    url = _page()
