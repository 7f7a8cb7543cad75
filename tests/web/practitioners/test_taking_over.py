"""From an admin's invitation to a listing of one's own, as pages."""

import pytest

from directory.models import Handover, Listing
from tests import factories, sign_ins
from tests.sign_ins import mails_to, path_in, sign_in_admin, words

EMAIL = "maria@practice.example"


@pytest.fixture
def listing(runtime):
    with runtime.transaction() as session:
        return factories.listing(session, name="Maria Lopez", import_key="id:1").id


def test_an_invitation_leads_from_the_desk_to_ones_own_listing(app, client, runtime, listing):
    sign_in_admin(client)
    desk = f"/admin/listings/{listing}"
    assert client.post(f"{desk}/hand-over", data={"email": EMAIL}).location == desk
    assert f"{EMAIL} was invited" in words(client.get(desk))
    hers = app.test_client()
    (mail,) = mails_to(runtime, EMAIL)
    link = path_in(mail, "link")
    assert "/account/sign-in" in hers.get(link).location
    sign_ins.sign_in(hers, sign_ins.known(runtime, "maria@home.example"))

    page = hers.get(link)
    with runtime.reading() as session:
        assert session.get(Listing, listing).owner_id is None
    taken = hers.post(link)

    assert "The listing of Maria Lopez, LMT, Boulder" in words(page)
    assert taken.location == f"/my/listing/{listing}"
    assert hers.get(taken.location).status_code == 200
    assert hers.get(link).status_code == 404
    assert "kept by maria@home.example" in words(client.get(desk))


@pytest.mark.parametrize("typed", ["", "nobody", "a@b.example, c@d.example"])
def test_what_is_no_address_comes_back_with_the_reason(client, runtime, listing, typed):
    sign_in_admin(client)

    answer = client.post(f"/admin/listings/{listing}/hand-over", data={"email": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    with runtime.reading() as session:
        assert session.query(Handover).count() == 0


def test_an_invitation_that_was_taken_back_opens_nothing(client, runtime, listing):
    sign_in_admin(client)
    client.post(f"/admin/listings/{listing}/hand-over", data={"email": EMAIL})
    link = path_in(mails_to(runtime, EMAIL)[0], "link")

    client.post(f"/admin/listings/{listing}/hand-over/take-back")

    assert client.get(link).status_code == 404
