"""A self-built application of WeCom (企业微信): its callback at /wecom, always encrypted."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from http import HTTPStatus

from msgspec import structs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.accounts import WeComAccount
from bot.beside import beside
from bot.channels.answering import ROOM, Answering
from bot.channels.mounting import Mounted
from bot.channels.permission import Permission
from bot.channels.platform_api import PlatformApi, token_of_wecom
from bot.channels.sending import sending
from bot.channels.wechat_callbacks import (
    Account,
    Callback,
    RefusedError,
    bytes_of,
    opened_by,
    proved,
    query_of,
)
from bot.channels.wechat_turns import Place
from bot.channels.wechat_writing import reply
from bot.resources import Resources

CHANNEL = "wecom"
PATH = "/wecom"
SILENCE = ""


def mounted(
    resources: Resources,
    account: WeComAccount,
    *,
    now: Callable[[], float] = time.time,
    room: int = ROOM,
) -> Mounted:
    """The callback of an application; `now` is the clock, `room` how many callbacks are in hand."""
    office = Application(resources, account, now=now, room=room)
    routes = (
        Route(PATH, office.verified, methods=["GET"]),
        Route(PATH, office.received, methods=["POST"]),
    )
    return Mounted(routes, office.running)


class Application:
    """One application of a company, for as long as the server runs."""

    def __init__(
        self, resources: Resources, account: WeComAccount, *, now: Callable[[], float], room: int
    ) -> None:
        self._settings = account
        self._account = Account(account.token, account.keys, account.corp_id)
        may = Permission(given=account.app_secret is not None)
        self._place = Place(resources, CHANNEL, account.corp_id, sends_all=True, permission=may)
        self._now = now
        self._answering = Answering(self._place, now=now, room=room)

    async def verified(self, request: Request) -> Response:
        """Show the platform that this address has the key: what it sent, decrypted, bare."""
        try:
            query = query_of(request, self._now())
            # base64 has no blank: it is a + that was not written as %2B.
            query = structs.replace(query, echostr=query.echostr.replace(" ", "+"))
            found = opened_by(query, query.echostr, self._account)
        except RefusedError as refused:
            return refused.response(CHANNEL)
        return Response(found.message, media_type="text/plain")

    async def received(self, request: Request) -> Response:
        """Answer a callback."""
        try:
            query = query_of(request, self._now())
            callback = proved(query, await bytes_of(request), self._account)
            self._check(callback)
        except RefusedError as refused:
            return refused.response(CHANNEL)
        if not callback.incoming.is_answered:
            return Response(SILENCE)
        receipt = await self._answering.answer(callback.incoming)
        return reply(self._place, self._account, callback, receipt, silence=SILENCE)

    def _check(self, callback: Callback) -> None:
        """A message for this application. Raises RefusedError for one of another of the company."""
        agent, own = callback.incoming.agent, self._settings.agent_id
        if own is not None and agent not in {"", str(own)}:
            raise RefusedError("agent", HTTPStatus.FORBIDDEN)
        if callback.incoming.account != self._settings.corp_id:
            raise RefusedError("receiver", HTTPStatus.FORBIDDEN)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Beside the server: send the rest of long answers, and what was not answered in time."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._answering.close)
            if self._settings.app_secret:
                platform = PlatformApi(self._settings.api, token_of_wecom(self._settings))
                api = await stack.enter_async_context(platform)
                work = sending(self._place, partial(self.send, api))
                await stack.enter_async_context(beside(work))
            yield

    async def send(self, api: PlatformApi, user: str, text: str) -> None:
        """Send an application message. Raises ApiError."""
        body = {
            "touser": user,
            "msgtype": "text",
            "agentid": self._settings.agent_id,
            "text": {"content": text},
        }
        await api.call("/cgi-bin/message/send", body)
