"""The flask commands: each is a thin door to a use-case."""

from flask import Flask

from directory.cli import accounts, data, serving, working


def init(app: Flask) -> None:
    """Register every command."""
    for command in (*accounts.COMMANDS, *data.COMMANDS, *serving.COMMANDS, *working.COMMANDS):
        app.cli.add_command(command)
