"""What goes wrong between browser and site is told in our words, on pages and by the API."""

import pytest
from werkzeug.exceptions import default_exceptions

from directory.edge import public
from directory.web.site.errors import words

FAILING = sorted(code for code in default_exceptions if code >= 400)


@pytest.fixture
def failing(own_app):
    """A client of a site with a page, and an answer of the API, that fail in each way."""

    @own_app.get("/fail/<int:code>", endpoint="fail")
    @own_app.get("/api/fail/<int:code>", endpoint="api.fail")
    @public
    def fail(code):
        raise default_exceptions[code]()

    own_app.testing = False
    own_app.config["PROPAGATE_EXCEPTIONS"] = False
    return own_app.test_client()


def test_no_page_of_an_error_speaks_in_the_words_of_the_protocol(failing):
    for code in FAILING:
        answer = failing.get(f"/fail/{code}")
        fragment = failing.get(f"/fail/{code}", headers={"HX-Request": "true"})

        assert answer.status_code == fragment.status_code == code
        for page in (answer, fragment):
            theirs = default_exceptions[code].description or "no description"
            assert theirs not in page.text.replace("&#39;", "'")
        assert "<h1" in answer.text
        assert "Stillpoint" in answer.text


def test_no_problem_of_the_api_does_either(failing):
    for code in FAILING:
        answer = failing.get(f"/api/fail/{code}")

        assert answer.mimetype == "application/problem+json"
        assert answer.json["detail"] != default_exceptions[code].description
        assert len(answer.json["detail"]) < 90


def test_what_is_too_large_is_said_to_be(client):
    page = client.post("/account/sign-in", data={"email": "x" * 2_000_000})

    assert page.status_code == 413
    assert "What was sent is too large." in page.text


def test_each_common_error_has_words_of_its_own(app):
    with app.test_request_context():
        told = {words(code) for code in (400, 405, 408, 413, 414, 415, 429, 431)}

    assert len(told) == 8
