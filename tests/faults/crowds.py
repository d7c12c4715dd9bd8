"""Ten thousand conversations at once, and as many turns as a day has seconds."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator

import msgspec

from bot.bench_http import Line, line_to
from faults.outcome import Outcome, wrong
from faults.people import SCRIPT, learnt, new_session, request_of
from faults.program import Program, running, storage

_LINES = 256  # connections that all of them share
_AGAIN = 0.2  # seconds after which who was sent away comes again
_GROWN = 1.10  # of the memory after warming up that is taken for flat


class Round:
    """Requests that are sent over some connections, as fast as they are answered."""

    def __init__(self, program: Program, expected: dict[str, str]) -> None:
        self.answered = 0
        self.refused = 0
        self.wrong: list[str] = []
        self._program = program
        self._expected = expected
        self._work: deque[tuple[str, str]] = deque()

    def take(self, work: list[tuple[str, str]], lines: int) -> None:
        """Say every sentence in its conversation."""
        self._work.extend(work)
        asyncio.run(self._all(lines))

    def hold(self, sessions: list[str], lines: int) -> None:
        """Hold whole conversations, one after the other on each connection."""
        waiting = deque(sessions)
        asyncio.run(self._holding(waiting, lines))

    async def _holding(self, waiting: deque[str], count: int) -> None:
        async def held(line: Line) -> None:
            while waiting:
                session = waiting.popleft()
                for text in SCRIPT:
                    await self._say(line, text, session)

        await self._beside(held, count)

    async def _all(self, count: int) -> None:
        await self._beside(self._over, count)

    async def _beside(self, work: Callable[[Line], Awaitable[None]], count: int) -> None:
        lines = [await line_to(self._program.port) for _ in range(count)]
        await asyncio.gather(*map(work, lines))
        for line in lines:
            line.close()

    async def _over(self, line: Line) -> None:
        while self._work:
            text, session = self._work.popleft()
            if not await self._said(line, text, session):
                self._work.append((text, session))
                await asyncio.sleep(_AGAIN)

    async def _say(self, line: Line, text: str, session: str) -> None:
        if not await self._said(line, text, session):
            await asyncio.sleep(_AGAIN)
            await self._say(line, text, session)

    async def _said(self, line: Line, text: str, session: str) -> bool:
        """Say a sentence; False where it is to be said again."""
        got = await line.send(request_of(text, session))
        if got.status == 503:
            self.refused += 1
            return False
        said = msgspec.json.decode(got.body).get("text", "")
        self.answered += 1
        if said != self._expected[text]:
            self.wrong.append(f"{got.status} {text}: {said[:60]!r}")
        return True


def sessions(*, quick: bool) -> Iterator[Outcome]:
    """Each says its first sentence, then each its second, and so on."""
    count = 300 if quick else 10_000
    for kind in ("file",) if quick else ("file", "servers"):
        with storage(kind) as over, running(over, workers=1 if kind == "file" else 2) as program:
            began, before = time.monotonic(), program.resident()
            people, round_ = [new_session() for _ in range(count)], Round(program, learnt(program))
            for text in SCRIPT[:3]:
                round_.take([(text, one) for one in people], 32 if quick else _LINES)
            after, seconds = program.resident(), time.monotonic() - began
            figures = (
                f"{round_.answered} turns",
                f"{len(round_.wrong)} forgotten",
                f"{round_.refused} told to come again",
                f"{before} → {after} MB",
                f"{seconds:.0f} s",
            )
            held = wrong(
                all_answered=round_.answered == 3 * count, nobody_forgotten=not round_.wrong
            )
            what = f"{count} conversations at once"
            yield Outcome(what, over.name, figures, (*held, *round_.wrong[:3]))


def soak(*, quick: bool) -> Iterator[Outcome]:
    """A day at a turn a second, compressed; the memory is that of its beginning."""
    turns = 2000 if quick else 86_400
    for kind in ("file",) if quick else ("file", "servers"):
        with storage(kind) as over, running(over, workers=1 if kind == "file" else 2) as program:
            began, round_ = time.monotonic(), Round(program, learnt(program))
            sizes = []
            for _ in range(10):
                people = [new_session() for _ in range(turns // 10 // len(SCRIPT))]
                round_.hold(people, 8)
                sizes.append(program.resident())
            seconds = time.monotonic() - began
            kept = len(program.journal())
            figures = (
                f"{round_.answered} turns",
                f"{len(round_.wrong)} forgotten",
                f"{kept} in the journal",
                f"{sizes[0]} MB after a tenth, {sizes[-1]} MB at the end",
                f"at most {max(sizes)} MB",
                f"{round_.answered / seconds:.0f} turns a second",
                f"{seconds:.0f} s",
            )
            held = wrong(
                nobody_forgotten=not round_.wrong,
                all_kept=kept >= round_.answered,
                memory_flat=sizes[-1] <= _GROWN * sizes[0],
            )
            yield Outcome("a day of turns", over.name, figures, (*held, *round_.wrong[:3]))
