"""What answers one message: all that is kept of it is kept together, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct
from sqlalchemy import Connection

from bot.store import Store


class Work(Struct, frozen=True):
    """One message being answered: a transaction of the database, and the name of its receipt."""

    connection: Connection
    key: str

    @property
    def turn(self) -> str:
        """The id of the turn that the message is: the same however often the message comes."""
        return hashlib.blake2b(self.key.encode(), digest_size=8).hexdigest()


@contextmanager
def working(store: Store, key: str = "") -> Iterator[Work]:
    """A work that is kept when the block ends. Raises StoreError."""
    with store.writing() as connection:
        yield Work(connection, key)
