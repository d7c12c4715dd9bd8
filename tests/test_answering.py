"""There is always an answer: at once, or by a message as soon as there is time, or a word on it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

import pytest
from browsing import hosting
from msgspec import structs
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.testclient import TestClient
from wechat_platform import Interfaces, Known, Sender

from bot import leftovers, outbox
from bot.accounts import WeChatAccount
from bot.channels import wechat
from bot.channels.answering import decode
from bot.channels.platform_api import ApiError, PlatformApi, token_of_wechat
from bot.channels.sending import Send, send_all
from bot.channels.wechat_turns import Place
from bot.channels.wording import line
from bot.resources import Resources

KNOWN = Known()
assert KNOWN.key
PASSIVE = WeChatAccount(KNOWN.token, KNOWN.receiver, (KNOWN.key,))
QUESTION = "苏州职工透析限额多少"
LATER = 10**10  # a time at which everything put off is due


@pytest.fixture
def interfaces() -> Interfaces:
    """What the account can call."""
    return Interfaces()


@pytest.fixture
def active(interfaces: Interfaces) -> Iterator[WeChatAccount]:
    """An account that may send customer-service messages."""
    with hosting(interfaces.app) as url:
        yield structs.replace(PASSIVE, app_secret="the-secret", api=url)


def crowded(resources: Resources, account: WeChatAccount, room: int = 0) -> Sender:
    """A platform that sends to a server with no room for anything."""
    routes = wechat.mounted(resources, account, room=room).routes
    return Sender(TestClient(Starlette(routes=routes)).post)


def place_of(resources: Resources) -> Place:
    """Where people of the account are answered."""
    return Place(resources, "wechat", KNOWN.receiver, links=True)


def sent(resources: Resources, account: WeChatAccount) -> int:
    """Send what is due, as the server does beside its requests; how many parcels that were."""

    async def work() -> int:
        async with PlatformApi(account.api, token_of_wechat(account)) as api:
            return await send_all(place_of(resources), partial(wechat.send, api))

    return asyncio.run(work())


def failing(*codes: int | None) -> tuple[Send, list[str]]:
    """A way to send that fails with these errcodes first, and what it sent."""
    left, done = list(codes), []

    async def send(_user: str, message: str) -> None:
        if left:
            raise ApiError(left.pop(0), "no")
        done.append(message)

    return send, done


def put(resources: Resources) -> None:
    """Put a question off."""
    account = structs.replace(PASSIVE, app_secret="the-secret")
    assert crowded(resources, account).says("user", QUESTION) is None


# under overload


def test_without_the_right_to_send_it_is_said(resources: Resources) -> None:
    """Honestly, and nothing is kept."""
    assert crowded(resources, PASSIVE).says("user", QUESTION) == line("busy")
    assert outbox.claim(resources.store, "wechat", lease=60) == ()


def test_what_is_put_off_is_answered_by_a_message(
    resources: Resources, active: WeChatAccount, interfaces: Interfaces
) -> None:
    """Once, though it came three times; the platform is told not to show an error."""
    sender = crowded(resources, active)
    assert sender.does("user", MsgType="text", Content=QUESTION, lost=2) is None
    assert sender.replies == [b"success"] * 3

    assert sent(resources, active) == 1
    assert sent(resources, active) == 0
    (message,) = interfaces.sent
    assert message["touser"] == "user"
    assert "无限额" in message["text"]["content"]


def test_a_conversation_goes_on_behind_it(
    resources: Resources, active: WeChatAccount, interfaces: Interfaces
) -> None:
    """What was answered late is known when the next question comes."""
    crowded(resources, active).says("user", QUESTION)
    sent(resources, active)
    assert "透析，居民医保" in str(crowded(resources, active, 10).says("user", "居民呢"))


def test_what_is_kept_is_sealed(resources: Resources) -> None:
    """Neither the question nor the person can be read in the store."""
    put(resources)
    (one,) = outbox.claim(resources.store, "wechat", lease=60)
    assert b"user" not in one.sealed
    opened = resources.keyring.unseal(one.sealed)
    assert opened
    assert decode(opened).user == "user"


def test_a_store_out_of_reach_is_said(resources: Resources) -> None:
    """The person is told to come back, and never sees the platform's own error."""
    with resources.store.writing() as connection:
        connection.execute(text("DROP TABLE receipts"))
    account = structs.replace(PASSIVE, app_secret="the-secret")
    for room in (0, 10):
        assert crowded(resources, account, room).says("user", QUESTION) == line("busy")
    assert Sender(
        TestClient(Starlette(routes=wechat.mounted(resources, PASSIVE).routes)).post, mode="plain"
    ).says("user", QUESTION) == line("busy")


