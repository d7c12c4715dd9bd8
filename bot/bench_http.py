"""What benchmarks over HTTP share: a fresh server, and clients that cost next to nothing.

A client writes bytes that are ready and reads just enough to know that a reply is whole.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from time import perf_counter
from typing import IO

from msgspec import Struct

from bot.bench import ROOT
from bot.errors import InputError
from bot.terminal import tell

RATE = 200  # requests a second of the steady stream
_CONNECTIONS = 8  # that send as fast as they are answered
_POOL = 32  # that the steady stream is spread over
_WAIT = 30.0  # seconds for a server to start
_UNBOUND = {"REQUESTS_PER_MINUTE": "0", "SESSION_REQUESTS_PER_MINUTE": "0"}
_URL = re.compile(r"http://127\.0\.0\.1:(\d+)")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Sent(Struct, frozen=True):
    """Requests that were answered: the seconds of each, all seconds, and what came back.

    `refused` are the first lines of the replies that were no success.
    """

    times: tuple[float, ...]
    took: float
    replies: tuple[bytes, ...]
    refused: tuple[str, ...] = ()


class Got(Struct, frozen=True):
    """A reply: its head as it came, and its body."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        """The status of the reply."""
        return int(self.head[9:12])

    def header(self, name: str) -> str:
        """A header of the reply; empty where there is none."""
        found = re.search(rb"\r\n%s: ([^\r]*)" % name.encode(), self.head, re.IGNORECASE)
        return found[1].decode() if found else ""


class Running(Struct, frozen=True):
    """A server that runs: its port, and its process."""

    port: int
    pid: int


@contextmanager
def server(more: Mapping[str, str] | None = None) -> Iterator[int]:
    """The port of a server, as `running`."""
    with running(more) as found:
        yield found.port


@contextmanager
def running(more: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A server with data of its own and no limit of requests.

    `more` are further settings, without their prefix. Raises InputError where it does not come up.
    """
    words = ["-m", "bot", "serve", "--host", "127.0.0.1", "--port", "0"]
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("wb") as log:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        settings = {"DATA_DIR": folder, "DATABASE_URL": "", **_UNBOUND}
        settings |= more or {}
        own = {f"YIWENTONG_{key}": value for key, value in settings.items()}
        with subprocess.Popen(  # noqa: S603 - our own interpreter on our own module
            [sys.executable, "-u", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **own, "PYTHONPATH": path},
        ) as process:
            try:
                yield Running(_port(process.stdout, process), process.pid)
            finally:
                process.terminate()
                process.wait(_WAIT)


def _port(lines: IO[bytes] | None, process: subprocess.Popen[bytes]) -> int:
    for line in lines or ():
        if found := _URL.search(line.decode()):
            return int(found[1])
    why = process.wait(_WAIT)
    raise InputError(tell("bench_failed", command="serve", why=why))


class Line:
    """One connection that is kept: a request out, its reply in."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, request: bytes) -> Got:
        """Send a request; its reply. Raises OSError or EOFError where the connection breaks."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        return Got(head, await self.reader.readexactly(int(found[1]) if found else 0))

    def close(self) -> None:
        """Give the connection up."""
        self.writer.close()


async def line_to(port: int, host: str | None = None) -> Line:
    """A connection to a server of this machine, from an address of it. Raises OSError."""
    own = (host, 0) if host else None
    return Line(*await asyncio.open_connection("127.0.0.1", port, local_addr=own))


async def _lines(port: int, count: int) -> list[Line]:
    return [await line_to(port) for _ in range(count)]


class _Kept:
    """What came back so far."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.replies: list[bytes] = []
        self.refused: list[str] = []
        self.began = perf_counter()

    def add(self, got: Got, seconds: float) -> None:
        if got.status == HTTPStatus.OK:
            self.times.append(seconds)
            self.replies.append(got.body)
        else:
            self.refused.append(got.head.partition(b"\r\n")[0].decode())

    def sent(self) -> Sent:
        took = perf_counter() - self.began
        return Sent(tuple(self.times), took, tuple(self.replies), tuple(self.refused))


def sound(sent: Sent) -> Sent:
    """The same, where all of it was answered. Raises InputError for what was refused."""
    if sent.refused:
        raise InputError(tell("bench_failed", command="serve", why=sent.refused[0]))
    return sent


async def steady(port: int, requests: Sequence[bytes], *, rate: float = RATE) -> Sent:
    """Send so many a second; the time of each counts from the moment it was due.

    The stream does not wait for replies: what a slow one holds up counts as slow, too.
    """
    free: asyncio.Queue[Line] = asyncio.Queue()
    lines = await _lines(port, _POOL)
    for line in lines:
        free.put_nowait(line)
    kept = _Kept()

    async def ask(request: bytes, due: float) -> None:
        line = await free.get()
        got = await line.send(request)
        kept.add(got, perf_counter() - due)
        free.put_nowait(line)

    async with asyncio.TaskGroup() as group:
        for number, request in enumerate(requests):
            due = kept.began + number / rate
            await asyncio.sleep(due - perf_counter())
            group.create_task(ask(request, due))
    for line in lines:
        line.close()
    return kept.sent()


async def crowd(port: int, requests: Iterable[bytes], seconds: float) -> Sent:
    """Send as fast as is answered, for some seconds or until there is nothing left to send."""
    stream = iter(requests)
    lines = await _lines(port, _CONNECTIONS)
    kept = _Kept()

    async def ask(line: Line) -> None:
        for request in stream:
            start = perf_counter()
            kept.add(await line.send(request), perf_counter() - start)
            if perf_counter() >= kept.began + seconds:
                return

    await asyncio.gather(*map(ask, lines))
    sent = kept.sent()
    for line in lines:
        line.close()
    return sent
