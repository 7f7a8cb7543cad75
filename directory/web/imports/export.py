"""Listings out, as a file that can be imported again."""

from collections.abc import Iterator

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, admin, runtime
from directory.errors import Invalid
from directory.files.rosters import writing
from directory.schemas import read
from directory.schemas.imports import SHOWN_STATES, ExportSchema
from directory.usecases.imports import export
from directory.usecases.imports.export import Filter
from directory.web.responses import csv_file, problems, rendered

blueprint = Blueprint("export", __name__, url_prefix="/admin")


@blueprint.get("/export")
@admin
def choose() -> Response:
    """Which listings, and how many they are."""
    try:
        return _export(read(ExportSchema(), request.args))
    except Invalid as error:
        return _export(Filter(), error)


@blueprint.post("/export")
@admin
def download() -> AnyResponse:
    """The listings as a file; who took it, and which, is written down."""
    here = runtime()
    try:
        wanted = read(ExportSchema(), request.form)
    except Invalid as error:
        return _export(Filter(), error)
    with here.transaction() as session:
        export.begin(session, wanted, by=actor(), at=here.clock())

    def lines() -> Iterator[str]:
        with here.reading() as session:
            yield from writing.written(export.stream(session, wanted))

    return csv_file(lines(), f"listings-{here.today().isoformat()}.csv")


def _export(wanted: Filter, error: Invalid | None = None) -> Response:
    here = runtime()
    with here.reading() as session:
        number = export.count(session, wanted)
    return rendered(
        "imports/export.html",
        error,
        wanted=wanted,
        number=number,
        states=SHOWN_STATES,
        professions=here.taxonomy.professions,
        errors=problems(error),
        typed=request.values,
    )
