"""Suggestions for those who read another language; the second half of each list was held back."""

import pytest

from directory.places.unfinished import called
from directory.usecases.visitors import suggesting

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# At home, the letters, and the town that comes first.
TOWNS = {
    ("IT", "fir"): "Florence, Tuscany, IT",
    ("IT", "firen"): "Florence, Tuscany, IT",
    ("IT", "ven"): "Venice, Veneto, IT",
    ("NL", "den h"): "The Hague, South Holland, NL",
    ("NL", "den haa"): "The Hague, South Holland, NL",
    ("NL", "'s-"): "The Hague, South Holland, NL",
    ("DE", "101"): "10115, Berlin, Berlin, DE",
    ("", "port"): "Portland, Oregon, US",
    ("", "munch"): "Munich, Bavaria, DE",
    # held back
    ("DE", "mail"): "Milan, Lombardy, IT",
    ("DE", "nea"): "Naples, Campania, IT",
    ("FR", "bâl"): "Basel, Basel-City, CH",
    ("FR", "bruge"): "Brugge, Flanders, BE",
    ("ES", "gine"): "Geneva, Genève, CH",
    ("ES", "zaragoza"): "Zaragoza, Aragon, ES",
    ("IT", "parig"): "Paris, Île-de-France, FR",
    ("IT", "tor"): "Turin, Piedmont, IT",
    ("PT", "nova i"): "New York City, New York, US",
    ("NL", "aken"): "Aachen, North Rhine-Westphalia, DE",
    ("IT", "l'aq"): "L'Aquila, Abruzzo, IT",
    ("", "'s-herto"): "'s-Hertogenbosch, North Brabant, NL",
    ("FR", "750"): "75000, Paris, Île-de-France, FR",
    ("CH", "80"): "8000, Zürich, Zürich, CH",
}
# What must be among the wishes.
WISHES = {
    ("FR", "domic"): "Home visits",
    ("FR", "en lig"): "Works online",
    ("DE", "zuhau"): "Home visits",
    # held back
    ("FR", "à dom"): "Home visits",
    ("ES", "domicil"): "Home visits",
    ("IT", "carroz"): "Wheelchair access",
    ("NL", "vergoe"): "Receipts for insurers",
    ("PT", "noit"): "Evenings, after 18:00",
}


@pytest.fixture
def suggested(indexed):
    def ask(home, text):
        with indexed.reading() as session:
            groups = suggesting.suggest(session, indexed.finder(home), text)
        return {group.kind: [item.label for item in group.items] for group in groups}

    return ask


def test_a_town_is_found_by_what_it_is_called_at_home(suggested):
    first = {asked: suggested(*asked).get("place", [""])[0] for asked in TOWNS}

    assert first == TOWNS


def test_geneva_is_offered_to_its_neighbours_and_no_town_that_nobody_knows(suggested):
    for home in ("FR", "DE", "IT"):
        places = suggested(home, "gen")["place"]
        assert "Geneva, Genève, CH" in places[:3]
        assert not any(label.endswith("CN") for label in places)


@pytest.mark.parametrize(("home", "text"), [("", "smi"), ("IT", "mil"), ("FR", "big a")])
def test_a_nickname_of_a_city_is_offered_to_nobody_who_begins_another_name(suggested, home, text):
    labels = suggested(home, text).get("place", [])

    assert not any(label.startswith(("Phoenix", "Denver")) for label in labels)


def test_wishes_are_offered_by_any_of_their_words(suggested):
    short = {
        asked: wish
        for asked, wish in WISHES.items()
        if wish not in suggested(*asked).get("wish", ())
    }

    assert short == {}


def test_what_begins_so_as_it_is_shown_comes_before_what_does_in_another_language(suggested):
    kinds = list(suggested("", "span"))

    assert kinds.index("wish") < kinds.index("condition")


@pytest.mark.parametrize("text", ["migraine in bou", "colic near den", "osteopath in mun"])
def test_after_in_only_places_are_offered(suggested, text):
    labels = suggested("", text)["wish"]

    assert labels
    assert all(" near " in label for label in labels)


def test_every_town_that_is_called_otherwise_is_one_that_the_gazetteer_has(indexed):
    found = {label: indexed.gazetteer.labelled(label) for label in called.towns()}

    assert [label for label, place in found.items() if not place or place.kind != "town"] == []
    assert len(found) > 50


def test_the_browsers_language_is_what_tells_where_home_is(indexed, client):
    def first(language):
        page = client.get("/suggest?q=firen&kind=place", headers={"Accept-Language": language})
        return page.text.find("Florence") < page.text.find("Firenzuola")

    assert first("it")
    answer = client.get("/api/v1/suggest?q=101", headers={"Accept-Language": "de-AT"}).json
    labels = [i["label"] for g in answer["groups"] if g["kind"] == "place" for i in g["items"]]
    assert labels[0].startswith("1010, Vienna")
