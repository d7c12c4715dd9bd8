"""What a connection may take: time and bytes, before anything of it is a request.

uvicorn takes heads of any length, waits for them for ever, and keeps what nobody reads. Here heads
and bodies have an end and must come in time, replies must be read, and connections are counted.
"""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from bot import metrics

_SPARE = 200  # files that are open beside connections: packs, database, log
_LOOKED_AT = 50  # connections among which one is looked for that can be ended
_LOOSE = 64 * 1024  # bytes around the parts of a body: sizes of chunks, trailers
_AHEAD = 16  # requests that are sent before the first is answered
_LINGER = 0.5  # seconds that a connection is read from once the server ends


class Bounds(Struct, frozen=True):
    """Of a connection, in seconds and bytes: a head, a body, and a reply that nobody reads.

    `connections` is how many there may be at once in a process.
    """

    head_seconds: float = 10.0
    body_seconds: float = 10.0
    reader_seconds: float = 20.0
    head_bytes: int = 16 * 1024
    connections: int = 2000


class Wire(HttpToolsProtocol):
    """A connection within its bounds."""

    bounds: ClassVar[Bounds] = Bounds()

    def __init__(self, *given: Any, **more: Any) -> None:  # noqa: ANN401 - as uvicorn gives them
        super().__init__(*given, **more)
        self._due: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._awaits = "head"  # the part of a request that is not whole; "" while it is answered
        self._loose = 0  # bytes of this request that are no body
        self._whole = 0  # requests that came whole
        self._ending = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, where there is room for one more."""
        super().connection_made(transport)
        if len(self.connections) > self.bounds.connections and not self._make_room():
            self._refuse(503, "connections")
        else:
            self._wait(self.bounds.head_seconds)

    def _make_room(self) -> bool:
        """End a connection that is only kept for a next request, if there is one."""
        for other in islice(self.connections, _LOOKED_AT):
            if isinstance(other, Wire) and other.timeout_keep_alive_task is not None:
                other.transport.close()
                return True
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._wait(None)
        self._is_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; what is not whole by now must be soon."""
        awaited, whole = self._awaits, self._whole
        self._loose += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if whole != self._whole:  # how many bytes were of the next request is not known
            self._loose = 0
        if self._loose > self.bounds.head_bytes + (_LOOSE if self._awaits == "body" else 0):
            self._refuse(431, self._awaits)
        elif self._awaits != awaited or (self._due is None and self._is_idle()):
            self._wait_for_rest()

    def _is_idle(self) -> bool:
        """Whether nothing is being answered: blank lines between requests are no sign of life."""
        return self._turn is None or self._turn.response_complete

    @property
    def _turn(self) -> RequestResponseCycle | None:
        """The last request and its answer; None before the first, as uvicorn does not say."""
        return self.cycle

    def _wait_for_rest(self) -> None:
        seconds = self.bounds.body_seconds if self._awaits == "body" else self.bounds.head_seconds
        self._wait(seconds if self._awaits or self._is_idle() else None)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._awaits = "head"

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of the head; those behind a body are nobody's."""
        if self._awaits == "head":
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A head is whole; only one that is not too long becomes a request."""
        self._awaits = "body"
        self._is_read()  # for the next reply is counted anew
        if self.transport.is_closing():
            return
        length = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if length > self.bounds.head_bytes:
            self._refuse(431, "head")
        elif len(self.pipeline) >= _AHEAD:
            self._refuse(431, "ahead")
        else:
            super().on_headers_complete()
            self.cycle.keep_alive &= not self._ending

    def on_body(self, body: bytes) -> None:
        """A part of a body, unless its head was refused."""
        self._loose -= len(body)
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is whole."""
        self._awaits = ""
        self._whole += 1
        if not self.transport.is_closing():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """What is not read of a reply by now is waited for only so long."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self._is_unread()

    def shutdown(self) -> None:
        """End with the next answer; without a question a little later.

        What was sent before the client could know of the end is answered, and not cut off.
        """
        self._ending = True
        if self._is_idle():
            self.loop.call_later(_LINGER, self._leave)
        else:
            super().shutdown()

    def _leave(self) -> None:
        if self._is_idle():
            self.transport.close()

    def pause_writing(self) -> None:
        """The reader is slower than the reply."""
        super().pause_writing()
        self._is_unread()

    def resume_writing(self) -> None:
        """The reader reads."""
        self._is_read()
        super().resume_writing()

    def _is_unread(self) -> None:
        if self._unread is None:
            self._unread = self.loop.call_later(self.bounds.reader_seconds, self._give_up)

    def _is_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _give_up(self) -> None:
        """Close without sending the rest, unless it was read meanwhile."""
        self._unread = None
        if self.transport.get_write_buffer_size():
            metrics.cut("reader")
            self.transport.abort()

    def _wait(self, seconds: float | None) -> None:
        """Wait so long for what is not whole; None for nothing."""
        if self._due is not None:
            self._due.cancel()
        self._due = None if seconds is None else self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        self._due = None
        if self._loose and self._awaits:
            self._refuse(408, self._awaits)
        else:  # nothing of a request yet: nobody waits for an answer
            metrics.cut("silent")
            self.transport.close()

    def _refuse(self, status: int, why: str) -> None:
        """Say so and close; where another answer is under way or given, only close."""
        metrics.cut(why)
        self._wait(None)
        begun = self._turn is not None and self._turn.response_started
        if not ((begun if self._awaits == "body" else not self._is_idle()) or self.pipeline):
            self.transport.write(_REFUSALS[status])
        self.transport.close()


def _refusal(status: int, title: str, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status} {title}\r\nconnection: close\r\ncontent-length: 0\r\n"
    return f"{head}x-content-type-options: nosniff\r\n{more}\r\n".encode()


_REFUSALS = {
    408: _refusal(408, "Request Timeout"),
    431: _refusal(431, "Request Header Fields Too Large"),
    503: _refusal(503, "Service Unavailable", "retry-after: 5\r\n"),
}


def within(bounds: Bounds) -> type[Wire]:
    """The protocol of connections with these bounds."""
    return type("Wire", (Wire,), {"bounds": bounds})


def room_made(bounds: Bounds) -> Bounds:
    """The bounds that this process can hold: as many connections as it may open files."""
    try:
        import resource
    except ImportError:  # a system that has no such bound
        return bounds
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = bounds.connections + _SPARE
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return replace(bounds, connections=max(1, min(bounds.connections, soft - _SPARE)))
