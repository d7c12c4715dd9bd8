"""Assistants through the Model Context Protocol: on this machine, and over HTTP at /mcp.

The library is told by its absolute name `mcp`; this module is `bot.channels.mcp`.
"""

from __future__ import annotations

import logging
import signal
import time
from functools import partial
from typing import Any

import structlog
from msgspec import to_builtins
from starlette.routing import Route

from bot import retention
from bot.channels import mcp_resources
from bot.channels.mcp_schemas import schema_of
from bot.channels.mcp_tools import TOOLS, Done, Tool, called
from bot.channels.mcp_wording import phrase
from bot.channels.mounting import Mounted
from bot.errors import InputError, StoreError
from bot.openapi import VERSION
from bot.regions import known_regions
from bot.reloading import following
from bot.resources import Resources

try:
    import anyio
    from mcp import MCPError, types
    from mcp.server.lowlevel import Server

    from bot.channels.mcp_door import Door
    from bot.channels.mcp_stdio import serve
except ModuleNotFoundError as error:
    raise InputError(phrase("missing")) from error

NAME = "yiwentong"
PROMPT = "consult"
_log = structlog.get_logger("yiwentong")


def mounted(resources: Resources, token: str) -> Mounted:
    """The address /mcp of a server, for who knows the token."""
    _hush()
    server = server_of(resources)
    door = Door(server, resources.settings, token, before=partial(_instruct, server, resources))
    return Mounted((Route("/mcp", door, methods=["POST"]),), door.running)


def run(resources: Resources) -> None:
    """Serve one assistant on standard input and output until it hangs up. Raises StoreError."""
    _hush()
    # Its reader waits in a thread for a line that may never come: an interrupt ends the process.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    retention.drop_old(resources.store, resources.settings.retention_days)
    resources.store.unspool(dead=True)
    try:
        anyio.run(_served, resources)
    except* BrokenPipeError:
        pass  # nobody listens any more
    finally:
        resources.store.close()


async def _served(resources: Resources) -> None:
    async with following(resources):
        await serve(server_of(resources))


def _instruct(server: Server[Any], resources: Resources) -> None:
    """Have a server tell of the packs that there are now."""
    known = known_regions(resources.service.library)
    server.instructions = phrase("instructions", regions=known)


def server_of(resources: Resources) -> Server[Any]:
    """The server of the protocol over what a process serves from."""
    return Server(
        NAME,
        version=VERSION,
        title=phrase("title"),
        instructions=phrase("instructions", regions=known_regions(resources.service.library)),
        on_list_tools=_list_tools,
        on_call_tool=partial(_call_tool, resources),
        on_list_resources=partial(_list_resources, resources),
        on_list_resource_templates=_list_templates,
        on_read_resource=partial(_read_resource, resources),
        on_list_prompts=_list_prompts,
        on_get_prompt=_get_prompt,
    )


def _hush() -> None:
    """The library's log repeats what was sent to it; our own says what happened without that."""
    logging.getLogger("mcp").setLevel(logging.CRITICAL + 1)


async def _list_tools(_context: object, _params: object) -> types.ListToolsResult:
    return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=phrase(f"tool_{tool.name}"),
        description=phrase(f"tool_{tool.name}_about"),
        input_schema=schema_of(tool.takes),
        output_schema=schema_of(tool.gives),
        annotations=types.ToolAnnotations(
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=not tool.keeps,
            open_world_hint=False,
        ),
    )


async def _call_tool(
    resources: Resources, _context: object, params: types.CallToolRequestParams
) -> types.CallToolResult:
    """What a tool says. Raises MCPError for one that there is not."""
    tool = TOOLS.get(params.name)
    if tool is None:
        known = "、".join(TOOLS)
        raise MCPError(types.INVALID_PARAMS, phrase("no_tool", known=known))
    began = time.perf_counter()
    done = await _done(resources.pinned(), tool, params.arguments or {})
    ms = round(1000 * (time.perf_counter() - began), 2)
    _log.info("tool", tool=tool.name, failed=done.failed, ms=ms)
    return types.CallToolResult(
        content=[types.TextContent(text=text) for text in done.texts],
        structured_content=None if done.record is None else to_builtins(done.record),
        is_error=done.failed,
    )


