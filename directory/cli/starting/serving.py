"""`flask --app wsgi up`: everything that a visitor needs, from whatever is there."""

import ctypes
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

from directory.cli import desk
from directory.cli.commands import Command
from directory.cli.starting.loading import GO_FD
from directory.config import Config, without_unread

LOADING = "directory.cli.starting.loading"
WEB = (sys.executable, "-m", LOADING, "-c", "python:directory.gunicorn_conf", "wsgi")
INDEXER = (sys.executable, "-m", "indexer")
WORKER = (sys.executable, "-m", "directory.cli", "work")
# gunicorn lets requests end for 20 seconds; a little longer than that is too long.
PATIENCE = 25.0
BACKLOG = 2048
# A new web that is not warm by then will not be.
WARM_WITHIN = 60.0
# Loading the helpers takes what the first visitors' pages need; nobody waits for them so soon.
VISITORS_FIRST = 0.5
# Where the command keeps the web that it has begun.
BEGUN = "directory.cli.starting.web"
# Linux lets a process hear that its parent has ended (prctl(2)).
PR_SET_PDEATHSIG = 1
LIBC: Any = ctypes.CDLL(None) if sys.platform == "linux" else None
# A helper that ended is started again: soon, and later each time it ends again so soon.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
# glibc gives each thread a heap of its own: two for all take a tenth less memory.
MEMORY = {"MALLOC_ARENA_MAX": "2"}
# Where gunicorn finds the pipe by which its workers say that they are warm.
WARM_FD = "STILLPOINT_WARM_FD"


class Up(Command):
    """`up`: the web begins to load before anything else does."""

    def begin(self, at_hand: desk.Desk) -> None:
        """Hold the port, and start the web, which waits until all is prepared."""
        context = click.get_current_context()
        web = context.meta[BEGUN] = _Web(_bound(at_hand.config), at_hand.config.web_concurrency)
        context.call_on_close(web.end)


@click.command(cls=Up, on_any_form=True)
@click.pass_context
def up(context: click.Context) -> None:
    """Prepare what is missing, then serve until Ctrl-C: web, indexer and worker together.

    SIGHUP starts them anew, with the program as it is by then, and loses no request; in a
    terminal, whose end sends it, too, it stops them.
    """
    from directory.cli.starting import preparing

    at_hand, web = desk.here(), context.meta[BEGUN]
    preparing.make_ready(context, at_hand, go=web.go)
    site = _Site(at_hand.config, web)
    sys.exit(site.serve(lambda: preparing.sign_ins(at_hand)))


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


class _Helper:
    """A process beside the web. When it ends, it is started again, and the web goes on."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self.command = name, command
        self._pause = FIRST_PAUSE / 2
        self.start()

    def start(self) -> None:
        """Start it."""
        self.process = _start(self.command)
        self._began, self._due = time.monotonic(), 0.0

    def tend(self) -> None:
        """Start it again when it has ended, after a pause."""
        status, now = self.process.poll(), time.monotonic()
        if status is None:
            return
        if not self._due:
            lived = now - self._began > LONGEST_PAUSE
            self._pause = FIRST_PAUSE if lived else min(self._pause * 2, LONGEST_PAUSE)
            self._due = now + self._pause
            again = f"it is started again in {self._pause:g} s."
            _say(f"stillpoint: the {self.name} process ended (status {status}); {again}", err=True)
        elif now >= self._due:
            self.start()


class _Together:
    """The web and its helpers: they are stopped together."""

    def __init__(self, web: "subprocess.Popen[bytes]") -> None:
        self.asked_to_stop = self.asked_to_reload = False
        self.web = web
        self.helpers: list[_Helper] = []
        self.leaving: list[subprocess.Popen[bytes]] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._stop if _at_a_terminal() else self._reload)

    def _stop(self, _: int, __: FrameType | None) -> None:
        self.asked_to_stop = True

    def _reload(self, _: int, __: FrameType | None) -> None:
        self.asked_to_reload = True

    def start_anew(self, helper: _Helper) -> None:
        """End one of them, and start it again."""
        before = helper.process
        before.terminate()
        self.leaving.append(before)
        self._let_go([before])
        helper.start()

    def wait(self, until: Callable[[], bool]) -> bool:
        """Whether `until` came true before a signal to stop, or the web's end."""
        while not self.asked_to_stop and self.web.poll() is None:
            self.leaving = [one for one in self.leaving if one.poll() is None]
            for helper in self.helpers:
                helper.tend()
            if until():
                return True
            time.sleep(0.05)
        return False

    def end(self) -> None:
        """Stop all; whoever does not listen is killed, with all that it started."""
        every = [self.web, *(helper.process for helper in self.helpers), *self.leaving]
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
    return subprocess.Popen(
        command,
        start_new_session=True,
        env=MEMORY | without_unread() | more,
        pass_fds=keep,
        preexec_fn=_end_with_us if LIBC else None,  # noqa: PLW1509 - `up` has no threads
    )


def _end_with_us() -> None:
    """Whatever ends `up`, SIGKILL too, ends what it started: nobody else would look after it."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class _Web:
    """gunicorn on a listening socket of ours: another can take its place before it goes."""

    def __init__(self, listener: socket.socket, workers: int) -> None:
        self.cold = workers
        self.listener = listener
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
        self.listener.listen(BACKLOG)
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

    def __init__(self, config: Config, web: _Web) -> None:
        self.config, self.listener, self.web = config, web.listener, web
        self.all_of_them = _Together(web.process)

    def serve(self, sign_ins: Callable[[], Sequence[str]]) -> int:
        """Serve until a signal (0) or until the web ends (1)."""
        try:
            self._serve(sign_ins)
            ended = None if self.all_of_them.asked_to_stop else self.web.process.poll()
        finally:
            self.end()
        if ended is not None:
            _say(f"stillpoint: the web process ended (status {ended}).", err=True)
            return 1
        _say("Stopped.")
        return 0

    def _serve(self, sign_ins: Callable[[], Sequence[str]]) -> None:
        if not self.all_of_them.wait(self.web.is_warm):
            return
        since = time.monotonic()
        if not self.all_of_them.wait(lambda: time.monotonic() - since > VISITORS_FIRST):
            return
        self.all_of_them.helpers = [
            _Helper("indexer", (*INDEXER, "follow")),
            _Helper("worker", WORKER),
        ]
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
        self.all_of_them.web = new.process
        others = [one for one in self.all_of_them.leaving if one is not new.process]
        self.all_of_them.leaving = [*others, before.process]
        before.end()
        for helper in self.all_of_them.helpers:
            self.all_of_them.start_anew(helper)
        _say("Reloaded.")


def _at_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _say(line: str, *, err: bool = False) -> None:
    # Where it goes may be a file on a full disk: nobody stops for that.
    with suppress(OSError):
        click.echo(line, err=err)


COMMANDS = (up,)
