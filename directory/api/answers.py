"""What the API answers, field by field: nothing leaves that is not declared here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import RAISE, Schema, fields, pre_dump
from marshmallow.experimental.context import Context

from directory.said import Said, said
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.results import FacetValue


@dataclass(frozen=True, slots=True)
class Outside:
    """How inside values look to whoever asked: addresses, and sentences in their language."""

    page: Callable[[str], str]
    search: Callable[[Criteria], str]
    say: Callable[[str | Said], str]


Seen = Context[Outside]


class Body(Schema):
    """An answer: every declared field is always there, and no other ever is.

    Dump inside `with Seen(Outside(…))`.
    """

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """For the OpenAPI document: nobody has to ask whether a field is there."""
        field_obj.required = True


class Sentence(fields.Str):
    """Words for a person, in the language of the request."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return Seen.get().say(value)


class PageUrl(fields.Url):
    """A slug, as the address of the public page."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return Seen.get().page(value)


class SearchUrl(fields.Url):
    """A Wanted, as the address of that search at this API."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return Seen.get().search(value)


class Rounded(fields.Float):
    """A number with no more decimals than it deserves; null stays null."""

    def __init__(self, places: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places = places

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> float | None:
        return None if value is None else round(float(value), self.places_for(obj))

    def places_for(self, obj: Any) -> int:
        """How many decimals this object's number has."""
        return self.places


class Distance(Rounded):
    """Kilometres to a result; whole ones where the address is hidden."""

    def places_for(self, obj: Any) -> int:
        return 0 if obj.practice.hide_address else self.places


class Why(fields.List[Any]):
    """The reasons of a result, the distance last."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[str]:
        reasons = list(value)
        if obj.distance_km is not None:
            far = Distance(1)._serialize(obj.distance_km, attr, obj)
            reasons.append(said("%(km)s km away", km=f"{far:g}"))
        return [Seen.get().say(reason) for reason in reasons]


class Slugs(fields.List[Any]):
    """The slugs of some terms: as the list of `Pluck`s that the document shows, only sooner."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> list[str]:
        return [str(term.slug) for term in value]


def slugs(description: str, **kwargs: Any) -> fields.List[Any]:
    """The slugs of some terms, in their order."""
    return Slugs(fields.Pluck(TermSchema, "slug"), metadata={"description": description}, **kwargs)


class TermSchema(Body):
    """A term's slug; its words are at the taxonomy endpoints."""

    slug = fields.Str()


class LocationSchema(Body):
    """Where a practice is, as a search shows it."""

    locality = fields.Str()
    region = fields.Str()
    country = fields.Str(metadata={"description": "ISO 3166-1 alpha-2."})
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
    postcode = fields.Str()
    home_visit_km = Rounded(
        1, metadata={"description": "How far home visits go from here; 0: none are made."}
    )


class PriceSchema(Body):
    """What one session costs."""

    amount = fields.Float()
    currency = fields.Str(metadata={"description": "ISO 4217."})
    minutes = fields.Int(metadata={"description": "How long it lasts; 0 when that is not said."})


class ResultSchema(Body):
    """One practitioner found."""

    slug = fields.Str(attribute="profile.slug")
    name = fields.Str(attribute="profile.name")
    professions = slugs("What they are.", attribute="profile.professions")
    conditions = slugs(
        "What they say they work with; never a claim that anything is treated. Empty where a"
        " country's advertising rules let none be named.",
        attribute="profile.conditions",
    )
    credentials = slugs("As claimed.", attribute="profile.credentials")
    languages = slugs("ISO 639-1 codes.", attribute="profile.languages")
    accepting = fields.Bool(
        attribute="profile.accepting",
        allow_none=True,
        metadata={"description": "New clients; null when nothing is stated, or no longer holds."},
    )
    price = fields.Nested(PriceSchema, attribute="profile.price", allow_none=True)
    online = fields.Bool(attribute="profile.online", metadata={"description": "Works online."})
    confirmed_on = fields.Date(
        attribute="profile.confirmed_on",
        metadata={"description": "When the practitioner last said that all this is right."},
    )
    locations = fields.List(fields.Nested(LocationSchema), attribute="profile.practices")
    distance_km = Distance(
        1,
        allow_none=True,
        metadata={
            "description": "To the nearest practice; null when no place was asked for, and for who"
            " is found from afar, working online."
        },
    )
    score = Rounded(3)
    why = Why(fields.Str(), metadata={"description": "Why it is here, in words."})
    url = PageUrl(
        attribute="profile.slug", dump_only=True, metadata={"description": "The public page."}
    )


class AlternativeSchema(Body):
    """Another place of the name that was asked for: ask again with its `label` as `near`."""

    label = fields.Str()
    lat = Rounded(4, attribute="point.lat")
    lon = Rounded(4, attribute="point.lon")


class BeyondSchema(Body):
    """Who practises within 25 km of an area, outside it."""

    total = fields.Int()
    url = SearchUrl(attribute="wanted")


class AroundSchema(Body):
    """The place that was searched around or in."""

    label = fields.Str()
    kind = fields.Str(
        metadata={
            "enum": ["area", "point"],
            "description": "“area”: who practises in it was found. “point”: who practises near it.",
        },
    )
    lat = Rounded(4, attribute="point.lat")
    lon = Rounded(4, attribute="point.lon")
    within_km = Rounded(
        2, allow_none=True, metadata={"description": "Null in an area: it has no radius."}
    )
    alternatives = fields.List(
        fields.Nested(AlternativeSchema),
        metadata={"description": "Other places of that name, biggest first."},
    )
    beyond = fields.Nested(
        BeyondSchema,
        allow_none=True,
        metadata={
            "description": "Of an area with one page of results: who practises just across its "
            "border; never counted in `total`. Else null."
        },
    )


class FacetValueSchema(Body):
    """One value of a filter, with the exact number of results that it has."""

    value = fields.Str()
    label = fields.Str()
    count = fields.Int()


class FacetValues(fields.List[Any]):
    """The values of one filter, as `FacetValueSchema` says: some hundreds in every answer."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> list[dict[str, object]]:
        return [{"value": one.value, "label": one.label, "count": one.count} for one in value]


def facet(description: str) -> fields.List[Any]:
    """The values of one filter."""
    return FacetValues(fields.Nested(FacetValueSchema), metadata={"description": description})


class FacetsSchema(Body):
    """Every filter's values, most results first, then by label."""

    profession = facet("Counted as if no profession were chosen.")
    condition = facet("Counted within the results.")
    language = facet("Counted as if no language were chosen.")
    credential = facet("Counted as if no credential were chosen.")
    ages = facet("Counted as if no age group were chosen.")
    access = facet("Counted as if no kind of access were chosen.")
    times = facet("Told from the hours. Counted as if no time were chosen.")
    fees = facet("Counted within the results.")
    online = facet("“1”: works online. Counted as if it were not chosen.")
    serves = facet("Countries of clients online. Counted as if no country were chosen.")
    practitioner = facet("As they say it themselves. Counted as if none were chosen.")

    @pre_dump
    def order(
        self, facets: Mapping[str, Sequence[FacetValue]], **_: object
    ) -> dict[str, list[FacetValue]]:
        """Have every filter there, in the promised order, whatever came in."""
        return {
            name: sorted(facets.get(name, ()), key=lambda value: (-value.count, value.label))
            for name in self.fields
        }


class UnderstoodSchema(Body):
    """What was read from `q`: slugs, the words taken for the place, and the words left."""

    text = fields.Str()
    profession = fields.List(fields.Str())
    condition = fields.List(fields.Str())
    place = fields.Str()


class RelaxationSchema(Body):
    """A way on when few were found: what to drop or widen, and the exact total it gives."""

    drop = fields.Str()
    label = Sentence()
    total = fields.Int()
    url = SearchUrl(attribute="wanted")


class SpellingSchema(Body):
    """Words that would find something."""

    text = fields.Str()


class ResultsSchema(Body):
    """A page of results, with everything around it."""

    total = fields.Int()
    page = fields.Int(attribute="wanted.page")
    per_page = fields.Int(attribute="wanted.per_page")
    took_ms = Rounded(1)
    place = fields.Nested(
        AroundSchema,
        attribute="around",
        allow_none=True,
        metadata={"description": "Null when no place was asked for."},
    )
    results = fields.List(fields.Nested(ResultSchema))
    facets = fields.Nested(FacetsSchema)
    currency = fields.Str(metadata={"description": "In which `up_to` is compared; ISO 4217."})
    understood = fields.Nested(UnderstoodSchema)
    did_you_mean = fields.Pluck(
        SpellingSchema,
        "text",
        allow_none=True,
        metadata={
            "description": "The words that were searched, because the given ones find nobody together."
        },
    )
    relaxations = fields.List(fields.Nested(RelaxationSchema))
    partly = fields.Bool(
        attribute="partial",
        data_key="partial",  # the name means something else to a Schema
        metadata={"description": "Not all words were found together; the nearest stand in."},
    )
    notes = fields.List(Sentence(), metadata={"description": "What the searcher should know."})


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
    is_demo = fields.Bool(metadata={"description": "An invented person, to show the directory."})
    url = PageUrl(attribute="slug", dump_only=True, metadata={"description": "The public page."})
