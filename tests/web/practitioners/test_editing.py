"""The editor over HTTP: saved, refused, merged, quiet, and nobody else's business."""

import pytest
from bs4 import BeautifulSoup

from directory.models import Price
from directory.usecases.practitioners import writing
from tests import factories
from tests.sign_ins import sign_in

PAGES = ("you", "work", "people", "places", "contact", "times", "words")
XSS = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}"


@pytest.fixture
def rowan(runtime):
    """The account that keeps the one listing."""
    with runtime.transaction() as session:
        made = factories.account(session)
        session.expunge(made)
    return made


@pytest.fixture
def mine(runtime, rowan):
    """The id of Rowan's live listing."""
    with runtime.transaction() as session:
        return factories.listing(session, owner_id=rowan.id).id


@pytest.fixture
def visit(client, rowan, mine):
    """Call it with the end of an address and, to post, a form; Rowan is signed in."""
    sign_in(client, rowan)

    def visit(page, form=None, **headers):
        address = f"/my/listing/{mine}/edit/{page}"
        if form is None:
            return client.get(address)
        return client.post(address, data=form, headers=headers)

    return visit


@pytest.fixture
def written(runtime, rowan, mine):
    """Call it for what is written of Rowan's listing."""

    def written():
        with runtime.reading() as session:
            by = factories.actor(rowan)
            return writing.current(session, mine, by=by, at=factories.NOW)

    return written


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def boxes(answer, form=0):
    """A form's boxes as a browser without JavaScript would send them."""
    found = {}
    for box in soup(answer).select(".edit-form")[form].select("input, textarea, select"):
        kind = box.get("type")
        if kind in ("checkbox", "radio") and not box.has_attr("checked"):
            continue
        if box.name == "textarea":
            value = box.text.removeprefix("\n")
        elif box.name == "select":
            value = next((one["value"] for one in box.select("option[selected]")), "")
        else:
            value = box.get("value", "on")
        if name := box.get("name"):
            found.setdefault(name, []).append(value)
    return found


def test_every_page_sent_as_it_is_changes_nothing_and_leads_to_the_next(visit, written, mine):
    before = written().content
    steps = [*PAGES[:6], "photo", "words"]

    for page in PAGES:
        answer = visit(page, boxes(visit(page)))

        following = steps[steps.index(page) + 1] if page != "words" else None
        there = f"edit/{following}" if following else "check"
        assert (answer.status_code, answer.location) == (303, f"/my/listing/{mine}/{there}")
    assert written().content == before


def test_change_leads_back_to_the_answers_and_the_other_button_to_all_steps(visit, mine):
    page = visit("you?back=check")
    form = boxes(page)

    assert form["back"] == ["check"]
    assert visit("you", form).location == f"/my/listing/{mine}/check"
    assert visit("you", form | {"then": "all"}).location == f"/my/listing/{mine}"


def test_what_is_saved_stands_there_again(visit, written):
    form = boxes(visit("times")) | {"day0": "9-12, 2-5", "closed0_first": "2026-12-24"}

    visit("times", form | {"accepting": "no", "fees": "60 minutes 95 dollars"})

    shown = boxes(visit("times"))
    assert shown["day0"] == ["09:00–12:00, 14:00–17:00"]
    assert shown["closed0_last"] == ["2026-12-24"]
    assert (shown["accepting"], shown["fees"]) == (["no"], ["60 minutes 95 dollars"])
    assert written().content.accepting is False


def test_what_cannot_be_used_is_shown_with_its_error_here_and_on_the_next_visit(visit, written):
    form = boxes(visit("contact")) | {"website": "javascript:alert(1)", "phone": "+1 503 555 0101"}

    refused = visit("contact", form)
    later = visit("contact")

    assert (refused.status_code, later.status_code) == (422, 200)
    for answer in (refused, later):
        page = soup(answer)
        assert page.title.text.startswith("Error:")
        link = page.select_one("[role=alert][data-focus] a")
        wrong = page.select_one(link["href"])
        assert (wrong["name"], wrong["value"]) == ("website", "javascript:alert(1)")
        assert wrong["aria-invalid"] == "true"
        assert page.select_one(f"#{wrong['aria-describedby'].split()[-1]}").text.strip()
        assert page.select_one("#phone")["value"] == "+1 503 555 0101"
    assert written().content.website == ""


