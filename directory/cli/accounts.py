"""`flask --app wsgi create-admin`, and the sign-ins of a demonstration."""

import sys
from functools import partial

import click
from flask_security import hash_password

from directory import db
from directory.cli import desk
from directory.cli.commands import Command
from directory.edge import Runtime, runtime
from directory.errors import Invalid
from directory.signin import making


@click.command("create-admin", cls=Command)
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from the first line.")
@click.option(
    "--forget-second-factor", is_flag=True, help="Of an admin who has lost phone and codes."
)
def create_admin(email: str, password_stdin: bool, forget_second_factor: bool) -> None:
    """Make an admin's account; without a password, print a link to set one within the hour.

    An address that has an account already keeps its ways to sign in, and you are told.
    """
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    try:
        with desk.here().pages():
            lines = make_admin(runtime(), email, password, forget_second_factor)
    except Invalid as error:
        wrong = (str(text) for texts in error.fields.values() for text in texts)
        raise click.ClickException(" ".join(wrong)) from None
    for line in lines:
        click.echo(line)


def make_admin(here: Runtime, email: str, password: str | None, forget: bool) -> tuple[str, ...]:
    """What was done, in lines, with a link where a password is to be chosen.

    Of two who make the same one at once, the second finds it. Needs the app's context.
    """
    address, hashed = making.wanted(email, password, site_name=here.config.site_name)
    return db.repeated(partial(_admin, here, address, hashed, forget))


def _admin(here: Runtime, email: str, hashed: str | None, forget: bool) -> tuple[str, ...]:
    at = here.clock()
    with here.transaction() as session:
        if forget:
            making.forget_factor(session, email, at=at)
        made = making.make_admin(session, email, hashed=hashed, at=at)
        address, link = made.account.email, making.one_time_link(made.account)
    told = f"{address} is an admin."
    if made.was_there:
        kept = "its password is the new one" if hashed else "its password is unchanged"
        factor = "forgotten" if forget else "unchanged, too"
        told = f"{address} has an account already: it is an admin now; {kept}, its second factor {factor}."
    if hashed is not None:
        return (told,)
    return told, f"{'Another' if made.was_there else 'Choose a'} password within the hour: {link}"


def demo_sign_ins(here: Runtime) -> tuple[str, ...]:
    """Lines that tell how to try the demonstration; the account is made when it is missing.

    Only on one's own machine: its password is no secret. Needs the app's context.
    """
    if not here.config.at_home:
        return ()
    hashed = hash_password(making.DEMO_PASSWORD)
    with here.transaction() as session:
        if not making.make_demo(session, hashed=hashed, at=here.clock()):
            return ()
    return (
        "To try it as a practitioner, sign in with",
        f"  {making.DEMO_EMAIL}  {making.DEMO_PASSWORD}",
        "and as an admin, with an account from: .venv/bin/flask --app wsgi create-admin EMAIL",
    )


COMMANDS = (create_admin,)
