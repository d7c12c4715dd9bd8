"""A connection has to send and to read in time, and only so much; real sockets, short times."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.wire import Bounds, Wire, room_made, within

SHORT = Bounds(head_seconds=0.3, body_seconds=0.3, reader_seconds=0.3, connections=20)
GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
bodies: list[bytes | None] = []


async def answer(request: Request) -> Response:
    """The body once it is whole."""
    try:
        bodies.append(await request.body())
    except ClientDisconnect:
        bodies.append(None)
    return PlainTextResponse("ok")


async def long(_request: Request) -> Response:
    """More than any buffer takes."""
    return PlainTextResponse("x" * 30_000_000)


async def refuse(_request: Request) -> Response:
    """An answer without a look at the body."""
    return PlainTextResponse("no", 413)


APP = Starlette(
    routes=[
        Route("/", answer, methods=["GET", "POST"]),
        Route("/long", long),
        Route("/refuse", refuse, methods=["POST"]),
    ]
)


@contextmanager
def serving(app: ASGIApp, bounds: Bounds) -> Iterator[tuple[int, uvicorn.Server]]:
    """A real server with these bounds, in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app, log_level="critical", http=within(bounds), ws="none", timeout_keep_alive=1,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=lambda: asyncio.run(server.serve([listening])), daemon=True
        )
        thread.start()
        while not server.started:
            thread.join(0.01)
        yield listening.getsockname()[1], server
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with short times."""
    with serving(APP, SHORT) as (found, _):
        yield found


def dial(port: int) -> socket.socket:
    """A connection that is waited for ten seconds at most."""
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def heard(line: socket.socket) -> bytes:
    """Everything until the server closes."""
    parts = []
    try:
        while part := line.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        parts.append(b"<reset>")
    return b"".join(parts)


def said(port: int, *parts: bytes) -> bytes:
    """What comes back to these bytes until the server closes."""
    with closing(dial(port)) as line:
        for part in parts:
            line.sendall(part)
        return heard(line)


def test_a_request_is_answered_as_ever(port: int) -> None:
    """Also in pieces, and several on one connection; then it is closed for idleness."""
    found = said(port, GET[:9], GET[9:], POST, b"0123", b"456789", CHUNKED, b"1\r\nx\r\n0\r\n\r\n")

    assert found.count(b"HTTP/1.1 200 OK") == 3
    assert b"408" not in found
    assert bodies[-3:] == [b"", b"0123456789", b"x"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", b""),
        (b"GET / HT", b"408"),
        (GET[:-2] + b"x-slow: ", b"408"),
        (POST + b"012", b"408"),
        (CHUNKED + b"5\r\n01", b"408"),
        (GET[:-2] + b"x: " + b"a" * 17_000, b"431"),
        (GET[:-2] + b"x: " + b"a" * 17_000 + b"\r\n\r\n", b"431"),
        (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\n\r\n", b"431"),
        (GET[:-2] + b"x: y\r\n" * 4000, b"431"),
        (CHUNKED + b"0\r\nx-trailer: " + b"a" * 99_000, b"431"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_what_is_not_whole_in_time_or_too_long_is_refused(
    port: int, sent: bytes, status: bytes
) -> None:
    """With a status where somebody has begun to ask, and closed in every case."""
    found = said(port, sent)

    assert found.startswith(b"HTTP/1.1 " + status if status else b"")
    assert found.count(b"HTTP/1.1") == bool(status)


def test_a_body_that_does_not_come_is_nobody(port: int) -> None:
    """The handler is told that the client has gone."""
    said(port, POST + b"012")

    assert bodies[-1] is None


def test_a_body_that_was_refused_is_not_waited_for(port: int) -> None:
    """One answer, and no second one when the rest never comes."""
    found = said(port, POST.replace(b"/ ", b"/refuse "))

    assert found.count(b"HTTP/1.1") == 1
    assert found.startswith(b"HTTP/1.1 413")


def test_blank_lines_keep_no_connection(port: int) -> None:
    """A line break now and then is no request."""
    with closing(dial(port)) as line:
        line.sendall(GET)
        stop = threading.Event()

        def tickle() -> None:
            while not stop.wait(0.05):
                try:
                    line.sendall(b"\r\n")
                except OSError:
                    return

        thread = threading.Thread(target=tickle)
        thread.start()
        found = heard(line)
        stop.set()
        thread.join()

    assert found.count(b"HTTP/1.1 200") == 1


def test_requests_far_ahead_of_their_answers_are_cut(port: int) -> None:
    """A few are answered; thousands in one write are not kept."""
    assert said(port, GET * 10).count(b"HTTP/1.1 200") == 10

    assert said(port, GET * 5000).count(b"HTTP/1.1 200") < 50


@pytest.mark.parametrize("more", [b"", b"connection: close\r\n"])
def test_who_does_not_read_is_cut(more: bytes) -> None:
    """What waits for a reader that does not read is given up with the connection."""
    with serving(APP, SHORT) as (port, server), closing(socket.socket()) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(10)
        line.connect(("127.0.0.1", port))
        line.sendall(b"GET /long HTTP/1.1\r\nhost: x\r\n" + more + b"\r\n")
        line.recv(10)
        until = threading.Event()
        while server.server_state.connections:
            assert not until.wait(0.02)
        found = heard(line)

    assert found.endswith(b"<reset>") or len(found) < 30_000_000


def test_only_so_many_connections(port: int) -> None:
    """Who comes on top is told so; where one is only kept for later it makes room."""
    with serving(APP, Bounds(connections=3)) as (own, _):
        busy = [dial(own) for _ in range(3)]
        for line in busy:
            line.sendall(GET[:9])
        with closing(dial(own)) as late:
            assert heard(late).startswith(b"HTTP/1.1 503")
        busy[0].sendall(GET[9:])
        assert busy[0].recv(12) == b"HTTP/1.1 200"
        with closing(dial(own)) as later:
            later.sendall(GET)
            assert later.recv(12) == b"HTTP/1.1 200"
        for line in busy:
            line.close()


def test_there_are_no_more_connections_than_files() -> None:
    """A process that may open few files takes few connections."""
    assert room_made(Bounds(connections=10**9)).connections < 10**9
    assert Wire.bounds == Bounds()
