"""What answers one message: all that is kept of it is kept together, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from msgspec import Struct
from sqlalchemy import Connection

from bot.memory import Pending
from bot.shelves import Rows, Shelf
from bot.store import Store

T = TypeVar("T")


class Work(Struct, frozen=True):
    """One message being answered.

    `connection` is a transaction of the database, `key` the name of its receipt, `shelf` where
    conversations and receipts lie. `again` says that a turn is taken once more, so that the
    database may hold its line already.
    """

    connection: Connection
    key: str
    shelf: Shelf
    again: bool = False

    @property
    def turn(self) -> str:
        """The id of the turn that the message is: the same however often the message comes."""
        return hashlib.blake2b(self.key.encode(), digest_size=8).hexdigest()


@contextmanager
def working(store: Store, key: str = "") -> Iterator[Work]:
    """A work that is kept when the block ends: in the database, then in Redis where that is set.

    Raises StoreError, and Moved where something else was kept in Redis meanwhile.
    """
    if store.memory is None:
        with store.writing() as connection:
            yield Work(connection, key, Rows(connection))
        return
    pending = Pending(store.memory)
    with store.writing() as connection:
        yield Work(connection, key, pending)
    pending.commit()


def kept(store: Store, do: Callable[[Work], T], *, again: bool = False) -> T:
    """What is done in a work, kept by the time this returns; quicker than `working`.

    Raises what `working` does.
    """
    if store.memory is None:
        return store.within(lambda connection: do(Work(connection, "", Rows(connection), again)))
    pending = Pending(store.memory)
    found = store.within(lambda connection: do(Work(connection, "", pending, again)))
    pending.commit()
    return found


@contextmanager
def looking(store: Store) -> Iterator[Shelf]:
    """The shelf to read from. Raises StoreError."""
    if store.memory is not None:
        yield Pending(store.memory)
        return
    with store.reading() as connection:
        yield Rows(connection)
