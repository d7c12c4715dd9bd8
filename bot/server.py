"""The server: every door over HTTP on one port, and what surrounds each request."""

from __future__ import annotations

import gc
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from http import HTTPStatus

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot import admin, agents, api, scraping, search, tracing
from bot.channels.mounting import mounted
from bot.channels.pressure import Pressure
from bot.days import today
from bot.desk import pages as desk
from bot.desk.doors import HOME
from bot.edge import Edge
from bot.errors import ListenError, StoreError
from bot.handover_upkeep import handovers_kept
from bot.limiting import Limiter, address_bound, limits_of
from bot.problems import Problem
from bot.reloading import Swapped, following
from bot.requests import json_response, resources_of
from bot.resources import Resources
from bot.settings import Settings
from bot.store import shown
from bot.terminal import tell
from bot.turns import Turns
from bot.upkeep import kept_up
from bot.widget import pages

GRACE = 10  # seconds that requests under way are given at the end
_IDLE = 15  # seconds that a connection is kept for a next request
_LOGINS = 8  # at once, two of them under way: each hash takes 64 MiB and some fifty milliseconds
_log = structlog.get_logger("yiwentong")


def application(
    resources: Resources, *, watch: bool = False, swapped: Swapped | None = None
) -> Starlette:
    """The application that serves these resources; it closes them at its end.

    `watch` has it reload the packs when their folder changes; `swapped` is told of each reload.
    """
    settings = resources.settings
    limits = limits_of(settings, resources.keyring)
    middleware = [
        Middleware(Edge),
        Middleware(Limiter, limits=limits, bound=address_bound(settings)),
    ]
    if settings.origins:
        middleware.insert(
            1,
            Middleware(
                CORSMiddleware,
                allow_origins=settings.origins,
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["content-type"],
                expose_headers=["retry-after", "x-packs"],
                max_age=3600,
            ),
        )
    channels = mounted(resources)
    own = [route for channel in channels for route in channel.routes]
    app = Starlette(
        routes=[*routes(), *admin.routes(settings), *own],
        middleware=middleware,
        exception_handlers={
            Problem: _problem,
            StoreError: _out_of_reach,
            HTTPException: _refused,
            Exception: _fault,
        },
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False  # another address is another address
    app.state.resources = resources
    app.state.limits = limits
    app.state.turns = Turns(resources.store, settings.turns_at_once)
    app.state.gate = Pressure(threads=2, room=_LOGINS)
    app.state.channels = channels
    app.state.following = partial(following, resources, watch=watch, swapped=swapped)
    return app


def routes() -> list[BaseRoute]:
    """Every address that is always served."""
    return [
        Route("/healthz", healthy),
        Route("/readyz", ready),
        Route("/metrics", scraping.shown),
        *api.ROUTES,
        *desk.ROUTES,
        *pages.ROUTES,
    ]


async def healthy(_request: Request) -> Response:
    """The process is alive."""
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    """The process can answer, also while the database or Redis is out of reach; it says which."""
    resources = resources_of(request)
    store, memory = resources.store, resources.store.memory
    reached = await store.run(store.is_ready)
    shared = None if memory is None else await store.run(memory.is_ready)
    whole = reached and shared is not False
    state = {
        "state": "ready" if whole else "degraded",
        "store": reached,
        "redis": shared,
        "packs": resources.packs,
        "spooled": store.aside.spool.count,
    }
    return json_response(state)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    resources: Resources = app.state.resources
    days, looked_after = resources.settings.retention_days, handovers_kept(resources)
    async with (
        kept_up(resources.store, days=days),
        looked_after,
        AsyncExitStack() as running,
    ):
        running.enter_context(tracing.running())
        running.push_async_callback(app.state.limits.close)
        running.callback(app.state.gate.close)
        app.state.reloader = await running.enter_async_context(app.state.following())
        for channel in app.state.channels:
            await running.enter_async_context(channel.running())
        yield


async def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for no other
    return error.response()


async def _refused(request: Request, error: Exception) -> Response:
    """What the router refuses: an address that there is not, a method it does not have."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for no other
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted(headers.get("Allow", "").split(", ")))
        headers["Allow"] = allowed
        method = Problem("method", HTTPStatus.METHOD_NOT_ALLOWED, headers=headers, allowed=allowed)
        return method.response()
    path = request.url.path[:80]
    return Problem("not_found", HTTPStatus.NOT_FOUND, path=path).response()


async def _out_of_reach(_request: Request, error: Exception) -> Response:
    _log.error("store out of reach", why=str(error))
    headers = {"Retry-After": "5"}
    return Problem("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, headers=headers).response()


async def _fault(_request: Request, _error: Exception) -> Response:
    return Problem("fault", HTTPStatus.INTERNAL_SERVER_ERROR).response()


def serve(resources: Resources, write: Callable[[str], object], *, watch: bool = False) -> None:
    """Serve until the process is told to end; requests that are under way are finished first.

    The addresses are written once the port is ours. Raises ListenError where it is not.
    """
    warm(resources)
    listening = listening_at(resources.settings)
    app = application(resources, watch=watch)
    tell_where(app, listening, write)
    run(app, listening)


def warm(resources: Resources) -> None:
    """Make what the first requests would wait for. What was loaded stays from here on."""
    search.index_of(resources.service, today())
    # No search for rubbish need ever go through it again.
    gc.collect()
    gc.freeze()


def tell_where(app: Starlette, listening: socket.socket, write: Callable[[str], object]) -> None:
    """Write down where everything is to be found."""
    resources: Resources = app.state.resources
    settings = resources.settings
    port = listening.getsockname()[1]
    where = shown(resources.store.engine.url)
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    host = f"[{host}]" if ":" in host else host
    url = f"http://{host}:{port}"
    desk = f"{url}{HOME}" if agents.any_(resources.store) else tell("serve_no_desk")
    write(tell("serve_at", url=url, where=where, desk=desk).rstrip())
    if settings.admin_token:
        write("  " + tell("serve_admin", url=url))
    for channel in app.state.channels:
        for path in dict.fromkeys(route.path for route in channel.routes):
            write("  " + tell(f"serve_{path[1:]}", url=url))


def run(app: Starlette, listening: socket.socket) -> None:
    """Answer who comes to a socket until the process is told to end."""
    import uvicorn

    from bot.wire import Bounds, room_made, within

    settings: Settings = app.state.resources.settings
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level=logging.WARNING,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=_IDLE,
        http=within(room_made(Bounds())),
        ws="none",
    )
    server = uvicorn.Server(config)
    app.state.ending = lambda: server.should_exit  # who waits for news is sent home at once
    server.run([listening])


def listening_at(settings: Settings) -> socket.socket:
    """A socket at the address of the settings. Raises ListenError."""
    return _bound(settings.host, settings.port)


def listening_shared(settings: Settings, port: int) -> socket.socket:
    """A socket at an address that has more of them: the system parts who comes among them.

    Raises ListenError.
    """
    return _bound(settings.host, port, shared=True)


def _bound(host: str, port: int, *, shared: bool = False) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        made = socket.create_server((host, port), family=family, backlog=2048, reuse_port=shared)
    except OSError as error:
        raise ListenError(host, port, error.strerror or str(error)) from error
    # Inherited by each connection: without uvloop a small reply waits 40 ms for more to send.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made
