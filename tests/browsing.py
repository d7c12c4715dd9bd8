"""A real server on a port of its own, and a real browser, for the tests that need them."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Error, Page
from starlette.types import ASGIApp

from bot.resources import Resources
from bot.server import application

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = Path(__file__).parents[1] / "build" / "screenshots"


@contextmanager
def serving(
    resources: Resources, around: Callable[[ASGIApp], ASGIApp] | None = None
) -> Iterator[str]:
    """Serve in a thread of this process; the address it is served at, without a / at its end.

    `around` puts something before the application, as a proxy stands before a server.
    """
    app: ASGIApp = application(resources)
    with hosting(around(app) if around else app) as url:
        yield url


@contextmanager
def hosting(app: ASGIApp) -> Iterator[str]:
    """The address of a real server of an application, in a thread of this process."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = listening.getsockname()[1]
        config = uvicorn.Config(app, log_level="critical", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve([listening])), daemon=True
        )
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            thread.join(0.01)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(10)


def shot(page: Page, name: str) -> None:
    """A picture for a person to look at; a browser that cannot take one now fails no test."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with suppress(Error):
        page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")


def need_chromium() -> None:
    """Skip a test where there is no browser, and say how to get one."""
    if not shutil.which(CHROMIUM):
        pytest.skip("no Chromium: apt-get install -y chromium fonts-wqy-zenhei")
