"""Updates that Telegram brings to /telegram.

An update is acknowledged with 200 once its receipt and its answer are kept; on anything else
Telegram brings it again. The library's own webhook answers broken JSON with 500 and takes an
update as often as it comes, so it is not used.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.accounts import TelegramAccount
from bot.channels.mounting import Mounted
from bot.channels.telegram_answering import Post
from bot.channels.telegram_bot import Bot, introduced, offer_commands, until_done, update_of
from bot.channels.telegram_receiving import Receiver, Unnamed
from bot.channels.telegram_sending import Sender
from bot.channels.telegram_threads import Threads
from bot.channels.telegram_updates import ALLOWED
from bot.problems import Problem
from bot.requests import body_of
from bot.web import word

_MOST = 1024 * 1024  # bytes of an update: a message, and the one that it replies to
_CONNECTIONS = 40  # at once from Telegram
_SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
_log = structlog.get_logger("yiwentong")


class Webhook:
    """The door for the updates of one bot."""

    def __init__(self, post: Post, bot: Bot, account: TelegramAccount) -> None:
        self._bot = bot
        self._threads = Threads(post.resources.store)
        self._sender = Sender(post, bot, self._threads)
        self._receiver = Receiver(post, bot, self._sender, self._threads)
        self._url = account.webhook_url
        self._secret = account.webhook_secret or post.name("webhook")

    def mounted(self) -> Mounted:
        """The address, and what runs beside it."""
        route = Route("/telegram", self.update, methods=["POST"])
        return Mounted((route,), self.running)

    async def update(self, request: Request) -> Response:
        """Take an update. Raises Problem, and StoreError where it could not be kept."""
        given = request.headers.get(_SECRET, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            raise Problem("callback", HTTPStatus.FORBIDDEN)
        found = update_of(_json(await body_of(request, most=_MOST)))
        if found is None:
            raise Problem("body", HTTPStatus.BAD_REQUEST, why=word("wrong_json"))
        try:
            await self._receiver.take(found)
        except Unnamed as error:
            headers = {"Retry-After": "5"}
            raise Problem("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, headers=headers) from error
        return PlainTextResponse("ok\n")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Send what is to be sent, and have Telegram bring what there is, while this lasts."""
        self._sender.start()
        setting_up = asyncio.create_task(self._set_up())
        try:
            yield
        finally:
            setting_up.cancel()
            with suppress(asyncio.CancelledError):
                await setting_up
            await self._receiver.stop()
            await self._sender.stop()
            self._threads.close()
            await self._bot.shutdown()

    async def _set_up(self) -> None:
        self._receiver.me = await until_done("getMe", lambda: introduced(self._bot), lasting=True)
        await until_done("setWebhook", self._call_here, lasting=True)
        await until_done("setMyCommands", lambda: offer_commands(self._bot), lasting=True)

    async def _call_here(self) -> None:
        await self._bot.set_webhook(
            self._url or "",
            secret_token=self._secret,
            allowed_updates=ALLOWED,
            max_connections=_CONNECTIONS,
        )
        _log.info("webhook set")


def _json(raw: bytes) -> object:
    """The JSON of a body; None where it is none."""
    try:
        found: object = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found
