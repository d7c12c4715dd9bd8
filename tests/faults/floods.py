"""One address and one conversation that ask without end: they are told to wait, others are not."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Self

from bot.bench_http import line_to
from faults.outcome import Outcome, wrong
from faults.people import SCRIPT, People, new_session, percentile, request_of
from faults.program import SQLITE, Program, running

_FLOODER = "127.0.0.66"
_LINES = 16
_BOUNDS = {"REQUESTS_PER_MINUTE": "120", "SESSION_REQUESTS_PER_MINUTE": "40"}


class Flood:
    """Somebody who asks as fast as can be, from one address, or also in one conversation."""

    def __init__(self, program: Program, session: str | None) -> None:
        self.statuses: Counter[int] = Counter()
        self.honest = True  # every refusal says how long to wait
        self._port = program.port
        self._request = request_of(SCRIPT[0], session)
        self._hosts = [f"127.0.2.{n + 1}" if session else _FLOODER for n in range(_LINES)]
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._all()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    async def _all(self) -> None:
        await asyncio.gather(*map(self._ask, self._hosts))

    async def _ask(self, host: str) -> None:
        line = await line_to(self._port, host)
        while not self._over.is_set():
            got = await line.send(self._request)
            self.statuses[got.status] += 1
            if got.status in {429, 503}:
                self.honest &= got.header("retry-after").isdigit()
        line.close()


def floods(*, quick: bool) -> Iterator[Outcome]:
    """Of an address, and of a conversation that many addresses go on with."""
    seconds = 2.0 if quick else 20.0
    for what, session in (("flood of an address", None), ("flood of a session", new_session())):
        with running(SQLITE, **_BOUNDS) as program:
            began = time.monotonic()
            with People(program, 20, pause=0.5, apart=True) as people:
                people.wait(20)
                start = time.monotonic()
                with Flood(program, session) as flood:
                    time.sleep(seconds)
                    people.wait(20)
                    end = time.monotonic()
            meanwhile = people.between(start, end)
            passed, refused = flood.statuses[200], flood.statuses[429] + flood.statuses[503]
            most = (40 if session else 120) * (1 + (end - start) / 60) + 2
            figures = (
                f"{passed} let through",
                f"{refused} refused",
                f"{len(meanwhile)} turns of others",
                f"p99 {percentile(meanwhile, 99):.0f} ms",
                f"{people.limited} of theirs refused, {people.refused} told to come again",
                f"{time.monotonic() - began:.0f} s",
            )
            held = wrong(
                bound_holds=0 < passed <= most,
                refusals_say_how_long=flood.honest and refused > 0,
                others_go_on=not people.limited and not people.errors and not people.broken,
                nobody_forgotten=not people.wrong,
            )
            yield Outcome(what, "SQLite", figures, held)
