"""`flask --app wsgi import-listings`: a roster, row by row, from a file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from directory.cli import desk, jobs
from directory.cli.commands import Command
from directory.edge import Runtime
from directory.errors import DirectoryError
from directory.files.rosters import reading, tables
from directory.models import Taxonomy
from directory.usecases.imports import runs
from directory.usecases.imports.rows import ImportReport, Outcome, Row, RowReport
from directory.usecases.imports.uploads import MOST_BYTES

# From so many rows on, one may wonder how far it is.
LONG = 300
MARKS = {
    Outcome.CREATED: "new",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.REPLACED: "replaced",
    Outcome.JOINED: "joined",
    Outcome.DRAFT: "kept as draft",
    Outcome.FAILED: "NOT IMPORTED",
}


@click.command("import-listings", cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--approve", is_flag=True, help="Make them public at once: you vouch for the file.")
@click.pass_context
def import_listings(context: click.Context, file: Path, dry_run: bool, approve: bool) -> None:
    """Import a roster (CSV, xlsx, xls, ods), row by row; exit status 1 when any row failed."""
    here = desk.here().runtime
    read = _read(here, file)
    for note in read.notes:
        click.echo(f"{file.name}: {note}")
    rows = read.rows
    if dry_run:
        report = _foresee(here, rows, approve=approve)
    else:
        with jobs.alone(here) as nobody_else:
            if not nobody_else:
                raise click.ClickException(
                    "Another import is at work: try again when it has ended."
                )
            report = _import(here, read, file.name, approve=approve)
    for line in _lines(report):
        click.echo(line)
    click.echo(_totals(report, dry_run=dry_run, approve=approve))
    context.exit(1 if report.failed else 0)


def _read(here: Runtime, file: Path) -> reading.Roster:
    with here.reading() as session:
        terms = Taxonomy.load(session)
    if not terms.professions or not here.gazetteer.is_loaded():
        raise click.ClickException("There are no places or terms yet: run load-reference first.")
    try:
        if file.stat().st_size > MOST_BYTES:
            raise tables.refused_size()
        return reading.read(file.read_bytes(), terms)
    except DirectoryError as error:
        raise click.ClickException(f"{file.name} is no roster: {error}") from None


def _import(here: Runtime, read: reading.Roster, filename: str, *, approve: bool) -> ImportReport:
    """Carry it out, and keep it as a run that admins can look at and undo."""
    rows = read.rows
    with here.transaction() as session:
        runs.end_left(session, at=here.clock())
        run_id = runs.begin(
            session,
            filename,
            columns=read.columns or {},
            rows=len(rows),
            approve=approve,
            by=runs.COMMAND_LINE,
            at=here.clock(),
        )
    reports: list[RowReport] = []
    with click.progressbar(length=len(rows), label="Rows", hidden=len(rows) < LONG) as bar:
        while part := jobs.take_part(here, run_id, rows):
            reports += part.rows
            bar.update(len(part.rows))
    return ImportReport(tuple(reports))


def _foresee(here: Runtime, rows: Sequence[Row], *, approve: bool) -> ImportReport:
    with here.reading() as session:
        return runs.foresee(
            session,
            rows,
            gazetteer=here.gazetteer,
            approve=approve,
            at=here.clock(),
            key=here.config.key,
        )


def _lines(report: ImportReport) -> Iterator[str]:
    """A line for every row that changed something or has something to say."""
    for row in report.rows:
        if row.outcome is Outcome.UNCHANGED and not row.notes:
            continue
        name = row.name or "(no name)"
        notes = f": {'; '.join(row.notes)}" if row.notes else ""
        yield f"line {row.line:>4}  {MARKS[row.outcome]:<13}  {name}{notes}"


def _totals(report: ImportReport, *, dry_run: bool, approve: bool) -> str:
    totals = report.totals
    counts = ", ".join(
        f"{totals[outcome]:,} {mark}" for outcome, mark in MARKS.items() if totals[outcome]
    )
    if dry_run:
        return f"{len(report.rows):,} rows: {counts}. This was a dry run: nothing was written."
    written = totals[Outcome.CREATED] + totals[Outcome.UPDATED]
    after = "They are public." if approve else "They wait for an admin."
    return f"{len(report.rows):,} rows: {counts or 'none'}.{f' {after}' if written else ''}"


COMMANDS = (import_listings,)
