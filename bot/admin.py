"""What who keeps the server may ask for under /admin, with a bearer token; only where one is set.

Each row of DOORS is an address; its handler is called for the right token only.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import limiting, outbox, publishing
from bot.errors import StoreError
from bot.limiting import ADMIN, Limits, sender, too_many
from bot.problems import Problem
from bot.requests import json_response, resources_of
from bot.settings import Settings
from bot.store import Store

_CHALLENGE = 'Bearer realm="yiwentong admin"'
_HEADERS = {"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin"}
_began = time.monotonic()

Handler = Callable[[Request], Awaitable[Response]]


class Queues(Struct, frozen=True):
    """What waits: turns in hand in this process, messages to be sent by any."""

    turns: int
    outbox: int | None


class Status(Struct, frozen=True):
    """How this process is; None stands for what is not set up, or cannot be known now."""

    version: str
    packs: str
    uptime_seconds: int
    workers: int
    store: bool
    redis: bool | None
    queues: Queues


async def status(request: Request) -> Response:
    """How this process is."""
    resources = resources_of(request)
    waiting = await _waiting(resources.store)
    found = Status(
        _version(),
        resources.packs,
        int(time.monotonic() - _began),
        resources.settings.workers,
        waiting is not None,
        request.app.state.limits.shared,
        Queues(request.app.state.turns.in_hand, waiting),
    )
    return json_response(found)


def _version() -> str:
    """The release; nothing where the program runs from its folder without being installed."""
    try:
        return version("yiwentong")
    except PackageNotFoundError:
        return ""


async def _waiting(store: Store) -> int | None:
    """How many messages wait to be sent; None where the store cannot say."""
    try:
        return await store.run(partial(outbox.count, store))
    except StoreError:
        return None


# Method, address and handler of everything that there is behind the token.
DOORS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/admin/status", status),
    *publishing.DOORS,
)


def routes(settings: Settings) -> list[BaseRoute]:
    """The addresses under /admin; none without a token."""
    if settings.admin_token is None:
        return []
    digest = _digest(settings.admin_token)
    return [
        Route(path, behind(digest, handler), methods=[method]) for method, path, handler in DOORS
    ]


def behind(digest: bytes, handler: Handler) -> Handler:
    """A handler that is called only for who sends the token of this digest."""

    async def entered(request: Request) -> Response:
        try:
            await _hold(request, digest)
            response = await handler(request)
        except Problem as problem:
            response = problem.response()
        response.headers.update(_HEADERS)
        return response

    return entered


async def _hold(request: Request, digest: bytes) -> None:
    """Let in who sends the token. Raises Problem; who guesses has to wait, whatever is sent."""
    limits: Limits = request.app.state.limits
    who = sender(request.scope)
    if seconds := await limits.wait(ADMIN, who, spend=False):
        raise too_many(seconds)
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    # Digests are of one length, so that the comparison tells nothing of the token's.
    right = hmac.compare_digest(_digest(given.strip()), digest)
    if scheme.lower() != "bearer" or not right:
        await limits.wait(limiting.ADMIN, who)
        raise Problem("admin", HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": _CHALLENGE})


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
