"""What the API answers to a search, field by field."""

from typing import Any

from marshmallow import fields

from directory.api.answers.kinds import Body, Rounded, SearchUrl, Sentence
from directory.api.answers.listings import ResultSchema


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


def facet(description: str) -> fields.List[Any]:
    """The values of one filter."""
    return fields.List(fields.Nested(FacetValueSchema), metadata={"description": description})


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


class AboutSchema(Body):
    """A search as it was understood, and what else there is to know of it."""

    place = fields.Nested(
        AroundSchema,
        attribute="around",
        allow_none=True,
        metadata={"description": "Null when no place was asked for."},
    )
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


class PageSchema(Body):
    """Where in all results a page stands."""

    total = fields.Int()
    page = fields.Int(attribute="wanted.page")
    per_page = fields.Int(attribute="wanted.per_page")
    day = fields.Date(
        metadata={"description": "The day of the order; send it back to page in the same order."}
    )
    next = fields.Url(allow_none=True, metadata={"description": "The next page; null on the last."})
    prev = fields.Url(
        allow_none=True, metadata={"description": "The page before; null on the first."}
    )
    took_ms = Rounded(1)


class ResultsSchema(PageSchema, AboutSchema):
    """A page of results, with everything around it."""

    results = fields.List(fields.Nested(ResultSchema))
    facets = fields.Nested(
        FacetsSchema, allow_none=True, metadata={"description": "Null with `facets=0`."}
    )


class PointSchema(Body):
    """Where the practice is that a search shows."""

    type = fields.Str(metadata={"enum": ["Point"]})
    coordinates = fields.List(
        fields.Float(), metadata={"description": "Degrees east, degrees north.", "minItems": 2}
    )


class FeatureSchema(Body):
    """A result as a feature of a map (RFC 7946)."""

    type = fields.Str(metadata={"enum": ["Feature"]})
    id = fields.Int()
    geometry = fields.Nested(
        PointSchema,
        allow_none=True,
        metadata={"description": "The nearest practice; null of who works online only."},
    )
    properties = fields.Nested(ResultSchema)


class FeaturesSchema(PageSchema):
    """A page of results as GeoJSON."""

    type = fields.Str(metadata={"enum": ["FeatureCollection"]})
    features = fields.List(fields.Nested(FeatureSchema))
