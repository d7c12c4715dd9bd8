"""What answers one message: all that is kept of it is kept together, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from msgspec import Struct, structs
from sqlalchemy import Connection

from bot.memory import Pending
from bot.shelves import Blind, Rows, Shelf
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

    What of them is out of reach does not hold it up; what cannot be lost is then kept aside.
    Raises StoreError where one goes away just now, and Moved where something else was kept in
    Redis meanwhile.
    """
    away = store.is_away
    with store.aside.scratch(key) if away else store.writing() as connection:
        shelf = _shelf(store, connection, away=away)
        yield Work(connection, key, shelf)
    shelf.commit()


def kept(store: Store, do: Callable[[Work], T], *, again: bool = False) -> T:
    """What is done in a work, kept by the time this returns; quicker than `working`.

    Raises what `working` does.
    """
    if store.is_away:
        with working(store) as work:
            return do(structs.replace(work, again=again))
    shelves: list[Shelf] = []

    def done(connection: Connection) -> T:
        shelves.append(_shelf(store, connection, away=False))
        return do(Work(connection, "", shelves[-1], again))

    found = store.within(done)
    shelves[-1].commit()
    return found


@contextmanager
def looking(store: Store) -> Iterator[Shelf]:
    """The shelf to read from. Raises StoreError where it goes away just now."""
    away = store.is_away
    if store.memory is not None and not store.memory.is_away:
        yield Pending(store.memory)
        return
    with store.aside.scratch() if away else store.reading() as connection:
        yield _shelf(store, connection, away=away)


def _shelf(store: Store, connection: Connection, *, away: bool) -> Shelf:
    """Where conversations lie: in Redis or in the database; where that is away, nowhere."""
    memory = store.memory
    if memory is None:
        return Blind(connection, store.aside.forget) if away else Rows(connection)
    return Blind(connection, store.aside.forget) if memory.is_away else Pending(memory)
