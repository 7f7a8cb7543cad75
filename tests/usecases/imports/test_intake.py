"""A roster goes in: the sample file with all its mess, and what must happen to each line."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from directory.files import terms as taxonomy
from directory.files.rosters import reading
from directory.models import (
    AuditEvent,
    IndexChange,
    Listing,
    Revision,
    Slug,
    State,
    Taxonomy,
)
from directory.usecases.curation import shipped_terms
from directory.usecases.imports import intake
from directory.usecases.imports.rows import Row, settle_repeats
from tests.factories import BOULDER, NOW, account, draft

SAMPLE = Path(__file__).parents[2] / "data" / "roster.csv"
UNPLACED = replace(BOULDER, lat=None, lon=None, precision="", region="", postcode="")


@pytest.fixture
def take(session, gazetteer):
    """Import these rows, and commit."""

    def take(*rows: Row, approve: bool = True):
        taken = intake.take_rows(
            session,
            settle_repeats(rows),
            gazetteer=gazetteer,
            approve=approve,
            by="admin",
            at=NOW,
        )
        session.commit()
        return taken.report

    return take


@pytest.fixture
def sample(session) -> reading.Roster:
    found = reading.read(SAMPLE.read_bytes(), Taxonomy.load(session))
    session.rollback()
    return found


def row(line: int = 2, *, external_id: str = "A-1", **changes) -> Row:
    practices = changes.pop("practices", (UNPLACED,))
    content = draft(practices=practices, **changes)
    return Row(line, content.name, external_id, content)


def listing(session, key: str) -> Listing:
    return session.scalars(select(Listing).where(Listing.import_key == key)).one()


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def everything(session) -> tuple[int, ...]:
    return tuple(count(session, table) for table in (Listing, Revision, AuditEvent, IndexChange))


def outcomes(report) -> dict[int, str]:
    return {row.line: row.outcome.value for row in report.rows}


def notes(report, line: int) -> str:
    return "; ".join(next(row for row in report.rows if row.line == line).notes)


SAMPLE_OUTCOMES = {
    2: "replaced",  # A-1, again on line 12
    3: "created",
    4: "created",
    5: "created",
    6: "created",
    7: "created",
    8: "failed",  # no name
    9: "created",  # no e-mail address
    10: "draft",  # a town that does not exist
    11: "failed",  # a formula
    12: "created",  # A-1, as it stands last
    13: "created",  # a wizard
    14: "draft",  # one of many Springfields
    15: "created",  # on the prime meridian
    16: "created",  # a website that is a script
}


def test_every_line_of_the_sample_has_the_outcome_it_deserves(take, sample):
    report = take(*sample.rows)

    assert outcomes(report) == SAMPLE_OUTCOMES
    assert report.failed


def test_the_sample_is_read_past_its_byte_order_mark_and_its_unknown_column(sample):
    assert sample.notes == ("Unknown columns, not read: “Membership no.”.",)
    assert sample.rows[0].external_id == "A-1"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("line", "words"),
    [
        (2, "same external_id as line 12"),
        (8, "name: The name is needed."),
        (9, "email: “not an email” is no e-mail address; left out"),
        (10, "we could not place “Zzyzxville-upon-Nothing, US”"),
        (11, "begins with '=', as a spreadsheet formula does"),
        (13, "professions: we do not know “wizard”"),
        (14, "several places called Springfield"),
        (14, "Springfield, Illinois, US"),
        (14, "say the region"),
        (16, "website: “javascript:alert(1)” is no address of a web page"),
        (16, "conditions: we do not know “no such thing”"),
    ],
)
def test_the_report_says_why_in_words(take, sample, line, words):
    assert words in notes(take(*sample.rows), line)


def test_a_second_run_of_the_sample_changes_nothing(session, take, sample):
    take(*sample.rows)
    before = everything(session)

    again = take(*sample.rows)

    expected = {
        line: "unchanged" if was == "created" else was for line, was in SAMPLE_OUTCOMES.items()
    }
    assert outcomes(again) == expected
    assert everything(session) == before


def test_what_the_sample_says_is_what_is_live(session, take, sample):
    take(*sample.rows)
    live = {key: listing(session, f"id:{key}").live.content for key in ("A-1", "A-2", "A-3", "A-4")}

    assert live["A-1"].credentials == ("cst-d",)
    assert live["A-1"].suffix == "LMT, CST-D"
    assert live["A-1"].phone == "+1 503-555-0101"
    assert live["A-1"].practices[0].precision == "postcode"
    assert live["A-1"].practices[0].region == "Oregon"
    assert live["A-2"].professions == ("chiropractor",)
    assert live["A-2"].conditions == ("back-pain", "sciatica", "whiplash")
    assert live["A-2"].credentials == ("cst2",)
    assert live["A-2"].accepting is True
    assert live["A-2"].practices[0].country == "US"
    assert live["A-3"].practices[0].locality == "Köln"
    assert live["A-3"].practices[0].country == "DE"
    assert live["A-3"].professions == ("naturopath", "bodyworker")
    assert live["A-4"].professions == ("osteopath",)
    assert live["A-4"].conditions == ("colic", "infant-feeding")
    assert live["A-4"].ages == ("infants", "children")
    assert live["A-4"].practices[0].home_visit_km == 25
    assert live["A-4"].practices[0].precision == "postcode"


def test_british_conditions_stay_in_the_truth(session, take, sample):
    take(*sample.rows)
    content = listing(session, "id:A-5").live.content

    assert content.practices[0].country == "GB"
    assert content.conditions == ("migraine", "anxiety")
    assert content.credentials == ("rcst-uk",)


def test_nelson_in_new_zealand_is_not_the_one_in_canada(session, take, sample):
    take(*sample.rows)
    practice = listing(session, "id:A-6").live.content.practices[0]

    assert practice.lat == pytest.approx(-41.27, abs=0.05)
    assert listing(session, "id:A-6").live.content.languages == ("en", "mi")


def test_coordinates_given_on_the_meridian_win(session, take, sample):
    take(*sample.rows)
    practice = listing(session, "id:A-13").live.content.practices[0]

    assert (practice.lat, practice.lon, practice.precision) == (5.6, 0.0, "exact")
    assert practice.region == "Greater Accra"


def test_rows_that_cannot_be_placed_are_kept_as_drafts_and_never_public(session, take, sample):
    take(*sample.rows)

    for key in ("id:A-9", "id:A-12"):
        kept = listing(session, key)
        assert (kept.state, kept.live) == (State.DRAFT, None)
        assert kept.pending is not None


def test_nothing_hostile_is_stored(session, take, sample):
    take(*sample.rows)
    said = " ".join(str(one.content) for one in session.scalars(select(Revision)))

    assert "HYPERLINK" not in said
    assert "javascript" not in said


def test_without_approval_listings_wait_and_the_index_hears_nothing(session, take):
    report = take(row(), approve=False)

    made = listing(session, "id:A-1")
    assert outcomes(report) == {2: "created"}
    assert (made.state, made.live) == (State.DRAFT, None)
    assert made.pending.content.name == "Rowan Testerly"
    assert count(session, IndexChange) == 0


def test_approval_makes_public_with_audit_and_outbox_in_one_transaction(session, take):
    take(row())

    made = listing(session, "id:A-1")
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert (made.state, made.pending, made.is_demo) == (State.LIVE, None, False)
    assert made.confirmed_on == NOW.date()
    assert [(event.action, event.actor, event.listing_id) for event in events] == [
        ("imported", "admin", made.id),
        ("approved", "admin", made.id),
    ]
    assert session.scalars(select(IndexChange.listing_id)).all() == [made.id]


def test_what_waits_can_be_approved_by_a_later_run(session, take):
    take(row(), approve=False)
    waiting = listing(session, "id:A-1").pending.id

    report = take(row())

    assert outcomes(report) == {2: "updated"}
    assert listing(session, "id:A-1").live.id == waiting


def test_a_changed_row_updates_and_keeps_the_slug(session, take):
    take(row(name="Rowan Testerly"))
    slug = listing(session, "id:A-1").slug

    report = take(row(name="Rowan Newname"))

    changed = listing(session, "id:A-1")
    assert outcomes(report) == {2: "updated"}
    assert changed.live.content.name == "Rowan Newname"
    assert changed.slug == slug == "rowan-testerly-boulder"
    assert count(session, Revision) == 2


def test_a_changed_row_without_approval_leaves_the_public_face_alone(session, take):
    take(row())

    take(row(suffix="PhD"), approve=False)

    changed = listing(session, "id:A-1")
    assert changed.live.content.suffix == "LMT"
    assert changed.pending.content.suffix == "PhD"
    assert count(session, IndexChange) == 1


def test_a_changed_address_is_placed_anew(session, take):
    take(row())
    moved = replace(UNPLACED, locality="Portland", region="OR")

    take(row(practices=(moved,)))

    practice = listing(session, "id:A-1").live.content.practices[0]
    assert practice.lat == pytest.approx(45.5, abs=0.2)
    assert practice.region == "Oregon"


def test_coordinates_from_an_earlier_look_up_do_not_outlive_the_address(session, take):
    stale = replace(UNPLACED, locality="Portland", region="OR", lat=40.0, lon=-105.3)

    take(row(practices=(replace(stale, precision="locality"),)))

    assert listing(session, "id:A-1").live.content.practices[0].lat == pytest.approx(45.5, abs=0.2)


def test_coordinates_far_from_their_town_are_used_and_said_so(session, take):
    far = replace(UNPLACED, lat=35.0, lon=-90.0, precision="exact")

    report = take(row(practices=(far,)))

    assert listing(session, "id:A-1").live.content.practices[0].lat == 35.0
    assert "km from Boulder" in notes(report, 2)


@pytest.mark.parametrize(
    ("lat", "lon", "said"),
    [
        (40.015, 105.27, "read as 40.015, -105.27"),  # a lost minus sign
        (0.0, 0.0, "lie in the sea"),
        (48.1, 11.6, "do not lie in Boulder, "),  # in another country
    ],
)
def test_coordinates_that_cannot_be_meant_are_mended_or_left_out(session, take, lat, lon, said):
    report = take(row(practices=(replace(UNPLACED, lat=lat, lon=lon, precision="exact"),)))

    place = listing(session, "id:A-1").live.content.practices[0]
    assert said in notes(report, 2)
    assert (round(place.lat), round(place.lon)) == (40, -105)


def test_a_public_listing_that_moves_nowhere_known_stays_as_it_was(session, take):
    take(row())
    lost = replace(UNPLACED, locality="Zzyzxville")

    report = take(row(practices=(lost,)))

    kept = listing(session, "id:A-1")
    assert outcomes(report) == {2: "draft"}
    assert kept.live.content.practices[0].locality == "Boulder"
    assert kept.pending.content.practices[0].locality == "Zzyzxville"


@pytest.mark.parametrize("state", [State.PAUSED, State.HIDDEN, State.ERASED])
def test_a_listing_that_was_taken_down_is_not_brought_back(session, take, state):
    take(row())
    listing(session, "id:A-1").state = state
    session.commit()
    before = everything(session)

    report = take(row(suffix="PhD"))

    assert outcomes(report) == {2: "failed"}
    assert state.value in notes(report, 2)
    assert everything(session) == before


def test_a_bad_row_never_stops_the_others(take):
    bad = Row(3, "Nobody", errors=("name: The name is needed.",))

    report = take(row(2), bad, row(4, external_id="A-2", name="Fern Sample"))

    assert outcomes(report) == {2: "created", 3: "failed", 4: "created"}


def test_a_file_taken_in_parts_ends_as_it_would_in_one(session, take):
    rows = settle_repeats([row(2, suffix="LMT"), row(3, suffix="PhD")])

    for _ in range(2):
        for part in rows:
            report = take(part)

    assert listing(session, "id:A-1").live.content.suffix == "PhD"
    assert outcomes(report) == {3: "unchanged"}
    assert count(session, Revision) == 1


def test_people_of_one_name_and_town_get_slugs_of_their_own(session, take):
    session.add(Slug(slug="rowan-testerly-boulder-2", listing_id=None))
    session.commit()

    take(*(row(line, external_id=f"A-{line}") for line in range(2, 5)))

    slugs = session.scalars(select(Listing.slug).order_by(Listing.id)).all()
    assert slugs == [
        "rowan-testerly-boulder",
        "rowan-testerly-boulder-3",
        "rowan-testerly-boulder-4",
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Élodie Ångström-Muñoz", "elodie-angstrom-munoz-boulder"),
        ("山田", "boulder"),
        ("x" * 120, "x" * 74),
        ("O'Sample", "osample-boulder"),
    ],
)
def test_a_slug_is_plain_letters_and_short(session, take, name, slug):
    take(row(name=name))

    assert listing(session, "id:A-1").slug == slug


def test_a_listing_that_its_practitioner_keeps_is_left_alone(session, take):
    take(row())
    listing(session, "id:A-1").owner_id = account(session).id
    session.commit()

    report = take(row(suffix="PhD"))

    assert "kept by its practitioner" in notes(report, 2)
    assert listing(session, "id:A-1").live.content.suffix == "LMT"


def test_the_taxonomy_is_whole_and_a_second_load_writes_nothing(session):
    counts = shipped_terms.load_taxonomy(session, taxonomy.read())

    assert counts == {"added": 0, "changed": 0, "removed": 0}
    assert len(Taxonomy.load(session).professions) == 34


def test_the_taxonomy_follows_its_files_and_keeps_what_listings_use(session):
    terms = [term for term in taxonomy.read() if term.slug != "doula"]
    first = terms[0]
    terms[0] = replace(
        first,
        columns=dict(first.columns) | {"label": "Massage Person"},
        synonyms=(*first.synonyms[1:], "kneader"),
    )

    counts = shipped_terms.load_taxonomy(session, terms)

    found = Taxonomy.load(session)
    assert found.professions[first.slug].label == "Massage Person"
    assert "doula" in found.professions
    assert "kneader" in [words for _, slug, words in found.phrases() if slug == first.slug]
    assert first.synonyms[0] not in [
        words for _, slug, words in found.phrases() if slug == first.slug
    ]
    assert counts["changed"] == 1
    assert counts["added"] == 1


@pytest.fixture
def flask(app):
    """Run a command of the site; the result has `exit_code` and `output`."""
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=list(arguments))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_reports_each_row_and_fails_when_one_failed(flask, runtime):
    result = flask("import-listings", str(SAMPLE), "--approve")

    assert result.exit_code == 1
    assert "line    9  new            Bad Email Person: email:" in result.output
    assert "line    3  new            Imogen Sample\n" in result.output
    assert "Membership no." in result.output
    assert "15 rows: 10 new, 1 replaced, 2 kept as draft, 2 NOT IMPORTED." in result.output
    again = flask("import-listings", str(SAMPLE), "--approve")
    assert "15 rows: 10 unchanged, 1 replaced" in again.output
    assert again.exit_code == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_dry_run_says_the_same_and_writes_nothing(flask, runtime):
    result = flask("import-listings", str(SAMPLE), "--approve", "--dry-run")

    assert result.exit_code == 1
    assert "10 new" in result.output
    assert "nothing was written" in result.output
    with runtime.reading() as session:
        assert everything(session) == (0, 0, 0, 0)


def test_a_clean_file_ends_well(flask, tmp_path):
    file = tmp_path / "clean.csv"
    file.write_text("name,professions,locality,region,country\nFern Sample,massage,Reno,NV,US\n")

    result = flask("import-listings", str(file))

    assert result.exit_code == 0
    assert "1 rows: 1 new. They wait for an admin." in result.output


def test_a_file_that_is_no_roster_gets_one_clear_line(flask, tmp_path):
    file = tmp_path / "notes.csv"
    file.write_text("just some words\n")

    result = flask("import-listings", str(file))

    assert result.exit_code == 1
    assert result.output.startswith("Error: notes.csv is no roster:")
    assert result.output.count("\n") == 1


def test_a_file_that_is_not_there_is_said_to_be_missing(flask):
    result = flask("import-listings", "/no/such/file.csv")

    assert result.exit_code == 2
    assert "does not exist" in result.output


def test_reference_data_loads_again_without_writing(flask):
    result = flask("load-reference")

    assert result.exit_code == 0
    assert result.output == "Places: already there.\nTaxonomy: already there.\n"


def test_migrating_again_is_safe(flask):
    result = flask("migrate")

    assert result.exit_code == 0
    assert result.output == "The database is at its newest form already.\n"
