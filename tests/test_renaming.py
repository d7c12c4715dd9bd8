"""Names of people change every thirty days, and nobody who is talking notices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from browsing import hosting
from databases import Server, redis
from msgspec import structs
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from telegram_api import BOT, Platform
from telegram_people import ANN, BOB, GROUP, says, taps
from telegram_playing import ME, left, play, take
from wechat_platform import Interfaces, Known, Sender

from bot import keyring, outbox, receipts, sessions
from bot.accounts import WeChatAccount, WeComAccount
from bot.channels import wechat, wecom
from bot.channels.platform_api import PlatformApi, token_of_wechat
from bot.channels.sending import send_all
from bot.channels.wechat_turns import Place
from bot.keyring import OVERLAP, PERIOD, Keyring
from bot.memory import Memory
from bot.resources import Resources
from bot.store import opened, url_of
from bot.tables import SESSIONS

EVE = 800 * PERIOD  # the first second of a period
QUESTION = "苏州职工透析在职报多少"
LONG = "苏州门特怎么备案，十个区的地址都列一下，职工和居民有什么区别"  # three messages
KEY = bytes(range(32))
WECHAT = WeChatAccount("AAAAA", Known().receiver, (KEY,))
WECOM = WeComAccount("QDG6eK", "ww5823bf96d3bd56c7", (KEY,))
Names = Callable[[float], str]


class Moving:
    """A deployment whose clock for names is moved by hand."""

    def __init__(self, resources: Resources) -> None:
        self.now = EVE - 5.0
        keys = Keyring(b"the secret of the tests", lambda: self.now)
        self.resources = structs.replace(resources, keyring=keys)

    def ids(self) -> list[str]:
        """Under which names conversations are kept."""
        with self.resources.store.reading() as connection:
            return [row.id for row in connection.execute(select(SESSIONS.c.id))]


@pytest.fixture
def moving(resources: Resources) -> Moving:
    """It is five seconds before a new period."""
    return Moving(resources)


def at(now: float) -> Keyring:
    """The keys at a time."""
    return Keyring(b"a secret", lambda: now)


@pytest.mark.parametrize("purpose", ["session", "chat", "journal"])
def test_the_name_of_a_person_changes(purpose: str) -> None:
    """It holds to the end of its period, and is never the same again."""
    names = [at(EVE + number * PERIOD).name(purpose, "telegram", "42") for number in range(12)]

    assert len(set(names)) == 12
    assert at(EVE + PERIOD - 1).name(purpose, "telegram", "42") == names[0]


def test_the_name_of_a_message_does_not() -> None:
    """A repetition after the change is known; the row is gone after two days anyway."""
    assert at(EVE).name("receipt", "7") == at(EVE - 1).name("receipt", "7")


def test_the_names_before_count_for_a_while() -> None:
    """Longer than anything is kept that may be gone on with; and then no more."""
    before = at(EVE - 1).name("session", "42")

    assert at(EVE + OVERLAP - 1).others("session", "42") == (before,)
    assert at(EVE + OVERLAP).others("session", "42") == ()
    assert max(sessions.IDLE, receipts.KEPT, outbox.KEPT) < OVERLAP


def test_a_clock_that_is_ahead_is_followed() -> None:
    """In the last hour the names of the next period count: another machine may give them."""
    assert at(EVE - 3600).others("session", "42") == (at(EVE).name("session", "42"),)
    assert at(EVE - 3601).others("session", "42") == ()


def test_all_names_of_some_days_are_known() -> None:
    """For who wants to be forgotten."""
    names = at(EVE).all_names("session", "42", days=30)

    assert at(EVE).name("session", "42") in names
    assert at(EVE - 30 * 24 * 3600).name("session", "42") in names
    assert at(EVE - 70 * 24 * 3600).name("session", "42") not in names


# Telegram


def test_a_conversation_on_telegram_goes_on(moving: Moving) -> None:
    """With another name; nothing is left under the one before."""
    platform = Platform()
    play(moving.resources, platform, says(QUESTION))
    (before,) = moving.ids()
    moving.now = EVE + 5
    play(moving.resources, platform, says("退休的呢"))

    assert "95%" in platform.texts(ANN)[-1]
    assert before not in moving.ids()
    assert len(moving.ids()) == 1


def test_an_update_that_is_brought_again_is_answered_once(moving: Moving) -> None:
    """Whatever its conversation is called by then."""
    platform, update = Platform(), says(QUESTION)
    play(moving.resources, platform, update)
    moving.now = EVE + 5
    play(moving.resources, platform, update)

    assert len(platform.texts(ANN)) == 1


@pytest.mark.parametrize("later", [5, OVERLAP + 5])
def test_a_button_of_before_holds(moving: Moving, later: float) -> None:
    """Telegram shows buttons for years; that of a region sets it in the conversation of now."""
    platform = Platform()
    play(moving.resources, platform, says("/start"))
    moving.now = EVE + later
    play(moving.resources, platform, taps(platform.chats[ANN][-1], "苏州"), says("透析职工报多少"))

    assert "无限额" in platform.texts(ANN)[-1]


def test_a_choice_of_before_holds(moving: Moving) -> None:
    """What was offered before the change may be chosen after it."""
    platform = Platform()
    play(moving.resources, platform, says("职工透析限额多少"))
    moving.now = EVE + 5
    play(moving.resources, platform, taps(platform.chats[ANN][-1], "苏州"))

    assert "无限额" in platform.texts(ANN)[-1]


@pytest.mark.parametrize("chat", [None, GROUP], ids=["private", "group"])
def test_letters_keep_their_order(moving: Moving, chat: int | None) -> None:
    """What was written before the change is sent before what was written after it."""
    platform, about = Platform(), ("苏州透析职工报多少", "苏州血友病职工限额多少")
    for text in about:
        take(
            moving.resources,
            platform,
            says(f"@{BOT['username']} {text}" if chat else text, chat=chat),
        )
        moving.now += 10
    play(moving.resources, platform, says("你好", BOB))

    first, second = platform.texts(chat or ANN)
    assert "透析" in first
    assert "血友病" in second


# WeChat and WeCom


def in_wechat(resources: Resources) -> Sender:
    """The platform of an official account."""
    routes = wechat.mounted(resources, WECHAT).routes
    return Sender(TestClient(Starlette(routes=routes)).post)


def in_wecom(resources: Resources) -> Sender:
    """The platform of an application of a company."""
    routes = wecom.mounted(resources, WECOM).routes
    known = Known(WECOM.token, WECOM.corp_id, KEY)
    return Sender(TestClient(Starlette(routes=routes)).post, known, path="/wecom")


@pytest.mark.parametrize("platform_of", [in_wechat, in_wecom])
def test_a_conversation_goes_on(moving: Moving, platform_of: Callable[..., Sender]) -> None:
    """With the rest of its answer, under another name."""
    platform = platform_of(moving.resources)
    platform.says("somebody", LONG)
    (before,) = moving.ids()
    moving.now = EVE + 5

    assert "还有" in str(platform.says("somebody", "继续"))
    assert "95%" in str(platform.says("somebody", "透析退休职工报多少"))
    assert before not in moving.ids()
    assert len(moving.ids()) == 1


@pytest.mark.parametrize("platform_of", [in_wechat, in_wecom])
def test_a_repetition_gets_the_same(moving: Moving, platform_of: Callable[..., Sender]) -> None:
    """Byte by byte, though the names have changed in between."""
    platform = platform_of(moving.resources)
    fields = platform.fields("somebody", MsgType="text", Content=QUESTION)
    first = platform.send(fields).content
    moving.now = EVE + 5

    assert platform.send(fields).content == first


def test_a_machine_that_is_behind_goes_on(moving: Moving) -> None:
    """Of two clocks around the change each follows the other."""
    platform = in_wechat(moving.resources)
    platform.says("somebody", QUESTION)
    for now, text, says_ in ((EVE + 1, "退休的呢", "95%"), (EVE - 1, "在职的呢", "90%")):
        moving.now = now
        assert says_ in str(platform.says("somebody", text))


def test_what_is_sent_later_keeps_its_order(moving: Moving) -> None:
    """A question put off before the change is answered before one put off after it."""
    interfaces = Interfaces()
    with hosting(interfaces.app) as url:
        account = structs.replace(WECHAT, app_secret="the-secret", api=url)
        routes = wechat.mounted(moving.resources, account, room=0).routes
        platform = Sender(TestClient(Starlette(routes=routes)).post)
        for text in ("苏州透析职工报多少", "苏州血友病职工限额多少"):
            assert platform.says("somebody", text) is None
            moving.now += 10
        asyncio.run(_sent(moving.resources, account))

    first, second = [one["text"]["content"] for one in interfaces.sent]
    assert "透析" in first
    assert "血友病" in second


async def _sent(resources: Resources, account: WeChatAccount) -> None:
    place = Place(resources, "wechat", account.app_id, links=True)
    async with PlatformApi(account.api, token_of_wechat(account)) as api:
        await send_all(place, partial(wechat.send, api))


# conversations in Redis


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    """A real Redis."""
    with redis() as found:
        yield found


@pytest.fixture
def elsewhere(resources: Resources, shared: Server, tmp_path: Path) -> Iterator[Moving]:
    """A deployment whose conversations lie in Redis."""
    store = opened(url_of(tmp_path / "redis", None), Memory(shared.url))
    yield Moving(structs.replace(resources, store=store))
    store.close()


def test_a_conversation_in_redis_goes_on(elsewhere: Moving) -> None:
    """Its buttons hold; under its name of before there is nothing any more."""
    platform = Platform()
    play(elsewhere.resources, platform, says("职工透析在职报多少"))
    before = elsewhere.resources.keyring.name("session", "telegram", str(ME.id), *[str(ANN)] * 2)
    elsewhere.now = EVE + 5
    play(elsewhere.resources, platform, taps(platform.chats[ANN][-1], "苏州"), says("退休的呢"))

    assert "95%" in platform.texts(ANN)[-1]
    assert sessions.load(elsewhere.resources.store, before).version == 0


# a secret that is changed by hand


def test_another_secret_begins_anew(moving: Moving, capsys: pytest.CaptureFixture[str]) -> None:
    """What was sealed is dropped with a line in the log; people are answered as new ones."""
    platform = Platform()
    take(moving.resources, platform, says(QUESTION))
    keys = keyring.opened(Path(), "another secret, by hand")
    changed = structs.replace(moving.resources, keyring=keys)
    play(changed, platform, says("苏州职工透析报多少"))

    assert len(platform.texts(ANN)) == 1
    assert "letter unreadable" in capsys.readouterr().out
    assert left(changed) == 0


def test_another_secret_answers_a_repetition(moving: Moving) -> None:
    """It is a message like any other then; nothing fails."""
    platform = in_wechat(moving.resources)
    fields = platform.fields("somebody", MsgType="text", Content=QUESTION)
    platform.send(fields)
    changed = structs.replace(moving.resources, keyring=Keyring(b"another secret, by hand"))

    assert in_wechat(changed).send(fields).status_code == 200
