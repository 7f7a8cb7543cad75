"""Anybody may say that something is wrong with a listing: no account, no cookie, no puzzle.

Robots are held back by a signed form that takes a person's time to fill, a box that nobody
sees, a limit for each address, and a proof of work; without JavaScript there is a slow lane.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    request,
    url_for,
)
from itsdangerous import BadSignature, URLSafeSerializer
from limits import RateLimitItemPerDay, RateLimitItemPerHour
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import public, runtime, without_session_token
from directory.errors import Invalid, Moved
from directory.models import ReportKind
from directory.said import Said, said
from directory.schemas import read
from directory.schemas.visitors import LONGEST_WORDS, ReportSchema
from directory.signin import limits, proofs
from directory.usecases.curation import reports
from directory.usecases.visitors import looking
from directory.web.responses import problems, rendered, see, unshared

blueprint = Blueprint("reporting", __name__)
blueprint.record(without_session_token)  # each form is signed, and no cookie comes with it

LEAST = timedelta(seconds=3)
MOST = timedelta(hours=2)
HONEYPOT = "website"
SENT = RateLimitItemPerHour(20)
WITHOUT_PROOF = RateLimitItemPerHour(5)
SAME_AGAIN = RateLimitItemPerDay(1)
# Of these, one word from one address a day says all there is to say.
PLAIN = (ReportKind.CLOSED, ReportKind.MOVED)


@blueprint.get("/practitioners/<slug>/report")
@public
def ask(slug: str) -> AnyResponse:
    """The form."""
    try:
        return _form(slug, token=_sign(slug))
    except Moved as moved:
        return redirect(url_for("reporting.ask", slug=moved.slug), 301)


@blueprint.post("/practitioners/<slug>/report")
@public
def send(slug: str) -> AnyResponse:
    """Take the report in; what cannot be used comes back with all that was typed."""
    here = runtime()
    token = request.form.get("form", "")
    limits.count(current_app, SENT, "report", limits.client())
    try:
        given = _read(slug, token)
    except Invalid as error:
        return _form(slug, token=_kept(slug, token), error=error)
    # Only now: a mistake costs nobody a turn in the slow lane.
    _hold_back()
    if not _counts_first(slug, given["kind"]):
        return _thanks(slug)
    with here.transaction() as session:
        reports.report(
            session,
            slug,
            given["kind"],
            words=given["words"],
            reply_to=given["reply_to"],
            at=here.clock(),
            base_url=here.config.base_url,
            key=here.config.secret_key,
        )
    return _thanks(slug)


@blueprint.get("/practitioners/<slug>/reported")
@public
def done(slug: str) -> Response:
    """Thanks; the same whatever became of the listing, so it tells nothing about it."""
    return unshared(rendered("visitors/reported.html", slug=slug))


def _thanks(slug: str) -> AnyResponse:
    return see(url_for("reporting.done", slug=slug))


def _form(slug: str, *, token: str, error: Invalid | None = None) -> Response:
    here = runtime()
    with here.reading() as session:
        profile = looking.listing(session, here.finder(), slug, key=here.config.key)
    return unshared(
        rendered(
            "visitors/report.html",
            error,
            slug=profile.slug,
            title=profile.title,
            kinds=_kinds(),
            honeypot=HONEYPOT,
            most=LONGEST_WORDS,
            token=token,
            errors=problems(error),
            answers={name: request.form.getlist(name) for name in ("kind", "words", "reply_to")},
        )
    )


def _kinds() -> dict[str, tuple[Said, Said]]:
    """Each kind in words, and what more would help."""
    return {
        "closed": (said("It has closed"), said("Nobody practises there any more.")),
        "moved": (said("It has moved"), said("If you know where to, please tell us below.")),
        "wrong": (
            said("Something is wrong"),
            said("A telephone number, a name, opening hours … Say below what it should be."),
        ),
        "concern": (
            said("I have a concern"),
            said("About what the listing says, or how somebody behaved."),
        ),
    }


def _read(slug: str, token: str) -> Mapping[str, Any]:
    """What was sent; raises Invalid with all that is wrong, so that nobody mends one by one."""
    wrong: dict[str, Sequence[Said | str]] = {}
    given: Mapping[str, Any] = {}
    try:
        _refuse_robots(slug, token)
    except Invalid as error:
        wrong |= error.fields
    try:
        given = read(ReportSchema(), request.form)
    except Invalid as error:
        wrong |= error.fields
    if wrong:
        raise Invalid(wrong)
    return given


def _refuse_robots(slug: str, token: str) -> None:
    """Raise Invalid, with a way on for a person."""
    age = runtime().clock().timestamp() - _made_at(slug, token)
    if age > MOST.total_seconds():
        raise Invalid({"form": [said("This page stood open for long. Please send it once more.")]})
    if age < LEAST.total_seconds():
        raise Invalid({"form": [said("That was quick. Please look once more, and send it then.")]})
    if request.form.get(HONEYPOT, ""):
        raise Invalid({HONEYPOT: [said("Please leave this box empty.")]})


def _hold_back() -> None:
    """Without a proof of work, a few an hour."""
    if not proofs.is_given():
        limits.count(current_app, WITHOUT_PROOF, "report unproved", limits.client())


def _counts_first(slug: str, kind: ReportKind) -> bool:
    """Whether this says anything that the same address did not say today."""
    if kind not in PLAIN:
        return True
    counters = limits.of(current_app).limiter
    return counters.hit(SAME_AGAIN, "reported", limits.client(), slug, kind.value)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(runtime().config.secret_key, salt="report form")


def _sign(slug: str, *, ago: timedelta = timedelta()) -> str:
    """A form for one listing, by our clock."""
    made = (runtime().clock() - ago).timestamp()
    return str(_signer().dumps([slug, int(made)]))


def _made_at(slug: str, token: str) -> int:
    """When a form was made; long ago when it is none of ours, or another listing's."""
    try:
        named, made = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return 0
    return int(made) if named == slug else 0


def _kept(slug: str, token: str) -> str:
    """The same form once more; one that ran out is made anew, and need not ripen again."""
    age = runtime().clock().timestamp() - _made_at(slug, token)
    return token if age < MOST.total_seconds() else _sign(slug, ago=LEAST)
