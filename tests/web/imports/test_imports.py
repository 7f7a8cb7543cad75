"""Imports, exports, places, terms and unknown words, as admins meet them in the browser."""

import csv
import io
import stat
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from directory.cli.jobs import Jobs
from directory.models import AuditEvent, ImportRun, Listing, Role, State, Synonym, UnknownWords
from tests import factories
from tests.sign_ins import sign_in_admin, words

ROSTER = (
    b"No;Full name;Profession;Town;State;Land;E-mail\n"
    b"1;Rowan Testerly;osteopath;Boulder;CO;US;r@p.example\n"
    b"2;Juniper Pretend;wizard;Boulder;CO;US;j@p.example\n"
    b"3;=cmd;osteopath;Boulder;CO;US;\n"
    b"4;Hazel Sample;osteopath;Springfield;;US;h@p.example\n"
)
MAPPED = "c0=external_id&c1=name&c2=professions&c3=locality&c4=region&c5=country&c6=email"


@pytest.fixture
def ada(client):
    return sign_in_admin(client)


def send(client, content: bytes = ROSTER):
    return client.post("/admin/imports", data={"file": (io.BytesIO(content), "members.csv")})


def work(runtime) -> None:
    importer = Jobs(runtime)
    while importer.step():
        pass


def everything(session) -> list[int]:
    tables = (Listing, ImportRun, AuditEvent)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_roster_is_sent_mapped_previewed_imported_downloaded_and_taken_back(client, runtime, ada):
    sent = send(client)
    (kept,) = (runtime.config.data_dir / "imports").glob("*.csv")
    mode = stat.S_IMODE(kept.stat().st_mode)
    mapping = client.get(sent.location)
    with runtime.reading() as session:
        before = everything(session)
    preview = client.get(f"{sent.location}/preview?{MAPPED}&approve=1")
    with runtime.reading() as session:
        after = everything(session)
    begun = client.post(f"{sent.location}/start?{MAPPED}&approve=1")
    waiting = client.get(begun.location)
    work(runtime)
    done = client.get(begun.location)
    failed = client.get(f"{begun.location}?outcome=failed")
    rows = client.get(f"{begun.location}/rows.csv").text
    undone = client.post(f"{begun.location}/undo")
    work(runtime)
    back = client.get(begun.location)

    assert (sent.status_code, begun.status_code, undone.status_code) == (303, 303, 303)
    assert mode == 0o600
    assert 'value="email" selected' in mapping.text
    assert "4 rows" in words(preview)
    assert "we do not know “wizard”" in words(preview)
    assert before == after
    assert "Waits for the worker" in words(waiting)
    assert "4 of 4 rows done" in words(done)
    assert "several places called Springfield" in words(done)
    assert "(no name)" in words(failed)
    assert "Rowan Testerly" not in words(failed)
    listed = list(csv.reader(io.StringIO(rows.removeprefix("\ufeff"))))
    assert [row[2] for row in listed] == ["outcome", "created", "created", "failed", "draft"]
    assert "wizard" in listed[2][3]
    assert "Taken back" in words(back)
    assert list((runtime.config.data_dir / "imports").iterdir()) == []
    with runtime.reading() as session:
        assert {one.state for one in session.scalars(select(Listing))} == {State.DRAFT}


def test_a_file_that_is_no_roster_is_refused_with_what_it_lacks(client, ada):
    empty = send(client, b"name,country,locality\n")
    sent = send(client)
    lacking = client.get(f"{sent.location}/preview?c1=name")
    thrown = client.post(f"{sent.location}/discard")
    gone = client.get(sent.location)

    assert empty.status_code == 422
    assert "no rows under its first line" in words(empty)
    assert lacking.status_code == 422
    assert "It needs the columns “country”" in words(lacking)
    assert "<title>Error:" in lacking.text
    assert (thrown.status_code, gone.status_code) == (303, 404)


def test_an_export_is_counted_first_and_streamed_as_it_was_filtered(client, indexed, ada):
    counted = client.get("/admin/export?country=DE")
    wrong = client.get("/admin/export?country=Atlantis")
    taken = client.post("/admin/export", data={"country": "DE"})

    assert "1 listing" in words(counted)
    assert wrong.status_code == 422
    rows = list(csv.DictReader(io.StringIO(taken.text.removeprefix("\ufeff"))))
    assert [row["name"] for row in rows] == ["Linden Fictional"]
    assert rows[0]["external_id"] == "stillpoint:linden-fictional"
    assert "attachment" in taken.headers["Content-Disposition"]


