"""The same conversation gives the same facts on every channel; only the rendering differs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from assisting import calling, found, talked
from msgspec import structs
from starlette.testclient import TestClient
from telegram_api import Platform
from telegram_people import ANN, says
from telegram_playing import play
from wechat_platform import Known, Sender

from bot.accounts import Accounts, WeChatAccount, WeComAccount
from bot.channels import mcp
from bot.channels.console import Console
from bot.resources import Resources
from bot.server import application

TURNS = yaml.safe_load((Path(__file__).parent / "data" / "conversation.yaml").read_text("utf-8"))
KEY = bytes(range(32))
CORP = Known("QDG6eK", "ww5823bf96d3bd56c7", KEY)
# A figure with its unit, an address, a document; what numbers rows and messages is no fact.
_FACT = re.compile(
    r"\d[\d,.]*(?:万元|元|万|%|天|个工作日|个月|号楼|号|室|层|种|岁)|\d寸|\d张|[一二三四五六七八九十]+楼"
    r"|《[^》]+》|无限额|无封顶|无此项目|[^\W\d_]{2,12}(?:APP|公众号|小程序)"
)
_MORE = re.compile(r"还有\d+条")
Player = Callable[[Resources], list[str]]


def facts(text: str) -> list[str]:
    """The facts of a reply, each once, whatever stands around them."""
    plain = re.sub(r"<[^>]+>", "", text)
    return sorted({one.rstrip("，。") for one in _FACT.findall(re.sub(r"[ \u3000|]+", " ", plain))})


def on_the_console(resources: Resources) -> list[str]:
    """In the terminal, an option chosen by its number."""
    console = Console(resources.service)
    return [str(console.respond(turn["says"].strip("{}"))) for turn in TURNS]


def on_the_web(resources: Resources) -> list[str]:
    """Over the interface, as the widget asks: an option says what it stands for."""
    replies: list[dict[str, Any]] = []
    with TestClient(application(resources)) as client:
        for turn in TURNS:
            text = turn["says"]
            if text == "{1}":
                text = replies[-1]["options"][0]["say"]
            body = {"text": text} | ({"session": replies[-1]["session"]} if replies else {})
            replies.append(client.post("/api/v1/ask", json=body).json())
    return [reply["text"] for reply in replies]


def on_telegram(resources: Resources) -> list[str]:
    """On Telegram, an option chosen by its number; all the messages of an answer together."""
    platform, told = Platform(), list[str]()
    for turn in TURNS:
        before = len(platform.texts(ANN))
        play(resources, platform, says(turn["says"].strip("{}")))
        told.append("\n".join(platform.texts(ANN)[before:]))
    return told


def in_wechat(resources: Resources) -> list[str]:
    """In an official account, to the last 继续."""
    account = WeChatAccount("AAAAA", Known().receiver, (KEY,))
    return _by_callback(resources, Accounts(wechat=account), Known(), "/wechat")


def in_wecom(resources: Resources) -> list[str]:
    """In an application of a company, to the last 继续."""
    account = WeComAccount(CORP.token, CORP.receiver, (KEY,))
    return _by_callback(resources, Accounts(wecom=account), CORP, "/wecom")


def _by_callback(resources: Resources, accounts: Accounts, known: Known, path: str) -> list[str]:
    settings = structs.replace(resources.settings, accounts=accounts)
    served = structs.replace(resources, settings=settings)
    told = []
    with TestClient(application(served)) as client:
        platform = Sender(client.post, known, path=path)
        for turn in TURNS:
            parts = [platform.says("somebody", turn["says"].strip("{}")) or ""]
            while _MORE.search(parts[-1]):
                parts.append(platform.says("somebody", "继续") or "")
            told.append("\n".join(_MORE.sub("", part) for part in parts))
    return told


def through_an_assistant(resources: Resources) -> list[str]:
    """Asked by an assistant, an option as what it stands for."""
    told: list[dict[str, Any]] = []
    for turn in TURNS:
        text = turn["says"] if turn["says"] != "{1}" else told[-1]["options"][0]["say"]
        more = {"session": told[-1]["session"]} if told else {}
        asked = calling("ask", question=text, **more)
        told.append(found(talked(mcp.server_of(resources), asked)))
    return [one["text"] for one in told]


@pytest.mark.parametrize(
    "player",
    [on_the_console, on_the_web, on_telegram, in_wechat, in_wecom, through_an_assistant],
    ids=lambda player: player.__name__,
)
def test_a_channel_says_what_the_terminal_says(resources: Resources, player: Player) -> None:
    """Every answer of the conversation has the fact it cannot lack, and the facts of all others."""
    right = on_the_console(resources)

    for turn, wanted, told in zip(TURNS, right, player(resources), strict=True):
        assert turn["fact"] in re.sub(r"<[^>]+>", "", told), (turn["says"], told)
        assert facts(told) == facts(wanted), turn["says"]
