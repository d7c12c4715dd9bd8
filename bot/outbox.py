"""What is still to be sent on a platform, sealed, in the order of each chat.

A row is kept in the transaction that answers a message and dropped once the platform has taken
it, so that a process that dies in between loses nothing: the next one sends it.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from bot.clock import seconds
from bot.store import Store
from bot.sweeping import swept
from bot.tables import OUTBOX

KEPT = 24 * 3600  # seconds after which nobody waits for an answer any more
# Seconds that anything is put off at most. What is due later than that was put off by a clock that
# has been set back since, and is due now.
FARTHEST = 15 * 60


class Parcel(msgspec.Struct, frozen=True):
    """Something to send: sealed, how often it was tried, and when it was put here.

    Its number is below zero where the database was away: then it is kept aside.
    """

    id: int
    sealed: bytes
    tries: int
    at: int


def put(
    connection: Connection,
    channel: str,
    lane: str,
    sealed: bytes,
    *,
    now: float | None = None,
) -> int:
    """Keep something to send; its number.

    `lane` is the name of the chat: of one lane the first is sent before the second.
    """
    values = {"channel": channel, "lane": lane, "sealed": sealed, "due": 0, "tries": 0}
    made = connection.execute(insert(OUTBOX).values(at=seconds(now), **values))
    key = made.inserted_primary_key
    return int(key[0]) if key else 0


def count(store: Store) -> int:
    """How many parcels wait to be sent. Raises StoreError."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(OUTBOX)).scalar_one())


def claim(
    store: Store, channel: str, *, lease: int, most: int = 50, now: float | None = None
) -> tuple[Parcel, ...]:
    """What is to be sent now: the first of each lane, ours for `lease` seconds. Raises StoreError.

    Nobody else is given it in that time; where it is neither dropped nor put off by then, its
    sender is taken to have died.
    """
    at = seconds(now)
    heads = select(func.min(OUTBOX.c.id)).where(OUTBOX.c.channel == channel).group_by(OUTBOX.c.lane)
    due = (OUTBOX.c.due <= at) | (OUTBOX.c.due > at + FARTHEST)
    wanted = select(OUTBOX).where(OUTBOX.c.id.in_(heads), due)
    wanted = wanted.order_by(OUTBOX.c.id).limit(most)
    aside = store.aside.claim(channel, lease=lease, most=most, now=at)
    ours = [Parcel(one.letter.number, one.letter.sealed, one.tries, one.letter.at) for one in aside]
    if store.is_away:
        return tuple(ours)
    with store.writing() as connection:
        for row in connection.execute(wanted).all():
            same = (OUTBOX.c.id == row.id) & (OUTBOX.c.due == row.due)
            lent = update(OUTBOX).where(same).values(due=at + lease, tries=row.tries + 1)
            if connection.execute(lent).rowcount == 1:
                ours.append(Parcel(row.id, row.sealed, row.tries + 1, row.at))
    return tuple(ours)


def hold(store: Store, parcel: Parcel, *, lease: int, now: float | None = None) -> bool:
    """Whether a parcel is still ours; then it is for `lease` seconds more. Raises StoreError.

    Who claimed it after us has counted one try more.
    """
    if parcel.id < 0:
        return store.aside.lend(parcel.id, seconds(now) + lease, tries=parcel.tries)
    same = (OUTBOX.c.id == parcel.id) & (OUTBOX.c.tries == parcel.tries)
    lent = update(OUTBOX).where(same).values(due=seconds(now) + lease)
    with store.writing() as connection:
        return connection.execute(lent).rowcount == 1


def lane_of(connection: Connection, channel: str, lane: str) -> tuple[bytes, ...]:
    """What is still to be sent to a chat, sealed, in its order."""
    wanted = select(OUTBOX.c.sealed).where(OUTBOX.c.channel == channel, OUTBOX.c.lane == lane)
    return tuple(row.sealed for row in connection.execute(wanted.order_by(OUTBOX.c.id)))


def drop_lanes(connection: Connection, lanes: Collection[str]) -> int:
    """Nothing more is sent to some chats; how much was still to be."""
    return connection.execute(delete(OUTBOX).where(OUTBOX.c.lane.in_(lanes))).rowcount


def change(connection: Connection, number: int, sealed: bytes | None) -> None:
    """Keep in its place what something came to; nothing drops it."""
    same = OUTBOX.c.id == number
    if sealed is None:
        connection.execute(delete(OUTBOX).where(same))
    else:
        connection.execute(update(OUTBOX).where(same).values(sealed=sealed))


def keep(store: Store, number: int, sealed: bytes) -> None:
    """Keep in its place what is left of something that was sent in part. Raises StoreError."""
    if number < 0:
        store.aside.change(number, sealed)
        return
    with store.writing() as connection:
        change(connection, number, sealed)


def put_off(store: Store, number: int, due: int) -> None:
    """Try again at `due`, or before: one try in a quarter of an hour. Raises StoreError."""
    due = min(due, seconds() + FARTHEST)
    if number < 0:
        store.aside.lend(number, due)
        return
    with store.writing() as connection:
        connection.execute(update(OUTBOX).where(OUTBOX.c.id == number).values(due=due))


def drop(store: Store, number: int) -> None:
    """It was sent, or never will be. Raises StoreError."""
    if number < 0:
        store.aside.drop(number)
        return
    with store.writing() as connection:
        change(connection, number, None)


def drop_old(store: Store, *, now: float | None = None) -> int:
    """Drop what nobody waits for any more; how much it was. Raises StoreError."""
    return swept(store, OUTBOX, OUTBOX.c.at < seconds(now) - KEPT)
