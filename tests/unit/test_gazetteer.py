"""The gazetteer over its real data, in a real SQLite file."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.db import make_engine
from directory.places import Gazetteer, Point
from directory.places.selects.recent import KEPT, Recent


def label(resolution):
    return resolution.place and resolution.place.label


def labels(places):
    return [place.label for place in places]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Boulder, CO", "Boulder, Colorado, US"),
        ("Boulder CO", "Boulder, Colorado, US"),
        ("boulder colorado", "Boulder, Colorado, US"),
        ("Portland", "Portland, Oregon, US"),
        ("Portland OR", "Portland, Oregon, US"),
        ("Portland, Maine", "Portland, Maine, US"),
        ("St. Louis", "St. Louis, Missouri, US"),
        ("Saint Louis", "St. Louis, Missouri, US"),
        ("NYC", "New York City, New York, US"),
        ("New York", "New York City, New York, US"),
        ("L.A.", "Los Angeles, California, US"),
        ("SF", "San Francisco, California, US"),
        ("Nelson, BC", "Nelson, British Columbia, CA"),
        ("Nelson, New Zealand", "Nelson, Nelson Region, NZ"),
        ("Hay-on-Wye", "Hay-on-Wye, Wales, GB"),
        ("hay on wye", "Hay-on-Wye, Wales, GB"),
        ("London", "London, England, GB"),
        ("London, UK", "London, England, GB"),
        ("London, England", "London, England, GB"),
        ("London, Ontario", "London, Ontario, CA"),
        ("Totnes, Devon", "Totnes, England, GB"),
        ("Paris, Texas", "Paris, Texas, US"),
        ("Washington, DC", "Washington, District of Columbia, US"),
        ("Washington DC", "Washington, District of Columbia, US"),
        ("ville de Québec", "Québec, Québec, CA"),
        ("Montréal, QC", "Montréal, Québec, CA"),
        ("The Hague", "The Hague, South Holland, NL"),
        ("Den Haag", "The Hague, South Holland, NL"),
        ("A Coruña", "A Coruña, Galicia, ES"),
        ("東京", "Tokyo, Tokyo, JP"),
        ("San Jose, CA", "San Jose, California, US"),
        ("London, CA", "London, Ontario, CA"),
        ("12 Alder St, Portland, OR", "Portland, Oregon, US"),
    ],
)
def test_towns_are_understood_as_people_type_them(gazetteer, typed, expected):
    assert label(gazetteer.resolve(typed)) == expected


@pytest.mark.parametrize(
    "names",
    [
        ("München", "Munich", "Muenchen", "Munchen, Germany"),
        ("Köln", "Cologne", "Koeln", "koln, deutschland"),
        ("Wien", "Vienna", "Vienne, Autriche"),
        ("Zürich", "Zurich", "Zuerich, Schweiz"),
        ("Tokyo", "Tōkyō", "東京"),
    ],
)
def test_all_names_of_a_town_lead_to_it(gazetteer, names):
    assert len({label(gazetteer.resolve(name)) for name in names}) == 1


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("97214", "97214, Portland, Oregon, US"),
        ("97214-1234", "97214, Portland, Oregon, US"),
        ("97214, US", "97214, Portland, Oregon, US"),
        ("Portland 97214", "97214, Portland, Oregon, US"),
        ("V6B", "V6B, Vancouver, British Columbia, CA"),
        ("v6b1a1", "V6B, Vancouver, British Columbia, CA"),
        ("Vancouver BC V6B 1A1", "V6B, Vancouver, British Columbia, CA"),
        ("10115 Berlin", "10115, Berlin, Berlin, DE"),
        ("D-10115", "10115, Berlin, Berlin, DE"),
        ("75001 Paris", "75001, Paris, Île-de-France, FR"),
        ("3000 Melbourne", "3000, Melbourne, Victoria, AU"),
        ("8001 Zürich", "8001, Zürich, Zürich, CH"),
        ("1010 Wien", "1010, Vienna, Vienna, AT"),
        ("1012 AB Amsterdam", "1012, Amsterdam, North Holland, NL"),
        ("00-001 Warszawa", "00-001, Warszawa, Mazovia, PL"),
    ],
)
def test_postal_codes_are_understood_alone_and_beside_a_town(gazetteer, typed, expected):
    assert label(gazetteer.resolve(typed)) == expected


def test_a_code_of_several_countries_is_ours_first_and_offers_the_others(gazetteer):
    found = gazetteer.resolve("10115")

    assert found.place.country == "US"
    assert "10115, Berlin, Berlin, DE" in labels(found.alternatives)


def test_a_country_that_is_given_decides_a_code(gazetteer):
    assert label(gazetteer.resolve("10115", country="DE")) == "10115, Berlin, Berlin, DE"


def test_a_country_that_is_given_holds_back_the_bigger_ones_elsewhere(gazetteer):
    assert label(gazetteer.resolve("Portland", country="AU")) == "Portland, Victoria, AU"
    assert gazetteer.resolve("Boulder, Colorado", country="GB").place is None


def test_the_biggest_of_a_name_is_chosen_and_the_others_offered(gazetteer):
    found = gazetteer.resolve("Portland")

    offered = labels(found.alternatives)
    assert offered[0] == "Portland, Maine, US"
    assert len(offered) == len(set(offered)) <= 7
    sizes = [place.population for place in found.alternatives]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("typed", "kind", "expected"),
    [
        ("Colorado", "region", "Colorado, US"),
        ("OR", "region", "Oregon, US"),
        ("Georgia", "region", "Georgia, US"),
        ("Cornwall", "area", "Cornwall, GB"),
        ("Scotland", "region", "Scotland, GB"),
        ("Bayern", "region", "Bavaria, DE"),
        ("Austria", "country", "Austria"),
        ("Österreich", "country", "Austria"),
        ("U.S.A.", "country", "United States"),
        ("Great Britain", "country", "United Kingdom"),
        ("Washington", "town", "Washington, District of Columbia, US"),
        ("Luxembourg", "country", "Luxembourg"),
        ("Netherlands", "country", "The Netherlands"),
        ("Niederlande", "country", "The Netherlands"),
        ("Frankrijk", "country", "France"),
        ("Irlanda", "country", "Ireland"),
        ("Stati Uniti", "country", "United States"),
        ("Alemanha", "country", "Germany"),
        ("Royaume-Uni", "country", "United Kingdom"),
        ("Trinidad & Tobago", "country", "Trinidad and Tobago"),
        ("Granada", "town", "Granada, Andalusia, ES"),
        ("Québec", "region", "Québec, CA"),
        ("Oklahoma", "region", "Oklahoma, US"),
        ("Brandenburg", "region", "Brandenburg, DE"),
        ("Schwyz", "region", "Schwyz, CH"),
        ("Mexico", "country", "Mexico"),
        ("Panama", "country", "Panama"),
        ("Guatemala", "country", "Guatemala"),
        ("New York", "town", "New York City, New York, US"),
        ("São Paulo", "town", "São Paulo, São Paulo, BR"),
        ("Zürich", "town", "Zürich, Zürich, CH"),
        ("Genève", "town", "Geneva, Genève, CH"),
        ("Bern", "town", "Bern, Bern, CH"),
        ("Salzburg", "town", "Salzburg, Salzburg, AT"),
        ("Utrecht", "town", "Utrecht, Utrecht, NL"),
        ("Groningen", "town", "Groningen, Groningen, NL"),
        ("Murcia", "town", "Murcia, Murcia, ES"),
        ("Bremen", "town", "Bremen, Bremen, DE"),
        ("Hamburg", "town", "Hamburg, Hamburg, DE"),
        ("Berlin", "town", "Berlin, Berlin, DE"),
        ("Orkney", "area", "Orkney, GB"),
        ("St Croix", "area", "St Croix, VI"),
    ],
)
def test_a_bare_region_or_country_is_itself_unless_a_town_is_usually_meant(
    gazetteer, typed, kind, expected
):
    place = gazetteer.resolve(typed).place

    assert (place.kind, place.label) == (kind, expected)


def test_the_state_is_offered_beside_the_city(gazetteer):
    assert "Washington, US" in labels(gazetteer.resolve("Washington").alternatives)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("Bolder, CO", "Boulder, Colorado, US"),
        ("Bolder CO", "Boulder, Colorado, US"),
        ("Portlnd", "Portland, Oregon, US"),
        ("Portland, Orgon", "Portland, Oregon, US"),
        ("Ashville NC", "Asheville, North Carolina, US"),
        ("San Francsico", "San Francisco, California, US"),
        ("Colorad", "Colorado, US"),
    ],
)
def test_an_unknown_spelling_is_not_guessed_but_suggested(gazetteer, typed, nearest):
    found = gazetteer.resolve(typed)

    assert found.place is None
    assert found.suggestions[0] == nearest
    assert len(found.suggestions) <= 5


@pytest.mark.parametrize(
    "typed", ["", "   ", "xqzzvy", "!!", "😀", "\0", "\ud800", "%", "_", "a" * 101]
)
def test_words_near_nothing_get_no_place_and_no_suggestion(gazetteer, typed):
    found = gazetteer.resolve(typed)

    assert (found.place, found.alternatives, found.suggestions) == (None, (), ())


@pytest.mark.parametrize(
    ("address", "expected", "precision"),
    [
        ({"locality": "Portland", "region": "OR", "postcode": "97214", "country": "US"}, "97214, Portland, Oregon, US", "postcode"),
        ({"locality": "Boulder", "region": "Colorado", "country": "United States"}, "Boulder, Colorado, US", "locality"),
        ({"locality": "Köln", "country": "Germany"}, "Köln, North Rhine-Westphalia, DE", "locality"),
        ({"locality": "Austin", "country": "US"}, "Austin, Texas, US", "locality"),
        ({"locality": "Boulder", "country": "US"}, "Boulder, Colorado, US", "locality"),
        ({"locality": "Paris", "country": "FR"}, "Paris, Île-de-France, FR", "locality"),
        ({"locality": "Springfield", "region": "Illinois", "country": "US"}, "Springfield, Illinois, US", "locality"),
        ({"locality": "Berlin", "postcode": "10115"}, "10115, Berlin, Berlin, DE", "locality"),
        ({"locality": "Totnes", "postcode": "TQ9 5DR", "country": "GB"}, "TQ9 5, Totnes, England, GB", "postcode"),
        ({"postcode": "V6B 1A1", "country": "CA"}, "V6B, Vancouver, British Columbia, CA", "postcode"),
    ],
)  # fmt: skip
def test_an_address_is_placed_as_precisely_as_it_allows(gazetteer, address, expected, precision):
    located = gazetteer.locate(**address)

    assert (label(located), located.precision, located.ambiguous) == (expected, precision, False)


@pytest.mark.parametrize("locality", ["Springfield", "Portland"])
def test_a_locality_that_may_be_several_is_ambiguous(gazetteer, locality):
    located = gazetteer.locate(locality=locality, country="US")

    assert located.ambiguous
    assert located.place is None
    assert len(located.alternatives) > 1


def test_a_postcode_far_from_its_locality_is_left_aside_with_a_note(gazetteer):
    located = gazetteer.locate(locality="Boulder", region="CO", postcode="97214", country="US")

    assert label(located) == "Boulder, Colorado, US"
    assert located.precision == "locality"
    assert "km from Boulder" in located.note


@pytest.mark.parametrize(
    "address",
    [{"country": "US"}, {"region": "Oregon", "country": "US"}, {"country": "Narnia"}, {}],
)
def test_a_country_alone_places_nothing(gazetteer, address):
    located = gazetteer.locate(**address)

    assert (located.place, located.precision, located.ambiguous) == (None, None, False)


def test_an_unknown_locality_gets_suggestions_in_its_country(gazetteer):
    located = gazetteer.locate(locality="Bouldr", country="US")

    assert located.place is None
    assert located.suggestions[0] == "Boulder, Colorado, US"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("portl", "Portland, Oregon, US"),
        ("portland, m", "Portland, Maine, US"),
        ("portland m", "Portland, Maine, US"),
        ("boulder, c", "Boulder, Colorado, US"),
        ("münc", "Munich, Bavaria, DE"),
        ("saint l", "St. Louis, Missouri, US"),
        ("9721", "9721, Groningen, Groningen, NL"),
        ("97214", "97214, Portland, Oregon, US"),
        ("v6b 1", "V6B, Vancouver, British Columbia, CA"),
    ],
)
def test_suggestions_come_as_one_types(gazetteer, typed, first):
    assert gazetteer.suggest(typed)[0].label == first


def test_suggestions_need_two_letters_and_keep_to_their_limit(gazetteer):
    assert gazetteer.suggest("p") == ()
    assert len(gazetteer.suggest("po")) == 6
    assert len(gazetteer.suggest("po", limit=2)) == 2
    assert gazetteer.suggest("po", limit=0) == ()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("boulder", (0, 1, "Boulder, Colorado, US")),
        ("massage for babies in Paris Texas please", (4, 6, "Paris, Texas, US")),
        ("migraine hay on wye", (1, 4, "Hay-on-Wye, Wales, GB")),
        ("tmj new york city", (1, 4, "New York City, New York, US")),
        ("colic V6B 1A1", (1, 3, "V6B, Vancouver, British Columbia, CA")),
        ("midwife Boulder, CO", (1, 3, "Boulder, Colorado, US")),
        ("nice massage", None),
        ("help me or else", None),
        ("back pain 2024", None),
        ("", None),
    ],
)
def test_places_are_found_among_other_words(gazetteer, words, found):
    run = gazetteer.find_in(words.split())

    assert (run and (run[0], run[1], run[2].label)) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("reading please", (0, 1, "Reading, England, GB")),
        ("nelson bc soon", (0, 2, "Nelson, British Columbia, CA")),
        ("maybe boulder", None),
    ],
)
def test_after_near_the_place_begins_at_once(gazetteer, words, found):
    run = gazetteer.find_in(words.split(), start_only=True)

    assert (run and (run[0], run[1], run[2].label)) == found


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        (40.02, -105.25, "Boulder, Colorado, US"),
        (51.5, -0.1, "London, England, GB"),
        (-16.8, 179.99, "Savusavu, Northern, FJ"),
        (-16.8, -179.99, "Savusavu, Northern, FJ"),
        (78.2, 15.6, "Longyearbyen, Svalbard, SJ"),
    ],
)
def test_the_nearest_town_is_found(gazetteer, lat, lon, expected):
    assert gazetteer.nearest(Point(lat, lon)).label == expected


@pytest.mark.parametrize(("lat", "lon"), [(25, -45), (90, 0), (-90, 180)])
def test_far_from_any_town_there_is_none(gazetteer, lat, lon):
    assert gazetteer.nearest(Point(lat, lon)) is None


odd = st.one_of(
    st.text(st.characters(), max_size=120),
    st.text("abcdeinorst ,'-\u200f\u202e%_\0\ud800", max_size=30),
    st.sampled_from(["x" * 10_000, "near 'x' OR 1=1 --", "مرحبا \u202e", "0" * 99, ",,,", "١٢٣٤٥", "²³¹ ½"]),
)  # fmt: skip


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(odd)
def test_no_text_raises(gazetteer, text):
    gazetteer.resolve(text)
    gazetteer.resolve(text, country=text)
    gazetteer.suggest(text)
    gazetteer.find_in(text.split())
    gazetteer.find_in([text])
    gazetteer.locate(locality=text, region=text, postcode=text, country=text)


def test_a_country_that_no_database_would_take_is_no_country(gazetteer):
    assert gazetteer.resolve("Portlnd", country="\ud800").place is None


def test_an_empty_database_says_that_it_is_not_loaded(tmp_path, gazetteer):
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")

    assert not Gazetteer(engine).is_loaded()
    assert gazetteer.is_loaded()
    engine.dispose()


def test_many_threads_may_ask_at_once(gazetteer):
    towns = ["Boulder, CO", "Portlnd", "97214", "München", "Nelson"] * 10

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(gazetteer.resolve, towns))

    assert answers[:5] * 10 == answers


def test_answers_at_hand_are_bounded_and_the_latest_stay():
    asked = []

    def fetch(keys):
        asked.extend(keys)
        return {key: (key,) for key in keys}

    recent = Recent(fetch)
    for number in range(KEPT):
        recent.get([str(number)])
    recent.get(["0"])
    recent.get(["one more"])

    recent.get(["0"])
    assert asked.count("0") == 1
    recent.get(["1"])
    assert asked.count("1") == 2
