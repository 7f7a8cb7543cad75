"""What the clock asks for: each may be repeated without harm, and one that fails stops no other."""

from collections.abc import Callable

from directory import mail
from directory.db import fold
from directory.edge import Runtime
from directory.photos import Album
from directory.signin import counters
from directory.usecases.audit import anchors
from directory.usecases.curation import figures, hiding, reports
from directory.usecases.curation.finding import filling
from directory.usecases.imports.uploads import Uploads
from directory.usecases.listings import waiting
from directory.usecases.mailing import anchor_mail, copies, delivery
from directory.usecases.practitioners import confirming, portraits
from directory.usecases.visitors import tallies


def forget_old_mail(here: Runtime) -> None:
    """Mail that left long ago is nobody's business."""
    with here.transaction() as session:
        delivery.purge(session, at=here.clock())


def forget_old_letters(here: Runtime) -> None:
    """Letters that left as files go with the mail they tell of."""
    letters = mail.files(here.config)
    with here.transaction() as session:
        copies.sweep(session, letters, at=here.clock(), key=here.config.key)


def ask_whether_still_right(here: Runtime) -> None:
    """Write to whoever has not confirmed for long; a few hundred in a transaction."""
    queued = 1
    while queued:
        with here.transaction() as session:
            queued = confirming.remind(
                session, at=here.clock(), base_url=here.config.base_url, key=here.config.secret_key
            )


def forget_old_tallies(here: Runtime) -> None:
    """Totals of more than a year ago say nothing any more."""
    with here.transaction() as session:
        tallies.drop_old(session, today=here.today())


def sweep_portraits(here: Runtime) -> None:
    """Portraits that nobody uses go, with their files."""
    with here.transaction() as session:
        portraits.sweep(session, Album(here.config.data_dir / "photos"), here.clock())


def forget_old_rosters(here: Runtime) -> None:
    """People's data that was sent in and never imported does not wait for the next file."""
    Uploads(here.config.data_dir / "imports").sweep()


def fill_the_queue(here: Runtime) -> None:
    """What waits for an admin without an entry in the queue gets one; some in a transaction."""
    entered = waiting.AT_ONCE
    while entered == waiting.AT_ONCE:
        with here.transaction() as session:
            entered = waiting.catch_up(session, at=here.clock())


def make_all_findable(here: Runtime) -> None:
    """What the staff find listings by is there for all; some versions in a transaction."""
    below = None
    while True:
        with here.transaction() as session:
            below = filling.fill(session, below=below)
        if below is None:
            return


def forget_old_reports(here: Runtime) -> None:
    """What the public reported, once it was settled, is kept no longer than needed."""
    with here.transaction() as session:
        reports.forget(session, at=here.clock())


def forget_old_counts(here: Runtime) -> None:
    """How often somebody tried means nothing once the limit's time is over."""
    counters.sweep(here.config)


def show_what_nobody_was_asked_about(here: Runtime) -> None:
    """A listing whose keeper the question never reached is not kept from the public."""
    with here.transaction() as session:
        hiding.end_unheard(session, at=here.clock())


def fold_the_log(here: Runtime) -> None:
    """What was forgotten stands in no file: after all that forgets."""
    fold(here.engine)


def anchor_audit(here: Runtime) -> None:
    """Where the record of what was done ends stands outside the database, too."""
    with here.reading() as session:
        anchors.add(session, here.config.data_dir / anchors.NAME, at=here.clock())


def anchor_audit_elsewhere(here: Runtime) -> None:
    """The same in a second place, if there is one."""
    if path := here.config.audit_anchor_file:
        with here.reading() as session:
            anchors.add(session, path, at=here.clock())
    if address := here.config.audit_anchor_address:
        with here.transaction() as session:
            anchor_mail.send(session, address, at=here.clock())


def show_life(here: Runtime) -> None:
    """Somebody who looks in from outside sees that a worker is at work."""
    figures.touch(here.config.data_dir / figures.LIFE)


# Done at the start of a worker and then every hour.
CHORES: tuple[Callable[[Runtime], None], ...] = (
    forget_old_mail,
    forget_old_letters,
    ask_whether_still_right,
    forget_old_tallies,
    sweep_portraits,
    forget_old_rosters,
    fill_the_queue,
    make_all_findable,
    forget_old_reports,
    forget_old_counts,
    show_what_nobody_was_asked_about,
    fold_the_log,
)
# Done every minute: what happened since could be cut off the record unseen.
OFTEN: tuple[Callable[[Runtime], None], ...] = (show_life, anchor_audit, anchor_audit_elsewhere)
