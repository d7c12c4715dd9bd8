"""The wire of an assistant on this machine: one JSON object a line, in and out.

What the library would pass over in silence is answered here: a line that is no message. And a
caller that closes its end at once still gets every answer.
"""

from __future__ import annotations

from typing import Any

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCRequest,
    JSONRPCResponse,
)
from pydantic import ValidationError

from bot.channels.mcp_wording import phrase

Item = SessionMessage | Exception

_GRACE = 5  # seconds in which what was asked before the end is answered


class Wire:
    """How many requests wait for their answer, and the end at which none does."""

    def __init__(self) -> None:
        self.waiting = 0
        self.answered = anyio.Event()

    def count(self, message: SessionMessage) -> None:
        """Take note of a request that came or an answer that went."""
        if isinstance(message.message, JSONRPCRequest):
            self.waiting += 1
        elif isinstance(message.message, JSONRPCResponse | JSONRPCError):
            self.waiting -= 1
            self.answered.set()

    async def settled(self) -> None:
        """Wait until every request is answered, though not for ever."""
        with anyio.move_on_after(_GRACE):
            while self.waiting > 0:
                self.answered = anyio.Event()
                await self.answered.wait()


async def serve(server: Server[Any]) -> None:
    """Serve on standard input and output until the input ends."""
    wire = Wire()
    coming_in, coming = anyio.create_memory_object_stream[Item](0)
    going_in, going = anyio.create_memory_object_stream[SessionMessage](0)
    async with stdio_server() as (read, write), anyio.create_task_group() as tasks:
        tasks.start_soon(_listen, read, coming_in, write, wire)
        tasks.start_soon(_answer, going, write, wire)
        await server.run(coming, going_in, server.create_initialization_options())


async def _listen(
    read: Any,  # noqa: ANN401 - a stream of the library's own kind
    coming: MemoryObjectSendStream[Item],
    write: Any,  # noqa: ANN401 - as above
    wire: Wire,
) -> None:
    """Hand on what comes in; what is no message is told to be none."""
    async with coming:
        async for item in read:
            if isinstance(item, Exception):
                await write.send(SessionMessage(_refusal(item)))
                continue
            wire.count(item)
            await coming.send(item)
        await wire.settled()


async def _answer(
    going: MemoryObjectReceiveStream[SessionMessage],
    write: Any,  # noqa: ANN401 - as above
    wire: Wire,
) -> None:
    async with write:
        async for message in going:
            await write.send(message)
            wire.count(message)


def _refusal(error: Exception) -> JSONRPCError:
    """What is wrong with a line: no JSON at all, or no message (a batch is none)."""
    broken = not isinstance(error, ValidationError) or any(
        one["type"] == "json_invalid"
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    )
    if broken:
        what = ErrorData(code=PARSE_ERROR, message=phrase("no_json"))
    else:
        what = ErrorData(code=INVALID_REQUEST, message=phrase("no_message"))
    return JSONRPCError(jsonrpc="2.0", id=None, error=what)
