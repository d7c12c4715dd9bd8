"""The official client of the protocol, and the npm peers, for the tests of assistants."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.types import CallToolResult, TextContent
from starlette.types import ASGIApp, Receive, Scope, Send

ROOT = Path(__file__).parents[1]
NODE = ROOT / "build" / "node" / "node_modules"
TOKEN = "an-assistant-knows-this"  # noqa: S105 - of no server but the tests
ERAS = ("legacy", "2026-07-28")  # the handshake, and the revision without one
T = TypeVar("T")
Talk = Callable[[Client], Awaitable[T]]


def talked(server: Any, talk: Talk[T], *, mode: str = "auto") -> T:
    """What comes of talking to a server: in process, at an address, or as a program."""

    async def held() -> T:
        async with Client(server, mode=mode) as client:
            return await talk(client)

    return asyncio.run(held())


def talked_at(url: str, talk: Talk[T], *, mode: str = "auto", token: str = TOKEN) -> T:
    """What comes of talking to a server over HTTP with a token."""

    async def held() -> T:
        headers = {"Authorization": f"Bearer {token}"}
        async with create_mcp_http_client(headers=headers) as http:
            transport = streamable_http_client(url, http_client=http)
            async with Client(transport, mode=mode) as client:
                return await talk(client)

    return asyncio.run(held())


def calling(name: str, **arguments: object) -> Talk[CallToolResult]:
    """Call one tool."""
    return lambda client: client.call_tool(name, arguments)


def refusal(talk: Talk[object]) -> Talk[str]:
    """The error of the protocol that something comes to."""

    async def refused(client: Client) -> str:
        with pytest.raises(MCPError) as caught:
            await talk(client)
        return str(caught.value)

    return refused


def said(result: CallToolResult) -> str:
    """All the text of a result."""
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent))


def found(result: CallToolResult) -> dict[str, Any]:
    """The record of a result that is no error."""
    assert not result.is_error, said(result)
    assert result.structured_content is not None
    record: dict[str, Any] = result.structured_content
    return record


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """What a program of ours is started with: its own data folder, no setting of this machine."""
    own = {key: text for key, text in os.environ.items() if not key.startswith("YIWENTONG_")}
    return own | {"YIWENTONG_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT)} | more


def program(folder: Path, **more: str) -> StdioServerParameters:
    """`yiwentong mcp` as an assistant starts it."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "bot", "mcp"],
        env=surroundings(folder, **more),
        cwd=folder,
    )


def lines_of(folder: Path, *lines: str) -> tuple[list[dict[str, Any]], str]:
    """What the program answers to some lines, each as it is; and its standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "mcp"],
        input="".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"),
        capture_output=True,
        check=True,
        cwd=folder,
        env=surroundings(folder),
        timeout=60,
    )
    return [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def with_token(app: ASGIApp) -> ASGIApp:
    """The application behind a proxy that knows the token: some peers cannot send one."""

    async def proxied(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            header = (b"authorization", f"Bearer {TOKEN}".encode())
            scope = {**scope, "headers": [*scope["headers"], header]}
        await app(scope, receive, send)

    return proxied


def inspected(folder: Path, *words: str) -> dict[str, Any]:
    """What the inspector's command line prints; a skip where it is not installed."""
    script = NODE / "@modelcontextprotocol/inspector-cli/build/index.js"
    done = _run(["node", str(_needed(script, "inspector-cli@0.15")), *words], folder)
    assert done.returncode == 0, done.stderr
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def conformance(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A run of the conformance suite; a skip where it is not installed."""
    script = NODE / "@modelcontextprotocol/conformance/dist/index.js"
    node = _needed(NODE / "node/bin/node", "conformance@0.1 node@22")
    return _run([str(node), str(_needed(script, "conformance@0.1")), *words], folder)


def _needed(file: Path, package: str) -> Path:
    if not file.exists() or not shutil.which("node"):
        pytest.skip(f"no peer: npm install --prefix build/node @modelcontextprotocol/{package}")
    return file


def _run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own words
        words,
        capture_output=True,
        check=False,
        cwd=folder,
        env=surroundings(folder),
        text=True,
        timeout=60,
    )
