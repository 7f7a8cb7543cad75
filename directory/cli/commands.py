"""Which commands there are, told without loading one; and how each of them ends."""

import sys
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from flask.cli import AppGroup, FlaskGroup, ScriptInfo, get_version, with_appcontext

from directory import __version__
from directory.cli import desk
from directory.errors import DirectoryError

if TYPE_CHECKING:
    from directory.db import Patience

# What visitors reach, and what goes on by itself: never as root in a folder of somebody else.
SERVING = frozenset({"up", "work"})


class Door(NamedTuple):
    """A command: its name, the module here that holds it, and in a few words what it does."""

    name: str
    module: str
    words: str


PURPOSES: dict[str, tuple[Door, ...]] = {
    "Set up": (
        Door("migrate", "database", "The database to its newest form."),
        Door("load-reference", "database", "Places and terms into the database."),
        Door("create-admin", "accounts", "An account for somebody who approves listings."),
    ),
    "Run": (
        Door(
            "up", "starting.serving", "Prepare what is missing, then serve: web, indexer, worker."
        ),
        Door("example", "machines.examples", "A file for systemd, Caddy, nginx, Compose, alerts."),
        Door("work", "working", "The worker alone: mail, imports, the clock's chores."),
    ),
    "Data": (
        Door("import-listings", "rosters", "A CSV roster, row by row."),
        Door("load-demo", "demo", "Fictional listings in real towns."),
    ),
    "Look after": (
        Door("verify-audit", "upkeep", "Whether the record of what was done is whole."),
        Door("doctor", "machines.doctor", "Whether all that the site needs is well."),
        Door("backup", "machines.backups", "All that cannot be made again, into one file."),
        Door("restore", "machines.backups", "It back again, into either kind of database."),
    ),
}
DOORS = {door.name: door for doors in PURPOSES.values() for door in doors}


class Failed(click.ClickException):
    """A command's end in one clear line, with exit status 1."""

    def show(self, file: Any = None) -> None:
        click.echo(f"stillpoint: {self.format_message()}", err=True)


class Command(click.Command):
    """A command on the site's database; one that cannot be used ends it in one clear line.

    `on_any_form` is for commands that may find an older form of it, or no table at all; with
    `there` one must be there all the same. `without_database` is for those that never ask it, or
    say themselves what is wrong with it. One that only `looks` makes nothing: no DATA_DIR, no
    secret, no empty database.
    `patience` is what the kind of its work may wait for, if it is not that of commands. One that is `alone` is refused while the
    same command is at work on the same site, on whatever machine.
    """

    def __init__(
        self,
        *args: Any,
        on_any_form: bool = False,
        there: bool = False,
        without_database: bool = False,
        looks: bool = False,
        patience: "Patience | None" = None,
        alone: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.on_any_form, self.without_database = on_any_form, without_database
        self.there, self.looks = there or not (on_any_form or without_database), looks
        self.patience, self.alone = patience, alone

    def invoke(self, context: click.Context) -> Any:
        """Run it within the app's context."""
        return with_appcontext(self._run)(context)

    def begin(self, at_hand: desk.Desk) -> None:
        """What is begun once DATA_DIR is in order, and before the database is looked at."""

    def _run(self, context: click.Context) -> Any:
        at_hand = desk.here()
        try:
            if self.there:
                from directory.cli import on_database

                on_database.must_be_there(at_hand.engine)
            if not self.looks:
                for sentence in at_hand.settle(serves=self.name in SERVING):
                    click.echo(f"stillpoint: {sentence}", err=True)
            self.begin(at_hand)
            at_hand.bear(self.patience)
            from directory.cli import on_database  # late: what is begun need not wait for it

            newest = None if self.without_database else not self.on_any_form
            alone_as = str(self.name) if self.alone else ""
            with on_database.used(at_hand, newest=newest, alone_as=alone_as):
                return super().invoke(context)
        except DirectoryError as error:
            raise Failed(str(error)) from None


class Commands(AppGroup):
    """The commands of the site for Flask's command line; each is loaded when it runs."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Their names, by purpose."""
        if isinstance(context.command, FlaskGroup) and not context.resilient_parsing:
            # Flask asks only when it writes its help, where it would put all names into one
            # alphabet. So the page is written here.
            click.echo(_help(context.command, context))
            sys.exit(0)
        return list(DOORS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """The command of that name, with all that it needs."""
        return load(name) if name in DOORS else None


class Stillpoint(FlaskGroup):
    """`stillpoint`: the same commands as `flask --app wsgi`, wherever it is called."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Ours, then Flask's."""
        return [*DOORS, *sorted(self.commands)]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Ours without the plugins of Flask's, which take time to load."""
        if name not in DOORS:
            return super().get_command(context, name)
        context.ensure_object(ScriptInfo).load_app()
        return load(name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Ours by purpose, then Flask's."""
        _write_commands(self, formatter)


def load(name: str) -> click.Command:
    """One of our commands."""
    held: tuple[click.Command, ...] = import_module(f"directory.cli.{DOORS[name].module}").COMMANDS
    return next(one for one in held if one.name == name)


def version_option() -> click.Option:
    """`--version`: ours first."""

    def tell(context: click.Context, option: click.Parameter, asked: bool) -> None:
        if asked and not context.resilient_parsing:
            click.echo(f"Stillpoint {__version__}")
            get_version(context, option, asked)

    return click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=tell,
        help="Show the version.",
    )


def _help(group: click.Group, context: click.Context) -> str:
    """What `--help` of Flask's own group says, with our commands by purpose."""
    formatter = context.make_formatter()
    group.format_usage(context, formatter)
    group.format_help_text(context, formatter)
    click.Command.format_options(group, context, formatter)
    _write_commands(group, formatter)
    return formatter.getvalue().rstrip("\n")


def _write_commands(group: click.Group, formatter: click.HelpFormatter) -> None:
    for purpose, doors in PURPOSES.items():
        _write_section(formatter, purpose, ((door.name, door.words) for door in doors))
    flasks = sorted(group.commands.items())
    rows = ((name, command.get_short_help_str()) for name, command in flasks)
    _write_section(formatter, "Flask's own", rows)


def _write_section(
    formatter: click.HelpFormatter, title: str, rows: Iterable[tuple[str, str]]
) -> None:
    with formatter.section(title):
        formatter.write_dl(list(rows))
