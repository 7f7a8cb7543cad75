"""Claiming a listing that somebody else put here."""

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, for_one, runtime, signed_in
from directory.errors import Conflict, DirectoryError, Invalid
from directory.schemas import read
from directory.schemas.practitioners import AskSchema, CodeSchema
from directory.usecases.practitioners import claiming
from directory.usecases.practitioners.claiming import LONGEST_WORDS, Step
from directory.web.formatting.filters import saying, url_of
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("claiming", __name__, url_prefix="/claim")
blueprint.after_request(for_one)

PAGES = {
    Step.ENTER_CODE: "practitioners/claim_code.html",
    Step.ASK: "practitioners/claim_ask.html",
}


@blueprint.get("/<slug>")
@signed_in
def show(slug: str) -> AnyResponse:
    """What can be done about this listing now."""
    return _page(slug)


@blueprint.get("/<slug>/ask")
@signed_in
def words(slug: str) -> AnyResponse:
    """Ask the admins instead."""
    return _page(slug, wanted=Step.ASK)


@blueprint.post("/<slug>/code")
@signed_in
def send(slug: str) -> AnyResponse:
    """Send a code to the listed address."""
    here = runtime()
    try:
        with here.transaction() as session:
            claiming.send_code(
                session,
                slug,
                listing_url=here.config.base_url + url_of(slug),
                by=actor(),
                at=here.clock(),
            )
    except Conflict as error:
        return _page(slug, error)
    return see(url_for(".show", slug=slug))


@blueprint.post("/<slug>")
@signed_in
def enter(slug: str) -> AnyResponse:
    """Try a code; the right one makes the listing theirs."""
    here = runtime()
    try:
        code = read(CodeSchema(), request.form)["code"]
        with here.transaction() as session:
            wrong = claiming.enter_code(
                session,
                slug,
                code,
                my_listing_url=f"{here.config.base_url}/my/listing",
                by=actor(),
                at=here.clock(),
            )
        if wrong is not None:
            raise Invalid({"code": [wrong]})
    except (Conflict, Invalid) as error:
        return _page(slug, error)
    return see(url_for(".show", slug=slug))


@blueprint.post("/<slug>/ask")
@signed_in
def ask(slug: str) -> AnyResponse:
    """Put it before the admins."""
    here = runtime()
    try:
        text = read(AskSchema(), request.form)["words"]
        with here.transaction() as session:
            claiming.ask(
                session,
                slug,
                text,
                admins=here.config.contact_email,
                listing_url=here.config.base_url + url_of(slug),
                by=actor(),
                at=here.clock(),
            )
    except (Conflict, Invalid) as error:
        return _page(slug, error, wanted=Step.ASK)
    return see(url_for(".show", slug=slug))


def _page(
    slug: str, error: DirectoryError | None = None, *, wanted: Step | None = None
) -> AnyResponse:
    here = runtime()
    with here.reading() as session:
        offer = claiming.offer(session, slug, by=actor(), at=here.clock())
    if offer.step is Step.MINE:
        return see(url_for("practitioners.overview", listing_id=offer.listing_id))
    step = wanted if wanted and offer.step in (Step.SEND_CODE, Step.ENTER_CODE) else offer.step
    return _shown(offer, step, error)


def _shown(offer: claiming.Offer, step: Step, error: DirectoryError | None) -> Response:
    if error is None and step is Step.TAKEN:
        error = Conflict("Somebody keeps this listing already.")
    told = problems(error, clash=None if step is Step.TAKEN else "")
    if step is not Step.ENTER_CODE and "code" in told:
        told = {"": told["code"]}
    return rendered(
        PAGES.get(step, "practitioners/claim.html"),
        error,
        offer=offer,
        step=step.value,
        form=saying(told),
        typed=request.form.get("words", ""),
        most=LONGEST_WORDS,
        minutes=int(claiming.CODE_HOLDS_FOR.total_seconds()) // 60,
    )
