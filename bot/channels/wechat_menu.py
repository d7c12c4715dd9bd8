"""The menu of the official account: what each of its keys asks, and how it is pushed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from bot.accounts import WeChatAccount
from bot.channels.platform_api import PlatformApi, token_of_wechat
from bot.channels.wechat_wording import line
from bot.errors import InputError

_FILE = Path(__file__).parent / "wechat_menu.yaml"


class Button(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What can be tapped: its key, and what it says or shows."""

    name: str
    key: str
    say: str | None = None
    show: Literal["help", "regions", "sources"] | None = None


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A button of the first level, with those that open above it."""

    name: str
    buttons: tuple[Button, ...]


@cache
def menu() -> tuple[Column, ...]:
    """The menu as its file has it; read once."""
    read = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(read, tuple[Column, ...])


def button_of(key: str) -> Button | None:
    """The button that has this key, if there is one."""
    every = (button for column in menu() for button in column.buttons)
    return next((button for button in every if button.key == key), None)


def as_sent() -> dict[str, object]:
    """The menu as the platform takes it."""
    return {
        "button": [
            {
                "name": column.name,
                "sub_button": [
                    {"type": "click", "name": button.name, "key": button.key}
                    for button in column.buttons
                ],
            }
            for column in menu()
        ]
    }


def shown() -> str:
    """The menu as it would be sent, to be read."""
    return json.dumps(as_sent(), ensure_ascii=False, indent=2)


async def push(account: WeChatAccount | None) -> str:
    """Give the platform the menu; what to tell who did it. Raises InputError and ApiError."""
    if account is None or not account.app_secret:
        raise InputError(line("menu_no_account"))
    async with PlatformApi(account.api, token_of_wechat(account)) as api:
        await api.call("/cgi-bin/menu/create", as_sent())
    return line("menu_pushed", count=len(menu()))
