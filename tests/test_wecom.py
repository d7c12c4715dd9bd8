"""A callback of WeCom: always encrypted, for this company and this application, answered once."""

from __future__ import annotations

import asyncio
import time
from functools import partial

import pytest
from browsing import hosting, serving
from msgspec import structs
from starlette.applications import Starlette
from starlette.testclient import TestClient
from wechat_platform import FAULT, Interfaces, Known, Sender, over_http

from bot import outbox
from bot.accounts import Accounts, WeComAccount
from bot.channels import wecom
from bot.channels.envelopes import seal, signature
from bot.channels.platform_api import PlatformApi, token_of_wecom
from bot.channels.sending import send_all
from bot.channels.wechat_turns import Place
from bot.channels.wechat_wording import line as sentence
from bot.channels.wording import line
from bot.resources import Resources

CORP, AGENT = "ww5823bf96d3bd56c7", 1000002
KEY, OLD = bytes(range(32)), bytes(range(32, 64))
KNOWN = Known("QDG6eK", CORP, KEY, str(AGENT))
PASSIVE = WeComAccount("QDG6eK", CORP, (KEY, OLD), agent_id=AGENT)
ACTIVE = structs.replace(PASSIVE, app_secret="the-secret")
QUESTION = "苏州职工透析限额多少"
LONG = "苏州门特怎么备案，十个区的地址都列一下，职工和居民有什么区别"  # three messages


def client(resources: Resources, account: WeComAccount = PASSIVE, room: int = 10) -> TestClient:
    """A server with this application."""
    return TestClient(Starlette(routes=wecom.mounted(resources, account, room=room).routes))


def sender(
    resources: Resources, account: WeComAccount = PASSIVE, known: Known = KNOWN, room: int = 10
) -> Sender:
    """The platform that sends to it."""
    return Sender(client(resources, account, room).post, known, path="/wecom")


def verified(resources: Resources, query: str) -> tuple[int, bytes]:
    """What the verification of the address comes to."""
    reply = client(resources).get(f"/wecom?{query}")
    return reply.status_code, reply.content


def query_of(sealed: str, written: str) -> str:
    """A signed query with an echostr, written as it stands in the address."""
    timestamp = str(int(time.time()))
    signed = signature(KNOWN.token, timestamp, "1", sealed)
    return f"msg_signature={signed}&timestamp={timestamp}&nonce=1&echostr={written}"


@pytest.mark.parametrize("plus", ["%2B", "%2b", "+"])
def test_the_address_is_verified(resources: Resources, plus: str) -> None:
    """The echostr comes back decrypted and bare, however its + was written."""
    sealed = next(
        one
        for number in range(1000)
        if "+" in (one := seal(b"1616140317555161061", KEY, CORP, bytes([number % 256]) * 16))
    )
    written = sealed.replace("/", "%2F").replace("=", "%3D").replace("+", plus)
    assert verified(resources, query_of(sealed, written)) == (200, b"1616140317555161061")


def test_an_address_of_another_company_is_not(resources: Resources) -> None:
    """Nor one with another signature, or with nothing to decrypt."""
    other = seal(b"1", KEY, "ww0", bytes(16)).replace("+", "%2B")
    good = seal(b"1", KEY, CORP, bytes(16)).replace("+", "%2B")
    for query in (
        query_of(other.replace("%2B", "+"), other),
        query_of("other", good),
        "",
        query_of("", ""),
    ):
        assert verified(resources, query) == (403, b"refused\n")


def test_a_question_is_answered(resources: Resources) -> None:
    """Encrypted, the same bytes for each repetition; by the key before, too."""
    platform = sender(resources)
    assert "无限额" in str(platform.does("zhang", MsgType="text", Content=QUESTION, lost=2))
    assert len(set(platform.replies)) == 1
    old = sender(resources, known=structs.replace(KNOWN, key=OLD))
    assert "无限额" in str(old.says("li", QUESTION))


@pytest.mark.parametrize(
    "known",
    [
        structs.replace(KNOWN, token="other"),
        structs.replace(KNOWN, receiver="ww0"),
        structs.replace(KNOWN, agent="1000003"),
        structs.replace(KNOWN, key=bytes(32)),
    ],
    ids=["token", "corp", "agent", "key"],
)
def test_what_is_for_another_is_refused(resources: Resources, known: Known) -> None:
    """Another token, company, application or key."""
    assert sender(resources, known=known).says("zhang", QUESTION) == FAULT


def test_the_clear_is_refused(resources: Resources) -> None:
    """WeCom always encrypts."""
    platform = Sender(client(resources).post, KNOWN, path="/wecom", mode="plain")
    assert platform.says("zhang", QUESTION) == FAULT


def test_a_choice_is_typed(resources: Resources) -> None:
    """WeCom has no link that sends words: choices are numbered."""
    platform = sender(resources)
    asked = str(platform.says("zhang", "职工透析限额多少"))
    assert "\n2. 苏州" in asked
    assert "<a " not in asked
    assert "无限额" in str(platform.says("zhang", "2"))