def test_saving_quietly_answers_in_json_and_keeps_what_is_half_typed(visit, written):
    form = boxes(visit("you"))

    saved = visit("you", form | {"name": "Rowan Renamed"}, X_Autosave="1")
    half = visit("you", form | {"name": "", "seen": saved.json["seen"]}, X_Autosave="1")
    late = visit("you", form | {"name": "Somebody Else"}, X_Autosave="1")

    assert (saved.status_code, saved.json["seen"]) == (200, written().seen("you"))
    assert (half.status_code, half.json) == (422, {"fields": {"Name": "Say your name."}})
    assert (late.status_code, late.json) == (409, {"changed": True})
    assert written().content.name == "Rowan Renamed"
    assert written().typed["you"]["name"] == ["Somebody Else"]


def test_two_windows_are_shown_side_by_side_and_both_can_be_kept(visit, written):
    first = second = boxes(visit("words"))
    visit("words", first | {"about": "From the first.", "first_visit": "An hour."})

    collided = visit("words", second | {"about": "From the second.\n\n<b>x</b>", "background": "B"})
    texts = [one.text for one in soup(collided).select(".version-text")]
    chosen = boxes(collided) | {"keep-first_visit": "theirs"}
    merged = visit("words", chosen)

    assert collided.status_code == 409
    assert texts[:4] == ["From the second.\n\n<b>x</b>", "From the first.", "(nothing)", "An hour."]
    assert chosen["keep-about"] == ["yours"]
    assert merged.status_code == 303
    now = written().content
    assert (now.about, now.first_visit, now.background) == (
        "From the second.\n\n<b>x</b>",
        "An hour.",
        "B",
    )


def test_a_collision_waits_until_it_is_settled_on_whatever_device(visit, written):
    old = boxes(visit("times"))
    visit("times", old | {"day0": "9-12"})
    visit("times", old | {"day0": "14-18", "closed0_first": "2026-12-24"}, X_Autosave="1")

    shown = visit("times")
    visit("times", boxes(shown) | {"keep-day0": "theirs"})

    assert "changed elsewhere" in soup(shown).h1.text
    assert [one.opens for one in written().content.hours] == ["09:00"]
    assert written().content.closures[0].first == "2026-12-24"


def test_a_promise_is_shown_with_a_rewrite_that_one_button_takes(visit, written):
    form = boxes(visit("words"))
    visit("words", form | {"about": "Quiet.\r\nShe heals and\r\ncures. \r\n"})
    shown = visit("words")
    buttons = soup(shown).select("[name=accept]")

    taken = visit("words", boxes(shown) | {"accept": buttons[0]["value"]})
    stale = visit("words", boxes(visit("words")) | {"accept": buttons[1]["value"]})

    assert [one["data-rewrite"] for one in buttons] == ["supports", "supports people with"]
    assert (taken.status_code, taken.location[-6:]) == (303, "#about")
    assert stale.status_code == 303
    assert written().content.about == "Quiet.\nShe supports and\ncures."


def test_promises_in_the_fees_are_shown_and_do_not_stop_anybody(visit):
    answer = visit("times", boxes(visit("times")) | {"fees": "Cures, 60 dollars"}, X_Autosave="1")

    assert answer.status_code == 200
    assert "“Cures” promises" in answer.json["parts"]["fees"]


def test_terms_are_found_by_plain_words(visit, client):
    asked = {
        ("conditions", "turns head left"): ("torticollis", "turns head left"),
        ("conditions", "my baby will not latch on"): ("infant-feeding", ""),
        ("conditions", "migr"): ("migraine", ""),
        ("professions", "LMT"): ("massage-therapist", "LMT"),
        ("credentials", "upledger"): ("cst-t", "Upledger"),
        ("languages", "deutsch"): ("de", "deutsch"),
        ("languages", "span"): ("es", ""),
    }

    for (kind, typed), (slug, words) in asked.items():
        page = soup(client.get(f"/my/choose/{kind}", query_string={"q": typed, "box": kind}))

        offers = {one["data-slug"]: one for one in page.select("[role=option]")}
        said = offers[slug].select_one(".muted")
        assert words.casefold() in (said.text.casefold() if said else "")
        assert page.select_one("[data-says]")["data-says"]


