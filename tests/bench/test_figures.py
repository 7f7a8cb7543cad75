"""What a run measured becomes JSON, tables and a picture, and hides nothing."""

import json
import re
from xml.etree import ElementTree

import pytest

from tests.bench import chart, contest, costs, hostile, readme, report
from tests.bench.contest import OURS
from tests.bench.ours import Ours
from tests.bench.peers import sqlite
from tests.bench.questions import KINDS, questions
from tests.bench.stored import store

LISTINGS = 60
RUN = {
    "site": "Datasette",
    "workers": 1,
    "answer": "page",
    "connections": 4,
    "p50_ms": 812.5,
    "p95_ms": 1200.0,
    "p99_ms": 1300.0,
    "per_s": 4.9,
    "answers": 39,
    "errors": 2,
    "cpu_ms": 190.0,
    "stages": {"words": 0.5, "place": 0.25},
}
HTTP = {"listings": 60, "seconds": 8, "runs": [RUN, RUN | {"answers": 0}]}


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A whole run but for the sites under load; the numbers mean little with so few listings."""
    folder = tmp_path_factory.mktemp("bench")
    stored, asked = store(folder / "documents", LISTINGS), questions(LISTINGS, count=18)
    ours, peer = Ours(folder / "ours"), sqlite.Peer(folder)
    build_s = {OURS: contest.built(ours.build, stored), "sqlite": contest.built(peer.build, stored)}
    peer.open()
    waiting = [ours.fresh() for _ in range(contest.ROUNDS)]
    peak = costs.rebuild_peak(ours, stored)
    outcome = contest.contest(ours, [peer], asked, waiting)
    peer.close()
    memory = costs.Memory(*costs.resident(ours, asked), peak)
    worst = hostile.worst(ours.fresh().reader)
    rebuild = costs.rebuild_us(stored)
    changes = ours.changes(LISTINGS, 2)
    return report.Measured(LISTINGS, outcome, build_s, memory, changes, rebuild, worst, HTTP)


@pytest.fixture(scope="module")
def said(measured):
    return json.loads(report.summary(measured))


def test_every_kind_of_reader_answers_every_kind_of_question(said):
    assert set(said["classes"]) == set(KINDS)
    assert set(said["swapped"]["classes"]) == set(said["cold"]["classes"]) == set(KINDS)
    assert said["ratios"]["sqlite"].keys() == {"ours", "swapped", "cold"}


def test_memory_and_rebuilds_are_measured(said):
    assert 0 < said["uss_mb"] <= said["rss_mb"]
    assert said["rebuild_peak_mb"] > 20
    assert said["rebuild"]["ours_one_process_us"] > 0
    assert said["rebuild"]["ratio"] > 0


def test_what_is_asked_in_bad_faith_is_answered_in_time(said):
    assert len(said["hostile_ms"]) >= len(hostile.ASKED)
    assert max(said["hostile_ms"].values()) < 5_000


def test_the_tables_name_all_that_was_measured(measured):
    assert "just swapped" in report.table(measured.outcome)
    assert "sqlite" in report.ratios(measured.outcome)
    assert "Whoosh's own writer" in report.costs(measured)
    assert "24 heaviest words" in report.hostile(measured.hostile)
    assert "none in time" in report.http(HTTP)
    assert re.search(r"page, 1 +0.5 +0.25", report.http(HTTP))


def test_the_readme_changes_between_its_marks_alone(said):
    before = f"above\n{readme.BEGIN}\nold\n{readme.END}\nbelow\n"

    after = readme.rewritten(before, [said])

    assert after.startswith(f"above\n{readme.BEGIN}\n![")
    assert after.endswith(f"{readme.END}\nbelow\n")
    assert "old" not in after
    assert "| Datasette, page | 1 | 4 | 812 / 1,200 / 1,300 | 4.9 | 190 | 2 |" in after
    assert "| Datasette, page | 1 | 4 | – | 4.9 | 190 | 2 |" in after
    widths = {len(re.findall(r"\|", row)) for row in after.splitlines() if "SQLite" in row}
    assert widths == {5}


def test_a_readme_without_marks_is_refused(said):
    with pytest.raises(ValueError, match="<!-- bench -->"):
        readme.rewritten("nothing here", [said])


def test_the_picture_places_ten_times_as_long_as_far_again():
    classes = {
        "one word": {"ours": {"p50": 0.1, "p95": 1.0}, "<peer>": {"p50": 10.0, "p95": 100.0}}
    }

    drawn = ElementTree.fromstring(chart.chart(classes, "a title"))

    dots = [dot for dot in drawn.iter() if dot.tag.endswith("circle") and dot.get("r") == "3.6"]
    bars = [line for line in drawn.iter() if line.get("stroke-width") == "3"]
    (first, second), (bar, _) = [float(dot.get("cx")) for dot in dots], bars
    tenfold = float(bar.get("x2")) - float(bar.get("x1"))
    assert second - first == pytest.approx(2 * tenfold, abs=0.2)


def test_shares_hold_every_stored_listing_once_and_in_order(tmp_path):
    stored = store(tmp_path / "documents", 1_200)

    found = [document.listing_id for share in stored.shares(2) for document in share()]

    assert found == list(range(1, 1_201))
    assert [d.listing_id for d in stored] == found
