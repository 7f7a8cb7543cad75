"""Own data: a copy of everything, and erasure in two steps."""

import json
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import flask_login
from flask import (
    Blueprint,
    Response,
    after_this_request,
    make_response,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask_security import verify_password
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as AnyResponse

from directory import mail
from directory.edge import actor, for_one, public, runtime, signed_in
from directory.errors import Invalid, NotFound
from directory.photos import Album
from directory.said import said
from directory.schemas import read
from directory.schemas.accounts import EraseSchema
from directory.signin import devices, sessions
from directory.usecases.accounts import data_export, erasing
from directory.web.formatting.filters import saying
from directory.web.responses import attachment, problems, rendered, see

blueprint = Blueprint("own_data", __name__)

# Time enough to read the last page, and not to forget that it stands open.
CONFIRM_WITHIN = timedelta(minutes=15)
LONGEST_PASSWORD = 200
LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for in the first step: a listing, or (None) the whole account."""

    listing_id: int | None
    never_again: bool


blueprint.after_request(for_one)


@blueprint.get("/account/export")
@signed_in
def export() -> str:
    """What a copy holds, and the button that makes it."""
    return render_template("accounts/export.html")


@blueprint.post("/account/export")
@signed_in
def download() -> Response:
    """Everything that we hold about whoever is signed in, as one JSON file."""
    here = runtime()
    with here.transaction() as session:
        found = data_export.export(session, by=actor(), at=here.clock())
    for photo in found["tables"]["photo"]:
        photo["address"] = f"{here.config.base_url}/photos/{photo['id']}-640.jpg"
    response = make_response(json.dumps(found, indent=2, ensure_ascii=False))
    response.mimetype = "application/json"
    return attachment(response, f"stillpoint-export-{here.today().isoformat()}.json")


@blueprint.get("/account/erase")
@signed_in
def erase_account() -> Response:
    """What would be gone with the account, and the first step towards it."""
    return _ask(None)


@blueprint.post("/account/erase")
@signed_in
def begin_account() -> AnyResponse:
    """The first step is taken; on to the last page."""
    return _begin(None)


@blueprint.get("/account/erase/<token>")
@signed_in
def last_look_account(token: str) -> AnyResponse:
    """The last page before the account is gone."""
    return _last_look(token, None)


@blueprint.post("/account/erase/<token>")
@signed_in
def go_account(token: str) -> AnyResponse:
    """Erase the account; whoever was signed in with it is not, any more, anywhere."""
    return _go(token, None)


@blueprint.get("/my/listing/<id:listing_id>/erase")
@signed_in
def erase_listing(listing_id: int) -> Response:
    """What would be gone with the listing, and the first step towards it."""
    return _ask(listing_id)


@blueprint.post("/my/listing/<id:listing_id>/erase")
@signed_in
def begin_listing(listing_id: int) -> AnyResponse:
    """The first step is taken; on to the last page."""
    return _begin(listing_id)


@blueprint.get("/my/listing/<id:listing_id>/erase/<token>")
@signed_in
def last_look_listing(listing_id: int, token: str) -> AnyResponse:
    """The last page before the listing is gone."""
    return _last_look(token, listing_id)


@blueprint.post("/my/listing/<id:listing_id>/erase/<token>")
@signed_in
def go_listing(listing_id: int, token: str) -> AnyResponse:
    """Erase the listing."""
    return _go(token, listing_id)


@blueprint.get("/account/erased")
@public
def erased() -> str:
    """It is done."""
    return render_template(
        "accounts/erased.html",
        whole=request.args.get("what") != "listing",
        contact_email=runtime().config.contact_email,
    )


def _ask(listing_id: int | None, error: Invalid | None = None) -> Response:
    here, user = runtime(), flask_login.current_user
    with here.reading() as session:
        stake = erasing.at_stake(session, listing_id, by=actor())
    return rendered(
        _template(listing_id),
        error,
        listing_id=listing_id,
        stake=stake,
        token="",  # nosec B106: none yet
        has_password=bool(user.password),
        form=saying(problems(error)),
        never_again=request.method == "GET" or "never_again" in request.form,
    )


def _begin(listing_id: int | None) -> AnyResponse:
    here = runtime()
    with here.reading() as session:
        erasing.at_stake(session, listing_id, by=actor())  # whoever may not, hears nothing more
    try:
        given = read(EraseSchema(), request.form)
        _check(given["proof"], given["sure"])
    except Invalid as error:
        return _ask(listing_id, error)
    until = int((here.clock() + CONFIRM_WITHIN).timestamp())
    by = actor().account_id
    token = _signer().dumps([by, listing_id, given["never_again"], until])
    return see(_step(token, listing_id))


def _check(proof: str, sure: bool) -> None:
    """Whoever sits at somebody's open browser cannot erase them."""
    user = flask_login.current_user
    if user.password:
        plain = unicodedata.normalize("NFKD", proof)[:LONGEST_PASSWORD]
        right, words = (
            bool(plain) and verify_password(plain, user.password),
            said("This is not your password."),
        )
    else:
        right = proof.strip().casefold() == user.email.casefold()
        words = said("This is not the address of your account.")
    if not right:
        sessions.wrong_password()
    problems = {} if right else {"proof": [words]}
    if not sure:
        problems["sure"] = [said("Tick the box to say that you are sure.")]
    if problems:
        raise Invalid(problems)


def _last_look(token: str, listing_id: int | None) -> AnyResponse:
    here, wish = runtime(), _wish(token, listing_id)
    if wish is None:
        return _start_over(listing_id)
    with here.reading() as session:
        stake = erasing.at_stake(session, listing_id, by=actor())
    return rendered(
        _template(listing_id),
        listing_id=listing_id,
        stake=stake,
        token=token,
        contact_email=here.config.contact_email,
        form={"errors": {}},
        never_again=wish.never_again,
    )


def _go(token: str, listing_id: int | None) -> AnyResponse:
    wish = _wish(token, listing_id)
    if wish is None:
        return _start_over(listing_id)
    _erase(wish)
    if listing_id is None:
        cookie.clear()
        after_this_request(devices.forget)
        return see(url_for(".erased"))
    return see(url_for(".erased", what="listing"))


def _erase(wish: Wish) -> None:
    here, by, never_again = runtime(), actor(), wish.never_again
    at, key = here.clock(), here.config.key
    album, letters = Album(here.config.data_dir / "photos"), mail.files(here.config)
    with here.transaction() as session:
        if wish.listing_id is None:
            erasing.erase_account(
                session,
                never_again=never_again,
                by=by,
                at=at,
                key=key,
                album=album,
                letters=letters,
            )
            return
        # The link was made for its owner, who may press twice: then it is gone already.
        with suppress(NotFound):
            erasing.erase_listing(
                session,
                wish.listing_id,
                never_again=never_again,
                by=by,
                at=at,
                key=key,
                album=album,
                letters=letters,
            )


def _wish(token: str, listing_id: int | None) -> Wish | None:
    """What the link was made for; None when it is old, somebody else's, or for something else."""
    try:
        account_id, wanted, never_again, until = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    fresh = runtime().clock().timestamp() <= until
    mine = account_id == actor().account_id and wanted == listing_id
    return Wish(wanted, bool(never_again)) if fresh and mine else None


def _start_over(listing_id: int | None) -> AnyResponse:
    with runtime().reading() as session:
        erasing.at_stake(session, listing_id, by=actor())
    late = said("That page was open for too long. Nothing was erased; begin once more.")
    return _ask(listing_id, Invalid({"proof": [late]}))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(runtime().config.secret_key, salt="erase")


def _step(token: str, listing_id: int | None) -> str:
    if listing_id is None:
        return url_for(".last_look_account", token=token)
    return url_for(".last_look_listing", listing_id=listing_id, token=token)


def _template(listing_id: int | None) -> str:
    return "accounts/erase.html" if listing_id is None else "practitioners/erase.html"
