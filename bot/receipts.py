"""Each message of a platform is answered once, however often it is sent.

What was answered is kept under the name of the message, in the same transaction as the state of
its conversation. A repetition is given what was kept. Where a process died before the
transaction ended nothing was kept at all, and the repetition is the first.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot import metrics
from bot.clock import seconds
from bot.errors import StoreError
from bot.store import Store
from bot.sweeping import swept
from bot.tables import RECEIPTS
from bot.terminal import tell
from bot.work import Work, working

# Seconds for which a receipt is kept: a platform repeats within minutes, Telegram within a day.
KEPT = 2 * 24 * 3600
# Seconds after which no repetition is given its payload any more: it may be the text of a reply.
# WeChat repeats within 15; a signature is good for ten minutes.
READABLE = 15 * 60
_TRIES = 12  # turns of one conversation at once
# Put together once: building a statement takes longer than running it.
_WANTED = select(RECEIPTS.c.payload, RECEIPTS.c.at).where(RECEIPTS.c.key == bindparam("wanted"))
_NEW = insert(RECEIPTS)


class Moved(Exception):
    """Another turn of the conversation was kept meanwhile; this one must be taken again."""


class Receipt(msgspec.Struct, frozen=True):
    """What a message was answered with and when; `fresh` where it had not been answered before."""

    key: str
    payload: bytes
    at: int
    fresh: bool = False


def once(
    store: Store, key: str, make: Callable[[Work], bytes], *, now: float | None = None
) -> Receipt:
    """The receipt of a message; `make` answers one that has none.

    `make` writes what belongs to the answer within the work it is given: all of it is kept, or
    nothing. It is called again where another process was quicker (it raises Moved, or a key was
    there already). Raises StoreError.
    """
    for _ in range(_TRIES):
        at = seconds(now)
        try:
            with working(store, key) as work:
                if kept := of(work, key):
                    metrics.repeated(answered=True)
                    return kept
                payload = make(work)
                keep(work, key, payload, now=at)
        except (IntegrityError, Moved):
            continue
        metrics.repeated(answered=False)
        return Receipt(key, payload, at, fresh=True)
    raise StoreError(str(store.engine.url), tell("store_crowded"))


def find(store: Store, key: str) -> Receipt | None:
    """The receipt of a message, if there is one. Raises StoreError."""
    with store.reading() as connection:
        return of(Work(connection, key), key)


def of(work: Work, key: str) -> Receipt | None:
    """The receipt of a key, as `find`, within a work."""
    row = work.connection.execute(_WANTED, {"wanted": key}).first()
    return Receipt(key, row.payload, row.at) if row else None


def keep(work: Work, key: str, payload: bytes = b"", *, now: float | None = None) -> None:
    """Keep the receipt of one more key that the answer of a message stands for.

    For `make` of `once`: raises IntegrityError where there is one, and the message is taken again.
    """
    work.connection.execute(_NEW, {"key": key, "at": seconds(now), "payload": payload})


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
