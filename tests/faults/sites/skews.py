"""Row 23, for whole processes: one web an hour ahead of the other, builders ten years apart."""

from contextlib import ExitStack
from pathlib import Path

from directory.models import Listing, WorkingCopy
from directory.search.whoosh_engine import WhooshReader
from directory.usecases.practitioners import consenting, writing
from indexer.verify import differences
from tests import sites, stories
from tests.factories import NOW
from tests.faults.outcomes import Outcome, Scale
from tests.faults.sites.served import House, Person

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
# Of files and of waiting nobody's clock is wrong: both are the kernel's.
KERNEL = {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}


def skewed_sites(here: House, scale: Scale) -> Outcome:
    """What was written last stands, whoever's clock says that it came first."""
    outcome = Outcome(23, "processes with wrong clocks, 1 h and 10 years")
    builders = scale.of(10, least=2) if LIBRARIES else 0
    if not builders:
        outcome.notes.append("builders skipped: libfaketime is not installed")
    with ExitStack() as open_:
        ahead = open_.enter_context(here.beside(FAULTS_SKEW="3600"))
        for number in range(scale.of(40, least=2)):
            _write_in_turn(here, ahead, outcome, number)
            years = ("-10y", "+10y")[number % 2]
            if number < builders:
                with outcome.recovering():
                    built = sites.run("-m", "indexer", "rebuild", **here.env | _clock(years))
                outcome.holds(built.returncode == 0, f"{years}: {built.stderr[-200:]}")
                reader = WhooshReader(here.config.index_dir)
                outcome.violations += differences(here.engine, reader)
    return outcome


def _clock(shift: str) -> dict[str, str]:
    return KERNEL | {"LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME": shift}


def _write_in_turn(here: House, ahead: House, outcome: Outcome, number: int) -> None:
    """Edited here and there, sent in ahead, approved behind: each acts on what was there last."""
    who, admin = here.somebody(), here.admin()
    listing_id = here.write(lambda session: stories.written(session, who.actor).id)
    for turn in range(4):
        said = f"Turn {turn} of {number}."
        _edit(ahead if turn % 2 == 0 else here, outcome, who, listing_id, said)
        now = here.read(lambda session: session.get_one(WorkingCopy, listing_id).content.about)
        outcome.holds(now == said, f"after {said} stands {now}")
    version = here.read(lambda session: session.get_one(WorkingCopy, listing_id).version)
    form = {"version": version, "agree": list(consenting.GROUPS)}
    sent = ahead.insist(who, f"/my/listing/{listing_id}/check", form)
    pending = here.read(lambda session: session.get_one(Listing, listing_id).pending_id)
    path = f"/admin/review/{listing_id}/approve"
    approved = here.insist(admin, path, {"revision_id": pending})
    public = here.read(lambda session: session.get_one(Listing, listing_id).public.about)
    statuses = sent.status, approved.status
    outcome.runs += 6
    outcome.holds(statuses == (303, 303), f"sent in and approved: answered {statuses}")
    outcome.holds(public == said, f"public is {public}, sent in was {said}")


def _edit(here: House, outcome: Outcome, who: Person, listing_id: int, about: str) -> None:
    now = here.read(lambda session: writing.current(session, listing_id, by=who.actor, at=NOW))
    form = {"about": about, "first_visit": "", "background": "", "seen": now.seen("words")}
    told = here.insist(who, f"/my/listing/{listing_id}/edit/words", form)
    outcome.holds(told.done, f"an edit was answered {told.status}")
