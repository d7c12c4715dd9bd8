"""What surrounds every request: an id, a line in the log, a count, and the headers of safety.

The log never holds what was asked.
"""

from __future__ import annotations

import secrets
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from bot import metrics, tracing
from bot.requests import PINNED

_TRACE = frozenset({b"traceparent", b"tracestate"})
_log = structlog.get_logger("yiwentong")
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), payment=(), usb=()"),
    # Of what is no page: whoever shows it as one may load and run nothing. Pages have their own.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
]
# Only by way of TLS, which a proxy in front speaks: said in the clear it would count for nothing.
_TLS = (b"strict-transport-security", b"max-age=31536000")


def _versions(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The header that names the packs, on whatever was made of them."""
    pinned = scope.get(PINNED)
    return [(b"x-packs", pinned.packs.encode())] if pinned else []


class Edge:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, then write it down."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        name = scope["request_id"] = secrets.token_hex(8)
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = [*message.get("headers", [])]
                own = {key.lower() for key, _ in headers}
                more = [*_HEADERS, _TLS] if scope.get("scheme") == "https" else _HEADERS
                headers += [one for one in more if one[0] not in own]
                headers += _versions(scope)
                message = {**message, "headers": [*headers, (b"x-request-id", name.encode())]}
            await send(message)

        with bound_contextvars(request=name), tracing.span("request", _parents(scope)) as tell:
            try:
                await self.app(scope, receive, noted)
            except Exception:
                route = getattr(scope.get("route"), "path", "")  # a path holds what somebody typed
                _log.exception("fault", route=route)
                raise
            finally:
                seconds = time.perf_counter() - began
                method, route = scope["method"], getattr(scope.get("route"), "path", "")
                metrics.counted(method, route, status, seconds)
                tell({"request": name, "method": method, "route": route, "status": status})
                ms = round(1000 * seconds, 2)
                _log.info("request", method=method, route=route, status=status, ms=ms)


def _parents(scope: Scope) -> dict[str, str]:
    """The headers that say which trace a request is part of."""
    return {
        key.decode("latin-1"): value.decode("latin-1")
        for key, value in scope["headers"]
        if key in _TRACE
    }
