"""Assistants over HTTP: who is let in, and that peers of other making get what they need."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from assisting import (
    ERAS,
    ROOT,
    TOKEN,
    calling,
    conformance,
    found,
    inspected,
    said,
    talked_at,
    with_token,
)
from browsing import serving
from mcp import Client
from msgspec import structs
from starlette.testclient import TestClient

from bot.accounts import Accounts
from bot.requests import MOST
from bot.resources import Resources
from bot.server import application

HEADERS = {
    "authorization": f"Bearer {TOKEN}",
    "accept": "application/json",
    "host": "localhost",
}
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
# | `scenario` | why it does not apply |
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (.+) \|$", re.MULTILINE)


@pytest.fixture
def open_to_assistants(shared: Resources) -> Resources:
    """A deployment that lets assistants in, and one public name."""
    settings = structs.replace(
        shared.settings,
        accounts=Accounts(mcp_token=TOKEN),
        origins=("https://bot.example.cn",),
    )
    return structs.replace(shared, settings=settings)


@pytest.fixture
def door(open_to_assistants: Resources) -> Iterator[TestClient]:
    """The application in process."""
    with TestClient(
        application(open_to_assistants), raise_server_exceptions=False, headers=HEADERS
    ) as made:
        yield made


@pytest.fixture
def at(open_to_assistants: Resources) -> Iterator[str]:
    """The address of a real server."""
    with serving(open_to_assistants) as url:
        yield f"{url}/mcp"


@pytest.fixture
def behind_a_proxy(open_to_assistants: Resources) -> Iterator[str]:
    """The same behind a proxy that adds the token, for peers that cannot send one."""
    with serving(open_to_assistants, with_token) as url:
        yield f"{url}/mcp"


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({"authorization": ""}, 'Bearer realm="yiwentong"'),
        ({"authorization": "Bearer "}, 'Bearer realm="yiwentong"'),
        ({"authorization": f"Basic {TOKEN}"}, 'Bearer realm="yiwentong"'),
        ({"authorization": f"Bearer {TOKEN}x"}, 'Bearer realm="yiwentong", error="invalid_token"'),
        ({"authorization": "Bearer \xff"}, 'Bearer realm="yiwentong", error="invalid_token"'),
    ],
)
def test_who_does_not_know_the_token_stays_outside(
    door: TestClient, headers: dict[str, str], challenge: str
) -> None:
    """401 with a challenge and a problem document; the token is not in it."""
    raw = {key: value.encode("latin-1") for key, value in headers.items()}
    response = door.post("/mcp", json=PING, headers=raw)

    assert response.status_code == 401
    assert response.headers["www-authenticate"] == challenge
    assert response.headers["content-type"] == "application/problem+json"
    assert TOKEN not in response.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "bot.example.cn", "origin": "https://bot.example.cn"}, 200),
        ({"host": "127.0.0.1:8000", "origin": "http://localhost:8000"}, 200),
        ({"host": "[::1]:8000"}, 200),
        ({"authorization": f"bearer  {TOKEN} "}, 200),
    ],
)
def test_a_name_that_is_not_ours_is_refused(
    door: TestClient, headers: dict[str, str], status: int
) -> None:
    """A page elsewhere cannot have its own name point here; the names of the settings are ours."""
    response = door.post("/mcp", json=PING, headers=headers)

    assert response.status_code == status, response.text
    if status != 200:
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"x" * (MOST + 1), {}, 413),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"{", {}, 400),
        (b"", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 60_000, {}, 400),
        (b"[]", {}, 400),
        (json.dumps([PING]).encode(), {}, 400),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 5}', {}, 400),
        (json.dumps(PING).encode(), {"mcp-protocol-version": "1999-01-01"}, 400),
        (json.dumps(PING).encode(), {"mcp-protocol-version": "2026-07-28"}, 400),
        (json.dumps(PING).encode(), {"accept": "text/html"}, 406),
        (b'{"jsonrpc": "2.0", "method": "notifications/initialized"}', {}, 202),
    ],
    ids=lambda value: str(value)[:40],
)
def test_rubbish_is_refused_and_survived(
    door: TestClient, content: bytes, headers: dict[str, str], status: int
) -> None:
    """Too large, another type, no JSON, a batch, another version: a 4xx, and the next is served."""
    response = door.post(
        "/mcp", content=content, headers={"content-type": "application/json", **headers}
    )

    assert response.status_code == status, response.text
    assert door.post("/mcp", json=PING).json() == {"jsonrpc": "2.0", "id": 1, "result": {}}


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_nothing_is_held_open(door: TestClient, method: str) -> None:
    """There is no stream to listen at and no session to end: 405, which says POST."""
    response = door.request(method, "/mcp")

    assert (response.status_code, response.headers["allow"]) == (405, "POST")


def test_half_a_character_is_refused(door: TestClient) -> None:
    """Also in the revision whose reader lets one through."""
    name, version = "io.modelcontextprotocol", "2026-07-28"
    meta = {
        f"{name}/protocolVersion": version,
        f"{name}/clientInfo": {"name": "tests", "version": "1"},
        f"{name}/clientCapabilities": {},
    }
    params = {"name": "ask", "arguments": {"question": "\ud800"}, "_meta": meta}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {
        "content-type": "application/json",
        "mcp-protocol-version": version,
        "mcp-method": "tools/call",
        "mcp-name": "ask",
    }
    response = door.post("/mcp", content=json.dumps(asked), headers=headers)

    assert response.status_code == 200, response.text
    assert response.json()["result"]["isError"] is True


def test_requests_are_counted_without_what_was_asked(door: TestClient) -> None:
    """A turn is counted under the channel."""
    arguments = {"question": "透析限额", "region": "suzhou"}
    params = {"name": "ask", "arguments": arguments}
    door.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})

    counted = door.get("/metrics").text
    assert 'channel="mcp"' in counted


@pytest.mark.parametrize("mode", ERAS)
def test_the_official_client_drives_it(at: str, mode: str) -> None:
    """Many calls at once, a conversation over two, in both eras of the protocol."""

    async def talk(client: Client) -> tuple[list[str], str]:
        calls = [client.call_tool("find_office", {"district": d}) for d in ("昆山", "太仓") * 8]
        offices = [found(one)["offices"][0]["address"][:3] for one in await asyncio.gather(*calls)]
        first = found(await client.call_tool("ask", {"question": "透析限额多少"}))
        arguments = {"question": "苏州", "session": first["session"]}
        return offices, said(await client.call_tool("ask", arguments))

    offices, answer = talked_at(at, talk, mode=mode)

    assert offices == ["昆山市", "太仓市"] * 8
    assert "无限额" in answer


def test_any_worker_answers_any_request(open_to_assistants: Resources) -> None:
    """A conversation that one server began is gone on with by another on the same store."""
    with serving(open_to_assistants) as one:
        first = found(talked_at(f"{one}/mcp", calling("ask", question="透析限额多少")))
        with serving(open_to_assistants) as other:
            arguments = {"question": "苏州", "session": first["session"]}
            second = found(talked_at(f"{other}/mcp", calling("ask", **arguments)))

    assert second["kind"] == "answered"


def test_the_inspector_drives_it(behind_a_proxy: str, tmp_path: Path) -> None:
    """Its command line, which cannot send a token by itself in this release."""
    words = [behind_a_proxy, "--transport", "http", "--method"]
    tools = inspected(tmp_path, *words, "tools/list")["tools"]
    result = inspected(
        tmp_path, *words, "tools/call", "--tool-name", "calculate_reimbursement", "--tool-arg",
        "cost=50000", "disease=dialysis", "scheme=employee", "region=suzhou",
    )  # fmt: skip

    uri = "yiwentong://packs/suzhou/offices"
    read = inspected(tmp_path, *words, "resources/read", "--uri", uri)

    assert len(tools) == 6
    assert "昆山市前进西路1801号" in read["contents"][0]["text"]
    assert result["structuredContent"]["reckonings"][0]["outcomes"][0]["paid"] == "45500"


def test_the_scenarios_of_the_conformance_suite(behind_a_proxy: str, tmp_path: Path) -> None:
    """Each passes, or docs/mcp.md says why it does not apply; none is listed that passes."""
    document = (ROOT / "docs" / "mcp.md").read_text("utf-8")
    listed = dict(ROW.findall(document.partition("## Conformance")[2]))
    words = ["server", "--url", behind_a_proxy, "--suite", "all", "--output-dir", str(tmp_path)]
    done = conformance(tmp_path, *words)
    outcomes = {folder.name: _checks(folder) for folder in tmp_path.glob("server-*")}
    passed = {_scenario(name) for name, checks in outcomes.items() if _passes(checks)}
    scenarios = {_scenario(name) for name in outcomes}

    assert {"server-initialize", "tools-list", "dns-rebinding-protection"} <= passed, done.stdout
    assert scenarios - passed == set(listed)


def _scenario(folder: str) -> str:
    """server-tools-list-2026-07-28T… → tools-list."""
    return re.sub(r"^server-(.+)-\d{4}-\d\d-\d\dT.*$", r"\1", folder)


def _checks(folder: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((folder / "checks.json").read_text("utf-8"))
    return read


def _passes(checks: list[dict[str, Any]]) -> bool:
    statuses = {check["status"] for check in checks}
    return "SUCCESS" in statuses and "FAILURE" not in statuses
