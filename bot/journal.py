"""The journal: a line a turn, of what was asked and how it was answered.

A line holds no name and no number of a person: those are marked out before a turn begins. It says
under which hash a conversation went on, never who held it, and lets the turn be taken again.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs
from sqlalchemy import Connection, delete, insert, select

from bot.answers import plain
from bot.clock import seconds
from bot.messages import Answer
from bot.tables import JOURNAL
from intents.dialogue import State

if TYPE_CHECKING:
    from bot.store import Store

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(State).decode
_text = msgspec.json.Encoder(order="deterministic").encode
_KEPT = insert(JOURNAL)


class Line(Struct, frozen=True):
    """A turn: its id, when it was, what came in, what it was taken for, what went out.

    `at` is in seconds since 1970, `micros` is how long the turn took in microseconds. `state` is
    the state that it began with, as MessagePack.
    """

    id: str
    at: int
    channel: str
    session: str
    region: str
    packs: str
    asked: str
    status: str
    topic: str
    understood_json: str
    answered: str
    cited_json: str
    state: bytes
    micros: int

    @property
    def before(self) -> State:
        """The state that the turn began with. Raises MsgspecError for one of another release."""
        return _decode(self.state)


class Origin(Struct, frozen=True):
    """Where a turn came from: its id, its channel, the hash of its conversation, its region."""

    id: str
    channel: str
    session: str
    region: str
    packs: str


def new_id() -> str:
    """The id of a turn that has none by where it comes from."""
    return secrets.token_hex(8)


def line_of(origin: Origin, asked: str, before: State, answer: Answer, *, micros: int) -> Line:
    """The line of a turn that is taken now; `asked` has no name and no number in it any more."""
    understood = {"slots": answer.slots, "confidence": answer.confidence}
    cited = [{"source": one.source, "place": one.place} for one in answer.citations]
    return Line(
        **structs.asdict(origin),
        at=seconds(),
        asked=asked.replace("\0", ""),  # PostgreSQL takes no NUL
        status=answer.status,
        topic=answer.topic,
        understood_json=_text(understood).decode(),
        answered=plain(answer),
        cited_json=_text(cited).decode(),
        state=_encode(before),
        micros=micros,
    )


def keep(connection: Connection, line: Line, *, again: bool = False) -> None:
    """Keep a line, in the transaction that answers; of a turn taken `again` in its own place."""
    if again:
        connection.execute(delete(JOURNAL).where(JOURNAL.c.id == line.id))
    connection.execute(_KEPT, structs.asdict(line))


def find(store: Store, id_: str) -> Line | None:
    """The line of a turn, if it is still kept. Raises StoreError."""
    with store.reading() as connection:
        row = connection.execute(select(JOURNAL).where(JOURNAL.c.id == id_)).mappings().first()
    return Line(**row) if row else None


def forget(connection: Connection, names: Collection[str]) -> int:
    """Drop the lines of a conversation, by all the names it had; how many there were."""
    return connection.execute(delete(JOURNAL).where(JOURNAL.c.session.in_(names))).rowcount