def test_who_opens_the_application_is_greeted_once(resources: Resources) -> None:
    """WeCom tells it each time."""
    platform = sender(resources)
    enters = {"MsgType": "event", "Event": "enter_agent", "EventKey": ""}
    assert str(platform.does("zhang", **enters, CreateTime="1")).startswith("您好")
    assert platform.does("zhang", **enters, CreateTime="2") is None
    assert platform.replies[-1] == b""


def test_who_is_new_is_greeted_once(resources: Resources) -> None:
    """WeCom tells of both, that somebody may use the application and that they open it."""
    platform = sender(resources)
    events = ({"Event": "subscribe", "CreateTime": "1"}, {"Event": "enter_agent"})
    first, second = (platform.does("zhang", MsgType="event", EventKey="", **one) for one in events)
    assert str(first).startswith("您好")
    assert second is None


def test_a_region_is_chosen_by_its_number(resources: Resources) -> None:
    """Nothing can be tapped there, and nothing says so."""
    platform = sender(resources)
    shown = str(platform.does("zhang", MsgType="event", Event="click", EventKey="region"))
    assert "\n2. 按苏州的规定回答" in shown
    assert "点一下" not in shown
    assert platform.says("zhang", "2") == line("region_set", region="苏州")
    assert "无限额" in str(platform.says("zhang", "职工透析限额多少"))


def test_the_rest_that_is_under_way_is_said_to_be(resources: Resources) -> None:
    """Who is impatient is not told that there is none."""
    platform = sender(resources, ACTIVE)
    platform.says("zhang", LONG)
    assert platform.says("zhang", "继续") == sentence("on_its_way")


@pytest.mark.parametrize(
    ("event", "key", "begins"),
    [("subscribe", "", "您好"), ("click", "help", "现在收录"), ("click", "gone", "这个菜单")],
)
def test_events_are_answered(resources: Resources, event: str, key: str, begins: str) -> None:
    """As in WeChat, with the same keys."""
    shown = sender(resources).does("zhang", MsgType="event", Event=event, EventKey=key)
    assert str(shown).startswith(begins)


def test_without_the_right_to_send_a_long_answer_waits(resources: Resources) -> None:
    """For 继续, as in WeChat."""
    platform = sender(resources)
    shown = [str(platform.says("zhang", LONG))]
    while "回复“继续”" in shown[-1]:
        shown.append(str(platform.says("zhang", "继续")))
    assert len(shown) == 3


def test_the_rest_of_a_long_answer_is_sent(resources: Resources) -> None:
    """Behind the first message, in order; then nothing is left."""
    interfaces = Interfaces()
    with hosting(interfaces.app) as url:
        account = structs.replace(ACTIVE, api=url)
        platform = sender(resources, account)
        first = str(platform.does("zhang", MsgType="text", Content=LONG, lost=2))
        assert "还有2条，接着发给您" in first
        assert asyncio.run(sent(resources, account)) == 1
    alone = [str(sender(resources).says("li", LONG))]
    alone += [str(sender(resources).says("li", "继续")) for _ in range(2)]

    assert [one["agentid"] for one in interfaces.sent] == [AGENT] * 2
    assert [one["text"]["content"][:40] for one in interfaces.sent] == [
        one[:40] for one in alone[1:]
    ]
    assert platform.says("zhang", "继续") == line("no_more")


def test_what_could_not_be_sent_can_be_asked_for(resources: Resources) -> None:
    """The server's address is not one that the company trusts."""
    interfaces = Interfaces()
    interfaces.refusals = [60020]
    with hosting(interfaces.app) as url:
        account = structs.replace(ACTIVE, api=url)
        platform = sender(resources, account)
        platform.says("zhang", LONG)
        asyncio.run(sent(resources, account))
    assert "还有1条，回复“继续”" in str(platform.says("zhang", "继续"))
    assert outbox.claim(resources.store, "wecom", lease=0) == ()


def test_under_overload_the_answer_comes_later(resources: Resources) -> None:
    """All of it by messages of the application."""
    interfaces = Interfaces()
    with hosting(interfaces.app) as url:
        account = structs.replace(ACTIVE, api=url)
        assert sender(resources, account, room=0).says("zhang", LONG) is None
        asyncio.run(sent(resources, account))
    assert len(interfaces.sent) == 3
    assert sender(resources, room=0).says("zhang", LONG) == line("busy")


async def sent(resources: Resources, account: WeComAccount) -> int:
    """Send what is due, as the server does beside its requests; how many parcels that were."""
    application = wecom.Application(resources, account, now=time.time, room=1)
    async with PlatformApi(account.api, token_of_wecom(account)) as api:
        place = Place(resources, "wecom", CORP, sends_all=True)
        return await send_all(place, partial(application.send, api))


def test_over_http_the_rest_comes_by_itself(resources: Resources) -> None:
    """A real server sends it beside its requests."""
    interfaces = Interfaces()
    with hosting(interfaces.app) as url:
        accounts = Accounts(wecom=structs.replace(ACTIVE, api=url))
        settings = structs.replace(resources.settings, accounts=accounts)
        with serving(structs.replace(resources, settings=settings)) as own, over_http(own) as post:
            Sender(post, KNOWN, path="/wecom").says("zhang", LONG)
            until = time.monotonic() + 20
            while len(interfaces.sent) < 2 and time.monotonic() < until:
                time.sleep(0.05)
    assert len(interfaces.sent) == 2
