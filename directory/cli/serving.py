"""`flask --app wsgi up`: everything that a visitor needs, from whatever is there."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

import click

from directory.cli import accounts, database, demo, desk
from directory.cli.commands import Command
from directory.config import Config, without_unread
from directory.edge import Runtime, runtime
from directory.errors import SearchUnavailable

WEB = (sys.executable, "-m", "gunicorn", "-c", "python:directory.gunicorn_conf", "wsgi")
INDEXER = (sys.executable, "-m", "indexer")
WORKER = (sys.executable, "-m", "directory.cli", "work")
# gunicorn lets requests end for 20 seconds; a little longer than that is too long.
PATIENCE = 25.0


@click.command(cls=Command, on_any_form=True)
@click.pass_context
def up(context: click.Context) -> None:
    """Prepare what is missing, then serve until Ctrl-C: web, indexer and worker together."""
    at_hand = desk.here()
    here = at_hand.runtime
    _refuse_taken_port(here.config)
    _prepare(context, here)
    with at_hand.pages():
        sign_ins = accounts.demo_sign_ins(runtime())
        runtime().engine.dispose()
    here.engine.dispose()
    sys.exit(_serve(here.config, sign_ins))


def _refuse_taken_port(config: Config) -> None:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((config.host, config.port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "is in use" if taken else f"cannot be used: {error.strerror}"
            sys.exit(f"stillpoint: {config.host}:{config.port} {reason}; set HOST or PORT.")


def _prepare(context: click.Context, here: Runtime) -> None:
    context.invoke(database.migrate)
    context.invoke(database.load_reference)
    if here.config.at_home and not demo.any_listing(here):
        context.invoke(demo.load_demo)
    try:
        here.reader.status()
    except SearchUnavailable:
        status = subprocess.call((*INDEXER, "rebuild"), env=without_unread())
        if status:
            sys.exit(f"stillpoint: the index could not be built (status {status}).")


class _Together:
    """Processes that live and die together."""

    def __init__(self, **commands: tuple[str, ...]) -> None:
        self.asked_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        # A session of their own: Ctrl-C reaches us alone, and we stop them in order.
        self.running = {
            name: subprocess.Popen(command, start_new_session=True, env=without_unread())
            for name, command in commands.items()
        }

    def _stop(self, _: int, __: FrameType | None) -> None:
        self.asked_to_stop = True

    def dead(self) -> str | None:
        """The name of one that has ended, if any has."""
        return next((name for name, one in self.running.items() if one.poll() is not None), None)

    def wait(self, until: Callable[[], bool]) -> bool:
        """Whether `until` came true before a signal or a death."""
        while not (self.asked_to_stop or self.dead()):
            if until():
                return True
            time.sleep(0.05)
        return False

    def end(self) -> None:
        """Stop all; whoever does not listen is killed, with all that it started."""
        for one in self.running.values():
            if one.poll() is None:
                one.terminate()
        deadline = time.monotonic() + PATIENCE
        for one in self.running.values():
            try:
                one.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()


def _serve(config: Config, sign_ins: Sequence[str]) -> int:
    """Serve until a signal (0) or until one of them dies (1)."""
    all_of_them = _Together(web=WEB, indexer=(*INDEXER, "follow"), worker=WORKER)
    try:
        if all_of_them.wait(lambda: _answers(config)):
            click.echo(f"{config.site_name} is at {config.base_url} (Ctrl-C stops it).")
            for line in sign_ins:
                click.echo(line)
            all_of_them.wait(lambda: False)
        dead = None if all_of_them.asked_to_stop else all_of_them.dead()
    finally:
        all_of_them.end()
    if dead:
        status = all_of_them.running[dead].returncode
        click.echo(f"stillpoint: the {dead} process ended (status {status}).", err=True)
        return 1
    click.echo("Stopped.")
    return 0


def _answers(config: Config) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.host, config.host)  # noqa: S104
    try:
        socket.create_connection((host, config.port), timeout=1).close()
    except OSError:
        return False
    return True


COMMANDS = (up,)
