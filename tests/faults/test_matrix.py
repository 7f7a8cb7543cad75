"""Every row of the fault matrix in short, more of it with FULL=1; `make faults` runs it all.

Some have been tried at another place all along:

| row | the short version |
|-|-|
| 3 | journeys/test_serving.py: a hangup under visitors loses no request |
| 7 | journeys/test_disks.py: a full disk, and one that lets nobody write |
| 18 | web/site/test_away.py: no page fails, what was typed stays, all are back |
| 19 | web/site/test_away.py: a locked table; journeys/test_slow_clients.py: health is free |
| 22 | backups/test_drill.py: killed, under load, restored, the erased stay erased |
| races | usecases/listings/test_many_hands.py: pairs and eights of verbs, on PostgreSQL |
"""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from directory.db import Patience, make_engine, silence
from tests import full
from tests.faults import clocks, crashes, damage, failures, feeds, races
from tests.faults.outcomes import Outcome, Scale
from tests.faults.sites import copies, hands, load, outages
from tests.faults.sites.served import House, house

SHORT = Scale(0.02 * full.TIMES)
longer = pytest.mark.skipif(not full.FULL, reason="a few seconds each; FULL=1 does")
LONGER = Scale(0.05 * full.TIMES)
SHORTEST = Scale(0.005 * full.TIMES)


def violations(outcome: Outcome) -> list[str]:
    assert outcome.runs > 0
    return outcome.violations


def test_an_indexer_killed_at_any_step_leaves_an_index_that_opens_and_converges(tmp_path):
    assert violations(crashes.killed(tmp_path, SHORT)) == []


def test_when_the_power_goes_the_disk_holds_the_newest_or_the_previous_generation(tmp_path):
    assert violations(crashes.power_lost(tmp_path, SHORT)) == []


def test_a_failed_fsync_abandons_the_generation_and_is_not_tried_again(tmp_path):
    assert violations(failures.fsync_failed(tmp_path, SHORT)) == []


def test_when_the_disk_is_full_the_old_generation_serves_and_work_resumes_with_room(tmp_path):
    assert violations(failures.disk_full(tmp_path, SHORT)) == []


def test_a_flipped_bit_is_noticed_in_every_type_of_file(tmp_path):
    assert violations(damage.flipped(tmp_path, LONGER)) == []


def test_a_missing_truncated_zeroed_or_extra_file_is_noticed(tmp_path):
    assert violations(damage.harmed(tmp_path, LONGER)) == []


def test_a_hostile_pickle_is_never_executed(tmp_path):
    assert violations(damage.hostile(tmp_path, SHORT)) == []


def test_of_several_indexers_one_publishes_and_a_stale_one_never(tmp_path):
    assert violations(races.contended(tmp_path, SHORT)) == []


def test_readers_never_fail_while_generations_are_swapped_and_collected(tmp_path):
    assert violations(races.swapped_while_read(tmp_path, SHORTEST)) == []


def test_what_a_reader_holds_stays_until_it_lets_go(tmp_path):
    assert violations(races.pinned(tmp_path, SHORT)) == []


def test_what_the_outbox_tells_again_in_any_order_changes_nothing(tmp_path, templates):
    assert violations(feeds.duplicated(tmp_path, SHORT, templates)) == []


def test_many_changes_of_one_listing_in_a_batch_leave_one_or_none(tmp_path, templates):
    assert violations(feeds.knotted(tmp_path, SHORT, templates)) == []


def test_a_transaction_that_commits_late_under_a_low_number_is_heard(tmp_path, templates):
    assert violations(feeds.late(tmp_path, SHORTEST, templates)) == []


def test_a_listing_that_cannot_be_read_is_left_out_and_the_others_flow(tmp_path, templates):
    assert violations(feeds.poisoned(tmp_path, SHORT, templates)) == []


def test_clocks_ten_years_apart_put_nothing_in_disorder(tmp_path):
    assert violations(clocks.skewed_clocks(tmp_path, SHORT)) == []


def test_a_rebuild_without_memory_leaves_the_old_generation_serving(tmp_path):
    assert violations(failures.out_of_memory(tmp_path, SHORT)) == []


def test_an_index_of_another_format_or_schema_is_refused_with_the_reason(tmp_path):
    assert violations(damage.skewed(tmp_path, SHORT)) == []


@pytest.fixture(scope="module", params=["sqlite", "postgresql"] if full.FULL else ["postgresql"])
def here(request, templates, tmp_path_factory) -> Iterator[House]:
    """A served site that the rows share."""
    with house(templates, request.param, tmp_path_factory.mktemp("house") / "site") as made:
        yield made


def test_a_form_that_arrives_twenty_times_has_one_effect_and_one_answer(here):
    assert violations(hands.sent_twice(here, SHORTEST)) == []


def test_of_two_who_write_the_same_one_is_told_and_nothing_unread_is_approved(here):
    assert violations(hands.overwritten(here, SHORT)) == []


def test_a_worker_killed_at_any_commit_loses_and_doubles_nothing(here):
    assert violations(hands.killed(here, SHORTEST)) == []


@longer
def test_a_mail_server_that_fails_holds_nobody_up_and_each_mail_leaves_once(here):
    assert violations(load.mail_failing(here, SHORT)) == []


@longer
def test_of_many_who_sign_up_and_edit_at_once_each_is_taken_once(here):
    assert violations(load.crowded(here, SHORTEST)) == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_server_that_says_nothing_at_all_is_given_up(database_url, tmp_path):
    line = outages.Line(tmp_path / "line", database_url)
    engine = make_engine(line.url, Patience(connect=1, lock=0.1, statement=0.1))
    with engine.connect() as connection:
        line.be("hole")
        with pytest.raises(OperationalError, match="says nothing"):
            connection.execute(text("SELECT 1"))
        line.be("open")
    time.sleep(silence.MOMENT_S)
    with engine.connect() as connection:
        back = connection.scalar(text("SELECT 1"))
    engine.dispose()
    line.close()

    assert back == 1


@longer
def test_a_site_that_moves_from_sqlite_to_postgresql_is_the_same(tmp_path, templates):
    assert violations(copies.in_both(tmp_path, SHORTEST, templates)) == []


@longer
def test_each_migration_lets_the_code_from_before_it_write_on(tmp_path, templates):
    assert violations(copies.migrated(tmp_path, SHORTEST, templates)) == []
