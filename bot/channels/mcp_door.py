"""The door of assistants over HTTP: who knows the token, from where it may come, how much it sends.

The protocol itself is the library's: stateless, one JSON answer a request, so that any worker
answers any request.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from bot.problems import Problem
from bot.requests import MOST, body_of
from bot.settings import Settings

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_CHALLENGE = 'Bearer realm="yiwentong"'
_WRONG = f'{_CHALLENGE}, error="invalid_token"'


class Door:
    """The ASGI application at /mcp; it answers while `running` lasts.

    `before` is called before each answer.
    """

    def __init__(
        self, server: Server[Any], settings: Settings, token: str, *, before: Callable[[], None]
    ) -> None:
        self.server = server
        self.before = before
        self.security = TransportSecurityMiddleware(security_of(settings))
        self.digest = _digest(token)
        self.manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer as long as this lasts."""
        # Accepts the body after it was counted here, so its own bound is never met.
        manager = StreamableHTTPSessionManager(
            self.server, json_response=True, stateless=True, max_request_body_size=MOST + 1
        )
        async with manager.run():
            self.manager = manager
            yield
            self.manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises Problem for one that is not let in."""
        request = Request(scope, receive)
        await self._hold_origin(request)
        self._hold_token(request)
        body = await body_of(request)
        if self.manager is None:
            raise Problem("unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
        self.before()
        await self.manager.handle_request(scope, _replayed(body, receive), send)

    async def _hold_origin(self, request: Request) -> None:
        """Raises Problem for a page or a name that is not ours: a name may be made to point here.

        https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning
        """
        refused = await self.security.validate_request(request, is_post=True)
        if refused is None:
            return
        if refused.status_code == HTTPStatus.FORBIDDEN:
            raise Problem("origin", HTTPStatus.FORBIDDEN)
        if refused.status_code == HTTPStatus.MISDIRECTED_REQUEST:
            raise Problem("host", HTTPStatus.MISDIRECTED_REQUEST)
        raise Problem("media", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

    def _hold_token(self, request: Request) -> None:
        """Raises Problem without the right bearer token; digests say nothing of its length."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given.strip():
            headers = {"WWW-Authenticate": _CHALLENGE}
            raise Problem("bearer", HTTPStatus.UNAUTHORIZED, headers=headers)
        if not hmac.compare_digest(_digest(given.strip()), self.digest):
            headers = {"WWW-Authenticate": _WRONG}
            raise Problem("bearer", HTTPStatus.UNAUTHORIZED, headers=headers)


def security_of(settings: Settings) -> TransportSecuritySettings:
    """The names this server goes by: the loopback, its own address, those of the origins set."""
    own = f"[{settings.host}]" if ":" in settings.host else settings.host
    names = [*_LOOPBACK, own, *(urlsplit(one).netloc for one in settings.origins)]
    pages = [f"http://{name}" for name in (*_LOOPBACK, own)]
    return TransportSecuritySettings(
        allowed_hosts=[*_at_any_port(names)],
        allowed_origins=[*settings.origins, *_at_any_port(pages)],
    )


def _at_any_port(names: list[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        yield name
        yield f"{name}:*"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body once more for who reads it next; after it what really comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return waiting.pop() if waiting else await receive()

    return receiving
