"""My listing: where it stands, what is next, check the answers, preview, send in."""

from datetime import timedelta

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import Verb, actor, for_one, open_for_owner, runtime, signed_in
from directory.errors import Conflict, DirectoryError, Invalid
from directory.models import Draft, Practice, Role
from directory.schemas import read
from directory.schemas.practitioners import DoneSchema, SendSchema
from directory.usecases.listings import fields as listing_fields
from directory.usecases.listings import loading
from directory.usecases.listings.fields import FIELDS, PAGE_NAMES, page_of
from directory.usecases.practitioners import (
    check_answers,
    confirming,
    consenting,
    status,
    submitting,
    writing,
)
from directory.usecases.practitioners.status import Progress, Stands
from directory.usecases.visitors.highlighting import Highlights
from directory.usecases.visitors.results import Profile, Result, Term
from directory.web.formatting.addresses import home_of
from directory.web.formatting.cards import Shared, cards
from directory.web.formatting.filters import say, serious
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("practitioners", __name__, url_prefix="/my/listing")
blueprint.after_request(for_one)


@blueprint.get("")
@signed_in
def start() -> AnyResponse | str:
    """The way to one's listing; or how to make one."""
    told = read(DoneSchema(), request.args)["done"]
    here, by = runtime(), actor()
    with here.reading() as session:
        mine = [
            status.of(session, one.id, here.policies, by=by, at=here.clock())
            for one in loading.all_mine(session, by)
        ]
    if not mine and by.may(Role.REVIEWER):
        return see("/admin/")
    if len(mine) == 1 and not told:
        return see(url_for(".overview", listing_id=mine[0].listing_id))
    return render_template(
        "practitioners/listing.html",
        mine=mine,
        state_word=state_word,
        too_many=told == "too-many",
    )


@blueprint.post("")
@signed_in
def begin() -> AnyResponse:
    """A new listing, and its first page."""
    here = runtime()
    try:
        with here.transaction() as session:
            listing_id = writing.begin(session, by=actor(), at=here.clock()).id
    except Conflict:
        return see(url_for(".start", done="too-many"))
    return see(url_for(".overview", listing_id=listing_id))


@blueprint.get("/<id:listing_id>")
@signed_in
def overview(listing_id: int) -> str:
    """The home of a listing."""
    told = read(DoneSchema(), request.args)
    here, by = runtime(), actor()
    with here.reading() as session:
        stands = status.of(session, listing_id, here.policies, by=by, at=here.clock())
        if by.edits(listing_id):
            return render_template("practitioners/for_owner.html", it=stands)
        events = status.timeline(session, listing_id, by=by)
        wait = status.usual_wait(session)
    return render_template(
        "practitioners/overview.html",
        it=stands,
        events=events,
        usual=wait_words(wait),
        told="sent" if told["sent"] else told["done"],
        state_word=state_word,
        lede=lede(stands.stands),
        Progress=Progress,
        Stands=Stands,
    )


@blueprint.get("/<id:listing_id>/check")
@signed_in
def check(listing_id: int) -> Response:
    """All the answers once more, before they are sent in."""
    return _answers(listing_id)


@blueprint.post("/<id:listing_id>/check")
@signed_in
def send(listing_id: int) -> AnyResponse:
    """Send in what was read; whatever hinders it is said on the same page, ticks kept."""
    here = runtime()
    try:
        given = read(SendSchema(), request.form)
        with here.transaction() as session:
            submitting.submit(
                session,
                listing_id,
                version=given["version"],
                agreed=given["agree"],
                listing_url=home_of(listing_id),
                by=actor(),
                at=here.clock(),
                key=here.config.key,
            )
    except (Invalid, Conflict) as error:
        return _answers(listing_id, error)
    if actor().edits(listing_id):
        open_for_owner(None)
        flash(_("It is sent in, and its owner is told, if there is one."), "info")
        return see(url_for("curation.listing_desk", listing_id=listing_id))
    return see(url_for(".overview", listing_id=listing_id, sent=1))


def _answers(listing_id: int, error: DirectoryError | None = None) -> Response:
    here = runtime()
    with here.reading() as session:
        found = check_answers.answers(
            session, listing_id, here.finder(), by=actor(), at=here.clock()
        )
    return rendered(
        "practitioners/check.html",
        error,
        it=found,
        listing_id=listing_id,
        errors=problems(error),
        where_of=where_of,
        named=lambda names: ", ".join(say(FIELDS[name]) for name in names),
        groups=consenting.GROUPS,
        changed=isinstance(error, Conflict),
        ticked=request.form.getlist("agree") if request.method == "POST" else [],
        fields=FIELDS,
        pages=listing_fields.PAGES,
        page_names=PAGE_NAMES,
        conditions=_conditions(found.content),
        who_sees=consenting.WHO_SEES_IT,
    )


def _conditions(content: Draft) -> tuple[Term, ...]:
    """As they were chosen, also where the public may not see them."""
    known = runtime().taxonomy.conditions
    return tuple(Term(slug, known[slug].label) for slug in content.conditions if slug in known)


