"""Commands that set the database up: its form, and what every directory refers to."""

import sys

import click

from directory import migrations, places
from directory.cli import desk
from directory.cli.commands import Command
from directory.db import writing
from directory.files import terms
from directory.usecases.curation import shipped_terms


@click.command(cls=Command, on_any_form=True)
def migrate() -> None:
    """Bring the database to its newest form, and say which steps that took; safe to repeat."""
    steps = migrations.to_head(desk.here().engine)
    for step in steps:
        click.echo(f"{step.revision}  {step.words}")
    if steps:
        click.echo("The database is up to date.")
    else:
        click.echo("The database is at its newest form already.")


@click.command("load-reference", cls=Command)
def load_reference() -> None:
    """Load places and the taxonomy; what is already there is left alone."""
    engine = desk.here().engine
    report = places.load(engine, _places_progress)
    if report.loaded:
        click.echo(f"Places: {sum(report.rows.values()):,} rows in {report.seconds:.0f} s.")
    else:
        click.echo("Places: already there.")
    with writing(engine) as session:
        counts = shipped_terms.load_taxonomy(session, terms.read())
    changes = ", ".join(f"{count} {verb}" for verb, count in counts.items() if count)
    click.echo(f"Taxonomy: {changes or 'already there'}.")


def _places_progress(table: str, rows: int) -> None:
    if sys.stdout.isatty():
        line = f"Places: {table.removeprefix('gazetteer_')} {rows:,}"
        click.echo(f"\r{line:<50}\r", nl=False)


COMMANDS = (migrate, load_reference)
