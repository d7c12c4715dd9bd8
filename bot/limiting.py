"""How many requests an address may send in a minute."""

from __future__ import annotations

import math
import time
from http import HTTPStatus

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.mounting import PATHS
from bot.problems import Problem

# Asked by machines that watch over the service, and never costly.
_FREE = frozenset({"/healthz", "/readyz", "/metrics"})
# Agents search with every key, many from one address; who is not logged in is turned away at once.
_DESK, _DOOR = "/desk/", "/desk/login"


class Limiter:
    """Refuses, with the seconds to wait, an address that asks too often; 0 a minute is no bound."""

    def __init__(self, app: ASGIApp, *, per_minute: int) -> None:
        self.app = app
        self.item = RateLimitItemPerMinute(per_minute) if per_minute else None
        self.window = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it with 429."""
        if self.item is None or scope["type"] != "http" or _is_free(scope["path"]):
            await self.app(scope, receive, send)
            return
        client = (scope.get("client") or ("?",))[0]
        if self.window.hit(self.item, client):
            await self.app(scope, receive, send)
            return
        again = self.window.get_window_stats(self.item, client).reset_time
        seconds = max(1, math.ceil(again - time.time()))
        refused = Problem(
            "too_many",
            HTTPStatus.TOO_MANY_REQUESTS,
            headers={"Retry-After": str(seconds)},
            seconds=seconds,
        )
        await refused.response()(scope, receive, send)


def _is_free(path: str) -> bool:
    return path in _FREE or path in PATHS or (path.startswith(_DESK) and path != _DOOR)
