"""Work that must be done within a deadline: done beside the server's own loop, or refused.

A platform waits five seconds for an answer. What is slow (a database out of reach, a thousand
people at once) must not keep anybody waiting longer, nor keep others from being told so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


class CrowdedError(Exception):
    """There is more to do than can be done in time."""


class Pressure:
    """Threads that work is done in, and how much of it there is.

    `room` is how much may wait or be under way at once.
    """

    def __init__(self, *, threads: int, room: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="channel")
        self._room = room
        self._under_way = 0
        self._ended_at = time.monotonic()
        self._lock = Lock()

    async def within(self, seconds: float, work: Callable[[], T]) -> T:
        """What the work comes to. Raises CrowdedError where there is no room, or no time.

        Work that did not begin in time is never begun; what had begun goes on to its end.
        """
        with self._lock:
            if self._under_way >= self._room:
                raise CrowdedError
            if not self._under_way:
                self._ended_at = time.monotonic()
            self._under_way += 1
        future = self._pool.submit(copy_context().run, work)  # the id of the request, for the log
        future.add_done_callback(self._ended)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), seconds)
        except TimeoutError as error:
            raise CrowdedError from error

    def _ended(self, _future: Future[T]) -> None:
        with self._lock:
            self._under_way -= 1
            self._ended_at = time.monotonic()

    def is_stalled(self, seconds: float) -> bool:
        """Whether there is work, and for so long none of it has ended: what it waits for hangs."""
        with self._lock:
            return self._under_way > 0 and time.monotonic() - self._ended_at >= seconds

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
