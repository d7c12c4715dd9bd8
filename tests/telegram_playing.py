"""Plays updates through the channel in process; each time as a process that has just started."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Self

from sqlalchemy import func, select
from telegram_api import BOT, TOKEN, Platform, Wire

from bot.accounts import TelegramAccount
from bot.channels.telegram_answering import Post
from bot.channels.telegram_bot import bot_of, id_of, update_of
from bot.channels.telegram_receiving import Receiver
from bot.channels.telegram_sending import Sender
from bot.channels.telegram_threads import Threads
from bot.channels.telegram_updates import Me
from bot.resources import Resources
from bot.tables import OUTBOX

ACCOUNT = TelegramAccount(TOKEN)
ME = Me(BOT["id"], BOT["username"])
Json = dict[str, Any]


def play(resources: Resources, platform: Platform, *updates: Json) -> None:
    """Take updates in, send everything that is to be sent, and end."""
    asyncio.run(_played(resources, platform, updates))


async def _played(resources: Resources, platform: Platform, updates: tuple[Json, ...]) -> None:
    async with Running(resources, platform) as running:
        for update in updates:
            await running.take(update)
            await running.settled()


def take(resources: Resources, platform: Platform, *updates: Json) -> None:
    """Take updates in, and die before anything is sent."""

    async def taken() -> None:
        running = Running(resources, platform)
        for update in updates:
            await running.take(update)
        await running.receiver.stop()
        running.threads.close()

    asyncio.run(taken())


class Running:
    """A receiver and a sender on the platform's wire."""

    def __init__(self, resources: Resources, platform: Platform) -> None:
        self.post = Post(resources, id_of(ACCOUNT))
        self.bot = bot_of(ACCOUNT, request=Wire(platform))
        self.threads = Threads(resources.store)
        self.sender = Sender(self.post, self.bot, self.threads)
        self.receiver = Receiver(self.post, self.bot, self.sender, self.threads)
        self.receiver.me = ME

    async def __aenter__(self) -> Self:
        self.sender.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End as a process does."""
        await self.receiver.stop()
        await self.sender.stop()
        self.threads.close()

    async def take(self, update: Json) -> None:
        """Take one update in."""
        found = update_of(update)
        assert found
        await self.receiver.take(found)

    async def settled(self) -> None:
        """Wait until nothing more is to be sent."""
        await _until(lambda: left(self.post.resources) == 0)


def left(resources: Resources) -> int:
    """How many letters are still to be sent."""
    with resources.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(OUTBOX)).scalar() or 0)


async def _until(ready: Callable[[], bool]) -> None:
    for _ in range(5000):
        if ready():
            return
        await asyncio.sleep(0.002)
    raise AssertionError
