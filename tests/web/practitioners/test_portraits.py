"""The photo page and the photos, as browsers get them."""

import re
from datetime import timedelta
from io import BytesIO
from threading import BoundedSemaphore

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from sqlalchemy import func, select

from directory.models import Listing, Photo, Role, State, WorkingCopy
from directory.photos import Album, turns
from directory.usecases.practitioners import portraits
from tests import factories
from tests.factories import NOW, TODAY
from tests.sign_ins import sign_in


def sent(size=(240, 200), kind="JPEG", name="me.jpg"):
    """A file as a form has it: blue to the left, yellow to the right."""
    image = Image.new("RGB", (2, 1), (20, 20, 220))
    image.putpixel((1, 0), (220, 220, 20))
    file = BytesIO()
    image.resize(size, Image.Resampling.NEAREST).save(file, kind)
    file.seek(0)
    return file, name


@pytest.fixture
def album(runtime) -> Album:
    return Album(runtime.config.data_dir / "photos")


@pytest.fixture
def people(runtime):
    """Account by name; the owner's listing is public."""
    with runtime.transaction() as session:
        made = {
            "owner": factories.account(session),
            "stranger": factories.account(session, "stranger@practice.example"),
            "admin": factories.account(session, "admin@site.example", role=Role.ADMIN),
        }
        factories.listing(session, owner_id=made["owner"].id)
        session.flush()
        session.expunge_all()
    return made


@pytest.fixture
def listing_id(runtime, people) -> int:
    with runtime.reading() as session:
        return session.scalar(select(Listing.id))


@pytest.fixture
def page(listing_id) -> str:
    return f"/my/listing/{listing_id}/edit/photo"


@pytest.fixture
def as_(app, people):
    """A client of its own, signed in as somebody; None is a visitor."""

    def client(name):
        made = app.test_client()
        if name:
            sign_in(made, people[name])
        return made

    return client


def photo_of(runtime, listing_id) -> str:
    with runtime.reading() as session:
        copy = session.get(WorkingCopy, listing_id)
        return copy.content.photo if copy else ""


def publish(runtime, listing_id):
    with runtime.transaction() as session:
        listing = session.get(Listing, listing_id)
        content = session.get(WorkingCopy, listing_id).content
        listing.approve(listing.propose(content, at=NOW), on=TODAY)


def soup(response):
    return BeautifulSoup(response.text, "html.parser")


def test_a_photo_is_sent_kept_shown_and_removed(runtime, album, as_, page, listing_id):
    owner = as_("owner")

    saved = owner.post(page, data={"photo": sent(), "x": "1", "y": "0", "size": "1"})

    assert (saved.status_code, saved.location) == (303, f"/my/listing/{listing_id}/edit/words")
    photo_id = photo_of(runtime, listing_id)
    with Image.open(album.path(photo_id, 160, "jpg")) as image:
        red, _, blue = image.getpixel((100, 80))
        assert red > blue  # the frame stood to the right
    shown = soup(owner.get(page))
    image = shown.find("img", class_="portrait")
    assert image["alt"] == "Rowan Testerly"
    assert (image["width"], image["height"]) == ("160", "160")
    assert owner.get(image["src"], buffered=True).status_code == 200
    removed = owner.post(shown.find("form", action=re.compile("remove"))["action"])
    assert (removed.status_code, photo_of(runtime, listing_id)) == (303, "")
    assert soup(owner.get(page)).find("img", class_="portrait") is None


@pytest.mark.parametrize(("cut", "warm"), [("start", False), ("end", True)])
def test_without_a_script_a_word_says_where_to_cut(
    runtime, album, as_, page, listing_id, cut, warm
):
    as_("owner").post(page, data={"photo": sent((480, 200)), "cut": cut})

    with Image.open(album.path(photo_of(runtime, listing_id), 160, "jpg")) as image:
        red, _, blue = image.getpixel((80, 80))
    assert (red > blue) is warm


def test_from_the_answers_the_way_leads_back_to_the_answers(as_, page, listing_id):
    owner = as_("owner")
    form = soup(owner.get(f"{page}?back=check")).find("form", enctype="multipart/form-data")

    saved = owner.post(form["action"], data={"photo": sent()})

    assert saved.location == f"/my/listing/{listing_id}/check"


UNFIT = (
    (dict, "Choose a photo first"),
    (lambda: {"photo": (BytesIO(b""), "")}, "Choose a photo first"),
    (lambda: {"photo": (BytesIO(b"<script>alert(1)</script>"), "x.jpg")}, "not a picture"),
    (lambda: {"photo": (BytesIO(b"<svg onload='alert(1)'/>"), "x.svg")}, "not a picture"),
    (lambda: {"photo": sent(kind="GIF", name="me.jpg")}, "not a picture"),
    (lambda: {"photo": sent((100, 100))}, "too small"),
    (lambda: {"photo": sent(), "x": "nan"}, "Write a number."),
    (lambda: {"photo": sent(), "x": "1.5"}, "From 0 to 1"),
    (lambda: {"photo": sent(), "cut": "elsewhere"}, "Choose one of"),
)


