"""The pages: what people see, and how they are told when something is not there."""

from flask import Flask

from directory.web import crawlers, errors, metrics, pages, visitors, wording


def init(app: Flask) -> None:
    """Register every page, the words that templates use, and the error pages."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    wording.init(app)
    app.register_blueprint(visitors.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(crawlers.blueprint)
    metrics.init(app)
    errors.init(app)
