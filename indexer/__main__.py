"""python -m indexer rebuild | follow | verify | status"""

import logging
import resource
import signal
import sys
from threading import Event, Thread
from time import perf_counter

import click
from sqlalchemy import Engine

from directory import outages
from directory.config import Config, unread
from directory.config.folder import keep_private
from directory.db import FOLLOW, REBUILD, Patience, make_engine, reading
from directory.errors import DirectoryError
from directory.policies import Policies
from directory.search.whoosh_engine import WhooshReader, WhooshWriter
from indexer import listings, outbox
from indexer.follow import follow as follow_outbox
from indexer.rebuild import rebuild as rebuild_index
from indexer.tending import Tender
from indexer.verify import differences


class Indexer:
    """The database and the index that the settings name."""

    def __init__(self, config: Config, patience: Patience) -> None:
        self.engine: Engine = make_engine(config.database_url, patience)
        self.writer = WhooshWriter(
            config.index_dir, memory_mb=config.index_memory_mb, processes=config.index_processes
        )
        self.reader = WhooshReader(config.index_dir)
        self.policies = Policies.named(config.claims_policies)

    def tender(self) -> Tender:
        """Who does what admins ask of the index."""
        return Tender(self.engine, self.writer, self.reader, self.policies)


@click.group(help="Keep the search index true to the database.")
@click.pass_context
def cli(context: click.Context) -> None:
    config = Config.from_env()
    logging.basicConfig(level=config.log_level, format="indexer: %(message)s")
    for sentence in (*unread(), *keep_private(config.data_dir)):
        click.echo(f"indexer: {sentence}", err=True)
    context.obj = Indexer(config, FOLLOW if context.invoked_subcommand == "follow" else REBUILD)
    context.call_on_close(context.obj.engine.dispose)
    context.with_resource(outages.plainly(context.obj.engine))


class OnDatabase(click.Command):
    """A command that looks first whether the database can be used."""

    def invoke(self, context: click.Context) -> object:
        """Run it; DatabaseUnavailable says why it cannot be."""
        outages.check(context.obj.engine)
        return super().invoke(context)


@cli.command(
    cls=OnDatabase, help="Build the whole index afresh; the old one serves until the swap."
)
@click.pass_obj
def rebuild(indexer: Indexer) -> None:
    began = perf_counter()
    with click.progressbar(length=1, label="Indexing", show_pos=True) as bar:

        def started(total: int) -> None:
            bar.length = total

        status = rebuild_index(
            indexer.engine,
            indexer.writer,
            policies=indexer.policies,
            started=started,
            progress=lambda done: bar.update(done - bar.pos),
        )
    seconds = perf_counter() - began
    rate = status.listings / max(seconds, 0.01)
    click.echo(
        f"Generation {status.generation} serves {status.listings} listings "
        f"({seconds:.1f} s, {rate:.0f} a second, {_memory()})."
    )


def _memory() -> str:
    """The most memory that this process took, and the biggest of its children."""
    own, child = (
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"at most {own} MB" + (f" and {child} MB in a child process" if child else "")


@cli.command(
    cls=OnDatabase, help="Follow the database: what is approved is searchable within a second."
)
@click.pass_obj
def follow(indexer: Indexer) -> None:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    tending = indexer.tender().run
    # It ends with us, wherever it is: what it leaves undone it begins again next time.
    Thread(target=tending, args=[lambda: not stop.is_set()], daemon=True).start()
    follow_outbox(
        indexer.engine,
        indexer.writer,
        going=lambda: not stop.is_set(),
        policies=indexer.policies,
    )


@cli.command(cls=OnDatabase, help="Compare index and database; exit 1 and name each difference.")
@click.pass_obj
def verify(indexer: Indexer) -> None:
    status = indexer.reader.status()
    found = list(differences(indexer.engine, indexer.reader, indexer.policies))
    indexer.tender().report(found)
    if found:
        click.echo("\n".join(found))
        click.echo(f"{len(found)} differences; `python -m indexer rebuild` mends what can be read.")
        sys.exit(1)
    click.echo(f"Index and database agree on {status.listings} listings.")


@cli.command(cls=OnDatabase, help="Say what serves now, and how far behind it is.")
@click.pass_obj
def status(indexer: Indexer) -> None:
    now = indexer.reader.status()
    behind = outbox.waiting(indexer.engine, now.heard)
    with reading(indexer.engine) as session:
        left_out = 0 if behind else listings.count(session) - now.listings
    click.echo(f"generation {now.generation}, built {now.built_at}")
    click.echo(f"{now.listings} listings, outbox row {now.cursor}, {behind} changes waiting")
    if left_out > 0:
        click.echo(f"{left_out} live listings are left out; `python -m indexer verify` names them")


def main() -> None:
    """Run a command; what goes wrong is one clear line and exit 1."""
    try:
        cli.main(standalone_mode=False)
    except (DirectoryError, click.ClickException) as error:
        text = error.format_message() if isinstance(error, click.ClickException) else str(error)
        sys.exit(f"indexer: {text}")
    except click.exceptions.Abort:
        sys.exit(130)


if __name__ == "__main__":
    main()
