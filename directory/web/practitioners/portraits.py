"""Portraits: the page to choose one on, and the pictures themselves."""

import math

import flask_login
from flask import Blueprint, Response, current_app, request, send_file
from flask_babel import gettext as _
from limits import RateLimitItemPerHour
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, for_one, public, runtime, signed_in
from directory.errors import Invalid, NotFound
from directory.models import Actor
from directory.photos import MOST_BYTES, NAME, Album, Busy
from directory.said import said
from directory.schemas import read, sent
from directory.schemas.practitioners import CropSchema
from directory.signin import limits
from directory.usecases.practitioners import portraits, writing
from directory.web.responses import problems, rendered, see

blueprint = Blueprint("portraits", __name__)

# A photo and the rest of its form.
MOST_SENT = MOST_BYTES + 1_000_000
# What is too much is still taken in, up to here: a browser that is cut off shows no answer.
MOST_DRAINED = 64_000_000
# Photos that one account may have drawn; each takes a second of a processor.
DRAWN = RateLimitItemPerHour(20)
COME_BACK = 60
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# A face may stay with others no longer than this once its owner has hidden it.
FOR_ALL = "public, max-age=3600"


def album() -> Album:
    """Where this site keeps its portraits."""
    return Album(runtime().config.data_dir / "photos")


@blueprint.url_value_preprocessor
def allow_photos(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Let this one form be large; it must be said before anybody looks into what was sent."""
    if endpoint == "portraits.save":
        request.max_content_length = MOST_SENT


@blueprint.get("/photos/<name>")
@public
def file(name: str) -> Response:
    """One file of a portrait: to all when it is public, else to its keeper and the admins."""
    found = NAME.fullmatch(name)
    path = album().path(found["id"], int(found["size"]), found["ext"]) if found else None
    if found is None or path is None:
        raise NotFound("There is no photo at this address.")
    here = runtime()
    with here.reading() as session:
        for_all = portraits.is_public(session, found["id"], on=here.today())
        if not for_all and not portraits.may_see(session, found["id"], _viewer(), on=here.today()):
            raise NotFound("There is no photo at this address.")
    response = send_file(path, mimetype=TYPES[found["ext"]], download_name=name, conditional=True)
    if for_all:
        response.headers["Cache-Control"] = FOR_ALL
    else:
        for_one(response)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.get("/my/listing/<id:listing_id>/edit/photo")
@signed_in
def edit(listing_id: int) -> Response:
    """Choose a photo, and the part of it to show."""
    return _page(listing_id)


@blueprint.post("/my/listing/<id:listing_id>/edit/photo")
@signed_in
def save(listing_id: int) -> AnyResponse:
    """Keep the photo that was sent; what cannot be used comes back with the reason."""
    here, by = runtime(), actor()
    with here.reading() as session:
        writing.current(session, listing_id, by=by, at=here.clock())
    try:
        crop = read(CropSchema(), request.form)
        data = sent(request.files, "photo", said("Choose a photo first."))
        if not limits.of(current_app).limiter.hit(DRAWN, "photos", str(by.account_id)):
            return _too_many(listing_id)
        kept = album().keep(data, crop)
    except Busy as error:
        return _later(_page(listing_id, error, 503), COME_BACK)
    except Invalid as error:
        return _page(listing_id, error)
    with here.transaction() as session:
        portraits.portray(session, listing_id, kept, by=by, at=here.clock())
    return see(_onward(listing_id))


@blueprint.post("/my/listing/<id:listing_id>/edit/photo/remove")
@signed_in
def remove(listing_id: int) -> AnyResponse:
    """Take the photo out of what is being written."""
    here = runtime()
    with here.transaction() as session:
        portraits.unportray(session, listing_id, by=actor(), at=here.clock())
    back = f"?back={_back()}" if _back() else ""
    return see(f"/my/listing/{listing_id}/edit/photo{back}")


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    """More was sent than any photo may have: say so on the page, not instead of it."""
    _drain()
    return _told_too_large(**(request.view_args or {}))


@signed_in
def _told_too_large(listing_id: int) -> AnyResponse:
    most = MOST_BYTES // 1_000_000
    words = said("This photo is larger than %(most)s MB. Choose a smaller one.", most=most)
    return _page(listing_id, Invalid({"photo": [words]}), RequestEntityTooLarge.code)


def _too_many(listing_id: int) -> Response:
    seconds = limits.seconds_left(current_app, DRAWN, "photos", str(actor().account_id))
    words = said(
        "You sent %(most)s photos within an hour. Try again in %(minutes)s minutes.",
        most=DRAWN.amount,
        minutes=math.ceil(seconds / 60),
    )
    return _later(_page(listing_id, Invalid({"photo": [words]}), 429), seconds)


def _later(page: Response, seconds: int) -> Response:
    page.headers["Retry-After"] = str(seconds)
    return page


def _page(listing_id: int, error: Invalid | None = None, status: int | None = None) -> Response:
    here = runtime()
    with here.reading() as session:
        now = writing.current(session, listing_id, by=actor(), at=here.clock())
        listing, content = now.listing, now.content
        name, photo = content.name or _("you"), content.photo
        listing_id = listing.id
    # Every field of this page is about the one picture, so its messages stand at the picture.
    texts = [text for found in problems(error).values() for text in found]
    page = rendered(
        "practitioners/photo.html",
        error,
        status=status,
        listing_id=listing_id,
        name=name,
        photo_id=photo if photo and album().sizes_of(photo) else "",
        errors={"photo": texts} if texts else {},
        most_bytes=MOST_BYTES,
        back=_back(),
        onward=_onward(listing_id),
    )
    return for_one(page)


def _back() -> str:
    """Where somebody came from, and goes back to: the answers, or the list of steps."""
    return "check" if request.args.get("back") == "check" else ""


def _onward(listing_id: int) -> str:
    """The next step, or the answers when that is where one came from."""
    return f"/my/listing/{listing_id}/{'check' if _back() else 'edit/words'}"


def _viewer() -> Actor | None:
    return actor() if flask_login.current_user.is_authenticated else None


def _drain() -> None:
    left = min(request.content_length or 0, MOST_DRAINED)
    stream = request.environ["wsgi.input"]
    while left > 0 and (got := stream.read(min(left, 65_536))):
        left -= len(got)
