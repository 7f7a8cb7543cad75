"""What an import would do, what could not be used of the file, and putting that right by value."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, runtime
from directory.errors import Invalid
from directory.files.rosters import cells, writing
from directory.files.rosters.columns import TAKEN, YES_OR_NO
from directory.schemas.imports import OUTCOMES
from directory.usecases.imports import runs
from directory.usecases.imports.rows import Aside, Row
from directory.web.imports.sending import at_once, choose, opened, uploads
from directory.web.responses import csv_file, rendered, see

blueprint = Blueprint("previewing", __name__, url_prefix="/admin/imports/new")

# Values of which one page tells; whoever puts these right sees the next.
MOST_VALUES = 60
# Boxes of one form: those values, and what was put right before.
MOST_BOXES = 400
LONGEST_MEANT = 200


@blueprint.get("/<token>/preview")
@admin
def preview(token: str) -> AnyResponse:
    """What the import would do; nothing is written."""
    here, file = runtime(), opened(token)
    chosen = file.chosen()
    try:
        found = file.read(chosen)
    except Invalid as error:
        return choose(token, file, chosen, error)
    with here.reading() as session:
        report = runs.foresee(
            session,
            found.rows,
            gazetteer=here.gazetteer,
            approve=at_once(),
            at=here.clock(),
            key=here.config.key,
        )
    values = _values(found.rows)
    return rendered(
        "imports/preview.html",
        token_name=token,
        filename=file.sent.filename,
        chosen=chosen,
        carried_values={f"c{number}": ours for number, ours in enumerate(chosen.values())},
        at_once=at_once(),
        notes=found.notes,
        total=len(report.rows),
        totals={outcome.value: number for outcome, number in report.totals.items()},
        first=report.rows[: runs.PREVIEWED],
        failed=[row for row in report.rows if row.failed][: runs.PREVIEWED],
        most=runs.PREVIEWED,
        outcomes=OUTCOMES,
        values=values[:MOST_VALUES],
        more_values=len(values) - MOST_VALUES,
        asides=sum(number for _, number in values),
        corrected=file.sent.by_value,
        yes_or_no=YES_OR_NO,
    )


@blueprint.post("/<token>/correct")
@admin
def correct(token: str) -> AnyResponse:
    """What values stand for; the preview is made again with it."""
    form = request.form
    given = {}
    for number in range(MOST_BOXES):
        column, value = form.get(f"column{number}", ""), form.get(f"value{number}", "")
        if column in TAKEN and value:
            meant = form.get(f"meant{number}", "").strip()[:LONGEST_MEANT]
            given[column, cells.value_key(value)] = meant
    uploads().correct(token, given)
    carried: dict[str, Any] = {n: value for n, value in form.items() if n[1:].isdecimal()}
    return see(url_for(".preview", token=token, approve=int(at_once()) or None, **carried))


@blueprint.get("/<token>/aside.csv")
@admin
def aside_csv(token: str) -> Response:
    """What could not be used, cell by cell, as a file to put right elsewhere."""
    file = opened(token)
    rows = file.read(file.chosen()).rows

    def lines() -> Iterator[str]:
        yield writing.csv_line(("line", "name", "column", "value", "why"))
        for row in rows:
            for one in row.asides:
                said = (str(row.line), row.name, one.column, one.value, one.reason)
                yield writing.csv_line(said)
            for error in row.errors:
                yield writing.csv_line((str(row.line), row.name, "", "", error))

    return csv_file(lines(), "left-out.csv")


@blueprint.post("/<token>/start")
@admin
def start(token: str) -> AnyResponse:
    """Ask for the import; the worker carries it out, whoever looks at it or not."""
    here, file = runtime(), opened(token)
    chosen = file.chosen()
    try:
        rows = file.read(chosen).rows
    except Invalid as error:
        return choose(token, file, chosen, error)
    with here.transaction() as session:
        run_id = runs.begin(
            session,
            file.sent.filename,
            columns=chosen,
            rows=len(rows),
            approve=at_once(),
            by=str(actor()),
            at=here.clock(),
        )
        runs.say_begun(session, run_id, by=actor(), at=here.clock())
        uploads().hand_over(token, run_id)
    return see(url_for("runs.run", run_id=run_id))


def _values(rows: Sequence[Row]) -> list[tuple[Aside, int]]:
    """What could not be used, each value of a column once, with how often it stands there."""
    found = Counter((one.column, cells.value_key(one.value)) for row in rows for one in row.asides)
    first: dict[tuple[str, str], Aside] = {}
    for row in rows:
        for one in row.asides:
            first.setdefault((one.column, cells.value_key(one.value)), one)
    return [(first[key], number) for key, number in found.most_common()]
