"""What is pasted or chosen from our own words, in the search box: places, points, filters."""

import pytest

from directory.errors import Invalid
from directory.places import Point, distance_km
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.query import known_values
from directory.usecases.visitors.reading.labelled import FLAGS as FLAG_LABELS
from directory.usecases.visitors.relaxing import FLAGS
from directory.usecases.visitors.understanding import understand

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Coordinates in a line, where they are, and what else is read.
POINTS = {
    "rule": {
        "40°00′54″N 105°16′15″W": (40.015, -105.271, ()),
        "40.015, -105.2705": (40.015, -105.2705, ()),
        "massage 51.5074, -0.1278": (51.5074, -0.1278, ("massage-therapist",)),
        "N40.015 W105.27": (40.015, -105.27, ()),
        "40.015N 105.27W osteopath": (40.015, -105.27, ("osteopath",)),
        "https://www.google.com/maps/@47.3769,8.5417,12z": (47.3769, 8.5417, ()),
    },
    "held": {
        "osteopath near 48.8566 2.3522": (48.8566, 2.3522, ("osteopath",)),
        "52° 31' 12\" N, 13° 24' 18\" E": (52.52, 13.405, ()),
        "lat 51.05 lon 3.72": (51.05, 3.72, ()),
        "geo:37.7749,-122.4194": (37.7749, -122.4194, ()),
        "chiropractor 39.7392° N, 104.9903° W": (39.739, -104.99, ("chiropractor",)),
        "(45.5017, -73.5673)": (45.5017, -73.5673, ()),
        "-33.8688 151.2093": (-33.8688, 151.2093, ()),
        "https://www.openstreetmap.org/#map=14/53.8008/-1.5491 massage": (
            53.8008,
            -1.5491,
            ("massage-therapist",),
        ),
        "40 26 46 N 79 58 56 W": (40.446, -79.982, ()),
        "craniosacral 41.3874; 2.1686": (41.3874, 2.1686, ()),
    },
}
# Labels and codes with other words; what the place begins with.
LABELS = {
    "rule": {
        "Van, Van, TR": "Van, Van, TR", "Isle of Bute, Scotland, GB": "Isle of Bute, Scotland, GB",
        "osteopath near Isle of Bute, Scotland, GB": "Isle of Bute, Scotland, GB", "01310-100": "01310-100, ",
        "N Vancouver": "North Vancouver", "E. Lansing": "East Lansing", "massage N Vancouver": "North Vancouver",
    },
    "held": {
        "massage Nice, Provence-Alpes-Côte d'Azur, FR": "Nice, Prov", "osteopath in Benbecula, Scotland, GB": "Benbecula",
        "Sydney Central Business District, New South Wales, AU": "Sydney Central", "M5A, Downtown Toronto, Ontario, CA": "M5A",
        "massage 20040-020": "20040-020", "S Pasadena": "South Pasadena", "W Palm Beach": "West Palm Beach",
        "osteopath E Lansing": "East Lansing", "S. Lake Tahoe": "South Lake Tahoe", "osteopath near 2000, Antwerpen, Flanders, BE": "2000, Antwerpen",
        "craniosacral Worcester County, Massachusetts, US": "Worcester County",
    },
}  # fmt: skip
NO_POINTS = (
    "massage 18.30 to 19.30", "up to 95.50", "C5-C6 disc", "S1 L5 pain", "2 weeks old, 3 days", "12,5", "call 555-1234",
    "baby 3.5 kg", "9.00-17.00",
)  # fmt: skip


@pytest.fixture
def understood(runtime):
    """What is read from a line."""
    finder = runtime.finder()
    return lambda q: understand(finder, Criteria(q=q))


def test_coordinates_in_a_line_are_that_point(understood):
    wrong = {}
    for half, lines in POINTS.items():
        for q, (lat, lon, professions) in lines.items():
            known = understood(q)
            away = distance_km(known.place.point, Point(lat, lon)) if known.place else None
            if (
                away is None
                or away > 1
                or known.slugs("profession") != professions
                or known.text.all_of
            ):
                wrong[half, q] = known.place, known.text, known.slugs("profession")

    assert wrong == {}


def test_numbers_that_are_no_coordinates_are_none(understood):
    def pasted(q):
        try:
            return understood(q).pasted
        except Invalid:
            return False

    assert [q for q in NO_POINTS if pasted(q)] == []


def test_labels_of_places_and_codes_in_a_line_are_that_place(understood):
    wrong = {
        (half, q): known.place and known.place.label
        for half, lines in LABELS.items()
        for q, label in lines.items()
        if not (known := understood(q)).place
        or not known.place.label.startswith(label)
        or known.text.all_of
    }

    assert wrong == {}


def test_every_place_that_is_suggested_is_itself_in_the_box(runtime, understood):
    suggest = runtime.finder().gazetteer.suggest
    begun = (
        "m5",
        "syd",
        "200",
        "isle",
        "van",
        "po",
        "cor",
        "wash",
        "geor",
        "ba",
        "lux",
        "san",
        "8000",
        "ls6",
    )
    labels = {place.label for letters in begun for place in suggest(letters, limit=8)}

    wrong = {
        label: known.place and known.place.label
        for label in labels
        if not (known := understood(label)).place or known.place.label != label
    }
    assert wrong == {}


def test_every_label_of_every_filter_is_that_filter(runtime, understood):
    assert {name: str(label) for name, label in FLAGS.items()} == FLAG_LABELS
    known = known_values(runtime.finder())
    labels = [
        (kind, slug, label)
        for kind, values in known.items()
        if kind != "serves"  # a country alone is a place
        for slug, label in values.items()
    ]
    labels += [(flag, "1", label) for flag, label in FLAG_LABELS.items()]

    wrong = {}
    for kind, _, label in labels:
        shared = [one for k, one, text in labels if (k, text.lower()) == (kind, label.lower())]
        for q in (label, label.lower()):
            reading = understood(q)
            read = {(span.kind, one) for span in reading.spans for one in span.slugs}
            if (
                not read <= {(kind, one) for one in shared}
                or not read
                or reading.text
                or reading.place
            ):
                wrong[q] = read, reading.text

    assert wrong == {}


def test_labels_of_what_is_offered_are_filters_beside_a_place_and_a_wish(understood):
    known = {
        "A woman in Boulder": {("practitioner", "woman")},
        "osteopath Evenings, after 18:00": {("profession", "osteopath"), ("times", "evening")},
        "Mornings, before 9:00 near Denver": {("times", "early")},
        "massage step-free entrance Leeds": {
            ("profession", "massage-therapist"),
            ("access", "step-free"),
        },
        "Receipts for insurers osteopath": {("fees", "receipts"), ("profession", "osteopath")},
        "Names a price in Bath": {("fees", "price")},
    }

    read = {
        q: {(span.kind, slug) for span in understood(q).spans for slug in span.slugs} for q in known
    }
    assert read == known


@pytest.mark.parametrize("q", ["toe pain", "sore toe", "he/him", "big toe", "poe", "he"])
def test_short_words_are_no_places_that_are_spelled_otherwise(understood, q):
    assert understood(q).place is None
