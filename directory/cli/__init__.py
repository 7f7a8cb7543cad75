"""The flask commands: each is a thin door to a use-case."""

from flask import Flask

from directory.cli import accounts, data, serving, upkeep, working


def init(app: Flask) -> None:
    """Register every command."""
    for room in (accounts, data, serving, upkeep, working):
        for command in room.COMMANDS:
            app.cli.add_command(command)
