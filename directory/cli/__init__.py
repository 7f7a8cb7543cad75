"""The commands: each is a thin door to a use-case. `site` is what every process begins with."""

import logging
import sys

import click
from flask import Flask

from directory.cli import commands, desk
from directory.config import Config, unread
from directory.config.folder import keep_private
from directory.errors import ConfigError

log = logging.getLogger("stillpoint.settings")


def site() -> Flask:
    """The site of the environment's settings; for a command of ours, one without pages.

    A setting that cannot be used ends the process in one clear line; one that is misspelt is
    named in a warning, as is a DATA_DIR that others can read.
    """
    for_a_command = desk.suffices()
    try:
        config = Config.from_env(makes=not for_a_command)
    except ConfigError as error:
        sys.exit(f"stillpoint: {error}")
    if for_a_command:  # which makes, and closes, what it needs once it is known
        for sentence in unread():
            click.echo(f"stillpoint: {sentence}", err=True)
        return _without_pages(config)
    warnings = (*unread(), *keep_private(config.data_dir))
    app = _whole(config)
    for sentence in warnings:
        log.warning(sentence)
    return app


def init(app: Flask) -> None:
    """Give an app every command."""
    app.cli = commands.Commands(app.name)


def _without_pages(config: Config) -> Flask:
    app = desk.make(config)
    init(app)
    return app


def _whole(config: Config) -> Flask:
    from directory.app import create_app  # every page, which few commands need

    return create_app(config)
