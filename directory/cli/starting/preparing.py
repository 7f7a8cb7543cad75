"""What `up` prepares before the site is served: tables, places, terms, demonstration, index."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import click

from directory import outages
from directory.cli import accounts, database, demo, desk
from directory.config import without_unread
from directory.edge import Runtime, runtime
from directory.errors import DatabaseUnavailable, SearchUnavailable
from directory.usecases.curation import figures

REBUILD = (sys.executable, "-m", "indexer", "rebuild")


def make_ready(context: click.Context, at_hand: desk.Desk, go: Callable[[], None]) -> None:
    """Prepare what is missing; `go` is called once pages can be served."""
    here = at_hand.runtime
    with suppress(OSError):  # on a full disk the site starts all the same
        # It starts now: nobody is late yet with what waited while it was down.
        figures.touch(here.config.data_dir / figures.STARTED)
    prepared = _is_prepared(here)
    if prepared:  # what a new release may bring along is loaded while the web starts
        go()
    _prepare(context, here)
    here.engine.dispose()
    if not prepared:
        go()


def sign_ins(at_hand: desk.Desk) -> tuple[str, ...]:
    """Lines on how to sign in to a demonstration on one's own machine."""
    if not at_hand.config.at_home:
        return ()
    with at_hand.pages():
        told = accounts.demo_sign_ins(runtime())
        runtime().engine.dispose()
    return told


def _is_prepared(here: Runtime) -> bool:
    """Whether pages can be served at once."""
    try:
        outages.check(here.engine)
        here.reader.status()
    except (DatabaseUnavailable, SearchUnavailable):
        return False
    return here.gazetteer.is_loaded() and (not here.config.at_home or demo.any_listing(here))


def _prepare(context: click.Context, here: Runtime) -> None:
    context.invoke(database.migrate)
    context.invoke(database.load_reference)
    if here.config.at_home and not demo.any_listing(here):
        context.invoke(demo.load_demo)
    try:
        here.reader.status()
    except SearchUnavailable:
        status = subprocess.call(REBUILD, env=without_unread())
        if status:
            sys.exit(f"stillpoint: the index could not be built (status {status}).")
