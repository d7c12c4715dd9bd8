"""Where conversations and receipts lie: rows of the database, unless a Redis server is set.

A shelf is used within one work. What the two have in common is here, with the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from bot.tables import RECEIPTS, SESSIONS

IDLE = 24 * 3600  # seconds after which a conversation that is not gone on with is forgotten
# Seconds for which a receipt is kept: a platform repeats within minutes, Telegram within a day.
KEPT = 2 * 24 * 3600
# Seconds after which no repetition is given its payload any more: it may be the text of a reply.
# WeChat repeats within 15; a signature is good for ten minutes.
READABLE = 15 * 60
# Put together once: building a statement takes longer than running it.
_SESSION = select(SESSIONS.c.state, SESSIONS.c.version, SESSIONS.c.seen).where(
    SESSIONS.c.id == bindparam("wanted")
)
_OTHERS = SESSIONS.alias()
_NEW_SESSION = insert(SESSIONS)
_AGAIN = (
    update(SESSIONS)
    .where(SESSIONS.c.id == bindparam("wanted"), SESSIONS.c.version == bindparam("written"))
    .values(state=bindparam("state"), version=bindparam("version"), seen=bindparam("seen"))
)
_RECEIPT = select(RECEIPTS.c.payload, RECEIPTS.c.at).where(RECEIPTS.c.key == bindparam("wanted"))
_NEW_RECEIPT = insert(RECEIPTS)


class Moved(Exception):
    """Another turn of the conversation was kept meanwhile; this one must be taken again."""


class Kept(Struct, frozen=True):
    """A conversation as it is kept: its state as bytes, how often it was written, and when."""

    state: bytes
    version: int
    seen: int


class Reply(Struct, frozen=True):
    """What a message was answered with, and when."""

    payload: bytes
    at: int


class Shelf(Protocol):
    """Where the conversations and receipts of one work are read and put.

    A `blind` one knows of no conversation what was said before.
    """

    @property
    def blind(self) -> bool:
        """Whether conversations are out of reach."""

    def session(self, id_: str) -> Kept | None:
        """The conversation of an id."""

    def put_session(self, id_: str, kept: Kept) -> bool:
        """Keep a conversation; False where it is not what was read, one version before.

        Raises IntegrityError where another one began it.
        """

    def drop_session(self, id_: str) -> bool:
        """Drop a conversation; whether there was one."""

    def move_session(self, old: str, new: str) -> None:
        """Give a conversation another id; one that has it already stays in its place.

        Raises IntegrityError where another one was given it meanwhile.
        """

    def receipt(self, key: str) -> Reply | None:
        """The receipt of a key."""

    def put_receipt(self, key: str, reply: Reply) -> None:
        """Keep the receipt of a key. Raises IntegrityError where there is one."""

    def commit(self) -> None:
        """What is put here is kept now. Raises Moved, and StoreError."""


class Rows:
    """A shelf that is the database itself, in the transaction of the work."""

    blind = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def session(self, id_: str) -> Kept | None:
        """The conversation of an id."""
        row = self._connection.execute(_SESSION, {"wanted": id_}).first()
        return Kept(*row) if row else None

    def put_session(self, id_: str, kept: Kept) -> bool:
        """Keep a conversation; False where it is not what was read. Raises IntegrityError."""
        values: dict[str, Any] = {
            "state": kept.state, "version": kept.version, "seen": kept.seen,
        }  # fmt: skip
        if kept.version == 1:
            # How many rows an INSERT made, psycopg does not say: it made one, or raised.
            self._connection.execute(_NEW_SESSION, {"id": id_, **values})
            return True
        values |= {"wanted": id_, "written": kept.version - 1}
        return self._connection.execute(_AGAIN, values).rowcount == 1

    def drop_session(self, id_: str) -> bool:
        """Drop a conversation; whether there was one."""
        dropped = delete(SESSIONS).where(SESSIONS.c.id == id_)
        return self._connection.execute(dropped).rowcount == 1

    def move_session(self, old: str, new: str) -> None:
        """Give a conversation another id, unless one has it. Raises IntegrityError."""
        there = exists().where(_OTHERS.c.id == new)
        moved = update(SESSIONS).where(SESSIONS.c.id == old, ~there)
        self._connection.execute(moved.values(id=new))
        self.drop_session(old)

    def receipt(self, key: str) -> Reply | None:
        """The receipt of a key."""
        row = self._connection.execute(_RECEIPT, {"wanted": key}).first()
        return Reply(*row) if row else None

    def put_receipt(self, key: str, reply: Reply) -> None:
        """Keep the receipt of a key. Raises IntegrityError where there is one."""
        values = {"key": key, "at": reply.at, "payload": reply.payload}
        self._connection.execute(_NEW_RECEIPT, values)

    def commit(self) -> None:
        """The transaction is committed by who began it."""


class Blind(Rows):
    """A shelf without conversations: they are out of reach, and begin anew.

    `forget` is told which ones, so that what is kept of them is not gone on with later.
    """

    blind = True

    def __init__(self, connection: Connection, forget: Callable[[Iterable[str]], None]) -> None:
        super().__init__(connection)
        self._forget = forget
        self._sessions: dict[str, Kept | None] = {}

    def session(self, id_: str) -> Kept | None:
        """What this work has put there itself."""
        return self._sessions.get(id_)

    def put_session(self, id_: str, kept: Kept) -> bool:
        """Have it for the rest of the work."""
        self._sessions[id_] = kept
        return True

    def drop_session(self, id_: str) -> bool:
        """Have it dropped later."""
        self._sessions[id_] = None
        return True

    def commit(self) -> None:
        """Note which conversations went on."""
        if self._sessions:
            self._forget(self._sessions)