def test_conditions_are_not_shown_for_places_in_great_britain(runtime, rowan, visit, client):
    with runtime.transaction() as session:
        london = factories.listing(
            session, slug="london", owner_id=rowan.id, practices=(factories.LONDON,)
        ).id

    there = client.get(f"/my/listing/{london}/edit/people").text

    assert "Conditions will not be shown" in there
    assert "Conditions will not be shown" not in visit("people").text


NEW_PLACE = {"country": "US", "locality": "Portland", "region": "OR", "home_visit_km": "16.1"}


def test_a_place_is_added_put_on_the_map_and_its_pin_moved_by_typing(visit, written, mine):
    added = visit("places/new", boxes(visit("places/new")) | NEW_PLACE | {"hide_address": "yes"})
    shown = visit("places/1/map")

    there = f"/my/listing/{mine}/edit/places"
    assert (added.status_code, added.location) == (303, f"{there}/1/map")
    assert "Found by the town." in shown.text
    assert written().content.practices[1].precision == "locality"

    kept = visit("places/1/map", boxes(shown, -1))
    found = written().content.practices[1]
    moved = visit("places/1/map", boxes(shown, -1) | {"position": "45.5231, −122.6765"})
    now = written().content.practices[1]

    assert (kept.location, moved.location) == (there, there)
    assert found.precision == "locality"
    assert (now.lat, now.lon, now.precision) == (45.5231, -122.6765, "exact")
    assert (now.region, now.hide_address, now.home_visit_km) == ("Oregon", True, 16.1)


def test_of_several_towns_of_that_name_one_is_chosen(visit, written):
    visit("places/new", boxes(visit("places/new")) | {"country": "US", "locality": "Springfield"})
    asked = visit("places/1/map")
    labels = [one["value"] for one in soup(asked).select("[name=candidate]")]

    visit("places/1/map", boxes(asked) | {"candidate": "Nowhere"})
    unknown = written().content.practices[1].placed
    visit("places/1/map", boxes(asked) | {"candidate": "Springfield, Missouri, US"})

    assert "Springfield, Missouri, US" in labels
    assert not unknown
    assert written().content.practices[1].region == "Missouri"
    assert written().content.practices[1].placed


def test_a_misspelt_town_is_offered_as_it_is_spelled(visit, written):
    visit("places/new", boxes(visit("places/new")) | {"country": "US", "locality": "Boulderr"})
    asked = visit("places/1/map")
    label = soup(asked).select_one("[name=candidate][value^='Boulder, Colorado']")["value"]

    visit("places/1/map", boxes(asked) | {"candidate": label})

    assert soup(asked).h1.text == "Which place is it?"
    assert written().content.practices[1].locality == "Boulder"


def test_a_pin_that_is_no_position_is_refused(visit, written):
    before = written().content
    form = boxes(visit("places/0/map"), -1)

    for position in ("here", "91, 0", "10", "1, 181", "nan, nan", "1e3, 2"):
        refused = visit("places/0/map", form | {"position": position})

        assert refused.status_code == 422
        assert soup(refused).select_one("#position")["value"] == position
    assert written().content == before


def test_a_place_half_typed_is_kept_and_can_be_thrown_away(visit, written):
    quiet = visit("places/new", {"country": "US", "name": "Half"}, X_Autosave="1")
    begun = visit("places/new")
    refused = visit("places/new", boxes(begun))

    assert quiet.json == {"kept": True}
    assert boxes(begun)["name"] == ["Half"]
    assert refused.status_code == 422
    assert "places/new/forget" in visit("places").text
    visit("places/new/forget", {})
    assert written().typed == {}
    assert len(written().content.practices) == 1


def test_a_place_changed_in_two_windows_is_merged(visit, written):
    old = boxes(visit("places/0"))
    visit("places/0", old | {"name": "First window"})

    collided = visit("places/0", old | {"name": "Second window"})
    mine = {
        one["name"]: one["value"] for one in soup(collided).select(".versions form")[0]("input")
    }
    answer = visit("places/0", mine)

    assert collided.status_code == 409
    assert "First window" in collided.text
    assert "Second window" in collided.text
    assert answer.status_code == 303
    assert written().content.practices[0].name == "Second window"


