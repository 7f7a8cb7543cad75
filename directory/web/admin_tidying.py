"""Keeping clean: merging two listings, hiding one, asking the oldest again, the do-not-list."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, reviewer, runtime, status_of
from directory.errors import DirectoryError, Invalid, NotFound
from directory.said import Said, said
from directory.schemas import read
from directory.schemas.reports import (
    LONGEST_REASON,
    AgingSchema,
    PairSchema,
    ReasonSchema,
    WordsSchema,
)
from directory.usecases import aging, do_not_list, hiding, merging_listings
from directory.usecases.do_not_list import Words
from directory.web.admin_frame import label

blueprint = Blueprint("admin_tidying", __name__, url_prefix="/admin")

SEE_OTHER = 303
LISTING = "<int(max=2147483647):listing_id>"


@blueprint.get("/merge")
@admin
def merge() -> Response:
    """Two listings side by side; or which ones?"""
    asked = read(PairSchema(), request.args)
    if not asked["keep"] and not asked["other"]:
        return _pair({})
    try:
        keep, other = _both(asked)
        with runtime().reading() as session:
            pair = merging_listings.compare(session, keep, other, by=actor())
    except Invalid as error:
        return _pair(asked, error=error)
    return make_response(
        render_template(
            "admins/merge.html", pair=pair, label=label, answers={}, errors={}, merged=None
        )
    )


@blueprint.post("/merge")
@admin
def do_merge() -> AnyResponse:
    """One takes the other in."""
    here = runtime()
    keep, other = _both(read(PairSchema(), request.form))
    with here.transaction() as session:
        slug = merging_listings.merge(session, keep, other, by=actor(), at=here.clock()).slug
    return redirect(url_for("admin_tidying.merge", merged=slug), SEE_OTHER)


@blueprint.get(f"/hide/{LISTING}")
@reviewer
def ask_hide(listing_id: int) -> Response:
    """Why? Or, of one that is hidden: since when, and the way back."""
    return _hiding(listing_id)


@blueprint.post(f"/hide/{LISTING}")
@reviewer
def hide(listing_id: int) -> AnyResponse:
    """Take it out of sight."""
    here = runtime()
    mine = url_for("practitioners.overview", listing_id=listing_id)
    try:
        reason = read(ReasonSchema(), request.form)["reason"]
        with here.transaction() as session:
            hiding.hide(
                session,
                listing_id,
                reason,
                by=actor(),
                at=here.clock(),
                my_listing_url=here.config.base_url + mine,
            )
    except Invalid as error:
        return _hiding(listing_id, error)
    return redirect(url_for("admin_tidying.ask_hide", listing_id=listing_id), SEE_OTHER)


@blueprint.post(f"/unhide/{LISTING}")
@admin
def unhide(listing_id: int) -> AnyResponse:
    """Show it again."""
    here = runtime()
    with here.transaction() as session:
        hiding.unhide(session, listing_id, by=actor(), at=here.clock())
    return redirect(url_for("admin_tidying.ask_hide", listing_id=listing_id), SEE_OTHER)


@blueprint.get("/aging")
@reviewer
def oldest() -> str:
    """What nobody confirmed for longest."""
    here, asked = runtime(), read(AgingSchema(), request.args)
    with here.reading() as session:
        page = aging.oldest(session, by=actor(), on=here.today(), **asked)
    skip = asked["skip"] + aging.PAGE
    return render_template(
        "admins/aging.html",
        page=page,
        unclaimed=asked["unclaimed"],
        more=skip if skip < page.total else 0,
        asked=request.args.get("asked", ""),
    )


@blueprint.post(f"/aging/{LISTING}/ask")
@reviewer
def ask_again(listing_id: int) -> AnyResponse:
    """Queue the mail that asks whether all is still right."""
    here = runtime()
    with here.transaction() as session:
        there = aging.ask(
            session,
            listing_id,
            by=actor(),
            at=here.clock(),
            base_url=here.config.base_url,
            key=here.config.secret_key,
        )
    asked = "yes" if there else "nobody"
    return redirect(url_for("admin_tidying.oldest", asked=asked), SEE_OTHER)


@blueprint.get("/do-not-list")
@admin
def unlisted() -> Response:
    """Who wants no listing: add, look, remove."""
    return _unlisted()


@blueprint.post("/do-not-list")
@admin
def change_unlisted() -> Response:
    """Nothing that was typed is kept or stands in an address: the answer is this very page."""
    try:
        given = read(WordsSchema(), request.form)
        words, wanted = Words(given["email"], given["name"], given["postcode"]), given["wanted"]
        return _unlisted(_did(words, wanted))
    except Invalid as error:
        return _unlisted(error=error)


def _did(words: Words, wanted: str) -> Said:
    here, by = runtime(), actor()
    key, at = here.config.key, here.clock()
    if wanted == "look":
        with here.reading() as session:
            there = do_not_list.is_on(session, words, by=by, key=key)
        return said("They are on the list.") if there else said("They are not on the list.")
    with here.transaction() as session:
        if wanted == "add":
            new = do_not_list.add(session, words, by=by, at=at, key=key)
            return said("They are on the list now.") if new else said("They were on it before.")
        gone = do_not_list.remove(session, words, by=by, at=at, key=key)
    return said("They are off the list.") if gone else said("They were not on the list.")


def _unlisted(told: Said | None = None, error: Invalid | None = None) -> Response:
    with runtime().reading() as session:
        total = do_not_list.total(session)
    names = ("email", "name", "postcode")
    page = render_template(
        "admins/do_not_list.html",
        total=total,
        told=told,
        answers={name: request.form.getlist(name) for name in names},
        errors=dict(error.fields) if error else {},
    )
    return make_response(page, status_of(error) if error else 200)


def _both(asked: dict[str, str]) -> tuple[int, int]:
    """The numbers of both; Invalid names the one that there is not."""
    found, missing = {}, {}
    with runtime().reading() as session:
        for name in ("keep", "other"):
            try:
                found[name] = merging_listings.find(session, asked[name], by=actor())
            except NotFound:
                missing[name] = [said("There is no such listing.")]
    if missing:
        raise Invalid(missing)
    return found["keep"], found["other"]


def _pair(asked: dict[str, str], error: Invalid | None = None) -> Response:
    page = render_template(
        "admins/merge.html",
        pair=None,
        merged=request.args.get("merged", ""),
        answers={name: [text] for name, text in asked.items()},
        errors=dict(error.fields) if error else {},
    )
    return make_response(page, status_of(error) if error else 200)


def _hiding(listing_id: int, error: DirectoryError | None = None) -> Response:
    with runtime().reading() as session:
        listing = hiding.looked_at(session, listing_id, by=actor())
        title = hiding.title(listing)
    page = render_template(
        "admins/hide.html",
        listing=listing,
        title=title,
        reasons=hiding.REASONS,
        most=LONGEST_REASON,
        answers={"reason": request.form.getlist("reason")},
        errors=dict(error.fields) if isinstance(error, Invalid) else {},
    )
    return make_response(page, status_of(error) if error else 200)
