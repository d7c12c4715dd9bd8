"""What was said to the bot before people took a conversation over, as the journal has it."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import Connection, select

from bot.handover import Handover
from bot.keyring import Keyring
from bot.tables import JOURNAL

_SHOWN = 20  # turns


class Turn(Struct, frozen=True):
    """A turn with the bot: when it was, what was asked, what was answered."""

    at: int
    asked: str
    answered: str


def before(connection: Connection, keyring: Keyring, handover: Handover) -> tuple[Turn, ...]:
    """The turns of a conversation up to its handover, the latest of them, in their order."""
    session = keyring.name("journal", handover.session)
    wanted = select(JOURNAL.c.at, JOURNAL.c.asked, JOURNAL.c.answered, JOURNAL.c.status)
    wanted = wanted.where(JOURNAL.c.session == session, JOURNAL.c.at <= handover.at)
    rows = connection.execute(wanted.order_by(JOURNAL.c.at.desc()).limit(_SHOWN)).all()
    # The wish itself is the first line of the handover.
    told = (row for row in rows if row.at < handover.at or row.status != "handover")
    return tuple(Turn(row.at, row.asked, row.answered) for row in told)[::-1]
