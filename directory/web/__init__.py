"""The pages: what people see, and how they are told when something is not there."""

from flask import Flask

from directory.edge import is_for_somebody, opened
from directory.web import (
    accounts,
    curation,
    imports,
    moderation,
    practitioners,
    responses,
    site,
    staff,
    visitors,
)
from directory.web.accounts import roles, sign_in
from directory.web.formatting import filters
from directory.web.formatting.folding import Pages
from directory.web.site import bodies, errors, metrics

__all__ = ["Pages", "init"]

WINGS = (visitors, practitioners, moderation, curation, imports, accounts, site)


def init(app: Flask) -> None:
    """Register every page, the words that templates use, and the error pages."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    bodies.init(app)
    app.jinja_env.globals.update(is_for_somebody=is_for_somebody, opened=opened)
    responses.init(app)
    filters.init(app)
    staff.init(app)
    metrics.init(app)
    for wing in WINGS:
        for blueprint in wing.BLUEPRINTS:
            app.register_blueprint(blueprint)
    sign_in.init(app)
    roles.init(app)
    errors.init(app)
