"""What an agent chose to keep of a call. Nothing is kept that was not saved by hand."""

from __future__ import annotations

import msgspec
from sqlalchemy import delete, insert, select

from bot.clock import seconds
from bot.store import Store
from bot.tables import NOTES

_SHOWN = 100  # notes of an agent that are listed


class Note(msgspec.Struct, frozen=True):
    """A note, when it was saved, and the caller's context as it stood (slot → value)."""

    id: int
    at: int
    text: str
    context: dict[str, str]


def save(
    store: Store, agent: str, text: str, context: dict[str, str], *, now: float | None = None
) -> int:
    """Keep a note; its number. Raises StoreError."""
    at = seconds(now)
    values = {"at": at, "agent": agent, "text": text}
    encoded = msgspec.json.encode(context).decode()
    with store.writing() as connection:
        made = connection.execute(insert(NOTES).values(**values, context_json=encoded))
        key = made.inserted_primary_key
    return int(key[0]) if key else 0


def listed(store: Store, agent: str) -> tuple[Note, ...]:
    """The notes of an agent, the latest first."""
    wanted = select(NOTES).where(NOTES.c.agent == agent)
    wanted = wanted.order_by(NOTES.c.at.desc(), NOTES.c.id.desc()).limit(_SHOWN)
    with store.reading() as connection:
        return tuple(
            Note(row.id, row.at, row.text, msgspec.json.decode(row.context_json))
            for row in connection.execute(wanted)
        )


def drop(store: Store, agent: str, number: int) -> bool:
    """Drop a note of one's own; whether there was one."""
    own = (NOTES.c.id == number) & (NOTES.c.agent == agent)
    with store.writing() as connection:
        return connection.execute(delete(NOTES).where(own)).rowcount == 1
