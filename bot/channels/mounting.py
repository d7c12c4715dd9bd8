"""What the channels add to the server: each its addresses, and what runs beside them.

A channel is there when its account is set, and only then is it loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext

from msgspec import Struct
from starlette.routing import Route

from bot.resources import Resources

# Called by platforms, many people behind one address, and signed: not counted by address.
PATHS = frozenset({"/telegram", "/wechat", "/wecom"})


class Mounted(Struct, frozen=True):
    """The addresses of a channel, and a context that lasts as long as the server."""

    routes: tuple[Route, ...]
    running: Callable[[], AbstractAsyncContextManager[object]] = nullcontext


def mounted(resources: Resources) -> tuple[Mounted, ...]:
    """Every channel that these settings ask for. Raises BotError for one that cannot be."""
    accounts = resources.settings.accounts
    found: list[Mounted] = []
    if accounts.telegram and accounts.telegram.webhook_url:
        from bot.channels import telegram

        found.append(telegram.mounted(resources, accounts.telegram))
    if accounts.wechat:
        from bot.channels import wechat

        found.append(wechat.mounted(resources, accounts.wechat))
    if accounts.wecom:
        from bot.channels import wecom

        found.append(wecom.mounted(resources, accounts.wecom))
    if accounts.mcp_token:
        from bot.channels import mcp

        found.append(mcp.mounted(resources, accounts.mcp_token))
    return tuple(found)
