"""What the server adds to a turn: throughput of one process, latency at a steady rate, search.

A fresh server answers the questions of the question files over HTTP; the same questions are asked
in this process in the same run, which is what the server is measured against. The client writes
bytes that are ready and reads just enough to know that a reply is whole.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter
from typing import IO
from urllib.parse import quote
from urllib.request import Request, urlopen

import msgspec
from msgspec import structs

from bot.bench import ROOT, Figures, percentile, turn_times
from bot.errors import InputError
from bot.evaluation import Case, placed, read_cases
from bot.service import Service
from bot.terminal import aligned, tell

RATE = 200  # requests a second of the steady stream
SECONDS = 10.0  # that each stretch of measuring takes
_CONNECTIONS = 8  # that ask as fast as they are answered
_POOL = 32  # that the steady stream is spread over
_WAIT = 30.0  # seconds for a server to start
_QUERIES = (
    "tou",
    "touxi",
    "tx xe",
    "gaoxu",
    "ks dz",
    "透",
    "透析限额",
    "昆山地址",
    "cailiao",
    "康复",
)
_URL = re.compile(r"http://127\.0\.0\.1:(\d+)")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


def measured(served: Service, questions: Path, seconds: float = SECONDS) -> Figures:
    """Every figure of the benchmark. Raises InputError for questions that cannot be used."""
    # Only first turns: each is a conversation of its own on both sides, with the same work.
    cases = [placed(served.library, case) for case in read_cases(questions)]
    if not cases:
        raise InputError(tell("no_questions", path=questions))
    first = [structs.replace(case, turns=case.turns[:1]) for case in cases]
    requests = [request_of(case) for case in first]
    random.Random(1).shuffle(requests)  # noqa: S311 - an order, no secret
    times = turn_times(served, first, 2)
    alone = len(times) / sum(times)
    with server() as port:
        asyncio.run(_closed(port, requests, min(seconds, 2.0)))  # not measured: it warms up
        through = asyncio.run(_closed(port, requests, seconds))
        steady = asyncio.run(_open(port, requests, seconds))
        widget = widget_bytes(port)
        typed = asyncio.run(_open(port, [search_of(text) for text in _QUERIES], seconds / 2))
    return {
        "turns_per_s": round(through, 1),
        "in_process_turns_per_s": round(alone, 1),
        "share": round(through / alone, 3),
        "rate": RATE,
        "p50_ms": percentile(steady, 50),
        "p99_ms": percentile(steady, 99),
        "suggest_p50_ms": percentile(typed, 50),
        "suggest_p99_ms": percentile(typed, 99),
        "widget_gzip_bytes": widget,
    }


def request_of(case: Case) -> bytes:
    """The bytes of a request that asks the first question of a case in a new conversation."""
    body = msgspec.json.encode({"text": case.turns[0], "region": case.region})
    head = (
        "POST /api/v1/ask HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def search_of(text: str) -> bytes:
    """The bytes of a request that searches."""
    path = f"/api/v1/suggest?region=suzhou&q={quote(text)}"
    return f"GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n".encode()


def widget_bytes(port: int) -> int:
    """What the widget weighs on the wire: all that a host page loads of it, compressed."""
    asked = Request(f"http://127.0.0.1:{port}/widget.js", headers={"accept-encoding": "gzip"})
    with urlopen(asked) as reply:  # noqa: S310 - our own server
        return len(reply.read())


@contextmanager
def server() -> Iterator[int]:
    """A server of one process, with data of its own and no limit of requests; its port.

    Raises InputError where it does not come up.
    """
    words = ["-m", "bot", "serve", "--host", "127.0.0.1", "--port", "0"]
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("wb") as log:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        settings = {"DATA_DIR": folder, "REQUESTS_PER_MINUTE": "0", "DATABASE_URL": ""}
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

    async def send(self, request: bytes) -> None:
        """Send a request and read its reply. Raises InputError for one that is no success."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        await self.reader.readexactly(int(found[1]) if found else 0)
        if not head.startswith(b"HTTP/1.1 200"):
            why = head.partition(b"\r\n")[0].decode()
            raise InputError(tell("bench_failed", command="serve", why=why))


async def _lines(port: int, count: int) -> list[_Line]:
    return [_Line(*await asyncio.open_connection("127.0.0.1", port)) for _ in range(count)]


async def _closed(port: int, requests: Sequence[bytes], seconds: float) -> float:
    """Replies a second where each connection asks again as soon as it is answered."""
    lines = await _lines(port, _CONNECTIONS)
    stream = cycle(requests)
    began = perf_counter()

    async def ask(line: _Line) -> int:
        done = 0
        while perf_counter() < began + seconds:
            await line.send(next(stream))
            done += 1
        return done

    done = sum(await asyncio.gather(*map(ask, lines)))
    took = perf_counter() - began
    for line in lines:
        line.writer.close()
    return done / took


async def _open(port: int, requests: Sequence[bytes], seconds: float) -> list[float]:
    """Seconds of each request of a steady stream, from the moment it was due.

    The stream does not wait for replies: what a slow one holds up counts as slow, too.
    """
    free: asyncio.Queue[_Line] = asyncio.Queue()
    lines = await _lines(port, _POOL)
    for line in lines:
        free.put_nowait(line)
    times: list[float] = []

    async def ask(request: bytes, due: float) -> None:
        line = await free.get()
        await line.send(request)
        times.append(perf_counter() - due)
        free.put_nowait(line)

    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, request in enumerate(islice(cycle(requests), int(RATE * seconds))):
            due = began + number / RATE
            await asyncio.sleep(due - perf_counter())
            group.create_task(ask(request, due))
    for line in lines:
        line.writer.close()
    return times


def table(figures: Figures) -> str:
    """The figures, a line each."""
    return aligned([(tell(f"bench_web_{name}"), str(figure)) for name, figure in figures.items()])
