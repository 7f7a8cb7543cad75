"""`flask --app wsgi load-demo`: people who do not exist, to try the site with."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TypeVar

import click

from directory import db
from directory.cli import desk
from directory.cli.commands import Command
from directory.edge import Runtime
from directory.files.demo import people, pictures
from directory.models import Taxonomy
from directory.photos import Album
from directory.photos.drawing import CENTRED, Drawn, draw
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
    _hang(Album(here.config.data_dir / "photos"), count, seed)
    newcomers = people.demo_drafts(count, seed, terms, there, here.today())
    made = 0
    with click.progressbar(length=count, label="Demo listings") as bar:
        for batch in _batches(_pictured(newcomers, seed)):
            made += db.repeated(partial(_load, here, batch))
            bar.update(len(batch))
    click.echo(f"Demo listings: {made:,} new, {count - made:,} already there.")


def _hang(album: Album, count: int, seed: int) -> None:
    """Put the portraits into the album, before anybody has one."""
    first: dict[int, tuple[str, tuple[Drawn, ...]]] = {}
    for number in range(1, min(count, pictures.LAST) + 1):
        if pictured := pictures.of(seed, number):
            photo_id, pattern = pictured
            if pattern not in first:
                first[pattern] = photo_id, tuple(draw(pictures.drawn(pattern), CENTRED))
            like, drawn = first[pattern]
            album.keep_own(photo_id, drawn, like="" if like == photo_id else like)


def _pictured(newcomers: Iterator[intake.Newcomer], seed: int) -> Iterator[intake.Newcomer]:
    for number, one in enumerate(newcomers, 1):
        pictured = pictures.of(seed, number)
        yield replace(one, draft=replace(one.draft, photo=pictured[0])) if pictured else one


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
