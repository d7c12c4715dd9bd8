"""What was spooled, written to where it belongs once that is back: each line once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import structs
from sqlalchemy import Connection, delete, insert, select

from bot import metrics
from bot.shelves import Kept
from bot.spool import Done, Forgotten, Letter, Record, Written
from bot.tables import JOURNAL, OUTBOX, SESSIONS

if TYPE_CHECKING:
    from bot.memory import Memory
    from bot.store import Store

_AT_ONCE = 500  # lines that are looked up together


def unspooled(store: Store, records: tuple[Record, ...], *, own: bool) -> tuple[Record, ...]:
    """Write what can be written; what is left. Raises StoreError, and then nothing is lost.

    `own` says that this process has spooled them: it may be sending one of the letters just now.
    """
    forgotten = [one for one in records if isinstance(one, Forgotten)]
    rest: tuple[Record, ...] = tuple(one for one in records if not isinstance(one, Forgotten))
    if not store.is_away:
        rest = _to_database(store, rest, () if store.memory else forgotten, own=own)
    memory = store.memory
    waits = store.is_away if memory is None else memory.is_away
    if memory is not None and not waits:
        _to_redis(memory, forgotten)
    return (*rest, *forgotten) if waits else rest


def _to_database(
    store: Store, records: Iterable[Record], forgotten: Iterable[Forgotten], *, own: bool
) -> tuple[Record, ...]:
    lines = {one.line.id: one.line for one in records if isinstance(one, Written)}
    sent = {one.number for one in records if isinstance(one, Done)}
    # Of a letter that was sent in part the last record holds.
    letters = {one.number: one for one in records if isinstance(one, Letter)}
    waiting = [one for one in letters.values() if one.number not in sent]
    ready = [one for one in waiting if not own or store.aside.given_back(one)]
    with store.writing() as connection:
        new = _absent(connection, list(lines))
        if new:
            connection.execute(insert(JOURNAL), [structs.asdict(lines[id_]) for id_ in new])
        for letter in ready:
            connection.execute(insert(OUTBOX).values(**_row(letter)))
        for one in forgotten:
            gone = (SESSIONS.c.id == one.session) & (SESSIONS.c.seen <= one.at)
            connection.execute(delete(SESSIONS).where(gone))
    metrics.journal("unspooled", len(new))
    return tuple(one for one in waiting if one not in ready)


def _absent(connection: Connection, ids: list[str]) -> list[str]:
    """The lines that the database does not have yet, in their order."""
    there: set[str] = set()
    for at in range(0, len(ids), _AT_ONCE):
        some = ids[at : at + _AT_ONCE]
        there |= set(connection.scalars(select(JOURNAL.c.id).where(JOURNAL.c.id.in_(some))))
    return [id_ for id_ in ids if id_ not in there]


def _row(letter: Letter) -> dict[str, object]:
    held = {"at": letter.at, "channel": letter.channel, "lane": letter.lane}
    return {**held, "sealed": letter.sealed, "due": 0, "tries": 0}


def _to_redis(memory: Memory, forgotten: Iterable[Forgotten]) -> None:
    """Drop the conversations that went on without their state, unless they went on with it."""
    for one in forgotten:
        found: Kept | None = memory.session(one.session)
        if found is not None and found.seen <= one.at:
            memory.write({one.session: (str(found.version), None)}, {})
