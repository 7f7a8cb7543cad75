"""`doctor`: one line on each thing that the site needs, and what to do about it."""

from collections.abc import Iterator

import click

from directory.cli import desk
from directory.cli.commands import Command
from directory.cli.desk import Desk
from directory.cli.machines import findings, inside, outside
from directory.cli.machines.findings import FAIL, OK, Check, Finding, fail


@click.command(cls=Command, without_database=True, looks=True)
@click.option("--send-to", metavar="ADDRESS", help="Send a test letter there, too.")
@click.pass_context
def doctor(context: click.Context, send_to: str | None) -> None:
    """Look at everything that the site needs; exit status 1 when something is wrong.

    A line each, with `ok`, `warn` or `FAIL` and what to do. Nothing is changed.
    """
    marks = []
    for name, finding in findings.found(checks(desk.here(), send_to)):
        click.echo(f"{finding.mark:<5}{name:<12} {finding.words}")
        marks.append(finding.mark)
    context.exit(1 if FAIL in marks else 0)


def checks(here: Desk, send_to: str | None = None) -> Iterator[Check]:
    """All that is looked at, in this order; what lies in a database that is away is not."""
    config = here.config
    yield "database", lambda: inside.database(here)
    usable = all(one.mark == OK for one in _looked(here))
    away: list[Finding] = [fail("could not be looked at: see `database`")]
    yield "index", lambda: inside.index(here)
    yield "indexer", lambda: inside.indexer(here) if usable else away
    yield "worker", lambda: inside.worker(here) if usable else away
    yield "queue", lambda: inside.queue(here) if usable else away
    yield "audit", lambda: inside.audit(here) if usable else away
    yield "mail", lambda: outside.letters(config)
    if send_to:
        yield "letter", lambda: outside.one_letter(config, send_to)
    yield "BASE_URL", lambda: outside.base_url(config)
    yield "proxy", lambda: outside.proxy(config)
    yield "backups", lambda: inside.backups(config)
    yield "disk", lambda: outside.disk(config)
    yield "clock", lambda: outside.clock(here) if usable else away
    yield "permissions", lambda: outside.permissions(config)
    yield "temporary", outside.temporary
    yield "secret", lambda: outside.secret(config)


def _looked(here: Desk) -> list[Finding]:
    try:
        return list(inside.database(here))
    except Exception as error:
        return [fail(str(error))]


COMMANDS = (doctor,)
