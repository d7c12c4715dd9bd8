"""The interfaces of WeChat and WeCom over HTTPS: one access token, JSON in, an errcode out."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from bot.accounts import WeChatAccount, WeComAccount
from bot.errors import BotError
from bot.sentences import filled, sentences_of

_FILE = Path(__file__).parent / "platform_api.yaml"
_TIMEOUT = httpx.Timeout(5.0)  # seconds to connect, to send, to wait for each piece of an answer
_EARLY = 300  # seconds before its end at which a token is fetched anew
_STALE = frozenset({40001, 40014, 42001})  # the token is none, or is none any more
# Nothing is wrong with what was asked: the platform is busy, a token has just ended.
_PASSING = _STALE | {-1, 45009, 45011}
# The account may not do it at all: no such right, no good secret, an address not on the list.
_FORBIDDEN = frozenset({40125, 40164, 40243, 48001, 50001, 60020})
# It writes addresses to its log, and ours have the token in them.
logging.getLogger("httpx").setLevel(logging.WARNING)


class ApiError(BotError):
    """The platform did not do what it was asked; `code` is its errcode, None where it gave none."""

    def __init__(self, code: int | None, text: str) -> None:
        super().__init__(text)
        self.code = code

    @property
    def is_passing(self) -> bool:
        """Whether the same may be taken later."""
        return self.code is None or self.code in _PASSING

    @property
    def is_forbidden(self) -> bool:
        """Whether no other call of this kind would be taken either."""
        return self.code in _FORBIDDEN


class TokenCall(msgspec.Struct, frozen=True):
    """How a token is asked for: the path, the query, and a body where it is posted."""

    path: str
    query: Mapping[str, str] = {}
    body: Mapping[str, str] | None = None


def token_of_wechat(account: WeChatAccount) -> tuple[TokenCall, ...]:
    """The ways to a token, best first.

    The stable one leaves the tokens of other processes as they are; a gateway in front of the
    platform may not know it yet.
    """
    named = {"appid": account.app_id, "secret": account.app_secret or ""}
    asked = {"grant_type": "client_credential", **named}
    return (
        TokenCall("/cgi-bin/stable_token", body=asked),
        TokenCall("/cgi-bin/token", query=asked),
    )


def token_of_wecom(account: WeComAccount) -> tuple[TokenCall, ...]:
    """The way to the token of an application; WeCom gives every process the same."""
    named = {"corpid": account.corp_id, "corpsecret": account.app_secret or ""}
    return (TokenCall("/cgi-bin/gettoken", query=named),)


class PlatformApi:
    """Calls to a platform with one token, fetched when it is needed and kept until it ends."""

    def __init__(
        self,
        base: str,
        ways: tuple[TokenCall, ...],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = httpx.AsyncClient(base_url=base, timeout=_TIMEOUT, follow_redirects=False)
        self._ways = ways
        self._clock = clock
        self._token = ""
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def call(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """What the platform answers to a call. Raises ApiError.

        Where it holds the token to be stale the call is made once more with a fresh one.
        """
        token = await self._current()
        try:
            return _read(await self._asked(path, {"access_token": token}, body))
        except ApiError as error:
            if error.code not in _STALE:
                raise
        token = await self._current(stale=token)
        return _read(await self._asked(path, {"access_token": token}, body))

    async def _current(self, *, stale: str = "") -> str:
        """The token that counts. Of many that find it stale at once one fetches it."""
        async with self._lock:
            if self._token in {"", stale} or self._clock() >= self._until:
                found = await self._fetched(renewed=bool(stale))
                self._token = str(found.get("access_token", ""))
                lasts = _number(found.get("expires_in", 0))
                self._until = self._clock() + max(lasts - _EARLY, lasts // 2)
            return self._token

    async def _fetched(self, *, renewed: bool) -> dict[str, Any]:
        for way in self._ways:
            # The stable interface gives the token that it gave before unless it is told not to.
            body = {**way.body, "force_refresh": renewed} if way.body else None
            reply = await self._asked(way.path, way.query, body)
            if reply.status_code == HTTPStatus.NOT_FOUND and way != self._ways[-1]:
                continue
            found = _read(reply)
            if found.get("access_token"):
                return found
        raise ApiError(None, _say("unreadable"))

    async def _asked(
        self, path: str, query: Mapping[str, str], body: Mapping[str, object] | None
    ) -> httpx.Response:
        """What comes back: to a POST with a body, else to a GET. Raises ApiError."""
        # Chinese as it is: the platform shows \u escapes to the person as they stand.
        content = msgspec.json.encode(body) if body is not None else None
        headers = {"content-type": "application/json"} if content else {}
        try:
            return await self._http.request(
                "POST" if content else "GET",
                path,
                params=dict(query),
                content=content,
                headers=headers,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ApiError(None, _say("unreached", why=type(error).__name__)) from error


def _read(reply: httpx.Response) -> dict[str, Any]:
    """The JSON of an answer. Raises ApiError for one that is no success."""
    try:
        found = msgspec.json.decode(reply.content, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise ApiError(None, _say("unreadable")) from error
    if code := _number(found.get("errcode", 0)):
        raise ApiError(code, _explained(code, str(found.get("errmsg", ""))))
    if reply.status_code != HTTPStatus.OK:
        raise ApiError(None, _say("unreadable"))
    return found


def _number(given: object) -> int:
    """A number that the platform gives, also as text. Raises ApiError for what is none."""
    try:
        return int(given)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError, OverflowError) as error:
        raise ApiError(None, _say("unreadable")) from error


def _explained(code: int, told: str) -> str:
    sentences = sentences_of(_FILE)
    why = sentences.get(f"e{code}") or sentences["unknown"]
    return _say("refused", code=code, why=why, told=told[:200] or "-")


def _say(name: str, **fields: object) -> str:
    return filled(sentences_of(_FILE)[name], fields)
