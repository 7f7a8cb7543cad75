"""The record of what was done: over all, or of one listing; and as a file."""

import json
from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request

from directory.edge import Runtime, actor, admin, runtime
from directory.files.rosters import writing
from directory.models import Actor, AuditEvent
from directory.schemas import Parameters, read
from directory.schemas.curation import DAYS, EventsSchema
from directory.usecases.audit import trail
from directory.usecases.audit.trail import Sieve
from directory.web.responses import attachment

blueprint = Blueprint("audit", __name__, url_prefix="/admin")

COLUMNS = ("id", "at", "actor", "action", "listing_id", "detail", "hash")


@blueprint.get("/audit")
@admin
def show() -> str:
    """Some events, newest first."""
    here, (sieve, before) = runtime(), _asked(request.args)
    with here.reading() as session:
        found = trail.read(session, sieve, before=before, by=actor(), at=here.clock())
        actions = trail.actions(session)
    return render_template(
        "curation/audit.html",
        found=found,
        sieve=sieve,
        actions=actions,
        days=DAYS,
        asked={name: value for name, value in request.args.items() if name != "before"},
        first=before is None,
    )


@blueprint.post("/audit.csv")
@admin
def download() -> Response:
    """Every event that was asked for, with its hash, as a table; that it was taken is an event."""
    here, (sieve, _), by = runtime(), _asked(request.form), actor()
    with here.transaction() as session:
        trail.exported(session, sieve, by=by, at=here.clock())
    response = Response(_lines(here, sieve, by), content_type="text/csv; charset=utf-8")
    return attachment(response, f"audit-{here.today().isoformat()}.csv")


def _asked(parameters: Parameters) -> tuple[Sieve, int | None]:
    given = read(EventsSchema(), parameters)
    return Sieve(given["actor"], given["action"], given["listing"], given["days"]), given["before"]


def _lines(here: Runtime, sieve: Sieve, by: Actor) -> Iterator[str]:
    yield writing.csv_line(COLUMNS)
    with here.reading() as session:
        for event in trail.all_of(session, sieve, by=by, at=here.clock()):
            yield writing.csv_line(_cells(event))


def _cells(event: AuditEvent) -> tuple[str, ...]:
    detail = json.dumps(event.detail, ensure_ascii=False, sort_keys=True)
    at = event.at.isoformat()
    listing = str(event.listing_id or "")
    return str(event.id), at, event.actor, event.action, listing, detail, event.hash
