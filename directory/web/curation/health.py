"""How the directory is, with buttons to mend it; and the settings in force."""

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from directory import __version__
from directory.edge import actor, admin, runtime
from directory.usecases.curation import health
from directory.usecases.mailing import delivery
from directory.web.responses import see

blueprint = Blueprint("health", __name__, url_prefix="/admin")


@blueprint.get("/health")
@admin
def show() -> str:
    """Every figure, and what is good."""
    here = runtime()
    with here.reading() as session:
        found = health.look(session, here.config, here.reader, by=actor(), at=here.clock())
    return render_template(
        "curation/health.html", health=found, now=here.clock(), version=__version__, size=_size
    )


@blueprint.get("/health/index")
@admin
def index() -> str:
    """The index alone: a page asks for it again and again while a rebuild is at work."""
    here = runtime()
    with here.reading() as session:
        found = health.index(session, here.reader, by=actor())
    return render_template("curation/_index.html", index=found, now=here.clock())


@blueprint.post("/health/rebuild")
@admin
def rebuild() -> Response:
    """Ask for a fresh index; the indexer builds it, whoever leaves the page."""
    here = runtime()
    with here.transaction() as session:
        new = health.ask_rebuild(session, by=actor(), at=here.clock())
    flash(
        _("The index is being rebuilt; the one there is serves meanwhile.")
        if new
        else _("A rebuild is at work already."),
        "info",
    )
    return see(url_for(".show"))


@blueprint.post("/health/compare")
@admin
def compare() -> Response:
    """Ask for a comparison of index and database."""
    here = runtime()
    with here.transaction() as session:
        health.ask_comparison(session, by=actor(), at=here.clock())
    flash(_("Index and database are being compared."), "info")
    return see(url_for(".show"))


@blueprint.post("/health/mail/<id:mail_id>")
@admin
def revive(mail_id: int) -> Response:
    """Try a mail again that was given up."""
    here = runtime()
    with here.transaction() as session:
        delivery.revive(session, mail_id, by=actor(), at=here.clock())
    flash(_("The mail will be tried again."), "info")
    return see(url_for(".show"))


def _size(number: int) -> str:
    """Bytes as people say them."""
    amount, units = float(number), ["B", "kB", "MB", "GB", "TB"]
    while amount >= 1000 and len(units) > 1:
        amount /= 1000
        units.pop(0)
    return (
        f"{amount:.1f} {units[0]}"
        if amount < 10 and units[0] != "B"
        else f"{amount:.0f} {units[0]}"
    )
