"""An agent is read where the person is: on Telegram, WeChat and WeCom, also over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from attending import current, ends, staff, takes, transcript, writes
from browsing import hosting
from msgspec import structs
from starlette.applications import Starlette
from starlette.testclient import TestClient
from telegram_api import BOT, Platform
from telegram_people import ANN as CHAT
from telegram_people import GROUP, says, shows
from telegram_playing import play, take
from wechat_platform import Interfaces, Known, Sender

from bot import handover_lines
from bot.accounts import WeChatAccount
from bot.channels import wechat
from bot.channels.permission import Permission
from bot.channels.platform_api import PlatformApi, token_of_wechat
from bot.channels.sending import send_all
from bot.channels.wechat_turns import Place
from bot.channels.wording import line as sentence
from bot.handover_wording import line
from bot.keyring import Keyring
from bot.resources import Resources
from bot.store import opened

KNOWN = Known()
assert KNOWN.key
PASSIVE = WeChatAccount(KNOWN.token, KNOWN.receiver, (KNOWN.key,))


@pytest.fixture
def desk(resources: Resources) -> Resources:
    """A desk that is staffed."""
    staff(resources)
    return resources


def agent_said(text: str) -> str:
    """What an agent writes, as the person sees it."""
    return line("from_agent", text=text)


# Telegram


def test_an_agent_is_read_on_telegram(desk: Resources) -> None:
    """The whole way there and back: /human, taken, both write, 返回机器人, a question."""
    platform = Platform()
    play(desk, platform, says("/human"))
    takes(desk)
    writes(desk, "您好，请问参保地？<b>")
    play(desk, platform, says("昆山"), says("透析限额"))
    play(desk, platform, says("返回机器人"), says("苏州透析限额"))

    told = platform.texts(CHAT)
    assert line("queued_next") in told[0]
    assert told[1:4] == [line("taken"), agent_said("您好，请问参保地？<b>"), line("back")]
    assert "限额" in told[4]
    assert [text for author, text in transcript(desk) if author == "person"] == [
        "转人工",
        "昆山",
        "透析限额",
        "返回机器人",
    ]


def test_what_an_agent_wrote_is_sent_after_a_restart(desk: Resources) -> None:
    """It lies in the outbox in the transaction of the line: whoever starts next sends it."""
    platform = Platform()
    play(desk, platform, says("转人工"))
    takes(desk)
    writes(desk, "第一句", key="k")
    again = structs.replace(desk, store=opened(desk.store.engine.url))
    writes(again, "第一句", key="k")
    play(again, platform, says("/help"))  # it is sent before this is answered
    again.store.close()

    assert platform.texts(CHAT)[1:3] == [line("taken"), agent_said("第一句")]


def test_an_update_that_comes_again_is_said_to_the_agent_once(desk: Resources) -> None:
    """Also where the process died before anything was sent."""
    play(desk, Platform(), says("转人工"))
    takes(desk)
    update = says("第一句")
    take(desk, Platform(), update)
    take(desk, Platform(), update, update)

    assert [text for _, text in transcript(desk)].count("第一句") == 1


def test_in_a_group_the_person_is_answered(desk: Resources) -> None:
    """Each has a conversation of their own; what the agent writes replies to theirs."""
    platform = Platform()
    play(desk, platform, says(f"/human@{BOT['username']}", chat=GROUP))
    takes(desk)
    writes(desk, "您好")
    play(desk, platform, says(f"/help@{BOT['username']}", chat=GROUP))

    assert agent_said("您好") in platform.texts(GROUP)
    assert all("reply_parameters" in sent for sent in platform.asked("sendMessage"))


def test_a_picture_is_refused_by_the_bot(desk: Resources) -> None:
    """Nobody at the desk could see it; the conversation goes on."""
    platform = Platform()
    play(desk, platform, says("转人工"))
    takes(desk)
    play(
        desk,
        platform,
        shows(photo=[{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]),
    )

    assert platform.texts(CHAT)[-1] == sentence("image")
    assert current(desk).status == "taken"


# WeChat


@pytest.fixture
def interfaces() -> Interfaces:
    """What the account can call."""
    return Interfaces()


@pytest.fixture
def active(interfaces: Interfaces) -> Iterator[WeChatAccount]:
    """An account that may send customer-service messages."""
    with hosting(interfaces.app) as url:
        yield structs.replace(PASSIVE, app_secret="the-secret", api=url)


@contextmanager
def person(resources: Resources, account: WeChatAccount) -> Iterator[Sender]:
    """Somebody who writes to an account."""
    routes = wechat.mounted(resources, account).routes
    with TestClient(Starlette(routes=routes)) as client:
        yield Sender(client.post)


def send(resources: Resources, account: WeChatAccount, *, permitted: bool = True) -> None:
    """Send what is due, as the server does beside its requests."""
    may = Permission()
    if not permitted:
        may.refused()
    place = Place(resources, "wechat", KNOWN.receiver, links=True, permission=may)

    async def work() -> None:
        async with PlatformApi(account.api, token_of_wechat(account)) as api:
            await send_all(place, partial(wechat.send, api))

    asyncio.run(work())


def test_an_agent_is_read_on_wechat(
    desk: Resources, active: WeChatAccount, interfaces: Interfaces
) -> None:
    """By customer-service messages, in their order; meanwhile the bot is silent."""
    with person(desk, active) as sender:
        assert line("queued_next") in str(sender.says("u", "转人工"))
        takes(desk)
        assert sender.says("u", "苏州透析限额多少", MsgId="9") is None
        assert sender.says("u", "苏州透析限额多少", MsgId="9") is None
        writes(desk, "您好")
        ends(desk)
        send(desk, active)

        told = [one["text"]["content"] for one in interfaces.sent]
        assert told == [line("taken"), agent_said("您好"), line("handed_back")]
        assert "无限额" in str(sender.says("u", "苏州职工透析限额多少"))
    assert [text for _, text in transcript(desk)].count("苏州透析限额多少") == 1


def test_a_long_message_of_an_agent_comes_whole(
    desk: Resources, active: WeChatAccount, interfaces: Interfaces
) -> None:
    """In as many messages as the platform wants, without a word lost."""
    with person(desk, active) as sender:
        sender.says("u", "转人工")
    takes(desk)
    writes(desk, "".join(f"第{number}条规定是这样写的。" for number in range(160)))
    send(desk, active)

    told = "".join(one["text"]["content"] for one in interfaces.sent)
    assert len(interfaces.sent) > 2
    assert all(f"第{number}条规定是这样写的。" in told for number in range(160))


def test_without_the_right_to_send_it_is_fetched(desk: Resources) -> None:
    """The person is told how; 继续 gives what there is, and any word goes to the agent as well."""
    with person(desk, PASSIVE) as sender:
        assert line("queued_fetch") in str(sender.says("u", "转人工"))
        takes(desk)
        writes(desk, "您好")
        first = str(sender.says("u", "继续"))
        rest = str(sender.says("u", "继续"))
        assert line("taken") in first
        assert agent_said("您好") in rest
        assert sender.says("u", "继续") == line("no_news")
        writes(desk, "还在吗")
        assert agent_said("还在吗") in str(sender.says("u", "在的"))
    assert [text for author, text in transcript(desk) if author == "person"] == ["转人工", "在的"]


def test_a_right_that_is_taken_away_leaves_it_owed(
    desk: Resources, active: WeChatAccount, interfaces: Interfaces
) -> None:
    """What could not be sent is told when the person writes again."""
    with person(desk, active) as sender:
        sender.says("u", "转人工")
        takes(desk)
        writes(desk, "您好")
        send(desk, active, permitted=False)
        told = [str(sender.says("u", "继续")) for _ in range(2)]

    assert not interfaces.sent
    assert any(agent_said("您好") in one for one in told)


def test_who_leaves_is_not_kept_waiting_for(desk: Resources, active: WeChatAccount) -> None:
    """The agent is told that nobody reads any more."""
    with person(desk, active) as sender:
        sender.says("u", "转人工")
        takes(desk)
        sender.does("u", MsgType="event", Event="unsubscribe")

    assert current(desk).status == "closed"
    assert transcript(desk)[-1] == ("notice", line("left"))


def test_with_another_secret_nothing_breaks(desk: Resources) -> None:
    """Who changes the secret loses what was sealed, and nothing more."""
    play(desk, Platform(), says("转人工"))
    other = structs.replace(desk, keyring=Keyring(b"another secret altogether"))

    assert takes(other)
    assert writes(other, "您好")
    with other.store.reading() as connection:
        found = handover_lines.lines(connection, other.keyring, current(other).id)
    assert [one.text for one in found] == [line("taken"), "您好"]
