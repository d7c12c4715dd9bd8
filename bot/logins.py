"""Who is logged in at the desk. The token lies in a cookie; the database has its hash only."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from msgspec import Struct
from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import seconds
from bot.errors import StoreError
from bot.store import Store
from bot.tables import LOGINS

COOKIE = "__Host-yiwentong-desk"
IDLE = 8 * 3600  # seconds without a request after which one logs in again
LONGEST = 12 * 3600  # seconds after which one logs in again in any case
_TRUSTED = 3600  # seconds for which an agent who was just seen goes on without the database
_MOST = 1000  # agents who are known for that
_NOTED = 60  # seconds between two writes of when somebody was last seen


class Login(Struct, frozen=True):
    """An agent who is logged in, and the token that every change must come with."""

    agent: str
    csrf: str


def begin(store: Store, agent: str, *, now: float | None = None) -> str | None:
    """Log an agent in: the token for the cookie; None for one who was removed meanwhile."""
    token, at = secrets.token_urlsafe(32), seconds(now)
    values = {"token": _hashed(token), "agent": agent, "csrf": secrets.token_urlsafe(24)}
    try:
        with store.writing() as connection:
            connection.execute(delete(LOGINS).where(_over(at)))
            connection.execute(insert(LOGINS).values(**values, created=at, seen=at))
    except IntegrityError:
        return None
    return token


def current(store: Store, token: str | None, *, now: float | None = None) -> Login | None:
    """Who a cookie stands for; None where that is nobody, or is over. Raises StoreError."""
    if not token:
        return None
    at, hashed = seconds(now), _hashed(token)
    known = store.aside.logins
    try:
        login = _current(store, hashed, at)
    except StoreError:  # who was let in a short while ago goes on
        login, seen = known.get(hashed, (None, 0))
        if login is None or at - seen >= _TRUSTED or not store.is_away:
            raise
        return login
    known.pop(hashed, None)
    if login is not None and len(known) < _MOST:
        known[hashed] = (login, at)
    return login


def _current(store: Store, hashed: str, at: int) -> Login | None:
    same = LOGINS.c.token == hashed
    with store.reading() as connection:
        row = connection.execute(select(LOGINS).where(same & ~_over(at))).first()
    if row is None:
        return None
    if at - row.seen >= _NOTED:
        with store.writing() as connection:
            connection.execute(update(LOGINS).where(same).values(seen=at))
    return Login(row.agent, row.csrf)


def end(store: Store, token: str) -> bool:
    """Log out; whether anybody was logged in."""
    store.aside.logins.pop(_hashed(token), None)
    with store.writing() as connection:
        done = connection.execute(delete(LOGINS).where(LOGINS.c.token == _hashed(token)))
        return done.rowcount == 1


def is_csrf(login: Login, given: str) -> bool:
    """Whether a change comes with the token of this login, compared in constant time."""
    return hmac.compare_digest(login.csrf.encode(), given.encode("utf-8", "replace"))


def _over(at: int) -> ColumnElement[bool]:
    """What is true of a login that no longer counts."""
    return (LOGINS.c.seen < at - IDLE) | (LOGINS.c.created < at - LONGEST)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
