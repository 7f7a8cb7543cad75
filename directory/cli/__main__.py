"""`stillpoint`, or `python -m directory.cli`: all commands, from whatever folder one stands in."""

from directory import cli
from directory.cli import commands

ABOUT = "Set up, run and look after a directory of practitioners."


def group() -> commands.Stillpoint:
    """The command line."""
    made = commands.Stillpoint(
        name="stillpoint",
        help=ABOUT,
        create_app=cli.site,
        add_version_option=False,
        params=[commands.version_option()],
    )
    # There is one app, and it is known.
    made.params = [option for option in made.params if option.name != "app"]
    return made


def main() -> None:
    """Run a command."""
    group().main(prog_name="stillpoint")


if __name__ == "__main__":
    main()
