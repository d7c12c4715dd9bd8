"""The lines of a handover: what was said, by whom, in its order; sealed in the table."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, insert, select

from bot.keyring import Keyring
from bot.tables import HANDOVER_LINES, HANDOVERS

Author = Literal["person", "agent", "bot", "notice"]
MOST = 2000  # characters of a line


class Said(Struct, frozen=True):
    """What is said in a handover.

    `told` says that its person has it by other ways, as the reply to a message of their own.
    `key` is given by who writes it, so that it is there once.
    """

    author: Author
    text: str
    told: bool = False
    key: str | None = None


class Line(Struct, frozen=True):
    """A line as it is kept: its number, when it was, and what was said."""

    id: int
    at: int
    author: Author
    text: str
    told: bool = False


class _Sealed(Struct, frozen=True):
    text: str
    told: bool


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Sealed).decode


def add(connection: Connection, keyring: Keyring, handover: int, said: Said, *, now: int) -> Line:
    """Keep a line. Raises IntegrityError for one whose key is there already."""
    sealed = keyring.seal(_encode(_Sealed(said.text, said.told)))
    values = {"handover": handover, "at": now, "author": said.author, "sealed": sealed}
    made = connection.execute(insert(HANDOVER_LINES).values(**values, key=said.key))
    key = made.inserted_primary_key
    return Line(int(key[0]) if key else 0, now, said.author, said.text, said.told)


def lines(
    connection: Connection, keyring: Keyring, number: int, *, after: int = 0
) -> tuple[Line, ...]:
    """What was said in a handover behind a line of this number; what cannot be read is left out."""
    wanted = select(HANDOVER_LINES).where(
        HANDOVER_LINES.c.handover == number, HANDOVER_LINES.c.id > after
    )
    return _lines(connection, keyring, wanted.order_by(HANDOVER_LINES.c.id))


def events(
    connection: Connection, keyring: Keyring, session: str, *, after: int = 0
) -> tuple[Line, ...]:
    """What the person of a conversation is still to be told behind a line of this number."""
    wanted = (
        select(HANDOVER_LINES)
        .join(HANDOVERS, HANDOVERS.c.id == HANDOVER_LINES.c.handover)
        .where(HANDOVERS.c.session == session, HANDOVER_LINES.c.id > after)
        .where(HANDOVER_LINES.c.author.in_(("agent", "notice")))
        .order_by(HANDOVER_LINES.c.id)
    )
    return tuple(one for one in _lines(connection, keyring, wanted) if not one.told)


def under(connection: Connection, keyring: Keyring, number: int, key: str) -> Line | None:
    """The line of a handover under a key."""
    wanted = select(HANDOVER_LINES).where(
        HANDOVER_LINES.c.key == key, HANDOVER_LINES.c.handover == number
    )
    found = _lines(connection, keyring, wanted)
    return found[0] if found else None


def _lines(connection: Connection, keyring: Keyring, wanted: Any) -> tuple[Line, ...]:  # noqa: ANN401 - a SELECT of the table's columns
    found = []
    for row in connection.execute(wanted):
        raw = keyring.unseal(row.sealed)
        if raw is not None:
            said = _decode(raw)
            found.append(Line(row.id, row.at, row.author, said.text, said.told))
    return tuple(found)
