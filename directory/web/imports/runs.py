"""An import as it goes on: how far it is, what became of each row, and taking it back."""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, runtime
from directory.files.rosters import writing
from directory.schemas import read
from directory.schemas.imports import OUTCOMES, RowsSchema
from directory.usecases.imports import runs
from directory.web.responses import csv_file, see

# A hundred would be thirty screens of a phone.
ON_A_PAGE = 20

blueprint = Blueprint("runs", __name__, url_prefix="/admin")


@blueprint.get("/imports/<id:run_id>")
@admin
def run(run_id: int) -> str:
    """How far it is, and what became of each row."""
    asked = read(RowsSchema(), request.args)
    with runtime().reading() as session:
        found = runs.run(session, run_id)
        counted = runs.counted(session, run_id)
        sieve = {"outcome": asked["outcome"], "after": asked["after"]}
        rows = runs.rows_of(session, run_id, **sieve, most=ON_A_PAGE + 1)
    return render_template(
        "imports/run.html",
        run=found,
        rows=rows[:ON_A_PAGE],
        counted=counted,
        asked=asked,
        outcomes=OUTCOMES,
        more=len(rows) > ON_A_PAGE,
    )


@blueprint.get("/imports/<id:run_id>/progress")
@admin
def progress(run_id: int) -> str:
    """How far it is, for the page that asks again."""
    with runtime().reading() as session:
        found = runs.run(session, run_id)
    return render_template("imports/_progress.html", run=found, outcomes=OUTCOMES, shown_late=True)


@blueprint.get("/imports/<id:run_id>/rows.csv")
@admin
def rows_csv(run_id: int) -> Response:
    """What became of each row, as a file."""
    asked, here = read(RowsSchema(), request.args), runtime()
    with here.reading() as session:
        runs.run(session, run_id)

    def lines() -> Iterator[str]:
        yield writing.csv_line(("line", "name", "outcome", "notes"))
        last = 0
        with here.reading() as session:
            while rows := runs.rows_of(
                session, run_id, outcome=asked["outcome"], after=last, most=1000
            ):
                for row in rows:
                    cells = (str(row.line), row.name, row.outcome, "; ".join(row.notes))
                    yield writing.csv_line(cells)
                last = rows[-1].line
                session.expunge_all()

    return csv_file(lines(), f"import-{run_id}.csv")


@blueprint.post("/imports/<id:run_id>/undo")
@admin
def undo(run_id: int) -> AnyResponse:
    """Ask for all of it to be taken back; the worker does it."""
    here = runtime()
    with here.transaction() as session:
        runs.ask_to_undo(session, run_id, by=actor(), at=here.clock())
    return see(url_for(".run", run_id=run_id))
