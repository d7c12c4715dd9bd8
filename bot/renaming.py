"""A conversation goes on over the change of names: what lies under its old one is given the new.

That is done before a message is answered, and only in the first days of a period (and in its last
hour, where another machine is ahead). It is done as a whole, and doing it twice does no harm; a
process that dies in between leaves a conversation with a name that is found.
"""

from __future__ import annotations

from sqlalchemy import Connection, exists, update
from sqlalchemy.exc import IntegrityError

from bot import sessions
from bot.keyring import Keyring
from bot.shelves import Moved
from bot.store import Store
from bot.tables import HANDOVERS, LEFTOVERS, OUTBOX
from bot.work import working

_TRIES = 3  # two processes that do it at once: one of them is given nothing more to do


def follow(store: Store, keys: Keyring, *parts: str) -> None:
    """Bring the conversation of somebody, and what is still to be told, under the name of now.

    `parts` are those of the name of its session. Raises StoreError.
    """
    new = keys.name("session", *parts)
    for old in keys.others("session", *parts):
        _moved(store, keys, old, new)


def follow_chat(store: Store, keys: Keyring, *parts: str) -> None:
    """Bring what is still to be sent into a group under the name of now. Raises StoreError."""
    new = keys.name("chat", *parts)
    for old in keys.others("chat", *parts):
        with store.writing() as connection:
            _lane(connection, old, new)


def _moved(store: Store, keys: Keyring, old: str, new: str) -> None:
    for _ in range(_TRIES):
        try:
            with working(store) as work:
                sessions.rename(work, old, new)
                _rows(work.connection, keys, old, new)
        except (IntegrityError, Moved):  # another process began the new one meanwhile
            continue
        return


def _rows(connection: Connection, keys: Keyring, old: str, new: str) -> None:
    for before, after in ((old, new), (keys.name("owed", old), keys.name("owed", new))):
        _rest(connection, before, after)
    _lane(connection, keys.name("lane", old), keys.name("lane", new))
    of_old = update(HANDOVERS).where(HANDOVERS.c.session == old)
    connection.execute(of_old.values(session=new))


def _rest(connection: Connection, old: str, new: str) -> None:
    """What came since under the new name goes before."""
    other = LEFTOVERS.alias()
    newer = exists().where(other.c.session == new)
    moved = update(LEFTOVERS).where(LEFTOVERS.c.session == old, ~newer)
    connection.execute(moved.values(session=new))


def _lane(connection: Connection, old: str, new: str) -> None:
    """The order of a lane is that of its numbers: what is put in later comes later."""
    connection.execute(update(OUTBOX).where(OUTBOX.c.lane == old).values(lane=new))
