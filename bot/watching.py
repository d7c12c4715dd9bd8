"""What waits for people to say something: one look into the database a second for all who wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import structlog
from sqlalchemy import select

from bot.errors import StoreError
from bot.store import Store
from bot.tables import HANDOVER_LINES

MOST = 1000  # that wait at once in a process; whoever comes then asks again a little later
_GONE = 2.0  # seconds between two looks whether the one who waits is still there
_LOOK = 1.0  # seconds between two looks
# The newest lines, not only the last: of two that are written at once the one with the smaller
# number may be there later.
_TAIL = select(HANDOVER_LINES.c.id).order_by(HANDOVER_LINES.c.id.desc()).limit(50)
_log = structlog.get_logger("yiwentong")
T = TypeVar("T")


class Watch:
    """Looks for new lines as long as somebody waits for one; `ending` says when to stop."""

    def __init__(self, store: Store, *, ending: Callable[[], bool] = lambda: False) -> None:
        self._store = store
        self._ending = ending
        self._news = asyncio.Condition()
        self._tail: tuple[int, ...] = ()
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None
        self.number = 0  # grows with whatever is new
        self.ended = False

    @property
    def is_full(self) -> bool:
        """Whether nobody more can wait."""
        return self._waiting >= MOST

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[None]:
        """Wait in here: what is new from now on grows the number. Raises StoreError."""
        self._waiting += 1
        try:
            if self._task is None:
                self._task = asyncio.create_task(self._run())
                await self._look()
            yield
        finally:
            self._waiting -= 1

    async def past(self, number: int, seconds: float) -> None:
        """Return when something is newer than a number, when all ends, or after these seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self.number != number or self.ended)

    async def _run(self) -> None:
        while self._waiting and not self.ended:
            await asyncio.sleep(_LOOK)
            self.ended = self._ending()
            try:
                await self._look()
            except StoreError as error:
                _log.warning("not looked for news", why=str(error))
        self._task = None
        await self._tell()

    async def _look(self) -> None:
        tail = await self._store.run(self._read)
        if tail != self._tail or self.ended:
            self._tail = tail
            self.number += 1
            await self._tell()

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    def _read(self) -> tuple[int, ...]:
        with self._store.reading() as connection:
            return tuple(connection.execute(_TAIL).scalars())


async def awaited(
    watch: Watch,
    read: Callable[[], Awaitable[T]],
    enough: Callable[[T], bool],
    *,
    seconds: float,
    gone: Callable[[], Awaitable[bool]],
) -> T:
    """What is read, as soon as it is enough; after these seconds whatever it is.

    `gone` says whether the one who waits has gone. Where nobody more can wait nothing is waited
    for. Raises what reading raises.
    """
    if watch.is_full:
        return await read()
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    async with watch.joined():
        number = watch.number
        found = await read()
        while not (enough(found) or watch.ended or clock() >= until or await gone()):
            await watch.past(number, min(until - clock(), _GONE))
            if watch.number != number:
                number = watch.number
                found = await read()
        return found
