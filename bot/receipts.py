"""Each message of a platform is answered once, however often it is sent.

What was answered is kept under the name of the message, in the same transaction as the state of
its conversation. A repetition is given what was kept. Where a process died before the
transaction ended nothing was kept at all, and the repetition is the first.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot import metrics, shelves
from bot.clock import seconds
from bot.errors import StoreError
from bot.memory import Memory, Pending
from bot.shelves import Moved, Reply, Rows, Shelf
from bot.store import Store, shown
from bot.sweeping import swept
from bot.tables import RECEIPTS
from bot.terminal import tell
from bot.work import Work, looking, working

KEPT, READABLE = shelves.KEPT, shelves.READABLE
_TRIES = 12  # turns of one conversation at once


class Receipt(msgspec.Struct, frozen=True):
    """What a message was answered with and when; `fresh` where it had not been answered before."""

    key: str
    payload: bytes
    at: int
    fresh: bool = False


class _BegunError(Moved):
    """The database has the answer that was made just now; in Redis somebody else was quicker."""


def once(
    store: Store, key: str, make: Callable[[Work], bytes], *, now: float | None = None
) -> Receipt:
    """The receipt of a message; `make` answers one that has none.

    `make` writes what belongs to the answer within the work it is given: all of it is kept, or
    nothing. It is called again where another process was quicker (it raises Moved, or a key was
    there already). Where the database is away nothing is known of earlier messages, and what
    `make` leaves is kept aside. Raises StoreError where it is held up for too long.
    """
    ours = False
    for _ in range(_TRIES):
        at = seconds(now)
        try:
            found = _found_or_made(store, key, make, at)
        except (IntegrityError, Moved) as moved:
            ours |= isinstance(moved, _BegunError)
            continue
        except StoreError:
            if not store.is_degraded:  # held by somebody for a moment, and not away
                raise
            continue
        found = msgspec.structs.replace(found, fresh=found.fresh or ours)
        metrics.repeated(answered=not found.fresh)
        return found
    raise StoreError(shown(store.engine.url), tell("store_crowded"))


def _found_or_made(store: Store, key: str, make: Callable[[Work], bytes], at: int) -> Receipt:
    if store.memory is None or store.memory.is_away:
        return _answered(store, key, make, at)
    return _of(Pending(store.memory), key) or _shared(store, store.memory, key, make, at)


def _answered(store: Store, key: str, make: Callable[[Work], bytes], at: int) -> Receipt:
    """The receipt of a message, in one transaction with what belongs to the answer."""
    with working(store, key) as work:
        if kept := of(work, key):
            return kept
        payload = make(work)
        keep(work, key, payload, now=at)
    return Receipt(key, payload, at, fresh=True)


def _shared(
    store: Store, memory: Memory, key: str, make: Callable[[Work], bytes], at: int
) -> Receipt:
    """The receipt of a message that has none in Redis.

    The database has one where a process died between the two, or another one is there just now:
    what it wrote holds, and only what was to be kept in Redis is made out once more.
    """
    found: Receipt | None = None
    try:
        with working(store, key) as work:
            rows = Rows(work.connection)
            found = _of(rows, key)
            if found is None:
                found = Receipt(key, make(work), at, fresh=True)
                rows.put_receipt(key, Reply(found.payload, at))
                keep(work, key, found.payload, now=at)
    except Moved as moved:
        if found is None or not found.fresh:
            raise
        raise _BegunError from moved
    return found if found.fresh else _again(store, Pending(memory), make, found, at)


def _again(
    store: Store, pending: Pending, make: Callable[[Work], bytes], begun: Receipt, at: int
) -> Receipt:
    """What a message was answered with, kept in Redis as well."""
    if begun.at + READABLE > at:
        with store.reading() as connection:  # and so nothing is written twice there
            make(Work(connection, begun.key, pending, again=True))
    pending.put_receipt(begun.key, Reply(begun.payload, begun.at))
    pending.commit()
    return begun


def find(store: Store, key: str) -> Receipt | None:
    """The receipt of a message, if there is one that can be read."""
    try:
        with looking(store) as shelf:
            return _of(shelf, key)
    except StoreError:
        return None  # the answer will find out


def of(work: Work, key: str) -> Receipt | None:
    """The receipt of a key, as `find`, within a work."""
    return _of(work.shelf, key)


def _of(shelf: Shelf, key: str) -> Receipt | None:
    found = shelf.receipt(key)
    return Receipt(key, found.payload, found.at) if found else None


def keep(work: Work, key: str, payload: bytes = b"", *, now: float | None = None) -> None:
    """Keep the receipt of one more key that the answer of a message stands for.

    For `make` of `once`: raises IntegrityError where there is one, and the message is taken again.
    """
    work.shelf.put_receipt(key, Reply(payload, seconds(now)))


def drop_old(store: Store, *, now: float | None = None) -> int:
    """Drop the receipts that no repetition will ask for; how many there were."""
    return swept(store, RECEIPTS, RECEIPTS.c.at < seconds(now) - KEPT)


def blank_old(store: Store, *, since: int = 0, now: float | None = None) -> int:
    """Forget what receipts hold that were made from `since` on and are not asked for any more.

    That they were answered is still known. Returns the time from which the next call has to look.
    """
    until = seconds(now) - READABLE
    old = (RECEIPTS.c.at >= since) & (RECEIPTS.c.at < until) & (RECEIPTS.c.payload != b"")
    with store.writing() as connection:
        connection.execute(update(RECEIPTS).where(old).values(payload=b""))
    return until