def where_of(problem: str) -> str:
    """The part of the page of answers that a problem is about: its id."""
    page = problem if problem in PAGE_NAMES else page_of(problem)
    if page:
        return f"part-{page}"
    return problem if problem.startswith("agree") else "main"


@blueprint.get("/<id:listing_id>/preview")
@signed_in
def preview(listing_id: int) -> str:
    """What the public would see, with the templates that the public gets."""
    told = read(DoneSchema(), request.args)
    here = runtime()
    stand_in = Draft(
        name=str(_("Your name")),
        practices=(Practice(country="", locality=str(_("Your town"))),),
    )
    with here.reading() as session:
        profile = check_answers.preview(
            session, listing_id, here.finder(), stand_in, by=actor(), at=here.clock()
        )
    view = told["view"] if told["view"] in ("card", "page", "phone") else "page"
    return render_template(
        "practitioners/preview.html",
        listing_id=listing_id,
        view=view,
        profile=profile,
        serious=serious(profile),
        cards=cards([_alone(profile)], Shared(Highlights(()))),
    )


def _alone(profile: Profile) -> Result:
    """As found by a search that asked for nothing."""
    return Result(profile, profile.practices[0], score=0.0, distance_km=None, visits=False, why=())


@blueprint.post("/<id:listing_id>/withdraw")
@signed_in
def withdraw(listing_id: int) -> AnyResponse:
    """Take back what waits."""
    return _do(listing_id, "withdrawn", writing.withdraw)


@blueprint.post("/<id:listing_id>/pause")
@signed_in
def pause(listing_id: int) -> AnyResponse:
    """Take it out of sight for a while."""
    return _do(listing_id, "paused", writing.pause)


@blueprint.post("/<id:listing_id>/resume")
@signed_in
def resume(listing_id: int) -> AnyResponse:
    """Show it again."""
    return _do(listing_id, "resumed", writing.resume)


@blueprint.post("/<id:listing_id>/confirm")
@signed_in
def confirm(listing_id: int) -> AnyResponse:
    """All is still right."""
    return _do(listing_id, "confirmed", confirming.confirm)


@blueprint.get("/<id:listing_id>/start-over")
@signed_in
def ask_start_over(listing_id: int) -> str:
    """Ask once more before anything is thrown away."""
    here = runtime()
    with here.reading() as session:
        it = status.of(session, listing_id, here.policies, by=actor(), at=here.clock())
    return render_template("practitioners/start_over.html", it=it)


@blueprint.post("/<id:listing_id>/start-over")
@signed_in
def start_over(listing_id: int) -> AnyResponse:
    """Throw away what was written since it was last public."""
    return _do(listing_id, "started-over", writing.start_over)


def _do(listing_id: int, done: str, act: Verb) -> AnyResponse:
    """One step, and back to the listing, which says how it stands now; also after a second tap."""
    here = runtime()
    try:
        with here.transaction() as session:
            act(session, listing_id, by=actor(), at=here.clock())
    except Conflict:
        done = "settled"
    return see(url_for(".overview", listing_id=listing_id, done=done))


def wait_words(wait: timedelta | None) -> str:
    """How long admins usually take, in words; "" when nobody can tell."""
    if wait is None:
        return ""
    if wait < timedelta(hours=1):
        return str(_("less than an hour"))
    return str(format_timedelta(wait, threshold=1.2))


def state_word(stands: Stands) -> str:
    """A listing's state in a word or two."""
    words = {
        Stands.DRAFT: _("Not sent in yet"),
        Stands.WAITING: _("Waiting to be read"),
        Stands.ASKED: _("Changes asked for"),
        Stands.REFUSED: _("Not accepted"),
        Stands.LIVE: _("Public"),
        Stands.PAUSED: _("Paused"),
        Stands.HIDDEN: _("Taken out of sight"),
        Stands.TOO_OLD: _("Out of sight"),
    }
    return str(words[stands])


def lede(stands: Stands) -> str:
    """What a state means for whoever keeps the listing."""
    words = {
        Stands.DRAFT: _("Only you can see it. Do the steps in any order; we keep all you write."),
        Stands.WAITING: _(
            "A person reads it before it is public. You will get a mail as soon as it is decided."
        ),
        Stands.ASKED: _(
            "We read it, and there is something to change before it can be public. All you"
            " wrote is here."
        ),
        Stands.REFUSED: _("We read it, and cannot publish it as it is. The reason stands below."),
        Stands.LIVE: _("People can find you."),
        Stands.PAUSED: _(
            "Nobody can find it until you show it again. What you write is kept meanwhile."
        ),
        Stands.HIDDEN: _(
            "An admin took it out of sight. Write to us if you do not know why; only an admin"
            " can put it back."
        ),
        Stands.TOO_OLD: _(
            "Nobody confirmed it for a year, so it is not shown. Confirm that it is right, and it"
            " is back at once."
        ),
    }
    return str(words[stands])
