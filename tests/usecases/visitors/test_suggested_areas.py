"""Areas among the places that are suggested; the second half of each list was held back."""

import pytest

from directory.usecases.visitors import suggesting

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# What is typed, and what must be among the places offered, with its kind.
AREAS = {
    "calif": "California, US (state)",
    "bay a": "Bay Area, California, US (area)",
    "cook co": "Cook County, Illinois, US (county)",
    "bavar": "Bavaria, DE (region)",
    "scotl": "Scotland, GB (region)",
    "switz": "Switzerland (country)",
    "cornw": "Cornwall, GB (area)",
    "british col": "British Columbia, CA (province)",
    "new south w": "New South Wales, AU (state)",
    "isle of sk": "Isle of Skye, GB (area)",
    # held back
    "flori": "Florida, US (state)",
    "cape c": "Cape Cod, Massachusetts, US (area)",
    "marin co": "Marin County, California, US (county)",
    "tosca": "Tuscany, IT (region)",
    "andalu": "Andalusia, ES (region)",
    "nether": "The Netherlands (country)",
    "cotsw": "Cotswolds, GB (area)",
    "new mex": "New Mexico, US (state)",
    "vancouver is": "Vancouver Island, British Columbia, CA (area)",
    "bayer": "Bavaria, DE (region)",
}
# A town still comes first, though areas begin so, too.
TOWNS = {
    "port": "Portland, Oregon, US",
    "den": "Denver, Colorado, US",
    "bould": "Boulder, Colorado, US",
    "new york c": "New York City, New York, US",
    "lon": "London, England, GB",
    "seat": "Seattle, Washington, US",
    "munch": "Munich, Bavaria, DE",
    "portland, m": "Portland, Maine, US",
    "san f": "San Francisco, California, US",
    "toron": "Toronto, Ontario, CA",
    # held back
    "chic": "Chicago, Illinois, US",
    "berl": "Berlin, Berlin, DE",
    "amst": "Amsterdam, North Holland, NL",
    "edinb": "Edinburgh, Scotland, GB",
    "dubl": "Dublin, Leinster, IE",
    "melb": "Melbourne, Victoria, AU",
    "zür": "Zürich, Zürich, CH",
    "austin": "Austin, Texas, US",
    "vancouv": "Vancouver, Washington, US",  # somebody practises there
    "pari": "Paris, Île-de-France, FR",
}


def offered(indexed, text):
    with indexed.reading() as session:
        groups = suggesting.suggest(session, indexed.finder(), text)
    items = [item for group in groups if group.kind == "place" for item in group.items]
    return [f"{item.label} ({item.words})" if item.words else item.label for item in items]


def test_areas_are_offered_with_their_kind(indexed):
    found = {text: offered(indexed, text) for text in AREAS}

    assert {text: labels for text, labels in found.items() if AREAS[text] not in labels} == {}


def test_a_town_that_is_meant_comes_before_areas_that_begin_so(indexed):
    found = {text: offered(indexed, text)[:1] for text in TOWNS}

    assert {text: labels for text, labels in found.items() if labels != [TOWNS[text]]} == {}


def test_an_area_that_is_suggested_leads_to_itself(indexed):
    for text in AREAS:
        for place in indexed.gazetteer.suggest(text, limit=12):
            if place.is_area and place.label.isascii():
                found = indexed.gazetteer.resolve(place.label).place
                assert (found.label, found.areas) == (place.label, place.areas), text
