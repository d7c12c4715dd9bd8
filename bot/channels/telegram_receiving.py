"""What takes updates in: each is answered into the outbox, and the person sees that it is.

The database is waited for in threads. Updates of one chat are answered in the order in which they
came, those of several chats beside each other.
"""

from __future__ import annotations

import asyncio
from functools import partial

import structlog
from structlog.contextvars import bind_contextvars
from telegram import Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot import receipts
from bot.channels.telegram_answering import Post, answering, put_off, receipt_of
from bot.channels.telegram_bot import Bot
from bot.channels.telegram_sending import Sender
from bot.channels.telegram_threads import Threads, finished
from bot.channels.telegram_updates import Added, Heard, Me, Place, heard, named
from bot.limiting import TOLD, limits_of, session_bound
from bot.logs import fault

_GRACE = 4  # seconds that updates under way are given at the end
_log = structlog.get_logger("yiwentong")


class Unnamed(Exception):
    """Telegram has not told yet what the bot is called, and that must be known for this update."""


class Receiver:
    """Takes the updates of one bot; `me` is filled in when Telegram told who it is."""

    def __init__(self, post: Post, bot: Bot, sender: Sender, threads: Threads) -> None:
        self.me = Me(post.bot)
        self._post = post
        self._bot = bot
        self._sender = sender
        self._threads = threads
        self._under_way: dict[str, asyncio.Task[None]] = {}  # by the names of their receipts
        self._limits = limits_of(post.resources.settings, post.keyring)
        self._last: dict[int, asyncio.Task[None]] = {}  # of each chat
        self._typing: dict[int, asyncio.Task[None]] = {}

    async def take(self, update: Update) -> None:
        """Answer an update, once. Raises StoreError where nothing could be kept, and Unnamed.

        What was begun is finished, also where nobody waits for it any more.
        """
        if self.me.name is None and named(update):
            raise Unnamed
        found = self._heard(update)
        if found is None:
            return
        key = receipt_of(self._post, update.update_id, found)
        # One that is brought again while the database is away adds nothing that waits for it.
        await asyncio.shield(self._under_way.get(key) or self._begin(key, update, found))

    def _begin(self, key: str, update: Update, found: Heard) -> asyncio.Task[None]:
        chat = found.place.chat
        task = asyncio.create_task(
            self._answered(key, update.update_id, found, before=self._last.get(chat))
        )
        self._under_way[key] = self._last[chat] = task
        task.add_done_callback(partial(self._ended, key, chat))
        return task

    def _ended(self, key: str, chat: int, task: asyncio.Task[None]) -> None:
        del self._under_way[key]
        if self._last[chat] is task:
            del self._last[chat]

    async def _answered(
        self, key: str, update: int, found: Heard, *, before: asyncio.Task[None] | None
    ) -> None:
        """Answer what was done in an update, after what was done in that chat before."""
        bind_contextvars(update=key[:16])  # in the log of this task, and of nothing else
        if before:
            await asyncio.wait({before})
        if await self._threads.run(partial(receipts.find, self._post.resources.store, key)):
            return
        work = answering(self._post, self.me, update, found)
        if not isinstance(found, Added):
            if seconds := await self._wait(found.place):
                told = await self._is_told(found.place)
                work = partial(
                    put_off, self._post, update, found, seconds=seconds if told else None
                )
            else:
                self._type(found.place)
        await self._threads.run(work)
        self._sender.wake()

    async def _wait(self, place: Place) -> int:
        """The seconds that somebody has to wait who writes too fast; else 0."""
        bound = session_bound(self._post.resources.settings)
        return await self._limits.wait(bound, self._post.session(place))

    async def _is_told(self, place: Place) -> bool:
        """Whether somebody who is too fast is told so now; a flood is not answered word by word."""
        return await self._limits.wait(TOLD, self._post.session(place)) == 0

    def _heard(self, update: Update) -> Heard | None:
        try:
            return heard(update, self.me)
        except Exception as error:  # noqa: BLE001 - an update may hold anything
            _log.warning("update unreadable", **fault(error))
            return None

    def _type(self, place: Place) -> None:
        """Show that an answer is under way; once at a time in a chat."""
        if place.chat not in self._typing:
            task = asyncio.create_task(self._typed(place))
            self._typing[place.chat] = task
            task.add_done_callback(lambda _: self._typing.pop(place.chat, None))

    async def _typed(self, place: Place) -> None:
        try:
            await self._bot.send_chat_action(
                place.chat, ChatAction.TYPING, message_thread_id=place.thread
            )
        except TelegramError as error:  # the answer itself will say more
            _log.debug("typing not shown", error=type(error).__name__)

    async def stop(self) -> None:
        """Finish what was begun, if it can be soon, and begin nothing more."""
        await finished(self._under_way.values(), _GRACE)
        tasks = tuple(self._typing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._limits.close()
