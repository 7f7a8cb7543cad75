"""The settings in force, and the rule that admins may change."""

import os
from urllib.parse import urlsplit

from flask import Blueprint, flash, request, url_for
from flask import Response as PageResponse
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from directory.config import Config
from directory.config.values import SETTINGS
from directory.edge import actor, admin, runtime
from directory.errors import Invalid
from directory.schemas import read
from directory.schemas.curation import RulesSchema
from directory.usecases.listings.fields import FIELDS
from directory.usecases.practitioners import rules
from directory.web.responses import rendered, see

blueprint = Blueprint("settings", __name__, url_prefix="/admin")


MASK = "••••••"


@blueprint.get("/settings")
@admin
def settings() -> PageResponse:
    """The settings in force, and the rule that admins may change."""
    return _settings()


@blueprint.post("/settings")
@admin
def change_rule() -> Response:
    """Change which edits go live without an admin."""
    here = runtime()
    try:
        wanted = read(RulesSchema(), request.form)["field"]
        with here.transaction() as session:
            rules.set_low_risk(session, wanted, by=actor(), at=here.clock())
    except Invalid as error:
        return _settings(error)
    flash(_("The rule is changed."), "info")
    return see(url_for(".settings"))


def _settings(error: Invalid | None = None) -> PageResponse:
    here = runtime()
    with here.reading() as session:
        chosen = rules.low_risk(session)
    return rendered(
        "curation/settings.html",
        error,
        settings=_in_force(here.config),
        may=[(name, FIELDS[name]) for name in rules.MAY_GO_LIVE_AT_ONCE],
        chosen=chosen,
        errors={"field": error.fields.get("fields", [])} if error else {},
    )


def _in_force(config: Config) -> list[tuple[str, str, bool]]:
    """Name, value, and whether the environment says so (else it is what we choose)."""
    return [
        (name, _shown(name, getattr(config, name.lower())), bool(os.environ.get(name, "").strip()))
        for name in SETTINGS
    ]


def _shown(name: str, value: object) -> str:
    if name == "SECRET_KEY":
        return MASK
    if isinstance(value, tuple):
        return ", ".join("=".join(one) if isinstance(one, tuple) else str(one) for one in value)
    return _without_password(str(value))


def _without_password(text: str) -> str:
    """An address of a server without what opens it, which may stand in its query, too."""
    if "://" not in text:
        return text
    parts = urlsplit(text)
    where = parts.netloc.rpartition("@")
    netloc = f"{MASK}@{where[2]}" if where[0] else parts.netloc
    query = f"?{MASK}" if parts.query else ""
    return f"{parts.scheme}://{netloc}{parts.path}{query}"
