"""A gunicorn worker whose threads never wait for a slow client.

gunicorn's own threads read a request as it comes: as many half-sent ones as there are threads stop
the site. Here the worker's one loop gathers them, and a thread gets a request when it is whole.
Heads and bodies have deadlines; a large body, or one in chunks, is read by a few threads alone.
"""

import errno
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

# Seconds for a head; a body has more, by its size.
HEAD_WITHIN = 10.0
SLOWEST = 16 * 1024  # bytes a second, about a telephone with one bar
# What the loop gathers of one request; a form may have as much.
GATHERED = 1024 * 1024 + 64 * 1024
LONGEST_HEAD = 128 * 1024
AT_ONCE = 64 * 1024
# In a thread: how long one read or write may take (seconds), and how many threads may wait so.
STALLED = 10
# How long the loop hears out whoever got an answer, and how many so at most.
PART_WITHIN, MOST_PARTING = 2.0, 200
# No more files may be open; after a breath some may be closed.
NO_FILES_LEFT, BREATH = frozenset({errno.EMFILE, errno.ENFILE}), 0.05
END = b"\r\n\r\n"
LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


@dataclass(slots=True)
class Coming:
    """What came of a request so far, and until when the rest must be here."""

    until: float
    data: bytearray = field(default_factory=bytearray)
    head: int = 0
    size: int | None = None

    def take(self, part: bytes) -> None:
        """More of it."""
        searched = max(len(self.data) - len(END) + 1, 0)
        self.data += part
        if not self.head and (end := self.data.find(END, searched)) >= 0:
            self.head = end + len(END)
            self.size = body_size(bytes(self.data[: self.head]))
            if self.size is not None:
                self.until += self.size / SLOWEST

    @property
    def is_whole(self) -> bool:
        """Whether a thread can answer it without waiting."""
        return bool(self.head) and self.size is not None and len(self.data) >= self.head + self.size

    @property
    def is_for_a_thread(self) -> bool:
        """Whether only a thread can read the rest: it is large, in chunks, or waits to be asked."""
        if not self.head:
            return len(self.data) > LONGEST_HEAD
        return self.size is None or self.head + self.size > GATHERED


def body_size(head: bytes) -> int | None:
    """How many bytes follow a head; None when it does not say so plainly, or waits for our word.

    Nothing is judged here: what is broken is refused by whoever parses it.
    """
    size = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        name, value = name.strip().lower(), value.strip()
        if name in (b"transfer-encoding", b"expect", b"upgrade"):
            return None
        if name == b"content-length":
            if not value.isdigit() or len(value) > 12:
                return None
            size = int(value)
    return size


class Connection(TConn):  # type: ignore[misc]
    """One client; the loop says good-bye to it, and waits for nobody meanwhile."""

    worker: "Worker"

    def close(self, graceful: bool = False) -> None:
        if graceful:
            self.worker.part_from(self)
        else:
            super().close()


class Worker(ThreadWorker):  # type: ignore[misc]
    """gthread, with a waiting room before its threads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coming: dict[TConn, Coming] = {}
        self.readers: set[TConn] = set()
        self.parting: dict[TConn, float] = {}
        self.most_readers = max(self.cfg.threads // 8, 1)

    def accept(self, listener: socket.socket) -> None:
        """A new connection waits until it has said what it wants."""
        with suppress(BlockingIOError, ConnectionAbortedError):
            try:
                client, address = listener.accept()
            except OSError as error:
                if error.errno not in NO_FILES_LEFT:
                    raise
                time.sleep(BREATH)  # whoever knocks waits; those inside go on, and leave
                return
            self.nr_conns += 1
            for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                client.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", STALLED, 0))
            conn = Connection(self.cfg, client, address, listener.getsockname())
            conn.worker = self
            self._wait_for(conn)

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        """A kept connection asks again."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for(conn)
        self._more(conn, client)

    def murder_pending(self) -> None:
        """End what did not come in time; when stopping, also what has not begun."""
        super().murder_pending()
        now, stops = time.monotonic(), not self.alive
        for conn, coming in list(self.coming.items()):
            if coming.until < now:
                self._drop(conn, told=LATE if coming.data else b"")
            elif stops and not coming.data:
                self._drop(conn)

        for conn, until in list(self.parting.items()):
            if until < now or stops:
                self._part(conn)

    def part_from(self, conn: TConn) -> None:
        """Say that this was all, and let go once the client has, or soon.

        Closed at once with something unread, the answer's end could be lost (RFC 9112, 9.6).
        """
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, EVENT_READ, partial(self._hear_out, conn))
        except (OSError, KeyError, ValueError):
            conn.close()
            return
        self.parting[conn] = time.monotonic() + PART_WITHIN
        if len(self.parting) > MOST_PARTING:
            self._part(next(iter(self.parting)))

    def _hear_out(self, conn: TConn, client: Any) -> None:
        try:
            ended = not client.recv(AT_ONCE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            ended = True
        if ended:
            self._part(conn)

    def _part(self, conn: TConn) -> None:
        self.parting.pop(conn, None)
        self._pause(conn)
        conn.close()

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """A thread is free; whoever waited for one to read a large body may have it."""
        self.readers.discard(conn)
        super().finish_request(conn, fs)
        for waiting in self._waiting_for_a_thread():
            self._hand_over(waiting)

    def _waiting_for_a_thread(self) -> list[TConn]:
        free = self.most_readers - len(self.readers)
        wanting = [conn for conn, coming in self.coming.items() if coming.is_for_a_thread]
        return wanting[: max(free, 0)]

    def _wait_for(self, conn: TConn) -> None:
        conn.sock.setblocking(False)
        self.coming[conn] = Coming(time.monotonic() + HEAD_WITHIN)
        self.poller.register(conn.sock, EVENT_READ, partial(self._more, conn))

    def _more(self, conn: TConn, client: Any) -> None:
        coming = self.coming[conn]
        if coming.is_for_a_thread:
            self._pause(conn)  # it has its place in the queue; reading on would fill the memory
            return
        try:
            part = client.recv(AT_ONCE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._drop(conn)
            return
        if not part:
            self._end(conn)
            return
        coming.take(part)
        self._hand_over_what_can_be(conn)

    def _hand_over_what_can_be(self, conn: TConn) -> None:
        coming = self.coming[conn]
        free = len(self.readers) < self.most_readers
        if coming.is_whole or (coming.is_for_a_thread and free):
            self._hand_over(conn)

    def _end(self, conn: TConn) -> None:
        """The client has said all; if it broke off, whoever parses it tells."""
        if self.coming[conn].data:
            self._hand_over(conn)
        else:
            self._drop(conn)

    def _pause(self, conn: TConn) -> None:
        with suppress(KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def _hand_over(self, conn: TConn) -> None:
        coming = self.coming.pop(conn)
        if not coming.is_whole:
            self.readers.add(conn)
        self._pause(conn)
        conn.data_ready = True
        conn.init()
        conn.parser.unreader.unread(bytes(coming.data))
        self.enqueue_req(conn)

    def _drop(self, conn: TConn, told: bytes = b"") -> None:
        self.coming.pop(conn, None)
        self._pause(conn)
        self.nr_conns -= 1
        if told:
            with suppress(OSError):
                conn.sock.send(told)
        conn.close()