def test_a_reviewer_puts_an_imported_row_on_the_map(client, runtime):
    nowhere = replace(factories.BOULDER, locality="Springfield", region="", postcode="")
    lost = replace(nowhere, lat=None, lon=None, precision="")
    with runtime.transaction() as session:
        listing = Listing(
            slug="x", state=State.DRAFT, confirmed_on=factories.TODAY, created_at=factories.NOW
        )
        session.add(listing)
        listing.propose(factories.draft(practices=(lost, lost)), at=factories.NOW)
        session.flush()
        listing_id, revision = listing.id, listing.pending_id
    sign_in_admin(client, role=Role.REVIEWER)

    asked = client.get("/admin/placing")
    form = {"revision": revision, "position": 0}
    nothing = client.post(f"/admin/placing/{listing_id}", data=form)
    strange = client.post(f"/admin/placing/{listing_id}", data=form | {"place": "Paris, FR"})
    put = client.post(
        f"/admin/placing/{listing_id}", data=form | {"place": "Springfield, Illinois, US"}
    )
    late = client.post(f"/admin/placing/{listing_id}", data=form | {"coordinates": "1, 2"})
    with runtime.reading() as session:
        newer = session.get(Listing, listing_id).pending_id
    last = {"revision": newer, "position": 1, "coordinates": "44.05, -123.02"}
    client.post(f"/admin/placing/{listing_id}", data=last)
    empty = client.get("/admin/placing")

    assert "Springfield, Illinois, US" in words(asked)
    answers = [nothing.status_code, strange.status_code, put.status_code, late.status_code]
    assert answers == [422, 422, 303, 409]
    assert "Every listing has its place" in words(empty)
    with runtime.reading() as session:
        first, second = session.get(Listing, listing_id).pending.content.practices
    assert (first.region, first.precision, first.placed) == ("Illinois", "locality", True)
    assert (second.lat, second.lon, second.precision) == (44.05, -123.02, "exact")


def test_terms_are_added_renamed_said_otherwise_and_merged(client, runtime, ada):
    with runtime.transaction() as session:
        factories.listing(session, conditions=("migraine",))
    home = "/admin/terms/condition"

    added = client.post(home, data={"label": "Glass jaw", "group": "head", "serious": "1"})
    again = client.post(home, data={"label": "Glass jaw"})
    said = client.post(f"{added.location}/synonyms", data={"words": "brittle chin"})
    taken = client.post(f"{added.location}/synonyms", data={"words": "Migraine"})
    renamed = client.post(f"{added.location}/rename", data={"label": "Jaw of glass"})
    calm = client.post(f"{added.location}/serious", data={})
    merged = client.post(f"{home}/migraine/merge", data={"into": "glass-jaw"})
    between = client.get(home)
    work(runtime)
    after = client.get(added.location)

    assert [a.status_code for a in (added, said, renamed, calm, merged)] == [303] * 5
    assert (again.status_code, taken.status_code) == (422, 422)
    assert "This stands for “Migraine” already." in words(taken)
    assert "becomes glass-jaw" in words(between)
    assert "1 listing names it" in words(after)
    assert "brittle chin" in words(after)
    assert client.get(f"{home}/migraine").status_code == 404
    for kind in ("profession", "credential"):
        assert client.get(f"/admin/terms/{kind}").status_code == 200


def test_words_that_found_nothing_become_synonyms(client, indexed, ada):
    browser = {"User-Agent": "Firefox"}
    for _ in range(5):
        client.get("/search?q=frobnicitis", headers=browser)
    client.get("/search?q=frobnicitis", headers={"User-Agent": "a bot"})
    indexed.unfound.flush(indexed.transaction)

    asked = client.get("/admin/unknown-words")
    lost = client.post("/admin/unknown-words/add", data={"words": "frobnicitis"})
    chosen = {"words": "frobnicitis", "term": "condition:migraine"}
    added = client.post("/admin/unknown-words/add", data=chosen)

    assert "frobnicitis 5 times" in words(asked)
    assert (lost.status_code, added.status_code) == (422, 303)
    with indexed.reading() as session:
        row = session.scalars(select(Synonym).where(Synonym.words == "frobnicitis")).one()
        assert (row.slug, row.everyday) == ("migraine", True)
        assert session.get(UnknownWords, "frobnicitis") is None


