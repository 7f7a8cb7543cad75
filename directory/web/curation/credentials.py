"""Credentials: one listing's checks, and many at once by an issuer's roster."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, reviewer, runtime
from directory.errors import Conflict, Invalid
from directory.files import issuer_roster
from directory.said import said
from directory.schemas import read, sent
from directory.schemas.curation import CheckSchema, PlanSchema, RosterSchema
from directory.usecases.curation import credentials, issuers
from directory.usecases.curation.issuers import Difference, Fate, Found
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("credentials", __name__, url_prefix="/admin/checks")

SEEN_FOR = 2 * 60 * 60
SHOWN = 200
FATES = {
    Fate.CHECK: said("Would be checked"),
    Fate.BY_NAME: said("Would be checked: found by name, or under another one"),
    Fate.LAPSE: said("Would lapse"),
    Fate.AMBIGUOUS: said("Several listings fit"),
    Fate.UNSTATED: said("The listing does not state the credential"),
    Fate.NOT_FOUND: said("Not listed with us"),
    Fate.FAILED: said("Lines that cannot be used"),
    Fate.UNCHANGED: said("Nothing to change"),
}


@blueprint.get("/<id:listing_id>")
@reviewer
def show(listing_id: int) -> Response:
    """What one listing states, and what was checked of it."""
    return _page(listing_id)


@blueprint.post("/<id:listing_id>")
@reviewer
def record(listing_id: int) -> AnyResponse:
    """Write a check down."""
    here = runtime()
    try:
        given = read(CheckSchema(), request.form)
        with here.transaction() as session:
            credentials.record(session, listing_id, **given, by=actor(), at=here.clock())
    except Invalid as error:
        return _page(listing_id, error)
    return see(url_for("credentials.show", listing_id=listing_id))


@blueprint.post("/end/<id:check_id>")
@reviewer
def end(check_id: int) -> AnyResponse:
    """A check holds no longer."""
    here = runtime()
    with here.transaction() as session:
        listing_id = credentials.end(session, check_id, by=actor(), at=here.clock())
    return see(url_for("credentials.show", listing_id=listing_id))


@blueprint.get("/roster")
@admin
def roster() -> Response:
    """Choose an issuer's file; or what became of the last one."""
    done = [request.args.get(name, "") for name in ("checked", "ended", "skipped")]
    return _roster(done=[int(one) for one in done] if all(map(str.isdecimal, done)) else None)


@blueprint.post("/roster")
@admin
def preview() -> Response:
    """What the file would change; nothing is changed yet."""
    here = runtime()
    try:
        issuer = read(RosterSchema(), request.form)["issuer"]
        holders = issuer_roster.read(
            sent(request.files, "file", said("Choose a file first.")), here.taxonomy
        )
        with here.reading() as session:
            seen = issuers.compare(session, holders, issuer, by=actor(), on=here.today())
    except Invalid as error:
        return _roster(error=error)
    return _roster(seen=seen)


@blueprint.post("/roster/apply")
@admin
def apply() -> AnyResponse:
    """Do what was seen, and nothing else; sent twice, it is done once."""
    here = runtime()
    wanted = read(PlanSchema(), request.form)
    plan = issuers.plan(_unpacked(wanted["plan"]), by_name=wanted["by_name"], lapse=wanted["lapse"])
    done = issuers.apply(here.transaction, plan, by=actor(), at=here.clock())
    back = url_for(
        "credentials.roster", checked=done.checked, ended=done.ended, skipped=done.skipped
    )
    return see(back)


def _page(listing_id: int, error: Invalid | None = None) -> Response:
    here = runtime()
    with here.reading() as session:
        checked = credentials.of_listing(session, listing_id, by=actor(), on=here.today())
    usual = here.today() + credentials.USUALLY_HOLDS
    names = ("credential", "issuer", "method", "expires_on")
    typed = {name: request.form.getlist(name) for name in names}
    first = checked.stated[0] if checked.stated else None
    return rendered(
        "curation/credentials.html",
        error,
        checked=checked,
        methods=credentials.METHODS,
        today=here.today(),
        answers=typed
        if error
        else {"issuer": [first.issuer if first else ""], "expires_on": [usual.isoformat()]},
        errors=problems(error),
    )


def _roster(
    *,
    seen: Difference | None = None,
    done: list[int] | None = None,
    error: Invalid | None = None,
) -> Response:
    here = runtime()
    return rendered(
        "curation/issuer_roster.html",
        error,
        seen=seen,
        plan=_packed(seen) if seen else "",
        fates=FATES,
        shown=SHOWN,
        known=sorted({term.issuer for term in here.taxonomy.credentials.values()}),
        labels={slug: term.label for slug, term in here.taxonomy.credentials.items()},
        most=issuer_roster.MOST_ROWS,
        done=done,
        answers={"issuer": request.form.getlist("issuer")},
        errors=problems(error),
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(runtime().config.secret_key, salt=f"roster {actor()}")


def _packed(seen: Difference) -> str:
    """What can be done of a difference, as numbers alone: nobody's name travels through a page."""
    rows = [
        [
            one.line,
            one.fate.value,
            one.credential,
            one.expires_on.isoformat() if one.expires_on else "",
            one.listing_id,
            one.check_id,
        ]
        for fate in (Fate.CHECK, Fate.BY_NAME, Fate.LAPSE)
        for one in seen.of(fate)
    ]
    return str(_signer().dumps([seen.issuer, rows]))


def _unpacked(text: str) -> Difference:
    try:
        issuer, rows = _signer().loads(text, max_age=SEEN_FOR)
    except BadData:
        raise Conflict("This was looked at too long ago, or by somebody else.") from None
    return Difference(issuer, tuple(_found(row) for row in rows))


def _found(row: list[Any]) -> Found:
    line, fate, credential, last, listing_id, check_id = row
    expires_on = date.fromisoformat(last) if last else None
    return Found(line, "", Fate(fate), credential, expires_on, listing_id, check_id)