def test_what_cannot_be_used_comes_back_with_the_reason(runtime, album, as_, page, listing_id):
    owner = as_("owner")

    for data, words in UNFIT:
        response = owner.post(page, data=data(), content_type="multipart/form-data")

        assert response.status_code == 422
        shown = soup(response)
        assert shown.title.text.startswith("Error:")
        assert words in shown.find(role="alert").text
        assert shown.find(role="alert").find("a")["href"] == "#photo"
        assert shown.find(id="photo")["aria-invalid"] == "true"
        assert "photo-error" in shown.find(id="photo")["aria-describedby"].split()
        assert words in shown.find(id="photo-error").text
    assert photo_of(runtime, listing_id) == ""
    assert not list(album.folder.rglob("*"))


def upload(size: int) -> dict:
    """A form with one file of that many bytes, as it goes over the wire."""
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="me.jpg"\r\n\r\n'
    body = head + bytes(size) + b"\r\n--x--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=x"}


def test_more_than_any_photo_is_413_with_the_page_and_the_reason(as_, page):
    owner = as_("owner")

    for size, status in ((13_500_000, 413), (12_500_000, 422)):
        response = owner.post(page, **upload(size))

        assert response.status_code == status
        assert "larger than 12 MB" in soup(response).find(role="alert").text


def test_while_many_photos_are_drawn_the_page_says_when_to_come_back(as_, page, monkeypatch):
    monkeypatch.setattr(turns, "_places", BoundedSemaphore(1))

    with turns._places:
        answer = as_("owner").post(page, data={"photo": sent()})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Other photos are being worked on just now." in answer.text
    assert as_("owner").post(page, data={"photo": sent()}).status_code == 303


def test_other_forms_take_no_more_than_before(as_, page):
    assert as_("owner").post(f"{page}/remove", **upload(2_000_000)).status_code == 413


def test_the_kind_and_name_that_a_browser_claims_mean_nothing(as_, page):
    file, _ = sent()

    saved = as_("owner").post(page, data={"photo": (file, "../../evil.php", "text/html")})

    assert saved.status_code == 303


def test_of_the_listing_of_another_there_is_no_photo_page(runtime, as_, page):
    stranger = as_("stranger")

    assert stranger.get(page).status_code == 404
    assert stranger.post(page, data={"photo": sent()}).status_code == 404
    assert stranger.post(f"{page}/remove").status_code == 404
    with runtime.reading() as session:
        assert session.scalar(select(func.count(Photo.id))) == 0


def test_who_is_not_signed_in_is_sent_to_sign_in(as_, page):
    visitor = as_(None)

    assert visitor.get(page).status_code in (302, 303)
    assert visitor.post(page, data={"photo": sent()}).status_code in (302, 303, 403)
    assert visitor.post(page, **upload(13_500_000)).status_code in (302, 303, 403)


@pytest.fixture
def kept(runtime, album, people, listing_id) -> str:
    """The id of a portrait that is not public yet."""
    file, _ = sent()
    portrait = album.keep(file.read())
    by = factories.actor(people["owner"])
    with runtime.transaction() as session:
        portraits.portray(session, listing_id, portrait, by=by, at=NOW)
    return portrait.id


def test_before_it_is_public_a_photo_is_there_for_its_keeper_and_admins_alone(as_, kept):
    address = f"/photos/{kept}-160.webp"

    seen = {
        name: as_(name).get(address, buffered=True) for name in (None, "stranger", "owner", "admin")
    }

    assert [response.status_code for response in seen.values()] == [404, 404, 200, 200]
    assert seen["owner"].headers["Cache-Control"] == "private, no-store"


def test_a_public_photo_is_for_all_and_can_do_nothing(runtime, as_, kept, listing_id):
    publish(runtime, listing_id)
    visitor = as_(None)

    for ext, kind in (("jpg", "image/jpeg"), ("webp", "image/webp"), ("avif", "image/avif")):
        response = visitor.get(f"/photos/{kept}-320.{ext}", buffered=True)

        assert (response.status_code, response.mimetype) == (200, kind)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Disposition"].startswith("inline")
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response.headers["Cache-Control"] == "public, max-age=3600"
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")
    unchanged = {"If-None-Match": response.headers["ETag"]}
    again = visitor.get(response.request.path, headers=unchanged, buffered=True)
    assert (again.status_code, again.data) == (304, b"")


def test_a_photo_is_gone_with_the_listing_that_showed_it(runtime, as_, kept, listing_id):
    publish(runtime, listing_id)
    runtime.clock = lambda: NOW + timedelta(days=400)

    assert as_(None).get(f"/photos/{kept}-160.jpg").status_code == 404

    runtime.clock = lambda: NOW
    with runtime.transaction() as session:
        session.get(Listing, listing_id).state = State.PAUSED
    assert as_(None).get(f"/photos/{kept}-160.jpg").status_code == 404


NO_PHOTO = (
    "x",
    "../../secret-key",
    "..%2f..%2fsecret-key",
    "%2e%2e%2fsecret-key",
    "{id}-160.php",
    "{id}-161.jpg",
    "{id}-160.jpg%00.png",
    "{id}-160.JPG",
    "{id}-160.jpg/",
    "{id}%0a-160.jpg",
    "{id}.jpg",
    "{other}-160.jpg",
    ".new-{id}",
)


def test_a_path_that_is_no_photo_is_not_there(runtime, as_, kept, listing_id):
    publish(runtime, listing_id)
    visitor = as_(None)

    for name in NO_PHOTO:
        response = visitor.get("/photos/" + name.format(id=kept, other="f" * 32))

        assert response.status_code == 404, name
        assert b"only-for-tests" not in response.data
