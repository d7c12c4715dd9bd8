"""What one process tells all others through the database: a number that each looks at."""

from __future__ import annotations

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import seconds
from bot.store import Store
from bot.tables import SIGNALS

RELOAD = "reload"
_FOUND = select(SIGNALS.c.number)
_RAISED = update(SIGNALS).values(number=SIGNALS.c.number + 1)


def number(store: Store, name: str) -> int:
    """How often a signal was given. Raises StoreError."""
    with store.reading() as connection:
        return connection.scalar(_FOUND.where(SIGNALS.c.name == name)) or 0


def give(store: Store, name: str) -> int:
    """Give a signal once more; how often it was given by now. Raises StoreError."""
    with store.writing() as connection:
        raised = _RAISED.where(SIGNALS.c.name == name).values(at=seconds())
        if connection.execute(raised).rowcount:
            return connection.scalar(_FOUND.where(SIGNALS.c.name == name)) or 0
    try:
        with store.writing() as connection:
            connection.execute(insert(SIGNALS).values(name=name, number=1, at=seconds()))
    except IntegrityError:  # another process was the first one
        return give(store, name)
    return 1
