"""`flask --app wsgi create-admin`, and the sign-ins of a demonstration."""

import sys

import click

from directory.cli import desk
from directory.cli.commands import Command
from directory.edge import Runtime, runtime
from directory.errors import Invalid
from directory.signin import making


@click.command("create-admin", cls=Command)
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line.")
def create_admin(email: str, password_stdin: bool) -> None:
    """Make an admin's account; without a password, print a link to set one within the hour."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    try:
        with desk.here().pages():
            address, link = _admin(runtime(), email, password)
    except Invalid as error:
        wrong = (str(text) for texts in error.fields.values() for text in texts)
        raise click.ClickException(" ".join(wrong)) from None
    click.echo(f"{address} is an admin.")
    if password is None:
        click.echo(f"Choose a password within the hour: {link}")


def _admin(here: Runtime, email: str, password: str | None) -> tuple[str, str]:
    """Their address as it is kept, and a link to set a password."""
    with here.transaction() as session:
        admin = making.make_admin(
            session, email, password=password, site_name=here.config.site_name, at=here.clock()
        )
        return admin.email, making.one_time_link(admin)


def demo_sign_ins(here: Runtime) -> tuple[str, ...]:
    """Lines that tell how to try the demonstration; the account is made when it is missing.

    Only on one's own machine: its password is no secret. Needs the app's context.
    """
    if not here.config.at_home:
        return ()
    with here.transaction() as session:
        if not making.make_demo(session, at=here.clock()):
            return ()
    return (
        "To try it as a practitioner, sign in with",
        f"  {making.DEMO_EMAIL}  {making.DEMO_PASSWORD}",
        "and as an admin, with an account from: .venv/bin/flask --app wsgi create-admin EMAIL",
    )


COMMANDS = (create_admin,)
