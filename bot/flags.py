"""Answers and cards that an agent holds to be wrong or out of date, for who keeps the packs."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import RowMapping, insert, select, update

from bot.clock import seconds
from bot.store import Store
from bot.tables import FLAGS

_LINES = 8  # of the answer that are kept
_LONGEST = 600  # characters of them


# What was understood: topic, slots and confidence of a question, or the card that was open.
Understood = dict[str, str | float | dict[str, str]]


class Flag(msgspec.Struct, frozen=True):
    """What was flagged: by whom, why, and what had been asked, understood and answered.

    `packs` names the state of the knowledge; `closed` is None while nobody has looked into it.
    """

    id: int
    at: int
    agent: str
    remark: str
    question: str
    understood: Understood
    answer: str
    packs: str
    closed: int | None
    closed_by: str | None
    closed_because: str | None


class Flagged(msgspec.Struct, frozen=True):
    """A flag as it is raised; of `answer` the first lines are kept."""

    remark: str
    question: str
    understood: Understood
    answer: str


def raise_flag(
    store: Store, flagged: Flagged, *, agent: str, packs: str, now: float | None = None
) -> int:
    """Keep a flag; its number. Raises StoreError."""
    first = "\n".join(flagged.answer.splitlines()[:_LINES])[:_LONGEST]
    values = {
        "at": seconds(now),
        "agent": agent,
        "remark": flagged.remark,
        "question": flagged.question,
        "understood_json": msgspec.json.encode(flagged.understood).decode(),
        "answer": first,
        "packs": packs,
    }
    with store.writing() as connection:
        made = connection.execute(insert(FLAGS).values(**values)).inserted_primary_key
    return int(made[0]) if made else 0


def listed(store: Store, *, closed: bool = True) -> tuple[Flag, ...]:
    """The flags, open ones first, of each kind the latest first; without `closed` the open only."""
    wanted = select(FLAGS).order_by(
        FLAGS.c.closed.is_not(None), FLAGS.c.at.desc(), FLAGS.c.id.desc()
    )
    if not closed:
        wanted = wanted.where(FLAGS.c.closed.is_(None))
    with store.reading() as connection:
        return tuple(_flag(row) for row in connection.execute(wanted).mappings())


def close(store: Store, number: int, *, by: str, because: str, now: float | None = None) -> bool:
    """Close a flag with a reason; False where there is no open one of this number."""
    same = (FLAGS.c.id == number) & FLAGS.c.closed.is_(None)
    values = {"closed": seconds(now), "closed_by": by, "closed_because": because}
    with store.writing() as connection:
        return connection.execute(update(FLAGS).where(same).values(**values)).rowcount == 1


def _flag(row: RowMapping) -> Flag:
    fields: dict[str, Any] = {str(name): value for name, value in row.items()}
    understood = msgspec.json.decode(fields.pop("understood_json"))
    return Flag(understood=understood, **fields)
