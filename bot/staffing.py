"""Who is at the desk: agents who receive conversations, and who was heard of last.

A row of `signals` an agent: 1 where conversations may be given to them, and when their page was
heard of. A page that is closed is heard of no more; nobody has to log out for it.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import seconds
from bot.store import Store
from bot.tables import SIGNALS

PRESENT = 90  # seconds after which an agent who is not heard of is away
_NAME = "desk:"  # in front of the name of an agent


def heard(
    store: Store, agent: str, *, receiving: bool | None = None, now: float | None = None
) -> None:
    """Note that the page of an agent is there, and whether it receives, if that is said.

    Raises StoreError.
    """
    name, at = _NAME + agent, seconds(now)
    values = {"at": at} if receiving is None else {"at": at, "number": int(receiving)}
    with store.writing() as connection:
        done = connection.execute(update(SIGNALS).where(SIGNALS.c.name == name).values(**values))
        if done.rowcount:
            return
    new = {"number": 0, **values}
    try:
        with store.writing() as connection:
            connection.execute(insert(SIGNALS).values(name=name, **new))
    except IntegrityError:  # two pages of one agent began at once
        heard(store, agent, receiving=receiving, now=now)


def left(store: Store, agent: str) -> None:
    """Note that an agent has gone, without waiting until they are missed. Raises StoreError."""
    with store.writing() as connection:
        gone = update(SIGNALS).where(SIGNALS.c.name == _NAME + agent)
        connection.execute(gone.values(at=0, number=0))


def receives(connection: Connection, agent: str) -> bool:
    """Whether an agent has said that conversations may be given to them."""
    wanted = select(SIGNALS.c.number).where(SIGNALS.c.name == _NAME + agent)
    return bool(connection.execute(wanted).scalar())


def count(connection: Connection, *, now: float | None = None) -> int:
    """How many agents receive conversations now; 0 is a desk that is not staffed."""
    wanted = select(func.count()).select_from(SIGNALS)
    here = SIGNALS.c.name.startswith(_NAME, autoescape=True) & (SIGNALS.c.number == 1)
    here &= SIGNALS.c.at >= seconds(now) - PRESENT
    return int(connection.execute(wanted.where(here)).scalar() or 0)


def is_present(connection: Connection, agent: str, *, now: float | None = None) -> bool:
    """Whether the page of an agent was heard of lately, receiving or not."""
    wanted = select(SIGNALS.c.at).where(SIGNALS.c.name == _NAME + agent)
    return int(connection.execute(wanted).scalar() or 0) >= seconds(now) - PRESENT
