"""The pages: what people see, and how they are told when something is not there."""

from flask import Flask

from directory.web import (
    accounts,
    claiming,
    confirming,
    consenting,
    crawlers,
    editing,
    errors,
    helping,
    metrics,
    own_data,
    pages,
    portraits,
    practitioners,
    standing,
    visitors,
    wording,
)


def init(app: Flask) -> None:
    """Register every page, the words that templates use, and the error pages."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    wording.init(app)
    app.register_blueprint(visitors.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(crawlers.blueprint)
    app.register_blueprint(confirming.blueprint)
    app.register_blueprint(standing.blueprint)
    app.register_blueprint(portraits.blueprint)
    app.register_blueprint(practitioners.blueprint)
    for own in (claiming, consenting, helping, own_data):
        app.register_blueprint(own.blueprint)
    accounts.init(app)
    editing.init(app)
    metrics.init(app)
    errors.init(app)
