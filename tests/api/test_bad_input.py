"""Whatever is asked, the answer is a good one or one clear problem."""

import time

URL = "/api/v1/practitioners"
PROBLEM = "application/problem+json"

# What is asked, and the parameter that is to blame.
REFUSED = (
    ({"q": "a" * 10_000}, "q"),
    ({"q": "(" * 2_000}, "q"),
    ({"q": ["one", "two"]}, "q"),
    ({"near": ["Boulder", "Denver"]}, "near"),
    ({"near": "Xyzzyqq"}, "near"),
    ({"near": "a" * 1_000}, "near"),
    ({"near": "Boulder, CO", "lat": "1", "lon": "2"}, "near"),
    ({"lat": "abc", "lon": "1"}, "lat"),
    ({"lat": "nan", "lon": "1"}, "lat"),
    ({"lat": "90.1", "lon": "1"}, "lat"),
    ({"lat": "1"}, "lon"),
    ({"lon": "1"}, "lat"),
    ({"lat": ["1", "2"], "lon": "1"}, "lat"),
    ({"lat": "1", "lon": "1e400"}, "lon"),
    ({"near": "Boulder, CO", "within": "-5"}, "within"),
    ({"near": "Boulder, CO", "within": "501km"}, "within"),
    ({"near": "Boulder, CO", "within": "nan"}, "within"),
    ({"near": "Boulder, CO", "within": "far"}, "within"),
    ({"within": ["5km", "6km"]}, "within"),
    ({"profession": "wizard"}, "profession"),
    ({"profession": ["chiropractor", "wizard"]}, "profession"),
    ({"condition": "dragons"}, "condition"),
    ({"language": "zz"}, "language"),
    ({"credential": "phd"}, "credential"),
    ({"ages": "eternal"}, "ages"),
    ({"access": "moat"}, "access"),
    ({"accepting": "perhaps"}, "accepting"),
    ({"home_visits": ["1", "1"]}, "home_visits"),
    ({"sort": "price"}, "sort"),
    ({"sort": ["name", "name"]}, "sort"),
    ({"page": "0"}, "page"),
    ({"page": "-1"}, "page"),
    ({"page": "one"}, "page"),
    ({"page": ["1", "2"]}, "page"),
    ({"per_page": "0"}, "per_page"),
    ({"per_page": "101"}, "per_page"),
    ({"bbox": "1,2,3"}, "bbox"),
    ({"bbox": "0,50,1,40"}, "bbox"),
    ({"bbox": "nan,0,1,1"}, "bbox"),
    ({"bbox": "-181,0,1,1"}, "bbox"),
    ({"format": "xml"}, "format"),
    ({"facets": "some"}, "facets"),
    ({"fields": "slug,password"}, "fields"),
    ({"day": "yesterday"}, "day"),
    ({"day": "2020-01-01"}, "day"),
    ({"day": "2999-01-01"}, "day"),
    ({"nonsense": ["1", "2"]}, "nonsense"),
)
ODD = (
    {"q": "(" * 200},
    {"q": "\x00migraine\x00"},
    {"q": "*"},
    {"q": "?"},
    {"q": "NOT NOT NOT"},
    {"q": "AND OR name:[a TO"},
    {"q": '"'},
    {"q": "-"},
    {"q": "-migraine"},
    {"q": "\u202egraine\u202c"},
    {"q": "\U0001f49c\U0001f49c"},
    {"q": "' OR 1=1 --"},
    {"q": "{{7*7}}"},
    {"q": "%s%s%n"},
    {"q": "%"},
    {"page": str(10**30)},
    {"page": str(10**30), "per_page": "100", "near": "Boulder, CO"},
    {"near": "Boulder, CO", "within": "0.001"},
    {"lat": "0", "lon": "0"},
    {"lat": "90", "lon": "180", "within": "500km"},
    {"lat": "-90", "lon": "-180"},
)


def test_what_cannot_be_meant_is_refused_with_the_parameter_named(indexed, client, subtests):
    for params, blamed in REFUSED:
        with subtests.test(str(params)[:80]):
            response = client.get(URL, query_string=params)

            assert response.status_code == 422
            assert response.content_type == PROBLEM
            assert response.json["type"].endswith("/api/docs#invalid-parameters")
            assert response.json["title"] == "Invalid parameters"
            assert response.json["status"] == 422
            assert blamed in response.json["detail"]
            assert list(response.json["errors"]) == [blamed]
            assert all(response.json["errors"][blamed])


def test_what_is_merely_odd_is_answered_at_once(indexed, client, subtests):
    client.get(URL)
    for params in ODD:
        with subtests.test(str(params)[:80]):
            began = time.perf_counter()
            response = client.get(URL, query_string=params)

            assert response.status_code == 200, response.text
            assert time.perf_counter() - began < 1


def test_a_page_beyond_the_end_is_empty(indexed, client):
    answer = client.get(URL, query_string={"page": str(10**30)}).json

    assert answer["results"] == []
    assert answer["total"] > 0


def test_an_unknown_place_comes_with_the_nearest_spellings(indexed, client):
    problem = client.get(URL, query_string={"near": "Bouldr"}).json

    told = " ".join(problem["errors"]["near"]) + str(problem.get("instead"))
    assert "Boulder" in told


def test_a_refused_search_offers_searches_that_work(indexed, client):
    problem = client.get(URL, query_string={"near": "Bouldr", "profession": "chiropractor"}).json

    assert problem["instead"]
    for way in problem["instead"]:
        assert "profession=chiropractor" in way["url"]
        there = client.get(way["url"].removeprefix(indexed.config.base_url))
        assert there.status_code == 200


def test_an_unknown_address_under_api_is_a_problem(client):
    for path in (
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/practitioners",
        "/api/v1/practitioners/a/b",
    ):
        response = client.get(path)

        assert response.status_code == 404
        assert response.content_type == PROBLEM
        assert response.json["title"] == "Not Found"


def test_an_unknown_page_is_no_problem_document(client):
    response = client.get("/no-such-page")

    assert response.status_code == 404
    assert response.mimetype == "text/html"


def test_a_method_that_is_not_allowed_names_those_that_are(client, subtests):
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"):
        with subtests.test(method):
            response = client.open(URL, method=method)

            assert response.status_code == 405
            assert response.content_type == PROBLEM
            assert {"GET", "HEAD"} <= {m.strip() for m in response.headers["Allow"].split(",")}


def test_head_and_options_are_answered_without_a_body(indexed, client):
    head = client.head(URL)
    options = client.options(URL)

    assert head.status_code == 200
    assert head.data == b""
    assert head.headers["ETag"]
    assert options.status_code == 200
    assert "GET" in options.headers["Allow"]


def test_a_failure_of_ours_tells_nothing_of_our_insides(app, runtime, monkeypatch):
    app.testing = False
    monkeypatch.setattr(type(runtime), "today", lambda self: 1 / 0)

    response = app.test_client().get(URL)

    assert response.status_code == 500
    assert response.content_type == PROBLEM
    assert response.json == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something went wrong on our side.",
    }
