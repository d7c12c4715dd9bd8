"""Updates fetched from Telegram, for a deployment that Telegram cannot reach.

The library's own way of fetching tells Telegram that updates were taken before they were handled.
Here the offset moves on only when each update of a batch has its receipt and its answer lies in
the outbox: a process that dies before that is given them again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.accounts import PREFIX
from bot.channels.telegram_bot import Bot, delays, seconds_of
from bot.channels.telegram_receiving import Receiver
from bot.channels.telegram_updates import ALLOWED
from bot.errors import SettingError, StoreError
from bot.logs import fault
from bot.terminal import tell

_WAIT = 50  # seconds that Telegram keeps a request for updates where there are none
_log = structlog.get_logger("yiwentong")
Write = Callable[[str], object]


async def fetch(bot: Bot, receiver: Receiver, write: Write, *, wait: int = _WAIT) -> None:
    """Fetch and answer until cancelled. Raises SettingError for a token that is refused."""
    offset: int | None = None
    pauses, met = delays(), False
    while True:
        try:
            updates = await bot.get_updates(offset, timeout=wait, allowed_updates=ALLOWED)
        except InvalidToken:
            raise refused() from None  # its words hold the token
        except Conflict:
            if not met:
                write(tell("telegram_conflict"))
            met = True
            await _pause("another fetches", next(pauses), "Conflict")
        except RetryAfter as error:
            await _pause("told to wait", seconds_of(error), "RetryAfter")
        except TelegramError as error:
            await _pause("not fetched", next(pauses), type(error).__name__)
        except Exception as error:  # noqa: BLE001 - it goes on fetching whatever happens
            _log.error("not fetched", **fault(error))
            await asyncio.sleep(next(pauses))
        else:
            pauses, met = delays(), False
            for update in updates:
                await _take(receiver, update)
                offset = update.update_id + 1


async def _take(receiver: Receiver, update: Update) -> None:
    """Have an update answered, however long the database is out of reach."""
    for pause in delays():
        try:
            await receiver.take(update)
        except StoreError as error:
            await _pause("not kept", pause, str(error))
        else:
            return


async def _pause(event: str, seconds: float, why: str) -> None:
    _log.warning(event, why=why, seconds=round(seconds, 1))
    await asyncio.sleep(seconds)


def refused() -> SettingError:
    """Telegram does not know the token."""
    return SettingError(PREFIX + "TELEGRAM_TOKEN", tell("setting_hidden"), tell("telegram_refused"))
