"""The protocol of assistants: what a server says of itself, its resources, and bad messages."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from assisting import (
    ERAS,
    ROOT,
    calling,
    found,
    inspected,
    lines_of,
    program,
    refusal,
    said,
    surroundings,
    talked,
)
from mcp import Client, MCPError
from mcp.types import PARSE_ERROR, TextContent, TextResourceContents
from msgspec import structs

from bot.channels import mcp_resources
from bot.channels.mcp import PROMPT, server_of
from bot.channels.mcp_schemas import schema_of
from bot.channels.mcp_tools import TOOLS
from bot.channels.mcp_wording import FILE
from bot.resources import Live, Resources
from bot.sentences import sentences_of
from bot.server import application

HELLO = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "tests", "version": "1"},
        },
    }
)
READY = '{"jsonrpc": "2.0", "method": "notifications/initialized"}'


def call(id_: object, name: object, arguments: object) -> str:
    """A call of a tool, as a line."""
    params = {"name": name, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": id_, "method": "tools/call", "params": params})


@pytest.mark.parametrize("mode", ERAS)
def test_a_server_says_how_to_use_it(resources: Resources, mode: str) -> None:
    """Its instructions come before any tool: figures are quoted, nothing is guessed."""

    async def talk(client: Client) -> str | None:
        await client.list_tools()
        return client.instructions

    told = talked(server_of(resources), talk, mode=mode) or ""
    if mode == "legacy":
        assert all(word in told for word in ("照工具给的原样", "出处", "不要猜", "苏州（suzhou）"))


def test_the_packs_can_be_read(resources: Resources) -> None:
    """Every address that is listed gives JSON; every part gives the records of the pack."""

    async def talk(client: Client) -> dict[str, Any]:
        listed = (await client.list_resources()).resources
        uris = [one.uri for one in listed]
        uris += [
            mcp_resources.PART.format(region=region, part=part)
            for region in resources.service.library.regions
            for part in mcp_resources.PARTS
        ]
        read = {}
        for uri in uris:
            (content,) = (await client.read_resource(uri)).contents
            assert isinstance(content, TextResourceContents)
            assert content.mime_type == "application/json"
            read[uri] = json.loads(content.text)
        return read

    read = talked(server_of(resources), talk)
    cells = read["yiwentong://packs/suzhou/benefits"]["benefits"]

    assert len(cells) == len(resources.service.library.pack("suzhou").benefits)
    assert all(cell["cite"]["source"] == "suzhou-guide-2023-10" for cell in cells)
    assert read["yiwentong://packs/suzhou"]["offices"]
    assert {one["id"] for one in read["yiwentong://regions"]["regions"]} >= {"suzhou", "beijing"}


def test_the_addresses_are_listed(resources: Resources) -> None:
    """As resources, and as templates for whatever is not listed."""

    async def talk(client: Client) -> list[str]:
        return [
            one.uri_template for one in (await client.list_resource_templates()).resource_templates
        ]

    assert talked(server_of(resources), talk) == [mcp_resources.PACK, mcp_resources.PART]


@pytest.mark.parametrize(
    "uri",
    [
        "yiwentong://packs/nanjing",
        "yiwentong://packs/suzhou/terms",
        "yiwentong://packs/suzhou/benefits/1",
        "yiwentong://packs/../../etc/passwd",
        "file:///etc/passwd",
        "",
    ],
)
def test_an_address_where_there_is_nothing(resources: Resources, uri: str) -> None:
    """An error that says what may be read."""
    refused = talked(server_of(resources), refusal(lambda client: client.read_resource(uri)))

    assert mcp_resources.REGIONS in refused


def test_a_prompt_asks_for_the_tools(resources: Resources) -> None:
    """The question stands in it; without one, or by another name, it is an error."""

    async def talk(client: Client) -> str:
        await client.list_prompts()
        (message,) = (await client.get_prompt(PROMPT, {"question": "透析限额多少"})).messages
        assert isinstance(message.content, TextContent)
        for name, arguments in ((PROMPT, {}), ("other", {"question": "x"})):
            with pytest.raises(MCPError, match=PROMPT):
                await client.get_prompt(name, arguments)
        return message.content.text

    assert "透析限额多少" in talked(server_of(resources), talk)


def test_a_tool_that_there_is_not(resources: Resources) -> None:
    """An error of the protocol that names those there are."""
    refused = talked(server_of(resources), refusal(calling("drop_tables")))

    assert "lookup_benefit" in refused


def test_a_store_out_of_reach_is_done_without(resources: Resources) -> None:
    """The answer comes from the packs; nothing of the database is shown."""

    async def talk(client: Client) -> str:
        resources.store.engine.dispose()
        with resources.store.writing() as connection:
            connection.exec_driver_sql("DROP TABLE sessions")
        result = await client.call_tool("ask", {"question": "透析限额", "region": "suzhou"})
        assert not result.is_error
        return said(result)

    text = talked(server_of(resources), talk)

    assert "无限额" in text
    assert "sqlite" not in text


@pytest.mark.parametrize("mode", ERAS)
def test_the_program_is_driven_by_the_official_client(tmp_path: Path, mode: str) -> None:
    """Over standard input and output, many calls at once, in both eras of the protocol."""

    async def talk(client: Client) -> list[str]:
        calls = [
            client.call_tool("find_office", {"district": district})
            for district in ("昆山", "太仓", "常熟") * 5
        ]
        return [found(result)["offices"][0]["address"] for result in await asyncio.gather(*calls)]

    addresses = talked(program(tmp_path), talk, mode=mode)

    assert [text[:3] for text in addresses] == ["昆山市", "太仓市", "常熟市"] * 5


def test_rubbish_on_the_wire_is_told_and_survived(tmp_path: Path) -> None:
    """No JSON, half a character, a batch, wrong types: each an error, and the next is answered.

    Only the protocol is on standard output, nothing that was said on standard error, and a caller
    that hangs up at once has every answer.
    """
    wrong = [
        "rubbish", '{"jsonrpc": "2.0", ', "[" * 100_000, "\0", '"\ud800"',
        call(7, "ask", {"question": "\ud800"}),
        f"[{call(8, 'ask', {'question': '透析'})}]", "[]", "1", "null",
        '{"jsonrpc": "1.0", "id": 3, "method": "ping"}',
    ]  # fmt: skip
    asked = [
        call(10, "ask", {"question": "秘密的话" * 250_000}),
        call(11, "ask", "no object"),
        call(12, None, {}),
        '{"jsonrpc": "2.0", "id": 13, "method": "no/such"}',
        call("fourteen", "find_office", {"district": "昆山"}),
        call(15, "ask", {"question": "秘密的话透析\0限额", "region": "suzhou"}),
    ]
    answers, log = lines_of(tmp_path, HELLO, READY, *wrong, *asked)
    by_id = {answer["id"]: answer for answer in answers if answer["id"] is not None}
    nameless = [answer["error"] for answer in answers if answer["id"] is None]

    assert len(nameless) == len(wrong)
    assert nameless[0]["code"] == PARSE_ERROR
    assert all(one["message"] for one in nameless)
    assert set(by_id) == {1, 10, 11, 12, 13, "fourteen", 15}
    assert by_id[10]["result"]["isError"]
    assert all("error" in by_id[id_] for id_ in (11, 12, 13))
    assert "昆山市" in by_id["fourteen"]["result"]["content"][0]["text"]
    assert "无限额" in by_id[15]["result"]["content"][0]["text"]
    assert "秘密" not in log
    assert log == ""


def test_another_version_of_the_protocol_is_met_halfway(tmp_path: Path) -> None:
    """A version that there is not is answered with one that there is; and so is an early call."""
    answers, _ = lines_of(
        tmp_path, call(2, "list_regions", {}), HELLO.replace("2025-11-25", "1999-01-01")
    )
    by_id = {answer["id"]: answer for answer in answers}

    assert "error" in by_id[2]
    assert by_id[1]["result"]["protocolVersion"] == "2025-11-25"


def test_the_region_of_the_deployment_is_meant(resources: Resources) -> None:
    """Where a call names none; one that is named goes before it."""
    service = structs.replace(resources.service, region="suzhou")
    server = server_of(structs.replace(resources, live=Live(service)))
    own = talked(server, calling("lookup_benefit", disease="透析"))
    other = talked(server, calling("lookup_benefit", disease="透析", region="北京"))

    assert found(own)["region"]["id"] == "suzhou"
    assert found(other)["region"]["id"] == "beijing"


def test_the_inspector_drives_the_program(tmp_path: Path) -> None:
    """Its command line starts the program and calls a tool."""
    result = inspected(
        tmp_path, sys.executable, "-m", "bot", "mcp", "--method", "tools/call", "--tool-name",
        "lookup_benefit", "--tool-arg", "disease=透析", "region=suzhou", "scheme=employee",
    )  # fmt: skip

    assert result["structuredContent"]["cells"][0]["limit"]["unlimited"] is True


def test_an_interrupt_ends_the_program(tmp_path: Path) -> None:
    """At once, also while it waits for a line."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "mcp"],
        cwd=tmp_path,
        env=surroundings(tmp_path),
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{HELLO}\n".encode())
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)

        assert process.wait(30) == -signal.SIGINT


