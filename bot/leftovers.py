"""The rest of an answer too long for one message, until the person asks for it with 继续."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.clock import seconds
from bot.sessions import IDLE
from bot.store import Store
from bot.sweeping import swept
from bot.tables import LEFTOVERS

# Put together once: building a statement takes longer than running it.
_DROP = delete(LEFTOVERS).where(LEFTOVERS.c.session == bindparam("dropped"))
_WANTED = select(LEFTOVERS.c.parts).where(
    LEFTOVERS.c.session == bindparam("wanted"), LEFTOVERS.c.at >= bindparam("since")
)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[str, ...]).decode


def keep(
    connection: Connection, session: str, parts: tuple[str, ...], *, now: float | None = None
) -> None:
    """Keep the messages that are still to come, in the place of earlier ones; none drops them."""
    connection.execute(_DROP, {"dropped": session})
    if parts:
        values = {"session": session, "at": seconds(now), "parts": _encode(parts)}
        connection.execute(insert(LEFTOVERS).values(**values))


def of(connection: Connection, session: str, *, now: float | None = None) -> tuple[str, ...]:
    """The messages that are still to come; none where nothing is left, or nobody waits for it."""
    asked = {"wanted": session, "since": seconds(now) - IDLE}
    row = connection.execute(_WANTED, asked).first()
    return _decode(row.parts) if row else ()


def forget(connection: Connection, sessions: Collection[str]) -> int:
    """Drop what is left for some conversations; how much it was."""
    return connection.execute(delete(LEFTOVERS).where(LEFTOVERS.c.session.in_(sessions))).rowcount


def drop_old(store: Store, *, now: float | None = None) -> int:
    """Drop what nobody waits for any more; how much it was. Raises StoreError."""
    return swept(store, LEFTOVERS, LEFTOVERS.c.at < seconds(now) - IDLE)
