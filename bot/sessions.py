"""Conversations that outlive a process: the state of each, kept under its id.

A session is named by an unguessable id, never by who the person is, and is forgotten when it has
not been heard of for a while.
"""

from __future__ import annotations

import re
import secrets

import msgspec
from sqlalchemy.exc import IntegrityError

from bot import shelves
from bot.clock import seconds
from bot.errors import StoreError
from bot.shelves import Kept, Moved, Shelf
from bot.store import Store
from bot.sweeping import swept
from bot.tables import SESSIONS
from bot.terminal import tell
from bot.work import Work, kept, looking, working
from intents.dialogue import State

IDLE = shelves.IDLE
ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(State).decode


class Session(msgspec.Struct, frozen=True):
    """A conversation as it was read: its id, its state, and how often it had been written.

    Of one that is `lost` it could not be read what was said before.
    """

    id: str
    state: State
    version: int = 0
    lost: bool = False


def new_id() -> str:
    """An id that nobody can guess: 128 bits."""
    return secrets.token_urlsafe(16)


def is_id(text: str) -> bool:
    """Whether a text can be the id of a session: 16 to 64 letters, digits, - and _."""
    return ID.fullmatch(text) is not None


def load(store: Store, id_: str, *, now: float | None = None, blindly: bool = False) -> Session:
    """The conversation of an id; a fresh one where there is none, or none that still counts.

    Raises StoreError where it is out of reach; `blindly` it is then lost.
    """
    with looking(store) as shelf:
        found = _read(shelf, id_, seconds(now))
    if found.lost and not blindly:
        raise StoreError(str(store.engine.url), tell("store_away"))
    return found


def read(work: Work, id_: str, *, now: float | None = None) -> Session:
    """The conversation of an id, as `load`, within a work."""
    return _read(work.shelf, id_, seconds(now))


def _read(shelf: Shelf, id_: str, now: int) -> Session:
    found = shelf.session(id_)
    if found is None:
        return Session(id_, State(), lost=shelf.blind)
    if found.seen < now - IDLE:
        return Session(id_, State(), found.version)
    try:
        return Session(id_, _decode(found.state), found.version)
    except msgspec.MsgspecError:  # written by another release
        return Session(id_, State(), found.version)


def save(store: Store, session: Session, state: State, *, now: float | None = None) -> bool:
    """Keep the state that a turn came to; False where another turn was kept meanwhile."""
    try:
        return kept(store, lambda work: write(work, session, state, now=now))
    except (IntegrityError, Moved):
        return False


def write(work: Work, session: Session, state: State, *, now: float | None = None) -> bool:
    """Keep a state, as `save`, within a work. Raises IntegrityError where `save` has False.

    Then nothing more can be done in this work; False leaves it as it was. In Redis it may also be
    the end of the work that finds out, and raises Moved.
    """
    new = Kept(_encode(state), session.version + 1, seconds(now))
    return work.shelf.put_session(session.id, new)


def forget(store: Store, id_: str) -> bool:
    """Drop a conversation; whether there was one."""
    with working(store) as work:
        return drop(work, id_)


def drop(work: Work, id_: str) -> bool:
    """Drop a conversation, as `forget`, within a work."""
    return work.shelf.drop_session(id_)


def rename(work: Work, old: str, new: str) -> None:
    """Give a conversation another id, within a work; one that has it already stays.

    Raises IntegrityError where another one was given it meanwhile; the end of a work in Redis
    raises Moved.
    """
    work.shelf.move_session(old, new)


def drop_idle(store: Store, *, now: float | None = None) -> int:
    """Drop the conversations that no longer count; how many there were."""
    return swept(store, SESSIONS, SESSIONS.c.seen < seconds(now) - IDLE)
