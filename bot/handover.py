"""Conversations that people go on with: who waits, who took whom, and what was said.

A handover waits, is taken by one agent, and is closed; every line of it is committed before
anybody is told that it was taken. Whoever writes a line changes the row of its handover first,
which orders those who write at once: of one handover a later line has a greater number, so that
nobody who reads on from a number misses one.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from bot.channels.reaching import reach
from bot.clock import seconds
from bot.handover_lines import Line, Said, add, under
from bot.handover_wording import line
from bot.keyring import Keyring
from bot.store import Store
from bot.tables import HANDOVER_LINES, HANDOVERS

DAY = 24 * 3600  # seconds
_PORTION = 200  # handovers that are deleted at once, so that nobody waits for it


class Asked(Struct, frozen=True):
    """A wish for a person: of which conversation, where it goes on, where its person is reached."""

    session: str
    channel: str
    region: str
    address: bytes = b""


class Handover(Struct, frozen=True):
    """A conversation with people. Times are seconds since 1970; `address` is sealed."""

    id: int
    at: int
    session: str
    channel: str
    region: str
    address: bytes
    status: Literal["waiting", "taken", "closed"]
    agent: str | None
    touched: int
    closed_by: str | None = None


# As the index of what is open has it: a parameter in its place would not find that index.
_OPEN = text("status <> 'closed'")
# Put together once: it is asked at every turn, and building it takes longer than running it.
_IN = select(HANDOVERS).where(HANDOVERS.c.session == bindparam("wanted"), _OPEN)


class Desk(Struct, frozen=True):
    """Where handovers are written: a transaction, the keys, and the time."""

    connection: Connection
    keyring: Keyring
    now: int

    @classmethod
    def at(cls, connection: Connection, keyring: Keyring, now: float | None = None) -> Desk:
        """The desk in a transaction, now."""
        return cls(connection, keyring, seconds(now))


def open_of(connection: Connection, session: str) -> Handover | None:
    """The handover that a conversation is in, waiting or taken."""
    return _one(connection.execute(_IN, {"wanted": session}).mappings().first())


def find(connection: Connection, number: int) -> Handover | None:
    """The handover of a number."""
    wanted = select(HANDOVERS).where(HANDOVERS.c.id == number)
    return _one(connection.execute(wanted).mappings().first())


def opened(connection: Connection) -> tuple[Handover, ...]:
    """Every handover that is not closed, the one that waits longest first."""
    wanted = select(HANDOVERS).where(_OPEN).order_by(HANDOVERS.c.at, HANDOVERS.c.id)
    return tuple(Handover(**row) for row in connection.execute(wanted).mappings())


def ahead(connection: Connection, handover: Handover) -> int:
    """How many wait before one."""
    earlier = (HANDOVERS.c.at < handover.at) | (
        (HANDOVERS.c.at == handover.at) & (HANDOVERS.c.id < handover.id)
    )
    wanted = select(func.count()).select_from(HANDOVERS)
    found = connection.execute(wanted.where(HANDOVERS.c.status == "waiting", earlier)).scalar()
    return int(found or 0)


def ask(desk: Desk, asked: Asked) -> Handover:
    """Put a conversation into the queue. Raises IntegrityError where it is with people already."""
    values: dict[str, Any] = {
        "at": desk.now,
        "session": asked.session,
        "channel": asked.channel,
        "region": asked.region,
        "address": desk.keyring.seal(asked.address) if asked.address else b"",
        "status": "waiting",
        "agent": None,
        "touched": desk.now,
    }
    made = desk.connection.execute(insert(HANDOVERS).values(**values)).inserted_primary_key
    return Handover(int(made[0]) if made else 0, **values)


def take(desk: Desk, number: int, agent: str) -> bool:
    """Give a waiting conversation to an agent; False where somebody else was quicker."""
    handover = find(desk.connection, number)
    if handover is None or not _changed(desk, handover, "waiting", status="taken", agent=agent):
        return False
    _add(desk, handover, Said("notice", line("taken")))
    return True


def hear(desk: Desk, handover: Handover, *said: Said) -> bool:
    """Keep what the person of an open handover said; False where it is not open like that now."""
    if not _changed(desk, handover, handover.status):
        return False
    for one in said:
        _add(desk, handover, one)
    return True


def say(desk: Desk, number: int, agent: str, said: Said) -> Line | None:
    """Tell the person what their agent writes; None where that agent does not have them (any more).

    What comes again under its key is the line that is there already, and is not told again.
    """
    if said.key and (kept := under(desk.connection, desk.keyring, number, said.key)):
        return kept
    handover = find(desk.connection, number)
    if handover is None or handover.agent != agent:
        return None
    if not _changed(desk, handover, "taken"):
        return None
    return _add(desk, handover, said)


def close(
    desk: Desk, handover: Handover, by: str, notice: Said, *, untouched: bool = False
) -> bool:
    """Give a conversation back to the bot; False where it is not open like that any more.

    `untouched` also wants that nobody said anything since it was read.
    """
    same = [HANDOVERS.c.touched == handover.touched] if untouched else []
    if not _changed(desk, handover, handover.status, *same, status="closed", closed_by=by):
        return False
    _add(desk, handover, notice)
    return True


def requeue(desk: Desk, handover: Handover) -> bool:
    """Let a conversation wait again whose agent has gone, in its old place; as `close`."""
    same = HANDOVERS.c.touched == handover.touched
    if not _changed(desk, handover, "taken", same, status="waiting", agent=None):
        return False
    _add(desk, handover, Said("notice", line("requeued", ahead=ahead(desk.connection, handover))))
    return True


def hold(desk: Desk, session: str) -> Handover | None:
    """The taken handover of a conversation, which nobody else changes in this transaction."""
    same = (HANDOVERS.c.session == session) & (HANDOVERS.c.status == "taken")
    held = update(HANDOVERS).where(same).values(touched=HANDOVERS.c.touched)
    return open_of(desk.connection, session) if desk.connection.execute(held).rowcount else None


def drop_old(store: Store, days: int, *, now: float | None = None) -> int:
    """Drop what was closed so many days ago, with its lines; how many there were."""
    old = (HANDOVERS.c.status == "closed") & (HANDOVERS.c.touched < seconds(now) - days * DAY)
    dropped = 0
    while True:
        with store.writing() as connection:
            found = connection.execute(select(HANDOVERS.c.id).where(old).limit(_PORTION))
            numbers = [row.id for row in found]
            _drop(connection, numbers)
        dropped += len(numbers)
        if len(numbers) < _PORTION:
            return dropped


def forget(connection: Connection, session: str) -> int:
    """Drop every handover of a conversation with its lines; how many there were."""
    found = connection.execute(select(HANDOVERS.c.id).where(HANDOVERS.c.session == session))
    numbers = [row.id for row in found]
    _drop(connection, numbers)
    return len(numbers)


def _drop(connection: Connection, numbers: list[int]) -> None:
    connection.execute(delete(HANDOVER_LINES).where(HANDOVER_LINES.c.handover.in_(numbers)))
    connection.execute(delete(HANDOVERS).where(HANDOVERS.c.id.in_(numbers)))


def _changed(
    desk: Desk, handover: Handover, before: str, *more: ColumnElement[bool], **values: object
) -> bool:
    """Change the row of a handover if it is in a state; whether it was."""
    same = (HANDOVERS.c.id == handover.id) & (HANDOVERS.c.status == before)
    # Of an agent who lost the conversation to another one nothing is taken.
    same &= HANDOVERS.c.agent.is_not_distinct_from(handover.agent)
    changed = update(HANDOVERS).where(same, *more).values({"touched": desk.now, **values})
    return desk.connection.execute(changed).rowcount == 1


def _add(desk: Desk, handover: Handover, said: Said) -> Line:
    """Keep a line, and send it on its way where the person is written to."""
    kept = add(desk.connection, desk.keyring, handover.id, said, now=desk.now)
    if said.author in {"agent", "notice"} and not said.told and handover.address:
        _send(desk, handover, said)
    return kept


def _send(desk: Desk, handover: Handover, said: Said) -> None:
    address = desk.keyring.unseal(handover.address)
    if address is not None:
        text = line("from_agent", text=said.text) if said.author == "agent" else said.text
        reach(desk.connection, desk.keyring, address, text)


def _one(row: RowMapping | None) -> Handover | None:
    return Handover(**row) if row else None
