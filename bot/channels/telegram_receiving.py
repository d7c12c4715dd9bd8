"""What takes updates in: each is answered into the outbox, and the person sees that it is."""

from __future__ import annotations

import asyncio

import structlog
from telegram import Update
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot import receipts
from bot.channels.telegram_answering import Post, answer, fault, receipt_of
from bot.channels.telegram_bot import Bot
from bot.channels.telegram_sending import Sender
from bot.channels.telegram_updates import Added, Heard, Me, Place, heard, named

_log = structlog.get_logger("yiwentong")


class Unnamed(Exception):
    """Telegram has not told yet what the bot is called, and that must be known for this update."""


class Receiver:
    """Takes the updates of one bot; `me` is filled in when Telegram told who it is."""

    def __init__(self, post: Post, bot: Bot, sender: Sender) -> None:
        self.me = Me(post.bot)
        self._post = post
        self._bot = bot
        self._sender = sender
        self._typing: dict[int, asyncio.Task[None]] = {}

    def take(self, update: Update) -> None:
        """Answer an update, once. Raises StoreError where nothing could be kept, and Unnamed."""
        if self.me.name is None and named(update):
            raise Unnamed
        found = self._heard(update)
        if found is None:
            return
        key = receipt_of(self._post, update.update_id, found)
        if receipts.find(self._post.resources.store, key):
            return
        if not isinstance(found, Added):
            self._type(found.place)
        answer(self._post, self.me, update.update_id, found)
        self._sender.wake()

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
        """Wait for nothing more."""
        tasks = tuple(self._typing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
