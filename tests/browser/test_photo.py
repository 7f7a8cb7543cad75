"""The photo page makes smaller what is larger than needed, before anything is sent."""

from io import BytesIO

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import expect

from directory.models import State
from tests import factories
from tests.sign_ins import sign_in_page

pytestmark = pytest.mark.browser

EMAIL = "portrait@practice.example"
FROM_PHONE = (8064, 6048)


def photo_of_a_phone() -> bytes:
    """48 million pixels that lie on their side: dark above and bright below, once upright."""
    stored = Image.new("L", (2, 1), 30)
    stored.putpixel((1, 0), 220)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    file = BytesIO()
    stored.resize(FROM_PHONE, Image.Resampling.NEAREST).save(file, "JPEG", exif=exif)
    return file.getvalue()


def address_of(live_data, email: str) -> str:
    """The photo page of somebody whom no other test counts among the public."""

    def made(session):
        owner = factories.account(session, email)
        slug = email.partition("@")[0]
        return factories.listing(session, owner_id=owner.id, slug=slug, state=State.PAUSED).id

    return f"/my/listing/{live_data(made)}/edit/photo"


def test_a_photo_of_48_million_pixels_is_taken_through_the_page_and_stands_upright(
    new_page, live_data
):
    address = address_of(live_data, EMAIL)
    sent = photo_of_a_phone()
    page = new_page()
    sign_in_page(page, EMAIL)
    page.goto(address)

    page.get_by_label("Choose a photo").set_input_files(
        {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": sent}
    )
    # At once: the page itself waits until the photo is small.
    page.get_by_role("button", name="Save photo and continue").click()
    page.wait_for_url("**/edit/words")
    page.goto(address)
    shown = page.get_by_role("img", name="Rowan Testerly")
    expect(shown).to_be_visible()
    source = shown.evaluate("(one) => one.currentSrc")

    with Image.open(BytesIO(page.request.get(source).body())) as portrait:
        dark, bright = (portrait.convert("L").getpixel((80, y)) for y in (20, 140))
    assert dark < 60 < 190 < bright


def test_without_a_script_such_a_photo_comes_back_with_the_reason(new_page, live_data):
    address = address_of(live_data, f"plain-{EMAIL}")
    page = new_page(java_script_enabled=False)
    sign_in_page(page, f"plain-{EMAIL}")
    page.goto(address)

    page.get_by_label("Choose a photo").set_input_files(
        {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": photo_of_a_phone()}
    )
    page.get_by_role("button", name="Save photo and continue").click()

    expect(page.locator("#photo-error")).to_contain_text("more than 40 million pixels")