def test_a_reviewer_sees_unknown_words_and_no_imports(client, runtime):
    with runtime.transaction() as session:
        session.add(UnknownWords(words="frobnicitis", total=5, dismissed=False))
    sign_in_admin(client, role=Role.REVIEWER)

    asked = client.get("/admin/unknown-words")
    dismissed = client.post("/admin/unknown-words/dismiss", data={"words": "frobnicitis"})
    closed = [
        client.get(f"/admin/{page}").status_code for page in ("imports", "export", "taxonomy")
    ]

    assert "frobnicitis" in words(asked)
    assert "Add as synonym" not in words(asked)
    assert dismissed.status_code == 303
    assert closed == [404] * 3


MESSY = (
    b"Members 2026\n"
    b"No,Full name,Profession,Town,State,Land,Taking new clients?\n"
    b'1,"TESTERLY, Rowan",osteopath,Boulder,CO,US,Waiting list\n'
    b"2,Juniper Pretend,wizard,Boulder,CO,US,waiting list\n"
    b"3,Hazel Sample,osteopath,Boulder,CO,US,yes\n"
)
CHOSEN = f"{MAPPED.removesuffix('email')}accepting"


def test_values_are_put_right_in_the_preview_and_imported_so(client, runtime, ada):
    sent = send(client, MESSY)
    first = client.get(f"{sent.location}/preview?{CHOSEN}&approve=1")
    wrong = client.get(f"{sent.location}/aside.csv?{CHOSEN}").text
    carried = dict(pair.split("=") for pair in CHOSEN.split("&")) | {"approve": "1"}
    boxes = {"column0": "accepting", "value0": "Waiting list", "meant0": "no"} | {
        "column1": "professions",
        "value1": "wizard",
        "meant1": "",
    }
    corrected = client.post(f"{sent.location}/correct", data=carried | boxes)
    second = client.get(corrected.location)
    begun = client.post(f"{sent.location}/start", data=carried)
    work(runtime)

    assert "“Waiting list” is neither yes nor no" in words(first)
    assert "3 cells are kept aside" in words(first)
    rows = list(csv.reader(io.StringIO(wrong.removeprefix("\ufeff"))))
    assert rows[1][:4] == ["3", "Rowan Testerly", "accepting", "Waiting list"]
    assert "1 cell is kept aside" in words(second)
    assert "put right" in words(second)
    assert begun.status_code == 303
    with runtime.reading() as session:
        accepting = {
            one.live.content.name: one.live.content.accepting
            for one in session.scalars(select(Listing))
        }
    assert accepting == {"Rowan Testerly": False, "Juniper Pretend": False, "Hazel Sample": True}
    assert list((runtime.config.data_dir / "imports").iterdir()) == []


def test_what_was_put_right_can_be_taken_back(client, ada):
    sent = send(client, MESSY)
    box = {"column0": "accepting", "value0": "waiting list"}
    client.post(f"{sent.location}/correct", data=box | {"meant0": "no"})
    client.post(f"{sent.location}/correct", data=box | {"meant0": ""})

    assert "3 cells are kept aside" in words(client.get(f"{sent.location}/preview?{CHOSEN}"))


def test_columns_are_asked_for_in_peoples_words_and_remembered_by_their_names(client, runtime, ada):
    first = send(client, MESSY)
    page = client.get(first.location)
    chosen = CHOSEN.replace("c6=accepting", "c6=")
    client.post(f"{first.location}/start?{chosen}")
    again = client.get(send(client, MESSY).location)
    other = client.get(send(client).location)

    assert "Takes new clients?" in words(page)
    assert ">external_id<" not in page.text
    assert 'value="accepting" selected' in page.text
    assert "imported on" in words(again)
    assert 'value="accepting" selected' not in again.text
    assert "imported on" not in words(other) or 'value="email" selected' in other.text


def test_another_line_can_name_the_columns(client, ada):
    sent = send(client, b"Name,City,Country\nPraxis,Ort,Land\nRowan Testerly,Boulder,US\n")

    client.post(f"{sent.location}/header", data={"line": "2"})

    page = client.get(sent.location)
    assert "stand in line 2" in words(page)
    assert "Praxis" in words(page)
