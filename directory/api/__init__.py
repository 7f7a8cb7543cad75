"""The search as JSON: the same use-cases as the pages', described by OpenAPI."""

from flask import Flask

from directory.api import docs, problems, sharing, v1
from directory.api.described import make_api
from directory.edge import Runtime


def init(app: Flask) -> None:
    """Add the API to the app; its errors are problem details, all others stay the pages'."""
    here: Runtime = app.extensions["stillpoint"]
    app.before_request(problems.refuse_unknown)
    sharing.init(app)
    make_api(app, here.config).register_blueprint(v1.blueprint)
    app.register_blueprint(docs.blueprint)
