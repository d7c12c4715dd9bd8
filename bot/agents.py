"""Those who work at the desk: names and password hashes, and who guesses too often.

A password is kept as an argon2id hash only. An unknown name costs as much time as a known one and
gets the same answer, so nobody learns which names there are.
"""

from __future__ import annotations

import re
import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import seconds
from bot.store import Store
from bot.tables import AGENTS, LOGINS, NOTES

LEAST = 10  # characters of a password
MOST = 256  # characters of a password that are looked at
FAILURES = 5  # wrong passwords in a row after which a name is locked
LOCKED = 15 * 60  # seconds that it stays locked
_NAME = re.compile(r"[^\s<>\"'&/\\\x00-\x1f\x7f]{1,40}")
_NOBODY = threading.Lock()
_AT_ONCE = threading.BoundedSemaphore(2)  # each hash takes 64 MiB while it is reckoned


class Agent(Struct, frozen=True):
    """Who may log in; times are seconds since 1970, `locked_until` 0 where nothing is locked."""

    name: str
    created: int
    failures: int
    locked_until: int


def is_name(text: str) -> bool:
    """Whether a text can be the name of an agent: 1 to 40 characters, no blank, quote or slash."""
    return _NAME.fullmatch(text) is not None


def add(store: Store, name: str, password: str, *, now: float | None = None) -> bool:
    """Let somebody in from now on; False where the name is taken. Raises StoreError."""
    values = {"name": name, "password": _hashed(password), "created": seconds(now)}
    try:
        with store.writing() as connection:
            connection.execute(insert(AGENTS).values(**values, failures=0, locked_until=0))
    except IntegrityError:
        return False
    return True


def remove(store: Store, name: str) -> bool:
    """Let somebody in no longer, and end where they are logged in; whether there was such a one."""
    with store.writing() as connection:
        connection.execute(delete(LOGINS).where(LOGINS.c.agent == name))
        connection.execute(
            delete(NOTES).where(NOTES.c.agent == name)
        )  # not for the next of the name
        return connection.execute(delete(AGENTS).where(AGENTS.c.name == name)).rowcount == 1


def reset(store: Store, name: str, password: str) -> bool:
    """Give somebody another password and end their logins; whether there is such a one."""
    values = {"password": _hashed(password), "failures": 0, "locked_until": 0}
    with store.writing() as connection:
        connection.execute(delete(LOGINS).where(LOGINS.c.agent == name))
        done = connection.execute(update(AGENTS).where(AGENTS.c.name == name).values(**values))
        return done.rowcount == 1


def unlock(store: Store, name: str) -> bool:
    """Forget the wrong passwords of a name; whether there is such a one."""
    with store.writing() as connection:
        done = connection.execute(
            update(AGENTS).where(AGENTS.c.name == name).values(failures=0, locked_until=0)
        )
        return done.rowcount == 1


def listed(store: Store) -> tuple[Agent, ...]:
    """Everybody who may log in, by name."""
    wanted = select(AGENTS.c.name, AGENTS.c.created, AGENTS.c.failures, AGENTS.c.locked_until)
    with store.reading() as connection:
        rows = connection.execute(wanted.order_by(AGENTS.c.name)).all()
    return tuple(Agent(*row) for row in rows)


def any_(store: Store) -> bool:
    """Whether there is anybody who may log in. Raises StoreError."""
    with store.reading() as connection:
        return connection.execute(select(AGENTS.c.name).limit(1)).first() is not None


def admits(store: Store, name: str, password: str, *, now: float | None = None) -> bool:
    """Whether this name may come in with this password. Takes as long for a name there is not.

    The try is counted before the password is looked at, so that many tries at once are no way
    around the lock; a right one takes the count back. Raises StoreError.
    """
    found = _claimed(store, name, seconds(now))
    with _NOBODY:  # made once, however many come at the start
        nobody = _nobody()
    right = _is_right(found or nobody, password[:MOST])
    if found is None or not right or len(password) > MOST:
        return False
    values: dict[str, object] = {"failures": 0, "locked_until": 0}
    if _hasher().check_needs_rehash(found):
        values["password"] = _hashed(password)
    with store.writing() as connection:
        connection.execute(update(AGENTS).where(AGENTS.c.name == name).values(**values))
    return True


def _claimed(store: Store, name: str, now: int) -> str | None:
    """The hash to try a password against; None for a name that there is not, or that is locked."""
    if not is_name(name):
        return None
    same = AGENTS.c.name == name
    open_ = same & (AGENTS.c.locked_until <= now)
    with store.writing() as connection:
        tried = connection.execute(
            update(AGENTS).where(open_).values(failures=AGENTS.c.failures + 1)
        )
        if tried.rowcount != 1:
            return None
        row = connection.execute(select(AGENTS.c.password, AGENTS.c.failures).where(same)).one()
        if row.failures >= FAILURES:  # the last try: locked, unless it proves to be right
            values = {"failures": 0, "locked_until": now + LOCKED}
            connection.execute(update(AGENTS).where(same).values(**values))
        return str(row.password)


def _is_right(hashed: str, password: str) -> bool:
    try:
        with _AT_ONCE:
            return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _hashed(password: str) -> str:
    with _AT_ONCE:
        return _hasher().hash(password)


@cache
def _hasher() -> PasswordHasher:
    """Argon2id with the parameters that its authors advise."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password has, made like every other: what an unknown name is tried against."""
    return _hashed(secrets.token_urlsafe(32))
