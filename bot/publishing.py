"""The address at which an editor publishes: /admin/reload, with the token of who keeps the server.

POST serves the packs of the folder, or refuses them with their faults; GET says what is served.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from bot.problems import MEDIA_TYPE
from bot.reloading import Reloader
from bot.requests import json_response
from bot.trial import Flaw
from bot.web import word

Handler = Callable[[Request], Awaitable[Response]]


class Refusal(Struct, frozen=True):
    """Packs that are not served, as a problem document with every fault of theirs."""

    type: str
    title: str
    status: int
    detail: str
    packs: str
    faults: tuple[Flaw, ...]


async def reload(request: Request) -> Response:
    """Serve the packs of the folder. The answer comes when they are served, or refused."""
    reloader: Reloader = request.app.state.reloader
    done = await reloader.asked(request.client.host if request.client else "")
    if done.outcome != "refused":
        return json_response(done)
    refusal = Refusal(
        "urn:yiwentong:problem:packs",
        word("problem_packs"),
        HTTPStatus.UNPROCESSABLE_ENTITY,
        word("problem_packs_detail", count=len(done.faults), packs=done.packs),
        done.packs,
        done.faults,
    )
    return Response(msgspec.json.encode(refusal), refusal.status, media_type=MEDIA_TYPE)


async def status(request: Request) -> Response:
    """What this process serves, and how the last reload and the last refusal ended."""
    reloader: Reloader = request.app.state.reloader
    return json_response(reloader.status)


# Method, address and handler of everything that there is behind the token.
DOORS: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/admin/reload", reload),
    ("GET", "/admin/reload", status),
)
