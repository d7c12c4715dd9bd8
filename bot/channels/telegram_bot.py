"""The bot at Telegram: how it is reached, and what it is called and can be asked there."""

from __future__ import annotations

import asyncio
import logging
import os
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import structlog
from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeDefault,
    Update,
)
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import BaseRequest, HTTPXRequest

from bot.accounts import TelegramAccount
from bot.channels.telegram_updates import Me
from bot.channels.telegram_wording import COMMANDS, phrase
from bot.logs import fault

Bot = ExtBot[int]
T = TypeVar("T")
_CONNECTIONS = 64
_SECONDS = 15.0  # that an answer of Telegram may take
_FIRST, _LONGEST = 0.25, 60.0  # seconds between two tries
_log = structlog.get_logger("yiwentong")


class Limiter(AIORateLimiter):
    """At most 30 messages a second, 20 a minute in a group; typing counts for nothing.

    Telegram's answer 429 is left to the sender, which puts off the one chat that it is about:
    retried here it would hold up every other chat.
    """

    async def process_request(  # noqa: PLR0913, PLR0917 - as the library has it
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,  # noqa: ANN401 - as above
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:  # noqa: ANN401 - as above
        """Let a call of the Bot API through when it may go."""
        if endpoint == "sendChatAction":
            return await callback(*args, **kwargs)
        return await super().process_request(
            callback, args, kwargs, endpoint, data, rate_limit_args
        )


class Fetching(HTTPXRequest):
    """Fetches updates; one that the library cannot read is left empty instead of ending all."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What Telegram answered, each of its updates readable."""
        told = HTTPXRequest.parse_json_payload(payload)
        if isinstance(found := told.get("result"), list):
            told["result"] = [one for one in map(_readable, found) if one]
        return told


def bot_of(account: TelegramAccount, *, request: BaseRequest | None = None) -> Bot:
    """The bot of an account, not yet initialised; `request` in the place of HTTP."""
    hush()
    # Without it the library warns each time that it is told to wait, and says int for seconds.
    os.environ["PTB_TIMEDELTA"] = "true"
    return ExtBot(
        account.token,
        base_url=f"{account.api}/bot",
        base_file_url=f"{account.api}/file/bot",
        request=request or HTTPXRequest(_CONNECTIONS, read_timeout=_SECONDS, pool_timeout=_SECONDS),
        get_updates_request=request or Fetching(2, read_timeout=_SECONDS),
        rate_limiter=Limiter(),
    )


def id_of(account: TelegramAccount) -> int:
    """The id of a bot: its token begins with it."""
    return int(account.token.partition(":")[0])


def hush() -> None:
    """Keep out of every log what the libraries would write: addresses hold the token."""
    for name in ("telegram", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def update_of(data: object) -> Update | None:
    """An update as it came over the wire, empty if it cannot be read; None where it is none."""
    found = _readable(data)
    return Update.de_json(found, None) if found else None


def _readable(data: object) -> dict[str, Any] | None:
    """The data of an update, without what the library cannot read; None where it is none."""
    if not isinstance(data, dict) or not _is_id(data.get("update_id")):
        return None
    try:
        Update.de_json(data, None)
    except Exception as error:  # noqa: BLE001 - the library raises whatever its reading comes to
        _log.warning("update unreadable", error=type(error).__name__)
        return {"update_id": data["update_id"]}
    return data


def _is_id(found: object) -> bool:
    return type(found) is int and 0 <= found < 2**63


async def introduced(bot: Bot) -> Me:
    """Who the bot is, as Telegram knows it. Raises TelegramError."""
    await bot.initialize()
    return Me(bot.id, bot.username)


async def offer_commands(bot: Bot) -> None:
    """Put the commands into the menu; in groups /start has no use. Raises TelegramError."""
    await bot.set_my_commands(_menu(COMMANDS), BotCommandScopeDefault())
    await bot.set_my_commands(_menu(COMMANDS[1:]), BotCommandScopeAllGroupChats())


def _menu(names: Sequence[str]) -> list[BotCommand]:
    return [BotCommand(name, phrase(f"command_{name}")) for name in names]


async def until_done(name: str, call: Callable[[], Awaitable[T]], *, lasting: bool = False) -> T:
    """Call Telegram until it does what it is asked for.

    Raises InvalidToken where the token is refused, unless it is `lasting`: a server has more to do.
    """
    for pause in delays():
        least = 0.0
        try:
            return await call()
        except InvalidToken:
            if not lasting:
                raise
            _log.error("token refused", call=name)
        except RetryAfter as error:
            least = seconds_of(error)
            _log.warning("told to wait", call=name, seconds=least)
        except Exception as error:  # noqa: BLE001 - also an answer that the library cannot read
            told = isinstance(error, TelegramError)
            about = {"error": type(error).__name__} if told else fault(error)
            _log.warning("not done", call=name, **about)
        await asyncio.sleep(max(pause, least))
    raise AssertionError  # the delays do not end


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone, and a little more."""
    wait = error.retry_after
    return 1 + (wait.total_seconds() if isinstance(wait, timedelta) else float(wait))


def delays() -> Iterator[float]:
    """Seconds to wait before each try: growing, and never the same for two that wait."""
    longest = _FIRST
    while True:
        yield longest * random.uniform(0.5, 1)  # noqa: S311 - it guards nothing
        longest = min(2 * longest, _LONGEST)
