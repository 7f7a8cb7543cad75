"""The sites are asked what the engines are asked."""

import sqlite3
from itertools import islice
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from directory.measured import STAGES
from directory.schemas import read
from directory.schemas.search import SearchSchema
from tests.bench.listings import documents
from tests.bench.questions import questions
from tests.bench.web import addresses, load, stages
from tests.bench.web.contest import API
from tests.bench.web.peer import Datasette

LISTINGS = 60


def test_no_address_is_asked_twice():
    unasked = addresses.Unasked(LISTINGS)

    asked = [*unasked.of(API, 90), *unasked.of(API, 90)]

    assert len(set(asked)) == len(asked) == 180


def test_stages_and_the_rest_are_the_whole_request():
    before = dict.fromkeys((*STAGES, stages.REST), (1.0, 10))
    after = {**dict.fromkeys(STAGES, (1.01, 20)), stages.REST: (1.1, 20)}

    took = stages.each(before, after)

    assert sum(took.values()) == pytest.approx(10)
    assert took["index"] == pytest.approx(1)


@pytest.mark.parametrize("question", questions(LISTINGS, count=9), ids=lambda q: q.kind)
def test_our_address_reads_back_as_the_question(question):
    query = question.query
    parameters = parse_qs(urlsplit(addresses.ours(API, query)).query)

    wanted = read(SearchSchema(), MultiDict(parameters))

    assert wanted.q == " ".join(query.words.all_of)
    assert wanted.chosen() == query.chosen
    assert wanted.accepting == query.accepting
    if query.circle:
        assert wanted.within_km == query.circle.km
        assert wanted.lat == pytest.approx(query.circle.centre.lat, abs=1e-4)


def test_datasette_is_asked_for_every_filter():
    question = next(q for q in questions(LISTINGS) if len(q.query.chosen.get("profession", ())) > 1)

    parameters = parse_qs(urlsplit(addresses.datasette("/x.json", question.query)).query)

    assert all(slug in parameters["_where"][0] for slug in question.query.chosen["profession"])
    assert parameters["_facet_array"] == ["profession", "condition"]


def test_datasette_has_the_same_listings(tmp_path):
    Datasette(tmp_path).fill(documents(LISTINGS))

    db = sqlite3.connect(tmp_path / "listings.db")
    listings = db.execute("SELECT id, name FROM listing ORDER BY id").fetchall()
    found = db.execute("SELECT count(*) FROM listing_fts WHERE listing_fts MATCH 'united'")

    assert listings == [(d.listing_id, d.name) for d in islice(documents(LISTINGS), LISTINGS)]
    assert found.fetchone() == (LISTINGS,)
    db.close()


def test_without_wrk_it_is_said_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "apt-get install wrk" in load.missing()
