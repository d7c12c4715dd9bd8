"""How many questions a process answers at once, and what is said to those who come after them.

A turn takes a thread of the store. A few are under way, the rest of those in hand wait for a
moment; who comes on top, or waits too long, is told so at once and can try again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from starlette.requests import Request

from bot.problems import Problem
from bot.store import Store

T = TypeVar("T")
_PATIENCE = 1.0  # seconds that a question waits for its turn
_AGAIN = 1  # seconds after which who was sent away may come again
_GONE = HTTPStatus.BAD_REQUEST  # nobody reads it


class Turns:
    """The turns of a process that are in hand."""

    def __init__(self, store: Store, at_once: int) -> None:
        self.in_hand = 0
        self._store = store
        self._at_once = at_once
        # One more than there are threads: the next is ready when a thread is.
        self._gate = asyncio.Semaphore(store.threads + 1)

    async def run(self, request: Request, work: Callable[[], T]) -> T:
        """Take a turn in a thread.

        Raises Problem where there are too many, StoreError, and whatever the work raises. What a
        client waited for that has gone meanwhile is not begun.
        """
        if self.in_hand >= self._at_once:
            raise _crowded()
        self.in_hand += 1
        try:
            await self._wait(request)
            try:
                return await self._store.run(work)
            finally:
                self._gate.release()
        finally:
            self.in_hand -= 1

    async def _wait(self, request: Request) -> None:
        """Wait for the gate, and only as long as somebody waits for the answer."""
        if not self._gate.locked():
            await self._gate.acquire()
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._gate.acquire()
        except TimeoutError as error:
            raise _crowded() from error
        if await request.is_disconnected():
            self._gate.release()
            raise Problem("body", _GONE, why="")


async def in_turn(request: Request, work: Callable[[], T]) -> T:
    """Answer a question within the ceiling of the process. Raises as `Turns.run`."""
    turns: Turns = request.app.state.turns
    return await turns.run(request, work)


def _crowded() -> Problem:
    headers = {"Retry-After": str(_AGAIN)}
    return Problem("crowded", HTTPStatus.SERVICE_UNAVAILABLE, headers=headers, seconds=_AGAIN)