async def _done(resources: Resources, tool: Tool, arguments: dict[str, Any]) -> Done:
    """What a call came to; a fault of ours is told to the assistant, too."""
    try:
        if not tool.keeps:
            return called(resources, tool, arguments)
        return await resources.store.run(partial(called, resources, tool, arguments))
    except StoreError as error:
        _log.error("store out of reach", why=str(error))
        return Done((phrase("unavailable"),), failed=True)
    except Exception:  # noqa: BLE001 - whatever it is, the process lives on and says so
        _log.exception("fault", tool=tool.name)
        return Done((phrase("fault"),), failed=True)


async def _list_resources(
    resources: Resources, _context: object, _params: object
) -> types.ListResourcesResult:
    packs = [
        _resource(uri, phrase("resource_pack", region=name), phrase("resource_pack_about"))
        for name, uri in mcp_resources.addresses(resources).items()
    ]
    regions = _resource(
        mcp_resources.REGIONS, phrase("resource_regions"), phrase("resource_regions_about")
    )
    return types.ListResourcesResult(resources=[regions, *packs])


def _resource(uri: str, title: str, about: str) -> types.Resource:
    return types.Resource(
        uri=uri,
        name=uri.partition("://")[2],
        title=title,
        description=about,
        mime_type=mcp_resources.MEDIA_TYPE,
    )


async def _list_templates(_context: object, _params: object) -> types.ListResourceTemplatesResult:
    parts = "、".join(mcp_resources.PARTS)
    listed = {
        "pack": (mcp_resources.PACK, phrase("resource_pack_about")),
        "part": (mcp_resources.PART, phrase("resource_part_about", parts=parts)),
    }
    return types.ListResourceTemplatesResult(
        resource_templates=[
            types.ResourceTemplate(
                uri_template=uri,
                name=name,
                title=phrase(f"template_{name}"),
                description=about,
                mime_type=mcp_resources.MEDIA_TYPE,
            )
            for name, (uri, about) in listed.items()
        ]
    )


async def _read_resource(
    resources: Resources, _context: object, params: types.ReadResourceRequestParams
) -> types.ReadResourceResult:
    """A resource as JSON. Raises MCPError for an address where there is nothing."""
    text = mcp_resources.read(resources.pinned(), params.uri)
    if text is None:
        known = "、".join(mcp_resources.ADDRESSES)
        raise MCPError(types.INVALID_PARAMS, phrase("no_resource", known=known))
    content = types.TextResourceContents(
        uri=params.uri, mime_type=mcp_resources.MEDIA_TYPE, text=text
    )
    return types.ReadResourceResult(contents=[content])


async def _list_prompts(_context: object, _params: object) -> types.ListPromptsResult:
    argument = types.PromptArgument(
        name="question", description=phrase("field_question"), required=True
    )
    prompt = types.Prompt(
        name=PROMPT,
        title=phrase("prompt"),
        description=phrase("prompt_about"),
        arguments=[argument],
    )
    return types.ListPromptsResult(prompts=[prompt])


async def _get_prompt(
    _context: object, params: types.GetPromptRequestParams
) -> types.GetPromptResult:
    """How to answer a question with the tools. Raises MCPError for another prompt."""
    question = (params.arguments or {}).get("question", "").strip()
    if params.name != PROMPT or not question:
        raise MCPError(types.INVALID_PARAMS, phrase("no_prompt", known=PROMPT))
    text = types.TextContent(text=phrase("prompt_text", question=question))
    return types.GetPromptResult(
        description=phrase("prompt_about"),
        messages=[types.PromptMessage(role="user", content=text)],
    )
