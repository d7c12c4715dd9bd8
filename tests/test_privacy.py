"""What becomes of what people say is told in plain words, where they are and with the real days."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import shot
from msgspec import structs
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient
from telegram_api import Platform
from telegram_people import ANN, says
from telegram_playing import play
from wechat_platform import Known, Sender

from bot.accounts import Accounts, TelegramAccount, WeChatAccount, WeComAccount
from bot.channels.wording import help_text
from bot.resources import Resources
from bot.server import application
from bot.settings import Settings
from knowledge.pack import Library

DAYS = 17
HELP = {"MsgType": "event", "Event": "CLICK", "EventKey": "help"}
WEBHOOK = "https://bot.example.cn/bot/telegram"


@pytest.fixture
def kept(resources: Resources) -> Resources:
    """A deployment that keeps for seventeen days."""
    settings = structs.replace(resources.settings, retention_days=DAYS)
    return structs.replace(resources, settings=settings)


def test_the_page_says_the_days(kept: Resources) -> None:
    """And that nothing leaves the machine, what not to send, and how to delete."""
    with TestClient(application(kept)) as client:
        text = client.get("/privacy").text

    assert text.count(f"{DAYS}天") == 3
    for said in ("不向任何别的公司", "删除我的记录", "请不要发这些", "每30天更换"):
        assert said in text


def test_the_page_comes_in_traditional_characters(client: TestClient) -> None:
    """As every page does."""
    assert "隱私說明" in client.get("/privacy", headers={"Accept-Language": "zh-TW"}).text


@pytest.mark.parametrize("path", ["/", "/chat"])
def test_the_pages_lead_to_it(client: TestClient, path: str) -> None:
    """In words that say what it is."""
    assert '<a href="privacy">隐私说明</a>' in client.get(path).text


def on_telegram(resources: Resources) -> str:
    """What /help says on Telegram."""
    platform = Platform()
    play(resources, platform, says("/help"))
    return "\n".join(platform.texts(ANN))


def in_wechat(resources: Resources) -> str:
    """What the button of help says in an official account."""
    account = WeChatAccount("AAAAA", Known().receiver, (bytes(range(32)),))
    return _clicked(resources, Accounts(wechat=account), Known(), "/wechat")


def in_wecom(resources: Resources) -> str:
    """What it says in an application of a company."""
    known = Known("QDG6eK", "ww5823bf96d3bd56c7", bytes(range(32)))
    account = WeComAccount(known.token, known.receiver, (bytes(range(32)),))
    return _clicked(resources, Accounts(wecom=account), known, "/wecom")


def _clicked(resources: Resources, accounts: Accounts, known: Known, path: str) -> str:
    settings = structs.replace(resources.settings, accounts=accounts)
    with TestClient(application(structs.replace(resources, settings=settings))) as client:
        return str(Sender(client.post, known, path=path).does("somebody", **HELP))


@pytest.mark.parametrize("told", [on_telegram, in_wechat, in_wecom])
def test_every_channel_says_it(kept: Resources, told: Callable[[Resources], str]) -> None:
    """In its help: what is kept, how long, how it is deleted, what not to send."""
    text = told(kept)

    for said in (f"{DAYS}天后删除", "不发给别人", "说“删除我的记录”", "请不要发身份证号"):
        assert said in text


def test_the_page_is_named_where_its_address_is_known(library: Library) -> None:
    """Where Telegram reaches the server, people do."""
    account = TelegramAccount("1:token", webhook_url=WEBHOOK)
    settings = Settings(accounts=Accounts(telegram=account))

    assert help_text(library, settings).endswith("https://bot.example.cn/bot/privacy")
    assert "http" not in help_text(library, Settings())


def test_it_is_legible(served_at: str, page: Page) -> None:
    """In type of 18 points and more, without a word that runs out of the page."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{served_at}/privacy")
    size = page.locator("main p").first.evaluate("one => getComputedStyle(one).fontSize")
    shot(page, "privacy-phone")

    assert float(size.removesuffix("px")) >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})
    shot(page, "privacy")


def test_the_widget_leads_to_it(served_at: str, page: Page) -> None:
    """From its greeting, in a window of its own."""
    page.goto(f"{served_at}/chat")
    link = page.get_by_role("link", name="隐私说明")

    expect(link).to_have_attribute("href", f"{served_at}/privacy")
    expect(link).to_have_attribute("target", "_blank")
    shot(page, "privacy-widget")
