"""Pages about the site itself, and what machines ask of it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from directory import outages
from directory.edge import public, runtime
from directory.errors import SearchUnavailable
from directory.usecases.curation import figures
from directory.usecases.visitors import looking
from directory.web.site import libraries

blueprint = Blueprint("about", __name__)

PLACES_CREDITS = Path(__file__).parents[2] / "places" / "data" / "credits.json"
# Front-end libraries: name, licence, and where its text stands.
LIBRARIES = (
    ("htmx", "0BSD", "vendor/htmx/LICENSE"),
    ("Leaflet", "BSD 2-Clause", "vendor/leaflet/LICENSE"),
    ("Leaflet.markercluster", "MIT", "vendor/markercluster/LICENSE"),
    ("topojson-client", "ISC", "vendor/topojson/LICENSE"),
    ("Swagger UI", "Apache 2.0", "vendor/swagger-ui/LICENSE"),
)


@blueprint.get("/about/cst")
@public
def cst() -> str:
    """What CST is, what the evidence says, and when not to have it."""
    return render_template("about/cst.html")


@blueprint.get("/about/ranking")
@public
def ranking() -> str:
    """The whole ranking rule."""
    return render_template("about/ranking.html")


@blueprint.get("/about/privacy")
@public
def privacy() -> str:
    """What we know of a visitor: next to nothing."""
    return render_template("about/privacy.html")


@blueprint.get("/about/health-data")
@public
def health_data() -> str:
    """The consumer health data policy that Washington State's law asks for."""
    return render_template("about/health-data.html")


@blueprint.get("/about/accessibility")
@public
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("about/accessibility.html", contact=runtime().config.contact_email)


@blueprint.get("/about/attribution")
@public
def attribution() -> str:
    """Whose data and programs the site stands on."""
    return render_template(
        "about/attribution.html",
        credits=_credits(),
        libraries=LIBRARIES,
        programs=libraries.installed(),
    )


@cache
def _credits() -> list[dict[str, Any]]:
    sources: list[dict[str, Any]] = json.loads(PLACES_CREDITS.read_text("utf-8"))
    return sources


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """Whether the process answers at all."""
    return _never_kept(jsonify(status="ok"))


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """Whether the database and the index can be used, at once; 503 and the reasons when not.

    In one line of JSON: each part that is not ready, with the sentence that `doctor` has for it.
    """
    here = runtime()
    problems: dict[str, str] = {}
    if here.warming:
        problems["warm"] = "What is read in advance is not read yet."
    body: dict[str, object] = {"status": "ok"}
    try:
        with here.reading() as session:
            looking.has_demo(session)
    except Exception as error:  # whatever keeps the database away is the answer
        problems["database"] = outages.sentence(error, here.engine)
    try:
        status = here.reader.status()
        body["index"] = {"generation": status.generation, "listings": status.listings}
    except SearchUnavailable as error:
        problems["index"] = figures.trouble(error)
    if problems:
        body = {"status": "unavailable", "reasons": problems}
    response = jsonify(body)
    if problems:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return _never_kept(response)


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
