"""`flask --app wsgi up`: everything that a visitor needs, from whatever is there."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

import click

from directory import outages
from directory.cli import accounts, database, demo, desk
from directory.cli.commands import Command
from directory.config import Config, without_unread
from directory.edge import Runtime, runtime
from directory.errors import DatabaseUnavailable, SearchUnavailable

WEB = (sys.executable, "-m", "gunicorn", "-c", "python:directory.gunicorn_conf", "wsgi")
INDEXER = (sys.executable, "-m", "indexer")
WORKER = (sys.executable, "-m", "directory.cli", "work")
# gunicorn lets requests end for 20 seconds; a little longer than that is too long.
PATIENCE = 25.0
BACKLOG = 2048
# A new web that is not warm by then will not be.
WARM_WITHIN = 60.0
# Where gunicorn finds the pipe by which its workers say that they are warm,
WARM_FD = "STILLPOINT_WARM_FD"
# and the one by which it hears that all is prepared: till then it loads the program.
GO_FD = "STILLPOINT_GO_FD"


@click.command(cls=Command, on_any_form=True)
@click.pass_context
def up(context: click.Context) -> None:
    """Prepare what is missing, then serve until Ctrl-C: web, indexer and worker together.

    SIGHUP starts them anew, with the program as it is by then, and loses no request; in a
    terminal, whose end sends it, too, it stops them.
    """
    at_hand = desk.here()
    listener = _bound(at_hand.config)
    # What takes longest is begun first.
    web = _Web(listener, at_hand.config.web_concurrency)
    try:
        _make_ready(context, at_hand.runtime, web)
        at_hand.runtime.engine.dispose()
        status = _Site(at_hand.config, listener, web).serve(lambda: _sign_ins(at_hand))
    finally:
        web.end()
    sys.exit(status)


def _make_ready(context: click.Context, here: Runtime, web: "_Web") -> None:
    prepared = _is_prepared(here)
    if prepared:  # what a new release may bring along is loaded while the web starts
        web.go()
    _prepare(context, here)
    if not prepared:
        web.go()


def _sign_ins(at_hand: desk.Desk) -> tuple[str, ...]:
    if not at_hand.config.at_home:
        return ()
    with at_hand.pages():
        told = accounts.demo_sign_ins(runtime())
        runtime().engine.dispose()
    return told


def _bound(config: Config) -> socket.socket:
    """The site's own port; whoever comes is heard once there is somebody to answer."""
    made = socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((config.host, config.port))
    except OSError as error:
        made.close()
        taken = error.errno == errno.EADDRINUSE
        reason = "is in use" if taken else f"cannot be used: {error.strerror}"
        sys.exit(f"stillpoint: {config.host}:{config.port} {reason}; set HOST or PORT.")
    return made


