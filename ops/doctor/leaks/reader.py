"""Fetches and reads each answer in a process of its own, so that none can hang, crash or fill the run.

A stranger decides how long an answer is, how slowly it comes and how hard it is to parse. So the process has limits
of time and memory; it is stopped when it takes too long, and another one reads on.
"""

import contextlib
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import requests

from ops.doctor import web
from ops.doctor.leaks.keys import KeyLeak
from ops.doctor.leaks.leads import is_ours, leads
from ops.doctor.leaks.readings import readings
from ops.doctor.leaks.search import Index, Leak
from ops.doctor.leaks.variants import Visit
from ops.doctor.obstacles import obstacle

SECONDS = 40.0  # for one answer: half to come, half to be read; an ordinary page takes less than one
_STARTING = 60.0  # seconds that a new process may take until it listens, on a busy machine
_MEMORY = 1024**3  # bytes


@dataclass(frozen=True)
class Ask:
    """A request to read `url`, which `visit` leads to, and to answer with at most `most` addresses from it."""

    url: str
    visit: Visit
    most: int


@dataclass(frozen=True)
class Seen:
    """An answer that was read. `text`: it holds text. `more`: so many further addresses of ours were left out."""

    status: int
    location: str = ""
    text: bool = False
    leaks: Sequence[Leak | KeyLeak] = ()
    leads: Sequence[Visit] = ()
    more: int = 0


class Unread(Exception):
    """An answer could not be fetched or read; the message says why."""


class Reader:
    """The process that fetches and reads, started when it is first needed. Must be closed."""

    def __init__(self, index: Index, hosts: frozenset[str], seconds: float = SECONDS) -> None:
        self._index, self._hosts, self._seconds = index, hosts, seconds
        self._running: tuple[BaseProcess, Connection] | None = None

    def read(self, ask: Ask) -> Seen:
        """Fetch and read one answer.

        :raises Unread: no answer, or one that cannot be read within these seconds and that memory.
        """
        _, pipe = self._running or self._start()
        try:
            pipe.send(ask)
            told: Seen | Unread | None = pipe.recv() if pipe.poll(self._seconds) else None
        except (OSError, EOFError):
            told = Unread("the process that read it came to its end")
            self.close()
        if told is None:
            self.close()
            raise Unread(f"it was not read after {self._seconds:g} seconds")
        if isinstance(told, Unread):
            raise told
        return told

    def close(self) -> None:
        """Stop the process, whatever it is doing."""
        if self._running:
            process, pipe = self._running
            self._running = None
            process.kill()
            process.join()
            process.close()
            pipe.close()

    def _start(self) -> tuple[BaseProcess, Connection]:
        # A fresh process on every system: a forked copy of a program with threads may hang.
        context = multiprocessing.get_context("spawn")
        pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._index, self._hosts), daemon=True)
        process.start()
        theirs.close()
        self._running = process, pipe
        try:
            listens = pipe.poll(_STARTING) and pipe.recv()
        except (OSError, EOFError):
            listens = False
        if not listens:
            self.close()
            raise Unread("the process that reads could not be started")
        return self._running


def _serve(pipe: Connection, index: Index, hosts: frozenset[str]) -> None:
    """The process's whole life: one answer after the other, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command itself ends us
    _bound_memory()
    pipe.send(True)
    with contextlib.suppress(EOFError):
        while True:
            pipe.send(told(pipe.recv(), index, hosts))


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system has it
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def told(ask: Ask, index: Index, hosts: frozenset[str]) -> Seen | Unread:
    """Read one answer, or say why it cannot be read: the one place where every error is caught."""
    try:
        return _seen(ask, index, hosts)
    except MemoryError:
        return Unread("it takes too much memory to be read")
    except requests.Timeout:
        return Unread("it did not come to its end in time")
    except Exception as error:  # noqa: BLE001 - whatever a page makes fail is reported, and the others are read
        return Unread(obstacle(error).says)


def _seen(ask: Ask, index: Index, hosts: frozenset[str]) -> Seen:
    visit = ask.visit
    headers = {"User-Agent": visit.agent} if visit.agent else {}
    if visit.referer:
        headers["Referer"] = visit.referer
    reply = web.fetch(ask.url, headers=headers)
    if not reply.text.strip():
        return Seen(reply.status, reply.header("location"))
    found = index.leaks(visit.url, visit.how, readings(reply.text))
    # A header can hold a text as well: a link with a preview, a description.
    headers_said = " ".join(reply.headers.values())
    found = found or index.leaks(visit.url, f"{visit.how}, in a header", readings(headers_said))
    keys = index.keys.leaks(visit.url, visit.how, f"{reply.text}\n{headers_said}")
    others: Iterator[Visit] = (one for one in leads(ask.url, reply.text) if is_ours(one.url, hosts))
    kept = list(islice(others, ask.most))
    return Seen(
        reply.status,
        reply.header("location"),
        text=True,
        leaks=[*found, *keys],
        leads=kept,
        more=sum(1 for _ in others),
    )
