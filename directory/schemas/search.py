"""Search parameters, as the page and the API both take them."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import (
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from directory.schemas.kinds import NO, YES, Form
from directory.schemas.offers import Amount
from directory.search.port import Box, Sort
from directory.usecases.listings.news import Bookmark
from directory.usecases.visitors.criteria import MOST_KM, Criteria, kilometres

# Control characters, and the marks that turn the direction of text around.
UNREADABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
BOOKMARK = re.compile(r"(?P<row>\d{1,9})-(?P<second>\d{1,11})(?:\.(?P<filled>\d{1,9}))?", re.A)
FAR_PAGE = 10**9
SORTS = tuple(sort.value for sort in Sort if sort is not Sort.FAIR)


class Text(fields.Str):
    """One line of plain text: characters that nobody can read become spaces."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        return " ".join(UNREADABLE.sub(" ", text).split())


class Flag(fields.Field[bool]):
    """`1` for yes; `0` for no; also in the words of other sites."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        said = str(value).strip().lower()
        if said not in YES | NO:
            raise ValidationError("Use 1, or leave it out.")
        return said in YES


class OnlyYes(fields.List[str]):
    """A facet with one value, `1`; what says no to it asks for nothing."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[str | None]:
        given = super()._deserialize(value, *args, **kwargs)
        said = {one: (one or "").strip().lower() for one in given}
        return ["1" if said[one] in YES else one for one in given if said[one] not in NO]


class Page(fields.Int):
    """A page number from 1; beyond any end it is simply a page far away."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        digits = str(value).strip()
        if len(digits) > 9 and digits.isdecimal():
            return FAR_PAGE
        return super()._deserialize(value, *args, **kwargs)


def slugs(description: str, kind: "type[fields.List[str]]" = fields.List) -> "fields.List[str]":
    """A repeatable parameter of slugs."""
    one = fields.Str(validate=validate.Length(1, 60))
    return kind(
        one,
        load_default=[],
        validate=validate.Length(max=40),
        metadata={"description": description},
    )


class SuggestSchema(Form):
    """The letters typed so far."""

    q = Text(
        load_default="",
        validate=validate.Length(max=200, error="Use at most 200 characters."),
        metadata={"description": "The letters typed so far."},
    )


class SearchSchema(Form):
    """Everything that a search can be asked, ending in Criteria."""

    q = Text(
        load_default="",
        validate=validate.Length(max=200, error="Use at most 200 characters."),
        metadata={"description": 'Plain words, "phrases" and -without.'},
    )
    profession = slugs("Any of these professions.")
    condition = slugs("All of these conditions.")
    near = Text(
        load_default="",
        validate=validate.Length(max=120, error="Use at most 120 characters."),
        metadata={
            "description": "A place in words: a town, or a postcode. Or an area (a country, state,"
            " county, island or everyday region): who practises in it."
        },
    )
    lat = fields.Float(
        load_default=None,
        validate=validate.Range(-90, 90, error="Latitude lies between -90 and 90."),
        metadata={"description": "Degrees north, instead of `near`; needs `lon`."},
    )
    lon = fields.Float(
        load_default=None,
        validate=validate.Range(-180, 180, error="Longitude lies between -180 and 180."),
        metadata={"description": "Degrees east."},
    )
    within = Text(
        load_default="",
        metadata={
            "description": "`25mi`, `40km` or a number of km around a point; at most 500 km."
            " In an area it is left out."
        },
    )
    language = slugs("Any of these languages, as ISO 639-1 codes.")
    credential = slugs("Any of these credentials.")
    ages = slugs("Any of these age groups.")
    access = slugs("Any of these kinds of access.")
    times = slugs("Any of these times: saturday, sunday, evening, early, appointment.")
    fees = slugs("All of these: sliding-scale, free-talk, receipts, price.")
    online = slugs(
        "1: works online. With a place: for people in its country, wherever from.", OnlyYes
    )
    serves = slugs("Works online for people in any of these countries, as ISO 3166-1 codes.")
    practitioner = slugs("Any of these, as they say it themselves: woman, man, another.")
    up_to = Amount(
        load_default=None,
        metadata={
            "description": "The most that a session may cost, in the currency of the place; without"
            " a place in that of most listings. Who names no price in it is counted in the notes.",
            "type": "number",
        },
    )
    beyond = Flag(
        load_default=False,
        metadata={"description": "Of an area: who practises within 25 km of it, outside."},
    )
    accepting = Flag(load_default=False, metadata={"description": "Taking new clients now."})
    home_visits = Flag(load_default=False, metadata={"description": "Makes home visits."})
    sort = fields.Str(
        load_default=None,
        validate=validate.OneOf(SORTS, error="Sort by one of: {choices}."),
        metadata={"description": "The order of the results."},
    )
    page = Page(
        load_default=1,
        validate=validate.Range(min=1, error="Pages count from 1."),
        metadata={"description": "The page, from 1; far beyond the end it is empty."},
    )
    per_page = fields.Int(
        load_default=20,
        validate=validate.Range(1, 100, error="Between 1 and 100 a page."),
        metadata={"description": "How many results a page."},
    )

    @pre_load
    def trim(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {k: v.strip() if isinstance(v, str) else v for k, v in data.items()}

    @validates_schema
    def check_place(self, data: dict[str, Any], **_: object) -> None:
        if (data.get("lat") is None) != (data.get("lon") is None):
            missing = "lon" if data.get("lon") is None else "lat"
            raise ValidationError("Latitude and longitude go together.", missing)
        if data.get("near") and data.get("lat") is not None:
            raise ValidationError("Give a place or a position, not both.", "near")
        if data.get("within"):
            try:
                kilometres(data["within"])
            except ValueError:
                raise ValidationError(
                    f"Say a distance such as 25mi or 40km, at most {MOST_KM:g} km.", "within"
                ) from None

    @post_load
    def to_wanted(self, data: dict[str, Any], **_: object) -> Any:
        """The search."""
        return self.to_criteria(data)

    def to_criteria(self, data: dict[str, Any]) -> Criteria:
        """What was read, as a search."""
        values: dict[str, Any] = {
            k: tuple(dict.fromkeys(v)) if isinstance(v, list) else v for k, v in data.items()
        }
        sort = values.pop("sort")
        return Criteria(**values, sort=Sort(sort) if sort else None)


JSON, GEOJSON = "json", "geojson"


@dataclass(frozen=True, slots=True)
class Shape:
    """What the API alone is asked, beside Criteria: what is written, where and when is looked.

    `fields` are those of each result that are wanted, all when there are none; `day` is the one
    whose order holds, None for today.
    """

    facets: bool = True
    fields: tuple[str, ...] = ()
    format: str = ""
    bbox: Box | None = None
    day: date | None = None


class Corners(fields.Field[Box]):
    """Four numbers of degrees: west, south, east, north (RFC 7946); a Box comes out."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Box:
        try:
            west, south, east, north = map(float, str(value).split(","))
            return Box(west, south, east, north)
        except ValueError:
            raise ValidationError(
                "Say four numbers of degrees: west,south,east,north; south is not above north."
            ) from None