def test_a_fault_of_our_own_is_said(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is."""
    broken = structs.replace(resources, service=None)
    assert crowded(broken, PASSIVE, 10).says("user", QUESTION) == line("failed")


# sending


@pytest.mark.parametrize("code", [-1, 45009, 42001, None])
def test_what_may_be_taken_later_is_sent_later(resources: Resources, code: int | None) -> None:
    """The platform was busy, or out of reach."""
    put(resources)
    send, done = failing(code)
    assert asyncio.run(send_all(place_of(resources), send)) == 1
    assert done == []
    (one,) = outbox.claim(resources.store, "wechat", lease=0, now=LATER)
    outbox.put_off(resources.store, one.id, 0)
    asyncio.run(send_all(place_of(resources), send))
    assert len(done) == 1
    assert "无限额" in done[0]


def test_what_will_never_be_taken_is_given_up(resources: Resources) -> None:
    """Out of the 48 hours; who asks for it with 继续 still has it."""
    put(resources)
    send, done = failing(45015)
    asyncio.run(send_all(place_of(resources), send))
    assert outbox.claim(resources.store, "wechat", lease=0, now=LATER) == ()
    assert done == []
    assert "无限额" in str(crowded(resources, PASSIVE, 10).says("user", "继续"))


def test_what_is_refused_too_often_is_given_up(resources: Resources) -> None:
    """Some minutes after the first try."""
    put(resources)
    send, _ = failing(*[-1] * 20)
    for _ in range(8):
        asyncio.run(send_all(place_of(resources), send))
        for one in outbox.claim(resources.store, "wechat", lease=0, now=LATER):
            outbox.put_off(resources.store, one.id, 0)
    assert outbox.claim(resources.store, "wechat", lease=0, now=LATER) == ()


def test_what_nobody_can_unseal_is_dropped(resources: Resources) -> None:
    """It was sealed before the secret was changed."""
    with resources.store.writing() as connection:
        outbox.put(connection, "wechat", "lane", b"of another secret")
    send, done = failing()
    assert asyncio.run(send_all(place_of(resources), send)) == 1
    assert done == []
    assert outbox.claim(resources.store, "wechat", lease=0, now=LATER) == ()


def test_a_sender_that_dies_answers_no_question_twice(resources: Resources) -> None:
    """The answer was kept before it was sent; the next process sends the same."""

    async def dies(_user: str, message: str) -> None:
        first.append(message)
        raise KeyboardInterrupt

    first: list[str] = []
    put(resources)
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(send_all(place_of(resources), dies))
    (one,) = outbox.claim(resources.store, "wechat", lease=0, now=LATER)
    outbox.put_off(resources.store, one.id, 0)
    send, done = failing()
    asyncio.run(send_all(place_of(resources), send))
    assert done == first


def test_the_rest_is_left_where_nothing_else_is(resources: Resources) -> None:
    """What was given up does not take the place of a newer answer's rest."""
    put(resources)
    place = place_of(resources)
    session = place.name("session", "user")
    with resources.store.writing() as connection:
        leftovers.keep(connection, session, ("newer",))
    asyncio.run(send_all(place, _keeps(resources, session)))
    with resources.store.reading() as connection:
        assert leftovers.of(connection, session) == ("newer",)


def _keeps(resources: Resources, session: str) -> Send:
    """A way to send that fails while the person was given a newer answer."""

    async def send(_user: str, _message: str) -> None:
        with resources.store.writing() as connection:
            leftovers.keep(connection, session, ("newer",))
        raise ApiError(45015, "no")

    return send
