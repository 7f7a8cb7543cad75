"""The flask commands: each is a thin door to a use-case."""

from flask import Flask

from directory.cli import data, serving


def init(app: Flask) -> None:
    """Register every command."""
    for command in (*data.COMMANDS, *serving.COMMANDS):
        app.cli.add_command(command)
