"""Documents for the contract suite: written by hand, or drawn by hypothesis."""

from datetime import date, timedelta

from hypothesis import strategies as st

from directory.places import Point
from directory.search.port import Document, Price, Spot

TODAY = date(2026, 11, 22)
BOULDER, DENVER, LONDON = Point(40.015, -105.27), Point(39.739, -104.985), Point(51.507, -0.128)
WORDS = ("gentle", "quiet", "room", "light", "touch", "breath", "listening", "babies", "Müller")
PROFESSIONS = ("massage-therapist", "chiropractor", "osteopath")
CONDITIONS = ("migraine", "colic", "neck-pain")
LANGUAGES = ("en", "es", "de")
TIMES = ("saturday", "evening")
FEES = ("receipts", "free-talk")
PRICES = (None, Price(60.0, "EUR"), Price(79.9, "USD"), Price(80.0, "USD"), Price(9000.0, "JPY"))
AREAS = ("US", "US.CO", "US.CO.013", "GB", "~cape-cod")


def document(listing_id: int, **changes: object) -> Document:
    """A listing in Boulder, confirmed today, changed as asked."""
    values: dict[str, object] = {
        "listing_id": listing_id,
        "name": f"Rowan Sample{listing_id}",
        "professions": "Massage Therapist LMT",
        "conditions": "Migraine sick headache",
        "place": "Boulder Colorado United States",
        "about": "A quiet room and a light touch.",
        "facets": {"profession": ("massage-therapist",), "condition": ("migraine",)},
        "spots": (Spot(BOULDER),),
        "confirmed_on": TODAY,
        "accepting_stated_on": TODAY,
    }
    return Document(**(values | changes))  # type: ignore[arg-type]


def _texts(most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), max_size=most).map(" ".join)


def _some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


spots = st.builds(
    Spot,
    st.builds(Point, st.floats(-89, 89), st.floats(-180, 180)),
    st.sampled_from([0.0, 0.0, 25.0, 400.0]),
    _some(AREAS),
)


# Whoever works online says for whom.
online = _some(("US", "GB")).map(
    lambda served: {"online": ("1",) if served else (), "serves": served}
)


@st.composite
def drawn(draw: st.DrawFn, listing_id: int) -> Document:
    """Any listing over a small world of words, terms and places."""
    return document(
        listing_id,
        name=draw(_texts(3)),
        professions=draw(_texts(3)),
        conditions=draw(_texts(3)),
        place=draw(_texts(2)),
        about=draw(_texts(12)),
        facets={
            "profession": draw(_some(PROFESSIONS)),
            "condition": draw(_some(CONDITIONS)),
            "language": draw(_some(LANGUAGES)),
            "times": draw(_some(TIMES)),
            "fees": draw(_some(FEES)),
            **draw(online),
        },
        spots=tuple(draw(st.lists(spots, max_size=3))),
        confirmed_on=TODAY - timedelta(days=draw(st.integers(0, 400))),
        accepting_stated_on=draw(st.sampled_from([None, TODAY, TODAY - timedelta(days=90)])),
        price=draw(st.sampled_from(PRICES)),
    )


@st.composite
def several(draw: st.DrawFn, most: int = 14) -> list[Document]:
    """A small directory."""
    count = draw(st.integers(1, most))
    return [draw(drawn(listing_id)) for listing_id in range(1, count + 1)]
