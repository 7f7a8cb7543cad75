"""Hundreds of made-up requests: each answer is one that the OpenAPI document promises."""

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from tests import full

load_all_checks()
PROMISES = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    )
]
# In-process answers are not unpacked by anybody.
PLAIN = {"Accept-Encoding": "identity"}
TO_THE_LETTER = ("lat", "lon", "day", "bbox", "fields", "since")
PATHS = {
    "/api/v1/practitioners",
    "/api/v1/practitioners/{slug}",
    "/api/v1/changes",
    "/api/v1/professions",
    "/api/v1/conditions",
    "/api/v1/credentials",
    "/api/v1/suggest",
}


@pytest.fixture
def document(app, indexed):
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


@pytest.fixture
def informed(document, indexed):
    """The document, were it to name what there is: then most questions find something.

    A position is left out, for it excludes a place in words; so is what must be right to the letter.
    """
    taxonomy = indexed.taxonomy
    known = {
        "profession": list(taxonomy.professions),
        "condition": list(taxonomy.conditions),
        "credential": list(taxonomy.credentials),
        "language": ["en", "es", "de", "fr"],
        "ages": ["infants", "adults"],
        "access": ["parking", "wheelchair"],
        "near": ["Boulder, CO", "Portland", "London", "München"],
        "within": ["5km", "25mi", "500"],
        "slug": ["rowan-testerly", "maple", "birch-unseen"],
    }
    raw = document.raw_schema
    for path in raw["paths"].values():
        operation = path["get"]
        for parameter in (*operation["parameters"], *path.get("parameters", ())):
            if parameter["name"] in known:
                schema = parameter["schema"]
                schema.get("items", schema)["enum"] = known[parameter["name"]]
        operation["parameters"] = [
            one for one in operation["parameters"] if one["name"] not in TO_THE_LETTER
        ]
    made = schemathesis.openapi.from_dict(raw)
    made.app = document.app
    return made


def try_out(operation, mode):
    """Ask some 25 times, always the same questions; gives how often each status came back."""
    statuses = Counter()

    @settings(
        max_examples=25 * full.TIMES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # a failure is told at once, not made smaller for minutes
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def keep_the_promises(case):
        statuses[case.call_and_validate(checks=PROMISES, headers=PLAIN).status_code] += 1

    keep_the_promises()
    return statuses


def test_every_good_question_is_answered_as_promised(document, subtests):
    assert set(document) == PATHS
    for path in sorted(PATHS):
        with subtests.test(path):
            try_out(document[path]["GET"], GenerationMode.POSITIVE)


def test_every_informed_question_is_answered_as_promised(informed, subtests):
    for path in sorted(PATHS):
        with subtests.test(path):
            assert try_out(informed[path]["GET"], GenerationMode.POSITIVE)[200] > 5


@pytest.mark.parametrize("path", ["/api/v1/practitioners", "/api/v1/suggest"])
def test_every_bad_question_is_answered_as_promised(document, path):
    try_out(document[path]["GET"], GenerationMode.NEGATIVE)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_question_in_a_body_is_answered_as_promised(document, mode):
    try_out(document["/api/v1/practitioners"]["POST"], mode)


def test_an_answer_that_breaks_a_promise_would_be_noticed(app, document, monkeypatch):
    broken = {"professions": [{"slug": "x"}]}
    monkeypatch.setitem(app.view_functions, "api.professions", lambda: (broken, 200))
    case = document["/api/v1/professions"]["GET"].Case()

    with pytest.raises(FailureGroup, match="violates schema"):
        case.call_and_validate(checks=PROMISES, headers=PLAIN)
