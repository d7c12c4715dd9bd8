"""The threads in which letters are read and written, beside the loop of the server.

A database that does not answer holds up what must wait for it, and nothing else that is served.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from bot.store import Store

T = TypeVar("T")


class Threads:
    """A few threads for the store of one bot."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(store.writers, thread_name_prefix="telegram")

    async def run(self, work: Callable[[], T]) -> T:
        """What the work comes to, or what it raises; once begun it goes on to its end.

        Where the database does not answer it is done once more, without it.
        """
        return await self._store.run(work, threads=self._pool)

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


async def finished(tasks: Iterable[asyncio.Task[Any]], seconds: float) -> None:
    """Wait for tasks; one that takes longer is given up."""
    if waited := set(tasks):
        _, late = await asyncio.wait(waited, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*waited, return_exceptions=True)
