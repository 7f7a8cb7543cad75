"""The pages: what people see, and how they are told when something is not there."""

from flask import Flask

from directory.web import (
    accounts,
    admin_accounts,
    admin_audit,
    admin_claims,
    admin_health,
    admin_imports,
    admin_placing,
    admin_queue,
    admin_reports,
    admin_review,
    admin_terms,
    admin_tidying,
    admin_trust,
    claiming,
    confirming,
    consenting,
    crawlers,
    editing,
    errors,
    helping,
    languages,
    metrics,
    own_data,
    pages,
    portraits,
    practitioners,
    reporting,
    standing,
    visitors,
    wording,
)


def init(app: Flask) -> None:
    """Register every page, the words that templates use, and the error pages."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    languages.init(app)
    wording.init(app)
    app.register_blueprint(visitors.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(crawlers.blueprint)
    app.register_blueprint(confirming.blueprint)
    app.register_blueprint(standing.blueprint)
    app.register_blueprint(reporting.blueprint)
    for trust in (admin_reports, admin_trust, admin_tidying):
        app.register_blueprint(trust.blueprint)
    app.register_blueprint(portraits.blueprint)
    app.register_blueprint(practitioners.blueprint)
    for own in (claiming, consenting, helping, own_data):
        app.register_blueprint(own.blueprint)
    for staff in (admin_queue, admin_review, admin_claims):
        app.register_blueprint(staff.blueprint)
    accounts.init(app)
    admin_accounts.init(app)
    for tended in (admin_audit, admin_health):
        app.register_blueprint(tended.blueprint)
    for kept in (admin_imports, admin_placing, admin_terms):
        app.register_blueprint(kept.blueprint)
    editing.init(app)
    metrics.init(app)
    errors.init(app)