def _is_prepared(here: Runtime) -> bool:
    """Whether pages can be served at once."""
    try:
        outages.check(here.engine)
        here.reader.status()
    except (DatabaseUnavailable, SearchUnavailable):
        return False
    return here.gazetteer.is_loaded() and (not here.config.at_home or demo.any_listing(here))


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

    def __init__(self) -> None:
        self.asked_to_stop = self.asked_to_reload = False
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.leaving: list[subprocess.Popen[bytes]] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._stop if _at_a_terminal() else self._reload)

    def _stop(self, _: int, __: FrameType | None) -> None:
        self.asked_to_stop = True

    def _reload(self, _: int, __: FrameType | None) -> None:
        self.asked_to_reload = True

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start one of them."""
        self.running[name] = _start(command)

    def start_anew(self, name: str, command: Sequence[str]) -> None:
        """End one of them, and start it again."""
        before = self.running.pop(name)
        before.terminate()
        self.leaving.append(before)
        self._let_go([before])
        self.start(name, command)

    def dead(self) -> str | None:
        """The name of one that has ended, if any has."""
        self.leaving = [one for one in self.leaving if one.poll() is None]
        return next((name for name, one in self.running.items() if one.poll() is not None), None)

    def wait(self, until: Callable[[], bool]) -> bool:
        """Whether `until` came true before a signal to stop or a death."""
        while not (self.asked_to_stop or self.dead()):
            if until():
                return True
            time.sleep(0.05)
        return False

    def end(self) -> None:
        """Stop all; whoever does not listen is killed, with all that it started."""
        every = [*self.running.values(), *self.leaving]
        for one in every:
            if one.poll() is None:
                one.terminate()
        self._let_go(every)

    def _let_go(self, every: Sequence["subprocess.Popen[bytes]"]) -> None:
        deadline = time.monotonic() + PATIENCE
        for one in every:
            try:
                one.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()


def _start(command: Sequence[str], *, keep: Sequence[int] = (), **more: str) -> Any:
    # A session of their own: Ctrl-C reaches us alone, and we stop them in order.
    env = without_unread() | more
    return subprocess.Popen(command, start_new_session=True, env=env, pass_fds=keep)


class _Web:
    """gunicorn on a listening socket of ours: another can take its place before it goes."""

    def __init__(self, listener: socket.socket, workers: int) -> None:
        self.cold = workers
        self._listener = listener
        heard, tells = os.pipe()
        waits, self._go = os.pipe()
        os.set_blocking(heard, False)
        self._heard = os.fdopen(heard, "rb", buffering=0)
        self.process = _start(
            (*WEB, "--bind", f"fd://{listener.fileno()}"),
            keep=(listener.fileno(), tells, waits),
            **{WARM_FD: str(tells), GO_FD: str(waits)},
        )
        os.close(tells)
        os.close(waits)

    def go(self) -> None:
        """All is prepared: let it serve."""
        self._listener.listen(BACKLOG)
        with suppress(BrokenPipeError):  # it has ended, which is told elsewhere
            os.write(self._go, b".")

    def is_warm(self) -> bool:
        """Whether all its workers have read what they need."""
        with suppress(BlockingIOError):
            self.cold -= len(os.read(self._heard.fileno(), 1024))
        return self.cold <= 0

    def end(self) -> None:
        """Let it go; nobody asks any more whether it is warm. A second call does nothing."""
        if not self._heard.closed:
            self.process.terminate()
            self._heard.close()
            os.close(self._go)


class _Site:
    """Web, indexer and worker."""

    def __init__(self, config: Config, listener: socket.socket, web: _Web) -> None:
        self.config, self.listener, self.web = config, listener, web
        self.all_of_them = _Together()
        self.all_of_them.running["web"] = web.process

    def serve(self, sign_ins: Callable[[], Sequence[str]]) -> int:
        """Serve until a signal (0) or until one of them dies (1)."""
        try:
            self._serve(sign_ins)
            dead = None if self.all_of_them.asked_to_stop else self.all_of_them.dead()
        finally:
            self.end()
        if dead:
            status = self.all_of_them.running[dead].returncode
            _say(f"stillpoint: the {dead} process ended (status {status}).", err=True)
            return 1
        _say("Stopped.")
        return 0

    def _serve(self, sign_ins: Callable[[], Sequence[str]]) -> None:
        if not self.all_of_them.wait(self.web.is_warm):
            return
        for name, command in _beside().items():
            self.all_of_them.start(name, command)
        _say(f"{self.config.site_name} is at {self.config.base_url} (Ctrl-C stops it).")
        for line in sign_ins():
            _say(line)
        while self.all_of_them.wait(lambda: self.all_of_them.asked_to_reload):
            self.reload()

    def end(self) -> None:
        """Stop all, and listen no more; a second call does nothing."""
        self.all_of_them.end()
        self.listener.close()
        self.web.end()

    def reload(self) -> None:
        """Let new ones take over; the old web goes once the new one is warm, or stays."""
        self.all_of_them.asked_to_reload = False
        before, new = self.web, _Web(self.listener, self.config.web_concurrency)
        new.go()
        self.all_of_them.leaving.append(new.process)
        until = time.monotonic() + WARM_WITHIN
        self.all_of_them.wait(
            lambda: new.is_warm() or new.process.poll() is not None or time.monotonic() > until
        )
        if new.cold > 0:
            new.end()
            _say("stillpoint: the new web process did not start; the old one stays.", err=True)
            return
        self.web = new
        self.all_of_them.running["web"] = new.process
        others = [one for one in self.all_of_them.leaving if one is not new.process]
        self.all_of_them.leaving = [*others, before.process]
        before.end()
        for name, command in _beside().items():
            self.all_of_them.start_anew(name, command)
        _say("Reloaded.")


def _beside() -> dict[str, tuple[str, ...]]:
    return {"indexer": (*INDEXER, "follow"), "worker": WORKER}


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _say(line: str, *, err: bool = False) -> None:
    # Where it goes may be a file on a full disk: nobody stops for that.
    with suppress(OSError):
        click.echo(line, err=err)


COMMANDS = (up,)