def test_a_place_is_removed_once(visit, written):
    visit("places/new", boxes(visit("places/new")) | NEW_PLACE)
    form = {
        one["name"]: one["value"]
        for one in soup(visit("places")).select_one(".places form")("input")
    }

    visit("places/0/remove", form)
    again = visit("places/0/remove", form)

    assert [one.locality for one in written().content.practices] == ["Portland"]
    assert again.location.endswith("#changed")


ROUTES = (
    *((method, page) for page in PAGES for method in ("get", "post")),
    *((method, f"places/{one}") for one in ("new", "0", "0/map") for method in ("get", "post")),
    *(("post", f"places/{one}") for one in ("0/remove", "0/forget", "new/forget")),
)


def test_other_peoples_listings_are_not_there(app, runtime, mine, written):
    with runtime.transaction() as session:
        other = factories.account(session, email="other@practice.example")
        session.expunge(other)
    stranger, nobody, before = app.test_client(), app.test_client(), written()
    sign_in(stranger, other)

    for method, page in ROUTES:
        here, nowhere = (f"/my/listing/{one}/edit/{page}" for one in (mine, 10**30))
        assert getattr(stranger, method)(here, data=NEW_PLACE).status_code == 404
        assert getattr(stranger, method)(nowhere, data=NEW_PLACE).status_code in (404, 405)
        assert getattr(nobody, method)(here).status_code in (302, 303, 400, 401, 403)
    assert written().content == before.content
    assert written().typed == before.typed


def test_looking_changes_nothing_and_forms_cannot_reach_beyond_their_boxes(
    runtime, visit, written, mine
):
    more = {"role": "admin", "status": "live", "state": "live", "owner_id": "9", "approved_at": "x"}
    more |= {"live_id": "1", "photo": "f" * 32, "listing_id": "9"}
    before = written()

    for method, page in ROUTES:
        if method == "get":
            visit(page)
    looked = written().version
    for page in PAGES:
        visit(page, boxes(visit(page)) | more)

    after = written()
    assert looked == before.version
    assert after.content == before.content
    assert (after.listing.owner_id, after.listing.state, after.listing.live_id) == (
        before.listing.owner_id,
        before.listing.state,
        before.listing.live_id,
    )


def test_whatever_is_typed_is_shown_as_text(visit, runtime):
    for page in (*PAGES, "places/new"):
        names = {name for name in boxes(visit(page)) if name not in ("csrf_token", "seen")}
        names |= {"professions", "conditions", "access", "ages", "languages", "credentials"}
        form = dict.fromkeys(names, XSS)

        refused = visit(page, form | {"back": XSS, "then": XSS, "accept": f"about:{XSS}"})
        for answer in (refused, visit(page), visit("places"), visit("places/1/map")):
            shown = soup(answer)
            assert [one for one in shown("script") if "alert" in one.text] == []
            assert shown.select("[onerror], img[src=x]") == []
            assert "49" not in shown.main.text


def test_a_price_is_written_in_the_money_of_the_country_and_stands_there_again(visit, written):
    first = soup(visit("times")).select_one("#price_currency option")["value"]
    price = {"price_amount": "95", "price_currency": "USD", "price_minutes": "50"}
    visit("times", boxes(visit("times")) | price)
    page = soup(visit("times"))

    assert first == "USD"
    assert written().content.price == Price(95, "USD", 50)
    assert page.select_one("#price_amount")["value"] == "95"
    assert page.select_one("#price_currency option[selected]")["value"] == "USD"
    assert page.select_one("#price_minutes")["value"] == "50"


def test_a_price_that_cannot_be_read_is_told_at_its_box(visit, written):
    answer = visit("times", {"price_amount": "by heart", "free_talk": "yes"})

    assert answer.status_code == 422
    assert soup(answer).select_one("#price_amount")["aria-invalid"] == "true"
    assert written().content.price is None


def test_working_online_only_and_being_a_woman_are_said_on_their_pages(visit, written):
    online = {"online_only": "yes", "serves": "Canada, United States"}
    visit("places", boxes(visit("places"), -1) | online)
    visit("you", boxes(visit("you")) | {"practitioner": "woman"})

    content = written().content
    assert (content.online, content.online_only, content.serves) == (True, True, ("CA", "US"))
    assert content.practitioner == "woman"
    assert soup(visit("places")).select_one("#serves")["value"] == "Canada; United States"
    assert soup(visit("you")).select_one("[name=practitioner][checked]")["value"] == "woman"
