"""The OpenAPI document, and a page that shows it with nothing from elsewhere."""

from flask import Blueprint, Response, current_app, render_template

from directory.api.described import document
from directory.api.outside import SLOW, tagged
from directory.api.problems import answer_errors_of
from directory.api.sharing import MOST, WINDOW
from directory.api.written import dumps
from directory.edge import public, runtime

blueprint = Blueprint("api_docs", __name__, url_prefix="/api")
answer_errors_of(blueprint)


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """The OpenAPI 3.1 document of this API."""
    parts = {name: dumps(part) for name, part in document(current_app).items()}
    return tagged(parts, keep=SLOW)


@blueprint.get("/docs")
@public
def docs() -> str:
    """The page for people; its script draws the document."""
    config = runtime().config
    return render_template(
        "api/docs.html",
        site_name=config.site_name,
        contact_email=config.contact_email,
        most=MOST,
        window=WINDOW,
    )
