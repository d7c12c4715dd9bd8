"""What waits and what is kept, counted when somebody looks, and at most every few seconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import Connection, Table, func, select

from bot.clock import seconds
from bot.errors import StoreError
from bot.store import Store
from bot.tables import HANDOVERS, JOURNAL, OUTBOX

_FRESH = 5.0  # seconds that a count holds
_PATIENCE = 1.0  # seconds that it is waited for; what takes longer is shown the next time


class Queue(Struct, frozen=True):
    """How many wait, and for how many seconds the first of them has."""

    length: int
    oldest: int


class Counts(Struct, frozen=True):
    """What waits to be sent by channel, open handovers by status, lines of the journal.

    `took` is how many seconds the database needed to say so.
    """

    outbox: dict[str, Queue]
    handovers: dict[str, Queue]
    journal: int
    took: float


class Census:
    """The last counts of a process. `clock` is in seconds."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._at = float("-inf")
        self._last: Counts | None = None
        self._under_way: asyncio.Future[Counts] | None = None

    async def counts(self) -> Counts | None:
        """The counts of now, or of a few seconds ago; None where the database does not say."""
        if self._under_way is None:
            if self._clock() - self._at < _FRESH:
                return self._last
            self._under_way = asyncio.ensure_future(asyncio.to_thread(counted, self._store))
        counting = self._under_way
        # One look waits for a database that hangs, however often it is looked.
        done, _ = await asyncio.wait({counting}, timeout=_PATIENCE)
        if not done:
            return None
        if self._under_way is counting:
            self._settle(counting)
        return self._last

    def _settle(self, counting: asyncio.Future[Counts]) -> None:
        self._under_way = None
        self._at = self._clock()
        try:
            self._last = counting.result()
        except StoreError:
            self._last = None


def counted(store: Store, *, now: float | None = None) -> Counts:
    """Count. Raises StoreError."""
    began, at = time.perf_counter(), seconds(now)
    with store.reading() as connection:
        outbox = _by_bot(_queues(connection, OUTBOX, "channel", at))
        handovers = _queues(connection, HANDOVERS, "status", at)
        handovers.pop("closed", None)
        journal = connection.execute(select(func.count()).select_from(JOURNAL)).scalar_one()
    return Counts(outbox, handovers, int(journal), time.perf_counter() - began)


def _queues(connection: Connection, table: Table, by: str, now: int) -> dict[str, Queue]:
    """How much of a table there is, and since when, by one of its columns."""
    column = table.c[by]
    wanted = select(column, func.count(), func.min(table.c.at)).group_by(column)
    rows = connection.execute(wanted).all()
    return {name: Queue(length, max(0, now - since)) for name, length, since in rows}


def _by_bot(queues: dict[str, Queue]) -> dict[str, Queue]:
    """By the kind of a channel: each bot on Telegram has a channel of its own, with its number."""
    found: dict[str, Queue] = {}
    for name, queue in queues.items():
        kind = name.partition(":")[0]
        before = found.get(kind, Queue(0, 0))
        found[kind] = Queue(before.length + queue.length, max(before.oldest, queue.oldest))
    return found
