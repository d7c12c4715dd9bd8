"""How often somebody may ask: an address, a conversation, a chat, who tries to log in.

With Redis all processes count together; where it is out of reach each counts for itself.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv6Address
from typing import TYPE_CHECKING

import structlog
from msgspec import Struct
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.buckets import Buckets
from bot.channels.mounting import PATHS
from bot.keyring import Keyring
from bot.problems import Problem
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.shared_buckets import SharedBuckets

# Asked by machines that watch over the service, and never costly.
_FREE = frozenset({"/healthz", "/readyz", "/metrics"})
# Agents search with every key, many from one address; who is not logged in is turned away at once.
_DESK, _DOOR = "/desk/", "/desk/login"
# A form that is refused comes back with what was typed, so its page counts for itself.
_FORM = ("POST", "/chat")
_NETWORK = 64  # bits of an IPv6 address that are one household's or one machine's
_AGAIN = 5.0  # seconds for which Redis is not asked again once it did not answer
_log = structlog.get_logger("yiwentong")


class Bound(Struct, frozen=True):
    """What is counted and how many a minute are let through; 0 is any number."""

    name: str
    per_minute: int


# A wrong token, a login: few of them are mistakes. Many agents may begin their day at one address.
ADMIN = Bound("admin", 10)
LOGIN_ADDRESS = Bound("login-address", 30)
LOGIN_NAME = Bound("login-name", 10)
# How often somebody who writes too fast on a platform is told so.
TOLD = Bound("told", 6)


class Limits:
    """The counts of a process, or of all that share a Redis."""

    def __init__(
        self,
        keyring: Keyring,
        redis_url: str | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keyring = keyring
        self._clock = clock
        self._own = Buckets(clock=clock)
        self._shared = _shared(redis_url) if redis_url else None
        self._away_until: float | None = None

    @property
    def shared(self) -> bool | None:
        """Whether all processes count together; None where they are not meant to."""
        return None if self._shared is None else self._away_until is None

    async def wait(self, bound: Bound, who: str, *, spend: bool = True) -> int:
        """Count one; the seconds to wait before there may be one, 0 where there may be now.

        Without `spend` nothing is counted, only looked.
        """
        if not bound.per_minute:
            return 0
        late = await self._together(bound, who, spend=spend)
        if late is None:
            late = self._own.wait(f"{bound.name} {who}", bound.per_minute, spend=spend)
        return math.ceil(late)

    async def _together(self, bound: Bound, who: str, *, spend: bool) -> float | None:
        """What Redis says; None where there is none, or none that answers."""
        if self._shared is None or self._clock() < (self._away_until or 0):
            return None
        from bot.shared_buckets import UnsharedError

        # Nobody reads in Redis who asked.
        name = f"yiwentong:limit:{self._keyring.name('limit', bound.name, who)}"
        try:
            late = await self._shared.wait(name, bound.per_minute, spend=spend)
        except UnsharedError as error:
            if self._away_until is None:
                _log.warning("limits counted alone", error=str(error))
            self._away_until = self._clock() + _AGAIN
            return None
        if self._away_until is not None:
            _log.info("limits counted together again")
            self._away_until = None
        return late

    async def close(self) -> None:
        """Give the connections back."""
        if self._shared:
            await self._shared.close()


def _shared(url: str) -> SharedBuckets:
    """Loaded only where it is set: it takes longer than everything else that counts."""
    from bot.shared_buckets import SharedBuckets

    return SharedBuckets(url)


def limits_of(settings: Settings, keyring: Keyring) -> Limits:
    """The limits of a process."""
    return Limits(keyring, settings.redis_url)


def session_bound(settings: Settings) -> Bound:
    """How many questions a conversation may ask, and a chat on a platform."""
    return Bound("session", settings.session_requests_per_minute)


def address_bound(settings: Settings) -> Bound:
    """How many requests an address may send."""
    return Bound("address", settings.requests_per_minute)


async def hold(request: Request, bound: Bound, who: str) -> None:
    """Count a request of somebody. Raises Problem with the seconds to wait where it is too many."""
    limits: Limits = request.app.state.limits
    if seconds := await limits.wait(bound, who):
        raise too_many(seconds)


async def hold_session(request: Request, session: str | None) -> None:
    """Count a question of a conversation that goes on. Raises Problem."""
    if session is not None:
        await hold(request, session_bound(request.app.state.resources.settings), session)


async def hold_address(request: Request) -> None:
    """Count a request that the middleware leaves to its page. Raises Problem."""
    await hold(request, address_bound(request.app.state.resources.settings), sender(request.scope))


def too_many(seconds: int) -> Problem:
    """What is said to who asks too often."""
    return Problem(
        "too_many",
        HTTPStatus.TOO_MANY_REQUESTS,
        headers={"Retry-After": str(seconds)},
        seconds=seconds,
    )


def sender(scope: Scope) -> str:
    """Who a request is counted for: an IPv4 address, or the network of an IPv6 address."""
    host = str((scope.get("client") or ("?",))[0])
    if ":" not in host:
        return host
    try:
        address = IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 128 - _NETWORK << 128 - _NETWORK)}/{_NETWORK}"


class Limiter:
    """Refuses, with the seconds to wait, an address that asks too often."""

    def __init__(self, app: ASGIApp, *, limits: Limits, bound: Bound) -> None:
        self.app = app
        self.limits = limits
        self.bound = bound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it with 429."""
        if scope["type"] != "http" or not self.bound.per_minute or _is_free(scope):
            await self.app(scope, receive, send)
            return
        seconds = await self.limits.wait(self.bound, sender(scope))
        if seconds:
            from bot.widget.waiting import refusal

            await refusal(Request(scope), too_many(seconds))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_free(scope: Scope) -> bool:
    path = scope["path"]
    if path in _FREE or path in PATHS or (path.startswith(_DESK) and path != _DOOR):
        return True
    return (scope["method"], path) == _FORM
