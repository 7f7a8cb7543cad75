"""What the clock asks for: each may be repeated without harm, and one that fails stops no other."""

from collections.abc import Callable

from directory.edge import Runtime
from directory.photos import Album
from directory.usecases import delivering, freshness, portraits, tallies


def forget_old_mail(here: Runtime) -> None:
    """Mail that left long ago is nobody's business."""
    with here.transaction() as session:
        delivering.purge(session, at=here.clock())


def ask_whether_still_right(here: Runtime) -> None:
    """Write to whoever has not confirmed for long; a few hundred in a transaction."""
    queued = 1
    while queued:
        with here.transaction() as session:
            queued = freshness.remind(
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


# Done at the start of a worker and then every hour.
CHORES: tuple[Callable[[Runtime], None], ...] = (
    forget_old_mail,
    ask_whether_still_right,
    forget_old_tallies,
    sweep_portraits,
)
