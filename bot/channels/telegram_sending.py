"""What takes letters out of the outbox and brings them to Telegram.

The letters of a chat are sent in their order, chats beside each other. A letter is ours while it
is under way and is dropped once its last message was taken; what a process leaves behind that dies
is sent by the next one. Only what Telegram had just taken when the process died is sent twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import structlog
from msgspec import structs
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot import outbox
from bot.channels.telegram_answering import Post
from bot.channels.telegram_bot import Bot, seconds_of
from bot.channels.telegram_letters import (
    Call,
    Edited,
    Keyboard,
    Letter,
    Noted,
    Sent,
    opened,
    sealed,
)
from bot.channels.telegram_rendering import plain
from bot.channels.telegram_threads import Threads, finished
from bot.errors import StoreError
from bot.logs import fault
from bot.outbox import Parcel

LEASE = 6  # seconds for which a letter is ours; taken anew while it is under way
_BESIDE = 32  # chats that are written to at once
_LOOK = 1.0  # seconds between two looks for what other processes put there, or what is due again
_LONGEST = 300  # seconds between two tries
_GRACE = 8  # seconds that letters under way are given at the end
_LAST = 4  # seconds that the last look into the outbox is given
_AGAIN = 0.2  # seconds between two tries to write down what became of a letter
_PREVIEW = LinkPreviewOptions(is_disabled=True)
_log = structlog.get_logger("yiwentong")


class Sender:
    """Sends what is in the outbox of one bot, from `start` to `stop`."""

    def __init__(self, post: Post, bot: Bot, threads: Threads, *, lease: int = LEASE) -> None:
        self._post = post
        self._bot = bot
        self._threads = threads
        self._lease = lease
        self._news = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._loop: asyncio.Task[None] | None = None
        self._ending = False
        # Nothing is claimed while it is written down what became of a letter: what was claimed
        # just before could be taken for a letter that nobody sends.
        self._writing = asyncio.Lock()

    def start(self) -> None:
        """Begin to send."""
        self._loop = asyncio.create_task(self._run())

    def wake(self) -> None:
        """There is something new."""
        self._news.set()

    async def stop(self) -> None:
        """Take what was put there last, then nothing more; finish it, if it can be soon."""
        # Not cancelled at once: what it is claiming just then would be left to another process.
        self._ending = True
        self.wake()
        await finished([self._loop] if self._loop else [], _LAST)
        await finished(self._under_way.values(), _GRACE)

    async def _run(self) -> None:
        while not self._ending:
            self._news.clear()
            await self._take()
            # Not wait_for: in Python 3.11 it can swallow the cancelling that `stop` waits for.
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await self._news.wait()
        await self._take()

    async def _take(self) -> None:
        if len(self._under_way) >= _BESIDE:
            return
        async with self._writing:
            for parcel in await self._claimed(_BESIDE - len(self._under_way)):
                self._begin(parcel)

    async def _claimed(self, room: int) -> tuple[Parcel, ...]:
        store, channel = self._post.resources.store, self._post.channel
        claim = partial(outbox.claim, store, channel, lease=self._lease, most=room)
        try:
            return await self._threads.run(claim)
        except StoreError as error:
            _log.warning("outbox out of reach", why=str(error))
            return ()

    def _begin(self, parcel: Parcel) -> None:
        # Its lease ran out while this process was held up: it is under way all the same.
        if parcel.id not in self._under_way:
            task = asyncio.create_task(self._carry(parcel))
            self._under_way[parcel.id] = task
            task.add_done_callback(partial(self._done, parcel.id))

    def _done(self, number: int, _task: asyncio.Task[None]) -> None:
        self._under_way.pop(number, None)
        self.wake()

    async def _carry(self, parcel: Parcel) -> None:
        """Send a letter, and hold it meanwhile."""
        store = self._post.resources.store
        letter = opened(self._post.keyring, parcel.sealed)
        if letter is None:
            _log.warning("letter unreadable", parcel=parcel.id)
            await self._write(partial(outbox.drop, store, parcel.id))
            return
        done = asyncio.Event()
        holding = asyncio.create_task(self._hold(parcel.id, done))
        try:
            due = await self._tried(parcel, letter)
            # A lease that is being written must not come after what became of the letter.
            done.set()
            await holding
        finally:
            holding.cancel()
        if due is None:
            await self._write(partial(outbox.drop, store, parcel.id))
        else:
            await self._write(partial(outbox.put_off, store, parcel.id, due))

    async def _tried(self, parcel: Parcel, letter: Letter) -> int | None:
        try:
            return await self._deliver(parcel, letter)
        except Exception as error:  # noqa: BLE001 - this letter waits, the others go on
            _log.error("letter failed", parcel=parcel.id, **fault(error))
            return _later(parcel.tries)

    async def _hold(self, number: int, done: asyncio.Event) -> None:
        """Take the lease anew, as long as the letter is under way: a group may have to wait."""

        def hold() -> None:
            until = int(time.time()) + self._lease
            outbox.put_off(self._post.resources.store, number, until)

        while not done.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._lease / 3):
                    await done.wait()
            if not done.is_set():
                with suppress(StoreError):
                    await self._threads.run(hold)

    async def _write(self, write: Callable[[], None]) -> None:
        """Write down what became of a letter, however long the database is out of reach.

        It stays under way meanwhile: what is not written down would be sent again.
        """
        told = False
        while True:
            try:
                async with self._writing:
                    await self._threads.run(write)
            except StoreError as error:
                if not told:
                    _log.warning("not written down", why=str(error))
                told = True
                await asyncio.sleep(_AGAIN)
            else:
                return

    async def _deliver(self, parcel: Parcel, letter: Letter) -> int | None:
        """Send what is left of a letter; when to try again, or None where it is done with."""
        while letter.calls:
            call, *rest = letter.calls
            try:
                await self._send(letter.chat, call)
            except ChatMigrated as error:
                letter = await self._keep(parcel, structs.replace(letter, chat=error.new_chat_id))
                continue
            except TelegramError as error:
                return self._failed(parcel, letter.chat, error)
            letter = structs.replace(letter, calls=tuple(rest))
            if rest:
                await self._keep(parcel, letter)
        return None

    async def _keep(self, parcel: Parcel, letter: Letter) -> Letter:
        data = sealed(self._post.keyring, letter)
        await self._write(partial(outbox.keep, self._post.resources.store, parcel.id, data))
        return letter

    def _failed(self, parcel: Parcel, chat: int, error: TelegramError) -> int | None:
        """When to try again; None where the chat does not take it and never will."""
        about = {"chat": self._post.name("chat", chat), "error": type(error).__name__}
        if isinstance(error, (Forbidden, BadRequest)):
            _log.warning("not sent", **about)
            return None
        again = _later(parcel.tries)
        if isinstance(error, RetryAfter):
            again = int(time.time() + seconds_of(error))
        _log.warning("put off", seconds=again - int(time.time()), tries=parcel.tries, **about)
        return again

    async def _send(self, chat: int, call: Call) -> None:
        match call:
            case Sent():
                await self._message(chat, call)
            case Edited():
                await self._edit(chat, call)
            case Noted(query, text):
                with suppress(BadRequest):  # too late for it: nobody waits any more
                    await self._bot.answer_callback_query(query, text or None, bool(text))

    async def _message(self, chat: int, sent: Sent) -> None:
        reply = None
        if sent.reply:  # also where it was deleted meanwhile
            reply = ReplyParameters(sent.reply, allow_sending_without_reply=True)

        async def send(text: str, mode: ParseMode | None) -> None:
            await self._bot.send_message(
                chat,
                text,
                parse_mode=mode,
                reply_parameters=reply,
                message_thread_id=sent.thread,
                reply_markup=_markup(sent.keyboard),
                link_preview_options=_PREVIEW,
            )

        try:
            await send(sent.html, ParseMode.HTML)
        except BadRequest as error:
            if not _is_about_html(error):
                raise
            _log.warning("html refused", chat=self._post.name("chat", chat))
            await send(plain(sent.html), None)

    async def _edit(self, chat: int, edited: Edited) -> None:
        """Show what was chosen; a message that is gone or was edited already stops nothing."""
        with suppress(BadRequest):
            if edited.html:
                await self._bot.edit_message_text(
                    edited.html,
                    chat_id=chat,
                    message_id=edited.message,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=_PREVIEW,
                )
            else:
                await self._bot.edit_message_reply_markup(chat, edited.message)


def _is_about_html(error: BadRequest) -> bool:
    return "parse entities" in error.message.lower()


def _later(tries: int) -> int:
    """When to try again after so many tries: seconds since 1970."""
    return int(time.time()) + min(1 << min(tries - 1, 16), _LONGEST)


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data) for button in row]
            for row in keyboard
        ]
    )
