"""What a command has at hand: settings and database at once, the rest when it asks for it.

A command that needs no page loads none: that is most of what starting costs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup

from directory.config import Config, folder

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from directory.db import Patience
    from directory.edge import Runtime

NAME = "stillpoint desk"


@dataclass
class Desk:
    """The settings and the database of the site, and the ways to the rest of it."""

    config: Config
    whole: Flask | None = None
    patience: "Patience | None" = None

    @cached_property
    def engine(self) -> "Engine":
        """The database, by the limits of this kind of work."""
        if self.whole:
            found: Engine = self.whole.extensions["stillpoint"].engine
            return found
        from directory.db import COMMANDS, make_engine

        return make_engine(self.config.database_url, self.patience or COMMANDS)

    def bear(self, patience: "Patience | None") -> None:
        """Have the limits of this kind of work, unless an app has its own already."""
        if self.whole is None and patience != self.patience:
            if "engine" in vars(self):
                self.engine.dispose()
                del self.engine
            self.patience = patience

    def settle(self, *, serves: bool) -> tuple[str, ...]:
        """Make DATA_DIR ready for what a command makes, unless an app did; a sentence for each
        thing that is not as it should be. Who serves is its owner from then on."""
        if self.whole is not None:
            return ()
        folder.refuse_others(self.config.data_dir)
        if serves:
            folder.become_owner(self.config.data_dir)
        self.config = self.config.settled()
        return folder.keep_private(self.config.data_dir)

    @cached_property
    def runtime(self) -> "Runtime":
        """With index and places: what use-cases of the search and of imports need."""
        if self.whole:
            found: Runtime = self.whole.extensions["stillpoint"]
            return found
        from directory.app import make_runtime  # the engine and numpy

        return make_runtime(self.config, self.engine)

    @contextmanager
    def pages(self) -> Iterator[Flask]:
        """The whole site, within its context: for signing in, and for letters."""
        if self.whole:
            yield self.whole
            return
        from directory.app import create_app  # every page
        from directory.db import COMMANDS

        site = create_app(self.config, self.patience or COMMANDS)
        with site.app_context():
            yield site


def make(config: Config) -> Flask:
    """An app that has commands and no page."""
    app = Flask("directory.cli", static_folder=None)
    app.extensions[NAME] = Desk(config)
    return app


def here() -> Desk:
    """The desk of the command that runs, on whichever app that is."""
    made: Desk | None = current_app.extensions.get(NAME)
    if made is not None:
        return made
    site = current_app._get_current_object()  # type: ignore[attr-defined]
    running: Runtime = site.extensions["stillpoint"]
    return Desk(running.config, site)


def suffices() -> bool:
    """Whether Flask's command line asks for the app only to look one of its commands up.

    Flask's own commands, which want the pages, have a context of their own by then.
    """
    context = click.get_current_context(silent=True)
    return bool(context and context.parent is None and isinstance(context.command, FlaskGroup))
