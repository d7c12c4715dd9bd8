"""How long is kept what people asked, thought and told: the days of the setting, and no longer.

A conversation, what is still to be sent and what was answered already have shorter terms of their
own, in their modules.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import Column, Table

from bot import handover, leftovers, outbox, receipts, sessions
from bot.clock import seconds
from bot.store import Store
from bot.sweeping import swept
from bot.tables import FEEDBACK, FLAGS, JOURNAL, NOTES

DAY = 24 * 3600  # seconds


class Term(Struct, frozen=True):
    """From which of its times on the rows of a table are kept for the days of the setting.

    A row without that time stays.
    """

    table: Table
    since: Column[int]


# A flag is work for who keeps the packs, and names no caller: it stays until it is closed, and
# then as long as all else. A handover is closed after a silence, and goes with its lines.
TERMS: Mapping[str, Term] = {
    "journal": Term(JOURNAL, JOURNAL.c.at),
    "feedback": Term(FEEDBACK, FEEDBACK.c.at),
    "notes": Term(NOTES, NOTES.c.at),
    "flags": Term(FLAGS, FLAGS.c.closed),
}
# What is dropped when nobody will ask for it any more.
_SHORT = {
    "sessions": sessions.drop_idle,
    "receipts": receipts.drop_old,
    "outbox": outbox.drop_old,
    "leftovers": leftovers.drop_old,
}


def drop_old(store: Store, days: int, *, now: float | None = None) -> dict[str, int]:
    """Drop everything that was kept long enough; how many rows, by table. Raises StoreError."""
    since = seconds(now) - days * DAY
    long = {name: swept(store, one.table, one.since < since) for name, one in TERMS.items()}
    long["handovers"] = handover.drop_old(store, days, now=now)
    return {**{name: drop(store, now=now) for name, drop in _SHORT.items()}, **long}