def test_a_caller_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    """Nobody reads any more: the program ends without a complaint."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "mcp"],
        cwd=tmp_path,
        env=surroundings(tmp_path),
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(f"{HELLO}\n".encode())
        process.stdin.close()

        assert (process.wait(30), process.stderr.read()) == (0, b"")


@pytest.mark.parametrize(
    "code",
    [
        "from bot.cli import main; main(['ask', '透析限额', '--region', 'suzhou'])",
        "from bot.cli import main; main(['mcp', '--help'])",
        "import bot.server, bot.channels.mounting, bot.widget.pages, bot.desk.pages",
    ],
)
def test_no_other_command_loads_the_library(tmp_path: Path, code: str) -> None:
    """Who does not serve assistants does not wait for the library of the protocol."""
    lines = (
        f"try:\n    {code}\nexcept SystemExit: pass",
        "import sys",
        "print([n for n in ('mcp', 'pydantic', 'bot.channels.mcp') if n in sys.modules])",
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", "\n".join(lines)],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env=surroundings(tmp_path),
        text=True,
        timeout=60,
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_a_server_without_a_token_has_no_door(resources: Resources) -> None:
    """`/mcp` is an address only where a token is set."""
    paths = {getattr(route, "path", "") for route in application(resources).routes}

    assert "/mcp" not in paths


def test_without_the_library_one_is_told_what_to_install(tmp_path: Path) -> None:
    """A sentence and status 2, no traceback."""
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError('mcp')\n", "utf-8")
    paths = f"{tmp_path}:{ROOT}"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "mcp"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=surroundings(tmp_path, PYTHONPATH=paths),
        input="",
        text=True,
        timeout=60,
    )

    assert done.returncode == 2
    assert "pip install 'yiwentong[mcp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_sentence_is_there_and_used() -> None:
    """mcp.yaml has what the code asks for and nothing else; what it says of fields is of ours."""
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "bot/channels").glob("mcp*.py"))
    asked = set(re.findall(r"""\bphrase\(\s*["'](\w+)["']""", code))
    fields = {
        name
        for tool in TOOLS.values()
        for record in (tool.takes, tool.gives)
        for name in re.findall(r"'(\w+)':", str(schema_of(record)))
    }
    made = {f"field_{name}" for name in fields} | {f"ask_{name}" for name in fields}
    made |= {f"tool_{name}{end}" for name in TOOLS for end in ("", "_about")}
    made |= {f"schema_{name}" for name in fields} | {"template_pack", "template_part"}
    listed = set(sentences_of(FILE))

    assert asked <= listed
    assert listed - asked - made == set()
