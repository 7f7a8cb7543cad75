"""Commands that watch over the directory: is the record of what was done whole?"""

import click

from directory.cli import desk
from directory.cli.commands import Command
from directory.db import reading
from directory.usecases.audit import anchors, chain
from directory.usecases.audit.chain import Anchor


@click.command("verify-audit", cls=Command, looks=True)
@click.option("--anchor", "given", multiple=True, help="HASH:LENGTH: what the head was once.")
@click.pass_context
def verify_audit(context: click.Context, given: tuple[str, ...]) -> None:
    """Check the chain of audit events; exit status 1 when it was tampered with.

    Checked against every line of DATA_DIR/audit-anchor, too, of the file that AUDIT_ANCHOR_URL
    names, and against each --anchor.
    """
    here = desk.here()
    known = [_anchor(text) for text in given]
    for path in anchors.places(here.config):
        if not path.exists():
            click.echo(f"There is no {path} to check against.", err=True)
        known += anchors.read(path)
    with reading(here.engine) as session:
        verdict = chain.verify(session, known)
    for problem in verdict.problems:
        click.echo(problem)
    if not verdict.problems:
        click.echo(f"The chain of {verdict.length} events holds; its head is {verdict.head}")
    context.exit(1 if verdict.problems else 0)


def _anchor(text: str) -> Anchor:
    found, _, length = text.strip().partition(":")
    if not found or not length.isdigit():
        raise click.BadParameter(f"{text!r} is not like HASH:LENGTH.", param_hint="--anchor")
    return Anchor(int(length), found)


COMMANDS = (verify_audit,)
