"""`backup` and `restore`: everything that cannot be made again, in one file."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from directory import backups, outages, places
from directory.backups import Manifest
from directory.cli import desk
from directory.cli.commands import Command, Failed
from directory.config import Config, folder
from directory.usecases.curation import figures

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(cls=Command, on_any_form=True, there=True)
@click.argument("file", type=FILE)
@click.option("--verify", is_flag=True, help="Only read FILE and check every part of it.")
def backup(file: Path, verify: bool) -> None:
    """Write everything that cannot be made again into FILE, while the site runs.

    That is the database (of either kind, as it is at one moment), photos, the secret key and
    the audit's anchor; places, index and what is below DATA_DIR/mail can be made again or are
    not wanted. FILE is read again before it gets its name. Whoever has it has the secret key:
    keep it as you keep that.
    """
    here = desk.here()
    with _plainly(file):
        if verify:
            _tell(f"{file} is whole", backups.read(file))
            return
        if not file.parent.is_dir():
            raise Failed(f"There is no folder {file.parent}: make it first.")
        if not _keeps_its_secret(here.config):
            click.echo(f"stillpoint: {folder.another_secret(here.config.data_dir)}", err=True)
            click.echo("The backup keeps the one in that file.", err=True)
        done = backups.take(here.engine, here.config, file, at=datetime.now(UTC))
        with suppress(OSError):  # it is there, whether or not this can be noted
            figures.touch(here.config.data_dir / figures.TAKEN)
        _tell(f"{file} is written", done)


@click.command(cls=Command, on_any_form=True, alone=True)
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Over a site that is there; what it has is lost.")
def restore(file: Path, force: bool) -> None:
    """Put back what `backup` wrote into FILE; stop the site before.

    FILE is checked before anything changes, and may come from the other kind of database or
    from an older form of it.

    Who is erased stays erased: before an older backup goes over a site (--force), what that
    site knows of erasures is read, and done again afterwards, with its do-not-list. Into an
    empty database nothing is known of what was erased after the backup was taken: so restore
    over the database that is there, as long as it can be read.
    """
    here = desk.here()
    given = folder.held_secret(here.config.data_dir) != here.config.secret_key
    with _plainly(file):
        if backups.others(here.engine, str(restore.name)):
            raise Failed(
                f"The database at {outages.place(here.engine.url)} is in use: stop the site first"
                " (web, worker and indexer, on every machine)."
            )
        try:
            done = backups.restore(
                here.engine, here.config, file, force=force, at=datetime.now(UTC)
            )
        except backups.NotEmpty as error:
            raise Failed(f"{error} Use --force to lose what is there.") from None
        places.load(here.engine)
    _tell(f"Into {outages.place(here.engine.url)} and {here.config.data_dir}", done.manifest)
    if done.listings or done.accounts:
        click.echo(f"Erased again: {done.listings} listings, {done.accounts} accounts.")
    if given and not _keeps_its_secret(here.config):
        click.echo(folder.another_secret(here.config.data_dir), err=True)
    click.echo("Now build the index (`python -m indexer rebuild`; `up` does it by itself).")


@contextmanager
def _plainly(file: Path) -> Iterator[None]:
    """What cannot be read or written is told by the name that somebody gave."""
    if str(file) == "-":
        raise Failed("A backup is read more than once, so it cannot be piped: name a file.")
    try:
        yield
    except OSError as error:
        ours = str(error.filename or "").endswith(".part")
        name = file if ours or not error.filename else error.filename
        raise Failed(f"{name}: {error.strerror}") from None


def _tell(what: str, manifest: Manifest) -> None:
    total = sum(count for count, _ in manifest.tables.values())
    click.echo(
        f"{what}: {total:,} rows of {len(manifest.tables)} tables and {manifest.photos:,} files of"
        f" photos, taken {manifest.taken_at}, form {manifest.revision}."
    )


def _keeps_its_secret(config: Config) -> bool:
    """Whether the secret in force is the one that lies in DATA_DIR, if one does."""
    return config.secret_key == (folder.held_secret(config.data_dir) or config.secret_key)


COMMANDS = (backup, restore)
