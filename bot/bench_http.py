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
    """Requests that were answered: the seconds of each, all seconds, and what came back."""

    times: tuple[float, ...]
    took: float
    replies: tuple[bytes, ...]


@contextmanager
def server(more: Mapping[str, str] | None = None) -> Iterator[int]:
    """A server of one process, with data of its own and no limit of requests; its port.

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
                yield _port(process.stdout, process)
            finally:
                process.terminate()
                process.wait(_WAIT)


def _port(lines: IO[bytes] | None, process: subprocess.Popen[bytes]) -> int:
    for line in lines or ():
        if found := _URL.search(line.decode()):
            return int(found[1])
    why = process.wait(_WAIT)
    raise InputError(tell("bench_failed", command="serve", why=why))


class _Line:
    """One connection that is kept: a request out, its reply in."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, request: bytes) -> bytes:
        """Send a request; the body of its reply. Raises InputError for one that is no success."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        body = await self.reader.readexactly(int(found[1]) if found else 0)
        if not head.startswith(b"HTTP/1.1 200"):
            why = head.partition(b"\r\n")[0].decode()
            raise InputError(tell("bench_failed", command="serve", why=why))
        return body

    def close(self) -> None:
        """Give the connection up."""
        self.writer.close()


async def _lines(port: int, count: int) -> list[_Line]:
    return [_Line(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(count)]


async def steady(port: int, requests: Sequence[bytes]) -> Sent:
    """Send at a steady rate; the time of each counts from the moment it was due.

    The stream does not wait for replies: what a slow one holds up counts as slow, too.
    """
    free: asyncio.Queue[_Line] = asyncio.Queue()
    kept = await _lines(port, _POOL)
    for line in kept:
        free.put_nowait(line)
    times: list[float] = []
    replies: list[bytes] = []

    async def ask(request: bytes, due: float) -> None:
        line = await free.get()
        replies.append(await line.send(request))
        times.append(perf_counter() - due)
        free.put_nowait(line)

    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, request in enumerate(requests):
            due = began + number / RATE
            await asyncio.sleep(due - perf_counter())
            group.create_task(ask(request, due))
    for line in kept:
        line.close()
    return Sent(tuple(times), perf_counter() - began, tuple(replies))


async def crowd(port: int, requests: Iterable[bytes], seconds: float) -> Sent:
    """Send as fast as is answered, for some seconds or until there is nothing left to send."""
    stream = iter(requests)
    kept = await _lines(port, _CONNECTIONS)
    times: list[float] = []
    replies: list[bytes] = []
    began = perf_counter()

    async def ask(line: _Line) -> None:
        for request in stream:
            start = perf_counter()
            replies.append(await line.send(request))
            times.append(perf_counter() - start)
            if perf_counter() >= began + seconds:
                return

    await asyncio.gather(*map(ask, kept))
    took = perf_counter() - began
    for line in kept:
        line.close()
    return Sent(tuple(times), took, tuple(replies))
