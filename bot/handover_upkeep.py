"""What becomes of handovers by themselves: those that fell silent, those whose agent has gone.

It follows from the tables alone, so that any process may do it, and after a restart too; of
several that do it at once one succeeds.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import Connection

from bot import handover, staffing
from bot.answers import plain
from bot.beside import beside
from bot.clock import seconds
from bot.compose.talk import talk
from bot.days import today
from bot.errors import StoreError
from bot.handover import Desk, Handover
from bot.handover_lines import Said
from bot.handover_wording import line
from bot.messages import Answer
from bot.resources import Resources
from bot.service import context_of

_LOOK = 5  # seconds between two looks
# How many silences of a conversation somebody may wait in the queue: by then they have gone.
_WAITS = 4
_log = structlog.get_logger("yiwentong")


@asynccontextmanager
async def handovers_kept(resources: Resources) -> AsyncIterator[None]:
    """Look after handovers while this lasts."""
    async with beside(_kept(resources)):
        yield


async def _kept(resources: Resources) -> None:
    while True:
        await asyncio.sleep(_LOOK)
        try:
            await asyncio.to_thread(look_after, resources)
        except StoreError as error:
            _log.warning("handovers not looked after", why=str(error))


def look_after(resources: Resources, *, now: float | None = None) -> int:
    """Give back what nobody goes on with; how many handovers that changed. Raises StoreError."""
    store, at = resources.store, seconds(now)
    with store.reading() as connection:
        found = [one for one in handover.opened(connection) if _is_over(resources, one, at)]
        found += _forsaken(connection, at)
    changed = 0
    for one in dict.fromkeys(found):
        with store.writing() as connection:  # each by itself: nobody waits for all of them
            changed += _given_back(resources, Desk(connection, resources.keyring, at), one)
    return changed


def _is_over(resources: Resources, one: Handover, now: int) -> bool:
    """Whether nobody said anything for too long."""
    minutes = resources.settings.handover_idle_minutes
    if one.status == "waiting":
        minutes *= _WAITS
    return one.touched < now - 60 * minutes


def _forsaken(connection: Connection, now: int) -> list[Handover]:
    """The conversations of agents who have gone, and those that wait where nobody is left."""
    found = handover.opened(connection)
    if not found:
        return []
    nobody = not staffing.count(connection, now=now)
    return [
        one
        for one in found
        if (one.agent and not staffing.is_present(connection, one.agent, now=now))
        or (one.status == "waiting" and nobody and one.touched < now - staffing.PRESENT)
    ]


def _given_back(resources: Resources, desk: Desk, one: Handover) -> bool:
    if _is_over(resources, one, desk.now):
        if one.status == "waiting":
            return _closed(desk, one, "silence", line("lapsed"))
        minutes = resources.settings.handover_idle_minutes
        return _closed(desk, one, "silence", line("silence", minutes=minutes))
    if one.status == "taken" and staffing.count(desk.connection, now=desk.now):
        return handover.requeue(desk, one)
    name = "away" if one.status == "taken" else "unstaffed"
    return _closed(desk, one, "away", f"{line(name)}\n{hotlines(resources, one.region)}")


def _closed(desk: Desk, one: Handover, by: str, text: str) -> bool:
    return handover.close(desk, one, by, Said("notice", text), untouched=True)


def hotlines(resources: Resources, region: str) -> str:
    """Where else a person can be found, as the bot says it."""
    served = resources.service
    # A region that a later release of the packs has no more is none that is known.
    known = region if any(pack.region.id == region for pack in served.library.packs) else None
    part = talk(context_of(served, known, today()), "handover")
    return plain(Answer(part.status, part.blocks))
