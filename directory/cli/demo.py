"""`flask --app wsgi load-demo`: people who do not exist, to try the site with."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import TypeVar

import click

from directory import db
from directory.cli import desk
from directory.cli.commands import Command
from directory.edge import Runtime
from directory.files.demo import people
from directory.models import Taxonomy
from directory.places import big_towns
from directory.usecases.imports import intake

# People in one transaction: a kill loses no more, and other writers wait no longer.
BATCH = 300
ACTOR = "command line"
Thing = TypeVar("Thing")


@click.command("load-demo", cls=Command, alone=True)
@click.option("--count", default=600, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=1, show_default=True, type=int)
def load_demo(count: int, seed: int) -> None:
    """Make fictional listings in real towns; the same ones for the same seed."""
    here = desk.here().runtime
    with here.reading() as session:
        terms = Taxonomy.load(session)
        there = big_towns.of(session, people.COUNTRIES, least_people=people.LEAST_PEOPLE)
    if not there or not terms.professions:
        raise click.ClickException("There are no towns or terms yet: run load-reference first.")
    newcomers = people.demo_drafts(count, seed, terms, there, here.today())
    made = 0
    with click.progressbar(length=count, label="Demo listings") as bar:
        for batch in _batches(newcomers):
            made += db.repeated(partial(_load, here, batch))
            bar.update(len(batch))
    click.echo(f"Demo listings: {made:,} new, {count - made:,} already there.")


def _load(here: Runtime, batch: list[intake.Newcomer]) -> int:
    with here.transaction() as session:
        return intake.load_demo(session, batch, by=ACTOR, at=here.clock())


def any_listing(here: Runtime) -> bool:
    """Whether the directory holds any listing at all."""
    with here.reading() as session:
        return intake.any_listing(session)


def _batches(things: Iterator[Thing]) -> Iterator[list[Thing]]:
    while batch := list(islice(things, BATCH)):
        yield batch


COMMANDS = (load_demo,)
