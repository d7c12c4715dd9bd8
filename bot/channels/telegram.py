"""Telegram: what `serve` mounts where a webhook is set, and what `yiwentong telegram` runs.

The library is only loaded here, so that the program starts without it.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from bot import tracing
from bot.accounts import PREFIX, TelegramAccount
from bot.channels.mounting import Mounted
from bot.errors import InputError, SettingError
from bot.handover_upkeep import handovers_kept
from bot.reloading import following
from bot.resources import Resources
from bot.settings import Settings
from bot.terminal import tell
from bot.upkeep import kept_up

if TYPE_CHECKING:
    from bot.channels.telegram_polling import Write


def mounted(resources: Resources, account: TelegramAccount) -> Mounted:
    """The address that Telegram calls. Raises InputError where the library is missing."""
    need_library()
    from bot.channels.telegram_answering import Post
    from bot.channels.telegram_bot import bot_of, id_of
    from bot.channels.telegram_webhook import Webhook

    return Webhook(Post(resources, id_of(account)), bot_of(account), account).mounted()


def account_of(settings: Settings) -> TelegramAccount:
    """The account whose messages are to be fetched. Raises BotError where there is none to fetch.

    With a webhook Telegram brings the messages, and refuses to have them fetched.
    """
    account = settings.accounts.telegram
    if account is None:
        key = PREFIX + "TELEGRAM_TOKEN"
        raise SettingError(key, tell("setting_none"), tell("telegram_token"))
    if account.webhook_url:
        key = PREFIX + "TELEGRAM_WEBHOOK_URL"
        raise SettingError(key, account.webhook_url, tell("telegram_webhook"))
    need_library()
    return account


def need_library() -> None:
    """Raises InputError where python-telegram-bot is not installed."""
    try:
        import aiolimiter  # noqa: F401 - what the extra rate-limiter brings
        import telegram.ext  # noqa: F401
    except ImportError as error:
        raise InputError(tell("telegram_missing")) from error


def poll(resources: Resources, account: TelegramAccount, write: Write) -> None:
    """Fetch and answer until the process is told to end. Raises SettingError for a bad token."""
    with tracing.running():
        asyncio.run(_polled(resources, account, write))


async def _polled(resources: Resources, account: TelegramAccount, write: Write) -> None:
    """Run until a signal comes; the answers under way are finished first."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # where there are no signals to wait for
            loop.add_signal_handler(number, ended.set)
    looked_after = handovers_kept(resources)
    days = resources.settings.retention_days
    async with kept_up(resources.store, days=days), looked_after, following(resources):
        fetching = asyncio.create_task(_fetched(resources, account, write))
        ending = asyncio.create_task(ended.wait())
        await asyncio.wait({fetching, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        fetching.cancel()
        with suppress(asyncio.CancelledError):
            await fetching


async def _fetched(resources: Resources, account: TelegramAccount, write: Write) -> None:
    """Say who the bot is, then fetch; cancelled, it sends what is under way and ends."""
    from telegram.error import InvalidToken

    from bot.channels.telegram_answering import Post
    from bot.channels.telegram_bot import bot_of, id_of, introduced, offer_commands, until_done
    from bot.channels.telegram_polling import fetch, refused
    from bot.channels.telegram_receiving import Receiver
    from bot.channels.telegram_sending import Sender
    from bot.channels.telegram_threads import Threads

    bot = bot_of(account)
    post = Post(resources, id_of(account))
    threads = Threads(resources.store)
    sender = Sender(post, bot, threads)
    receiver = Receiver(post, bot, sender, threads)
    beside: asyncio.Future[None] = asyncio.Future()
    try:
        write(tell("telegram_waiting"))
        receiver.me = await until_done("getMe", lambda: introduced(bot))
        await until_done("deleteWebhook", bot.delete_webhook)
        write(tell("telegram_running", name=receiver.me.name))
        sender.start()
        beside = asyncio.create_task(
            until_done("setMyCommands", lambda: offer_commands(bot), lasting=True)
        )
        await fetch(bot, receiver, write)
    except InvalidToken:
        raise refused() from None
    finally:
        beside.cancel()
        await asyncio.gather(beside, return_exceptions=True)
        await receiver.stop()
        await sender.stop()
        threads.close()
        await bot.shutdown()
