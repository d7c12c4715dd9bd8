"""Rows that are no longer kept are dropped in portions: nobody who writes waits for all of them."""

from __future__ import annotations

import time

from sqlalchemy import ColumnElement, Table, delete, select

from bot.store import Store

PORTION = 500  # rows that are dropped in one transaction
_PAUSE = 0.01  # seconds between two of them, for who waits to write


def swept(store: Store, table: Table, old: ColumnElement[bool]) -> int:
    """Drop the rows of a table that are `old`; how many there were. Raises StoreError."""
    (key,) = table.primary_key.columns
    portion = delete(table).where(key.in_(select(key).where(old).limit(PORTION)))
    dropped = 0
    while True:
        with store.writing() as connection:
            rows = connection.execute(portion).rowcount
        dropped += rows
        if rows < PORTION:
            return dropped
        time.sleep(_PAUSE)
