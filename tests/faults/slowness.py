"""Clients that send or read as slowly as they can: everybody else goes on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Self

from bot.bench_http import Line, line_to
from faults.outcome import Outcome, wrong
from faults.people import People, percentile
from faults.program import SQLITE, Program, running, until

_STEP = 1.0  # seconds between two bytes
_HEAD = b"POST /api/v1/ask HTTP/1.1\r\nhost: faults\r\ncontent-type: application/json\r\n"
_READ = b"GET /openapi.json HTTP/1.1\r\nhost: faults\r\n\r\n"
Slow = Callable[[Line], Awaitable[None]]


async def _slow_head(line: Line) -> None:
    line.writer.write(b"GET / HTTP/1.1\r\nhost: faults\r\n")
    while True:
        line.writer.write(b"x: y\r\n")
        await line.writer.drain()
        await asyncio.sleep(_STEP)


async def _slow_body(line: Line) -> None:
    line.writer.write(_HEAD + b"content-length: 1000\r\n\r\n")
    while True:
        line.writer.write(b" ")
        await line.writer.drain()
        await asyncio.sleep(_STEP)


async def _slow_reader(line: Line) -> None:
    """Ask for much, and read a few bytes of it a second."""
    line.writer.write(_READ * 12)
    while True:
        if not await line.reader.read(16):
            return
        await asyncio.sleep(_STEP)


KINDS: dict[str, Slow] = {
    "slow heads": _slow_head,
    "slow bodies": _slow_body,
    "slow readers": _slow_reader,
}


class Crowd:
    """Slow clients, in a thread of their own, for as long as this lasts."""

    def __init__(self, program: Program, counts: dict[str, int]) -> None:
        self.here: Counter[str] = Counter()
        self._program = program
        self._counts = counts
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: sum(self.here.values()) >= sum(self._counts.values()))
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)

    async def _all(self) -> None:
        tasks = [
            asyncio.create_task(self._one(name))
            for name, count in self._counts.items()
            for _ in range(count)
        ]
        await asyncio.to_thread(self._over.wait)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, name: str) -> None:
        line = await line_to(self._program.port)
        self.here[name] += 1
        with suppress(OSError, EOFError):
            await KINDS[name](line)
        line.close()


def slow(*, quick: bool) -> Iterator[Outcome]:
    """Hundreds of each kind beside people who talk."""
    each, seconds = (20, 2.0) if quick else (600, 30.0)
    with running(SQLITE) as program:
        began = time.monotonic()
        with People(program, 4, pause=0.01) as people:
            people.wait(100)
            alone = time.monotonic()
            with Crowd(program, dict.fromkeys(KINDS, each)):
                there = time.monotonic()
                time.sleep(seconds)
                people.wait(50)
                gone = time.monotonic()
                put_out = 3 * each - max(0, program.connections() - 4)
        with_them = people.between(there, gone)
        figures = (
            f"{each} of each kind",
            f"{len(with_them)} turns meanwhile",
            f"p99 {percentile(people.between(began, alone), 99):.0f} ms without them",
            f"{percentile(with_them, 99):.0f} ms with them",
            f"{put_out} put out",
            f"{time.monotonic() - began:.0f} s",
        )
        held = wrong(
            others_go_on=len(with_them) >= 50,
            nobody_limited=not people.limited and not people.errors,
            nobody_forgotten=not people.wrong,
            nobody_cut_off=not people.broken,
            put_out=quick or put_out == 3 * each,
        )
        yield Outcome("slow clients", "SQLite", figures, held)
