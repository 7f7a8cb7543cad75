"""What admins ask for that takes long, done part by part: imports, their undoing, merged terms."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from directory import db
from directory.edge import Runtime
from directory.errors import DirectoryError
from directory.files.rosters import reading
from directory.models import Taxonomy
from directory.usecases.curation import terms
from directory.usecases.imports import runs
from directory.usecases.imports.rows import ImportReport, Row
from directory.usecases.imports.uploads import Sent, Uploads


class Jobs:
    """Goes on with whatever was asked for and is not done; may be stopped between two parts."""

    def __init__(self, here: Runtime) -> None:
        self.here = here
        self.uploads = Uploads(here.config.data_dir / "imports")
        self._open: tuple[int, Sequence[Row]] | None = None

    def step(self) -> bool:
        """Do one part of something; whether there was anything to do."""
        with self.here.reading() as session:
            waiting = runs.startable(session, self.uploads.waiting())
            undoing, merging = runs.to_undo(session), terms.merging(session)
            left = runs.may_be_left(session)
        if left:
            end_left(self.here)
        if waiting:
            self._import(waiting[0])
            return True
        if undoing:
            with self.here.transaction() as session:
                return runs.undo_part(session, undoing[0], at=self.here.clock())
        if merging:
            with self.here.transaction() as session:
                return terms.merge_part(session, at=self.here.clock())
        return False

    def _import(self, run_id: int) -> None:
        rows = self._rows(run_id)
        if rows is not None and take_part(self.here, run_id, rows) is not None:
            return
        if rows is None:
            with self.here.transaction() as session:
                runs.give_up(session, run_id, at=self.here.clock())
        self.uploads.drop(run_id)
        self._open = None

    def _rows(self, run_id: int) -> Sequence[Row] | None:
        """The rows of a run's file, read once; None when nobody can read them any more."""
        if self._open is None or self._open[0] != run_id:
            content = self.uploads.of_run(run_id)
            with self.here.reading() as session:
                columns = runs.run(session, run_id).columns
            try:
                sent = self.uploads.sent_of_run(run_id)
                self._open = run_id, read_rows(self.here, content or b"", columns, sent)
            except DirectoryError:
                return None
        return self._open[1]


def read_rows(
    here: Runtime, content: bytes, columns: Mapping[str, str], sent: Sent
) -> Sequence[Row]:
    """A file's rows, repeats settled; raises Invalid when it is no roster."""
    with here.reading() as session:
        known = Taxonomy.load(session)
    found = reading.read(
        content, known, columns or None, header=sent.header, corrections=sent.by_value
    )
    return found.rows


def take_part(here: Runtime, run_id: int, rows: Sequence[Row]) -> ImportReport | None:
    """The next part of a run in a transaction of its own; None when it is finished."""

    def once() -> ImportReport | None:
        with here.transaction() as session:
            return runs.take_part(
                session,
                run_id,
                rows,
                gazetteer=here.gazetteer,
                at=here.clock(),
                key=here.config.key,
            )

    return db.repeated(once)


def alone(here: Runtime) -> AbstractContextManager[bool]:
    """Whether no other command imports; within the block none begins to."""
    return db.alone(here.engine, "import by command", here.config.data_dir / "imports")


def end_left(here: Runtime) -> None:
    """End what a command began whose process died, when no command is at work."""
    with alone(here) as nobody_else:
        if nobody_else:
            with here.transaction() as session:
                runs.end_left(session, at=here.clock())