class ApiSearchSchema(SearchSchema):
    """What the API can be asked: all that a page can, and how to write it; Criteria and a Shape."""

    facets = Flag(load_default=True, metadata={"description": "0: leave out the filters' values."})
    fields_ = fields.List(
        Text(validate=validate.Length(1, 40)),
        data_key="fields",
        load_default=[],
        validate=validate.Length(max=40),
        metadata={
            "description": "Only these fields of each result, with commas or repeated; `id` is"
            " always there."
        },
    )
    format = fields.Str(
        load_default="",
        validate=validate.OneOf((JSON, GEOJSON), error="Say one of: {choices}."),
        metadata={
            "description": "`geojson` for a FeatureCollection (RFC 7946); the same as"
            " `Accept: application/geo+json`."
        },
    )
    bbox = Corners(
        load_default=None,
        metadata={
            "type": "string",
            "description": "Who practises in this part of the map: `west,south,east,north` in degrees;"
            " west may be greater than east, across the date line.",
        },
    )
    day = fields.Date(
        load_default=None,
        metadata={
            "description": "The day whose order holds, today's or yesterday's: an answer tells it"
            " as `day`, and its `next` and `prev` hold it, so that paging past midnight (UTC)"
            " shows nobody twice."
        },
    )

    @post_load
    def to_wanted(self, data: dict[str, Any], **kwargs: object) -> tuple[Criteria, Shape]:
        """The search, and how it is to be answered."""
        names = [name for part in data.pop("fields_") for name in part.split(",") if name.strip()]
        shape = Shape(
            fields=tuple(dict.fromkeys(name.strip() for name in names)),
            **{name: data.pop(name) for name in ("facets", "format", "bbox", "day")},
        )
        return self.to_criteria(data), shape


class Since(fields.Field[Bookmark]):
    """A bookmark, as the changes gave it out."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Bookmark:
        found = BOOKMARK.fullmatch(str(value))
        if found is None:
            raise ValidationError("Say the `since` of an earlier answer, or leave it out.")
        filled = found["filled"]
        return Bookmark(int(found["row"]), int(found["second"]), int(filled) if filled else None)


def bookmark(reached: Bookmark) -> str:
    """A bookmark in letters, as Since reads it."""
    filled = "" if reached.filled_to is None else f".{reached.filled_to}"
    return f"{reached.row}-{reached.second}{filled}"


class ChangesSchema(Form):
    """How far a copy has come."""

    since = Since(
        load_default=None,
        metadata={
            "type": "string",
            "description": "The `since` of the answer before. Without it everybody is told, from the first.",
        },
    )
