"""A WeChat Official Account: its callback at /wechat, in the clear or encrypted, XML or JSON."""

from __future__ import annotations

import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import receipts
from bot.accounts import WeChatAccount
from bot.beside import beside
from bot.channels.answering import ROOM, Answering
from bot.channels.envelopes import is_signed
from bot.channels.mounting import Mounted
from bot.channels.permission import Permission
from bot.channels.platform_api import PlatformApi, token_of_wechat
from bot.channels.sending import sending
from bot.channels.wechat_callbacks import (
    Account,
    Callback,
    Query,
    RefusedError,
    bytes_of,
    incoming_in,
    query_of,
    read,
    unsealed,
)
from bot.channels.wechat_turns import Place
from bot.channels.wechat_writing import reply
from bot.channels.wechat_xml import is_json
from bot.resources import Resources

CHANNEL = "wechat"
PATH = "/wechat"
_SEALED = b"sealed"  # what is kept of a signature that came with an envelope
SILENCE = "success"  # answered nothing, and not to be repeated


def mounted(
    resources: Resources,
    account: WeChatAccount,
    *,
    now: Callable[[], float] = time.time,
    room: int = ROOM,
) -> Mounted:
    """The callback of an account; `now` is the clock, `room` how many callbacks are in hand."""
    office = OfficialAccount(resources, account, now=now, room=room)
    routes = (
        Route(PATH, office.verified, methods=["GET"]),
        Route(PATH, office.received, methods=["POST"]),
    )
    return Mounted(routes, office.running)


class OfficialAccount:
    """One official account, for as long as the server runs."""

    def __init__(
        self, resources: Resources, account: WeChatAccount, *, now: Callable[[], float], room: int
    ) -> None:
        self._settings = account
        self._account = Account(account.token, account.keys, account.app_id)
        may = Permission(given=account.app_secret is not None)
        self._place = Place(resources, CHANNEL, account.app_id, links=True, permission=may)
        self._now = now
        self._answering = Answering(self._place, now=now, room=room)

    async def verified(self, request: Request) -> Response:
        """Show the platform that this address knows the token."""
        try:
            query = query_of(request, self._now())
            self._check(query)
        except RefusedError as refused:
            return refused.response(CHANNEL)
        return PlainTextResponse(query.echostr)

    async def received(self, request: Request) -> Response:
        """Answer a callback."""
        try:
            query = query_of(request, self._now())
            body = await bytes_of(request)
            callback = self._proved(query, body)
            reused = partial(self._refuse_reuse, query, body if callback.key is None else None)
            if not callback.incoming.is_answered:
                await self._place.resources.store.run(reused)
                return PlainTextResponse(SILENCE)
            receipt = await self._answering.answer(callback.incoming, before=reused)
        except RefusedError as refused:
            return refused.response(CHANNEL)
        return reply(self._place, self._account, callback, receipt, silence=SILENCE)

    def _proved(self, query: Query, body: bytes) -> Callback:
        """What a body holds, by the signature that its mode has. Raises RefusedError."""
        if not query.msg_signature:
            self._check(query)  # before anybody's bytes are parsed
        fields = read(body)
        sealed = fields.get("Encrypt", "")
        if sealed and self._account.keys:
            # Also in the compatible mode: the clear fields beside it are not signed.
            return unsealed(query, sealed, self._account, as_json=is_json(body))
        self._check(query)
        return Callback(incoming_in(fields), is_json(body))

    def _check(self, query: Query) -> None:
        if not is_signed(query.signature, self._account.token, query.timestamp, query.nonce):
            raise RefusedError("signature")

    def _refuse_reuse(self, query: Query, clear: bytes | None) -> None:
        """In the clear a signature says nothing of the body: it is good for one body only.

        `clear` is such a body; None where the body came in an envelope, whose signature is then
        good for none in the clear. Raises RefusedError, and StoreError.
        """
        name = self._place.name("signed", query.timestamp, query.nonce, query.signature)
        mark = _SEALED if clear is None else hashlib.sha256(clear).digest()
        store = self._place.resources.store
        first = receipts.once(store, name, lambda _: mark, now=self._now())
        if clear is not None and first.payload != mark:
            raise RefusedError("replayed")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Beside the server: send what could not be answered in time."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._answering.close)
            if self._settings.app_secret:
                platform = PlatformApi(self._settings.api, token_of_wechat(self._settings))
                api = await stack.enter_async_context(platform)
                work = sending(self._place, partial(send, api))
                await stack.enter_async_context(beside(work))
            yield


async def send(api: PlatformApi, user: str, text: str) -> None:
    """Send a customer-service message. Raises ApiError."""
    body = {"touser": user, "msgtype": "text", "text": {"content": text}}
    await api.call("/cgi-bin/message/custom/send", body)
