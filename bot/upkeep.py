"""What runs beside a process that serves for long: the store is swept and brought up to date."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot import receipts, retention
from bot.beside import beside
from bot.errors import StoreError
from bot.store import Store

_SWEEP = 3600  # seconds between two sweeps of what is no longer kept
_BLANK = 60  # seconds between two times that old receipts are made to forget their replies
_TIDY = 2  # seconds between two times that the database file is brought up to date
_UNSPOOL = 5  # seconds between two looks for what is still to be written, also by the dead
_log = structlog.get_logger("yiwentong")


@asynccontextmanager
async def kept_up(store: Store, *, days: int) -> AsyncIterator[None]:
    """Keep a store up while this lasts, and close it at the end.

    `days` is how long the journal and its like are kept.
    """
    try:
        async with beside(_sweep(store, days), _blank(store), _tidy(store), _unspool(store)):
            yield
    finally:
        store.close()


async def _sweep(store: Store, days: int) -> None:
    """Drop, now and every hour, what nobody goes on with or asks for any more, or may be kept."""
    while True:
        try:
            dropped = await asyncio.to_thread(retention.drop_old, store, days)
            for table, rows in dropped.items():
                _log.info("swept", table=table, rows=rows)
        except StoreError as error:
            _log.warning("not swept", why=str(error))
        await asyncio.sleep(_SWEEP)


async def _blank(store: Store) -> None:
    """Forget every minute the replies that no platform asks for again.

    What was dropped since is then gone from the file, too.
    """
    since = 0
    while True:
        try:
            since = await asyncio.to_thread(receipts.blank_old, store, since=since)
            await asyncio.to_thread(store.wipe)
        except StoreError as error:
            _log.warning("not blanked", why=str(error))
        await asyncio.sleep(_BLANK)


async def _tidy(store: Store) -> None:
    """Bring the database file up to date every few seconds, so that no request waits for it."""
    while True:
        await asyncio.sleep(_TIDY)
        try:
            await asyncio.to_thread(store.tidy)
        except StoreError as error:
            _log.warning("not tidied", why=str(error))


async def _unspool(store: Store) -> None:
    """Write, now and every few seconds, what was kept aside; also what dead processes left."""
    while True:
        if not store.is_degraded:
            try:
                await asyncio.to_thread(store.unspool, dead=True)
            except StoreError as error:
                _log.warning("not unspooled", why=str(error))
        await asyncio.sleep(_UNSPOOL)
