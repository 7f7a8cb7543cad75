"""Reports from the public: the queue, one report, and what can be done on the spot."""

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, reviewer, runtime
from directory.errors import Conflict, DirectoryError, Invalid
from directory.said import Said, said
from directory.schemas import read
from directory.schemas.curation import LONGEST_ANSWER, AnswerSchema, KindSchema, ReasonSchema
from directory.usecases.curation import hiding, reports
from directory.usecases.curation.hiding import REASONS
from directory.web.formatting.addresses import home_of
from directory.web.formatting.filters import say
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("reports", __name__, url_prefix="/admin/reports")

KINDS: dict[str, Said] = {
    "closed": said("Closed"),
    "moved": said("Moved"),
    "wrong": said("Something is wrong"),
    "concern": said("Concern"),
}
# Ready to be changed: most reports of a kind get the same answer.
ANSWERS: dict[str, Said] = {
    "closed": said("Thank you. We looked into it."),
    "moved": said("Thank you. We asked the practitioner to put the address right."),
    "wrong": said("Thank you. We asked the practitioner to put it right."),
    "concern": said("Thank you for telling us. We looked into it."),
}


@blueprint.get("")
@reviewer
def queue() -> str:
    """What nobody has closed, oldest first; above it what many say has closed."""
    here, asked = runtime(), read(KindSchema(), request.args)
    with here.reading() as session:
        items = reports.waiting(session, by=actor(), kind=asked["kind"], after=asked["after"])
        pressing = reports.pressing(session, by=actor(), on=here.today())
    more = items[-1].report.id if len(items) == reports.PAGE else 0
    return render_template(
        "curation/reports.html",
        items=items,
        pressing=pressing,
        kinds=KINDS,
        kind=asked["kind"],
        more=more,
    )


@blueprint.get("/<id:report_id>")
@reviewer
def show(report_id: int) -> Response:
    """One report, with its listing."""
    return _page(report_id)


@blueprint.post("/<id:report_id>/take")
@reviewer
def take(report_id: int) -> AnyResponse:
    """It is mine."""
    here = runtime()
    with here.transaction() as session:
        reports.take(session, report_id, by=actor(), at=here.clock())
    return _back(report_id)


@blueprint.post("/<id:report_id>/give-back")
@reviewer
def give_back(report_id: int) -> AnyResponse:
    """It is anybody's again."""
    here = runtime()
    with here.transaction() as session:
        reports.give_back(session, report_id, by=actor(), at=here.clock())
    return see(url_for("reports.queue"))


@blueprint.post("/<id:report_id>/answer")
@reviewer
def answer(report_id: int) -> AnyResponse:
    """Write to whoever reported."""
    here = runtime()
    try:
        words = read(AnswerSchema(), request.form)["answer"]
        with here.transaction() as session:
            reports.answer(session, report_id, words, by=actor(), at=here.clock())
    except Invalid as error:
        return _page(report_id, error)
    return _back(report_id)


@blueprint.post("/<id:report_id>/close")
@reviewer
def close(report_id: int) -> AnyResponse:
    """Done, or dismissed: which button it was says the form."""
    here, dismissed = runtime(), request.form.get("as") == "dismissed"
    try:
        with here.transaction() as session:
            reports.close(session, report_id, dismissed=dismissed, by=actor(), at=here.clock())
    except Conflict as error:
        return _page(report_id, error)
    return see(url_for("reports.queue"))


@blueprint.post("/<id:report_id>/pause")
@reviewer
def pause(report_id: int) -> AnyResponse:
    """Pause the listing, and ask whoever keeps it."""
    here = runtime()
    with here.transaction() as session:
        found = reports.take(session, report_id, by=actor(), at=here.clock())
        asked = hiding.pause(
            session,
            found.listing_id,
            by=actor(),
            at=here.clock(),
            base_url=here.config.base_url,
            key=here.config.secret_key,
        )
    if not asked:
        flash(
            _("It is paused, and there is nobody to ask. You can show it again yourself."), "info"
        )
    return _back(report_id)


@blueprint.post("/<id:report_id>/hide")
@reviewer
def hide(report_id: int) -> AnyResponse:
    """Hide the listing, with the reason that its owner reads."""
    here = runtime()
    try:
        reason = read(ReasonSchema(), request.form)["reason"]
        with here.transaction() as session:
            found = reports.take(session, report_id, by=actor(), at=here.clock())
            hiding.hide(
                session,
                found.listing_id,
                reason,
                by=actor(),
                at=here.clock(),
                my_listing_url=home_of(found.listing_id),
            )
    except Invalid as error:
        return _page(report_id, error)
    return _back(report_id)


def _back(report_id: int) -> AnyResponse:
    return see(url_for("reports.show", report_id=report_id))


def _page(report_id: int, error: DirectoryError | None = None) -> Response:
    here = runtime()
    with here.reading() as session:
        item = reports.one(session, report_id, by=actor())
    kind = item.report.kind.value
    return rendered(
        "curation/report.html",
        error,
        item=item,
        kinds=KINDS,
        waits=item.report.state in reports.WAITING,
        answers={
            "answer": request.form.getlist("answer") or [say(ANSWERS[kind])],
            "reason": request.form.getlist("reason")
            or [say(REASONS.get(kind, REASONS["concern"]))],
        },
        most=LONGEST_ANSWER,
        errors=problems(error),
        refusal=str(error) if isinstance(error, Conflict) else "",
    )
