"""Conversations that outlive a process: the state of each, kept under its id.

A session is named by an unguessable id, never by who the person is, and is forgotten when it has
not been heard of for a while.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

import msgspec
from sqlalchemy import Executable, bindparam, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import seconds
from bot.store import Store
from bot.sweeping import swept
from bot.tables import SESSIONS
from bot.work import Work, working
from intents.dialogue import State

IDLE = 24 * 3600  # seconds after which a conversation that is not gone on with is forgotten
ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(State).decode
# Put together once: building a statement takes longer than running it.
_WANTED = select(SESSIONS.c.state, SESSIONS.c.version, SESSIONS.c.seen).where(
    SESSIONS.c.id == bindparam("wanted")
)
_NEW = insert(SESSIONS)
_AGAIN = (
    update(SESSIONS)
    .where(SESSIONS.c.id == bindparam("wanted"), SESSIONS.c.version == bindparam("written"))
    .values(state=bindparam("state"), version=bindparam("version"), seen=bindparam("seen"))
)


class Session(msgspec.Struct, frozen=True):
    """A conversation as it was read: its id, its state, and how often it had been written."""

    id: str
    state: State
    version: int = 0


def new_id() -> str:
    """An id that nobody can guess: 128 bits."""
    return secrets.token_urlsafe(16)


def is_id(text: str) -> bool:
    """Whether a text can be the id of a session: 16 to 64 letters, digits, - and _."""
    return ID.fullmatch(text) is not None


def load(store: Store, id_: str, *, now: float | None = None) -> Session:
    """The conversation of an id; a fresh one where there is none, or none that still counts."""
    with store.reading() as connection:
        return read(Work(connection, ""), id_, now=now)


def read(work: Work, id_: str, *, now: float | None = None) -> Session:
    """The conversation of an id, as `load`, within a work."""
    since = seconds(now) - IDLE
    row = work.connection.execute(_WANTED, {"wanted": id_}).first()
    if row is None:
        return Session(id_, State())
    if row.seen < since:
        return Session(id_, State(), row.version)
    try:
        return Session(id_, _decode(row.state), row.version)
    except msgspec.MsgspecError:  # written by another release
        return Session(id_, State(), row.version)


def save(store: Store, session: Session, state: State, *, now: float | None = None) -> bool:
    """Keep the state that a turn came to; False where another turn was kept meanwhile."""
    try:
        return store.within(lambda c: write(Work(c, ""), session, state, now=now))
    except IntegrityError:
        return False


def write(work: Work, session: Session, state: State, *, now: float | None = None) -> bool:
    """Keep a state, as `save`, within a work. Raises IntegrityError where `save` has False.

    Then nothing more can be done in this work; False leaves it as it was.
    """
    statement, values = _written(session, state, seconds(now))
    # How many rows an INSERT made, psycopg does not say: it made one, or raised.
    return work.connection.execute(statement, values).rowcount == 1 or session.version == 0


def _written(session: Session, state: State, seen: int) -> tuple[Executable, dict[str, Any]]:
    """The statement that keeps a state, with its values."""
    values = {"state": _encode(state), "version": session.version + 1, "seen": seen}
    if session.version == 0:
        return _NEW, {"id": session.id, **values}
    return _AGAIN, {"wanted": session.id, "written": session.version, **values}


def forget(store: Store, id_: str) -> bool:
    """Drop a conversation; whether there was one."""
    with working(store) as work:
        return drop(work, id_)


def drop(work: Work, id_: str) -> bool:
    """Drop a conversation, as `forget`, within a work."""
    return work.connection.execute(delete(SESSIONS).where(SESSIONS.c.id == id_)).rowcount == 1


def rename(work: Work, old: str, new: str) -> None:
    """Give a conversation another id, within a work; one that has it already stays.

    Raises IntegrityError where another one was given it meanwhile.
    """
    newer = SESSIONS.alias()
    there = exists().where(newer.c.id == new)
    moved = update(SESSIONS).where(SESSIONS.c.id == old, ~there)
    work.connection.execute(moved.values(id=new))
    drop(work, old)


def drop_idle(store: Store, *, now: float | None = None) -> int:
    """Drop the conversations that no longer count; how many there were."""
    return swept(store, SESSIONS, SESSIONS.c.seen < seconds(now) - IDLE)
