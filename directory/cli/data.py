"""Commands that bring data in: the database's shape, reference data, rosters, demo people."""

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import with_appcontext

from directory import places
from directory.cli import parts
from directory.edge import Runtime, runtime
from directory.errors import DirectoryError
from directory.files import roster, terms
from directory.files.demo import people
from directory.migrations import to_head
from directory.models import Taxonomy
from directory.places import big_towns
from directory.usecases.curation import shipped_terms
from directory.usecases.imports import intake, runs
from directory.usecases.imports.rows import ImportReport, Outcome, Row, RowReport

# People in one transaction: a kill loses no more, and other writers wait no longer.
BATCH = 300
ACTOR = "command line"
MARKS = {
    Outcome.CREATED: "new",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.REPLACED: "left out",
    Outcome.DRAFT: "kept as draft",
    Outcome.FAILED: "NOT IMPORTED",
}
Thing = TypeVar("Thing")


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the newest shape; safe to repeat."""
    to_head(runtime().engine)
    click.echo("The database is up to date.")


@click.command("load-reference")
@with_appcontext
def load_reference() -> None:
    """Load places and the taxonomy; what is already there is left alone."""
    here = runtime()
    report = places.load(here.engine, _places_progress)
    if report.loaded:
        click.echo(f"Places: {sum(report.rows.values()):,} rows in {report.seconds:.0f} s.")
    else:
        click.echo("Places: already there.")
    with here.transaction() as session:
        counts = shipped_terms.load_taxonomy(session, terms.read())
    changes = ", ".join(f"{count} {verb}" for verb, count in counts.items() if count)
    click.echo(f"Taxonomy: {changes or 'already there'}.")


@click.command("import-listings")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--approve", is_flag=True, help="Make them public at once: you vouch for the file.")
@with_appcontext
@click.pass_context
def import_listings(context: click.Context, file: Path, dry_run: bool, approve: bool) -> None:
    """Import a CSV roster, row by row; exit status 1 when any row failed."""
    here = runtime()
    read = _read(here, file)
    for note in read.notes:
        click.echo(f"{file.name}: {note}")
    rows = read.rows
    if dry_run:
        report = _foresee(here, rows, approve=approve)
    else:
        report = _import(here, rows, file.name, approve=approve)
    for line in _lines(report):
        click.echo(line)
    click.echo(_totals(report, dry_run=dry_run, approve=approve))
    context.exit(1 if report.failed else 0)


@click.command("load-demo")
@click.option("--count", default=600, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=1, show_default=True, type=int)
@with_appcontext
def load_demo(count: int, seed: int) -> None:
    """Make fictional listings in real towns; the same ones for the same seed."""
    here = runtime()
    with here.reading() as session:
        terms = Taxonomy.load(session)
        there = big_towns.of(session, people.COUNTRIES, least_people=people.LEAST_PEOPLE)
    if not there or not terms.professions:
        raise click.ClickException("There are no towns or terms yet: run load-reference first.")
    newcomers = people.demo_drafts(count, seed, terms, there, here.today())
    made = 0
    with click.progressbar(length=count, label="Demo listings") as bar:
        for batch in _batches(newcomers):
            with here.transaction() as session:
                made += intake.load_demo(session, batch, by=ACTOR, at=here.clock())
            bar.update(len(batch))
    click.echo(f"Demo listings: {made:,} new, {count - made:,} already there.")


def any_listing(here: Runtime) -> bool:
    """Whether the directory holds any listing at all."""
    with here.reading() as session:
        return intake.any_listing(session)


def _places_progress(table: str, rows: int) -> None:
    if sys.stdout.isatty():
        line = f"Places: {table.removeprefix('gazetteer_')} {rows:,}"
        click.echo(f"\r{line:<50}\r", nl=False)


def _read(here: Runtime, file: Path) -> roster.Roster:
    with here.reading() as session:
        terms = Taxonomy.load(session)
    if not terms.professions or not here.gazetteer.is_loaded():
        raise click.ClickException("There are no places or terms yet: run load-reference first.")
    try:
        return roster.read(file.read_bytes(), terms)
    except DirectoryError as error:
        raise click.ClickException(f"{file.name} is no roster: {error}") from None


def _import(here: Runtime, rows: Sequence[Row], filename: str, *, approve: bool) -> ImportReport:
    """Carry it out, and keep it as a run that admins can look at and undo."""
    with here.transaction() as session:
        run_id = runs.begin(
            session,
            filename,
            columns={},
            rows=len(rows),
            approve=approve,
            by=ACTOR,
            at=here.clock(),
        )
    reports: list[RowReport] = []
    with click.progressbar(length=len(rows), label="Rows", hidden=len(rows) < BATCH) as bar:
        while part := parts.take_part(here, run_id, rows):
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


def _batches(things: Iterator[Thing]) -> Iterator[list[Thing]]:
    while batch := list(islice(things, BATCH)):
        yield batch


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


COMMANDS = (migrate, load_reference, import_listings, load_demo)
