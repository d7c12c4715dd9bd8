"""There is always an answer: at once, or by a message as soon as there is time, or a word on it."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Iterator
from functools import partial
from threading import Event

import pytest
from browsing import hosting
from msgspec import structs
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.testclient import TestClient
from structlog.testing import capture_logs
from wechat_platform import Interfaces, Known, Sender

from bot import outbox, receipts
from bot.accounts import WeChatAccount
from bot.channels import answering as answering_module
from bot.channels import wechat, wechat_rests
from bot.channels.answering import Answering, decode
from bot.channels.permission import Permission
from bot.channels.platform_api import ApiError, PlatformApi, token_of_wechat
from bot.channels.sending import Send, send_all
from bot.channels.wechat_messages import Incoming
from bot.channels.wechat_turns import Place
from bot.channels.wechat_wording import line as sentence
from bot.channels.wording import line
from bot.compose.wording import say
from bot.resources import Live, Resources

KNOWN = Known()
assert KNOWN.key
PASSIVE = WeChatAccount(KNOWN.token, KNOWN.receiver, (KNOWN.key,))
QUESTION = "苏州职工透析限额多少"
LONG = "苏州门特怎么备案，十个区的地址都列一下，职工和居民有什么区别"  # three messages
NUMBERS = itertools.count(1)
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


def test_a_store_out_of_reach_is_done_without(resources: Resources) -> None:
    """The answer comes from the packs, and says that what was said before is not known."""
    with resources.store.writing() as connection:
        connection.execute(text("DROP TABLE receipts"))
    account = structs.replace(PASSIVE, app_secret="the-secret")
    for room in (10, 0):
        told = crowded(resources, account, room).says("user", QUESTION)
        assert "无限额" in str(told)
        assert say("lost") in str(told)
    bare = wechat.mounted(resources, structs.replace(PASSIVE, keys=())).routes
    plain = Sender(TestClient(Starlette(routes=bare)).post, mode="plain")
    assert "无限额" in str(plain.says("user", QUESTION))


def test_a_fault_of_our_own_is_said(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is."""
    broken = structs.replace(resources, live=Live(None))
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
    shown = str(crowded(resources, PASSIVE, 10).says("user", "继续"))
    assert shown.startswith(f"您刚才问：{QUESTION}\n")
    assert "无限额" in shown


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
    """What was given up does not take the place of a newer answer's rest: it comes behind it."""
    put(resources)
    place = place_of(resources)
    send, _ = failing(45015)
    asyncio.run(send_all(place, send))
    keyring, session = resources.keyring, place.name("session", "user")
    with resources.store.writing() as connection:
        wechat_rests.keep(connection, keyring, session, ("newer",))

    shown = said(place, "继续")
    assert shown.startswith("newer\n还有1条")
    assert "无限额" in said(place, "继续")
    assert said(place, "继续") == line("no_more")


# the right to send


def said(place: Place, words: str, *, room: int = 10, kind: str = "text") -> str:
    """What somebody is answered who says this; empty where nothing is said."""
    text = words if kind == "text" else None
    incoming = Incoming("gh", "user", kind, text, "", ("gh", "user", str(next(NUMBERS))))

    async def work() -> str:
        answering = Answering(place, room=room)
        try:
            return (await answering.answer(incoming)).payload.decode()
        finally:
            await answering.close()

    return asyncio.run(work())


@pytest.mark.parametrize("code", [48001, 50001, 60020, 40164, 40125, 40243])
def test_who_turns_out_not_to_be_permitted_to_send_says_so(resources: Resources, code: int) -> None:
    """A secret is not the right: nobody is met with silence twice, and nothing is lost."""
    place = place_of(resources)
    assert said(place, QUESTION, room=0) == ""
    send, done = failing(code)
    asyncio.run(send_all(place, send))

    assert said(place, "居民呢", room=0) == line("busy")
    shown = said(place, "居民呢")
    assert "透析，居民医保" in shown
    assert "您前面那个问题的答案也在里面" in shown
    shown = said(place, "继续")
    assert shown.startswith(f"您刚才问：{QUESTION}\n")
    assert "无限额" in shown
    assert done == []


def test_what_is_owed_is_told_of_whatever_comes_next(resources: Resources) -> None:
    """A picture, for instance; what waits in the lane meanwhile is not even tried."""
    place = place_of(resources)
    said(place, QUESTION, room=0)
    place.permission.refused()
    send, done = failing()
    assert asyncio.run(send_all(place, send)) == 1
    assert done == []

    shown = said(place, "", kind="image")
    assert shown.startswith(line("image"))
    assert "您前面那个问题的答案也在里面" in shown
    assert "无限额" in said(place, "继续")


def test_the_right_to_send_is_tried_again(resources: Resources) -> None:
    """The account may have been verified meanwhile."""
    now = [0.0]
    permission = Permission(clock=lambda: now[0])
    permission.refused()
    now[0] = 3599
    assert not permission.holds
    now[0] = 3601
    assert permission.holds
    assert not Permission(given=False).holds


# the order of a chat


def test_a_question_waits_for_the_one_before_it(resources: Resources) -> None:
    """Both are answered in the order in which they were asked, and say what was."""
    place = place_of(resources)
    assert said(place, QUESTION, room=0) == ""
    assert said(place, "居民呢") == ""
    assert said(place, "继续") == sentence("on_its_way")
    send, done = failing()
    asyncio.run(send_all(place, send))

    assert [one.split("\n")[0] for one in done] == [f"您刚才问：{QUESTION}", "您刚才问：居民呢"]
    assert "透析，居民医保" in done[1]
    assert "透析，居民医保" not in done[0]


def test_the_rest_of_a_late_answer_waits(resources: Resources) -> None:
    """For 继续, once the first message was taken."""
    place = place_of(resources)
    said(place, LONG, room=0)
    send, done = failing()
    asyncio.run(send_all(place, send))
    assert len(done) == 1
    assert "还有2条，回复“继续”" in done[0]
    assert "还有1条" in said(place, "继续")


def test_who_leaves_is_sent_nothing_more(resources: Resources) -> None:
    """What waits for them is dropped, also where there is no room for anything."""
    place = place_of(resources)
    said(place, QUESTION, room=0)
    assert said(place, "", kind="event:unsubscribe", room=0) == ""
    send, done = failing()
    assert asyncio.run(send_all(place, send)) == 0
    said(place, QUESTION, room=0)
    place.permission.refused()
    asyncio.run(send_all(place, send))
    said(place, "", kind="event:unsubscribe")
    assert said(place, "继续") == line("no_more")
    assert done == []


# several senders, and what cannot be sent


def test_what_another_sender_has_taken_is_not_sent(resources: Resources) -> None:
    """The platform kept this one waiting, and its time with the second parcel ran out."""
    place, store = place_of(resources), resources.store
    for user in ("a", "b"):
        account = structs.replace(PASSIVE, app_secret="the-secret")
        crowded(resources, account).says(user, QUESTION)
    done = []

    async def send(user: str, _message: str) -> None:
        done.append(user)
        if user == "a":  # another process claims what waits once its time has run out
            outbox.claim(store, "wechat", lease=60, now=time.time() + 61)

    asyncio.run(send_all(place, send))
    assert done == ["a"]


def test_a_bad_parcel_stops_no_other(resources: Resources) -> None:
    """One that cannot be read is tried some minutes, then dropped; its words are in no log."""
    with resources.store.writing() as connection:
        outbox.put(connection, "wechat", "bad", resources.keyring.seal(b"secret words"))
    put(resources)
    send, done = failing()
    with capture_logs() as logs:
        for _ in range(8):
            asyncio.run(send_all(place_of(resources), send))
            for one in outbox.claim(resources.store, "wechat", lease=0, now=LATER):
                outbox.put_off(resources.store, one.id, 0)

    assert len(done) == 1
    assert outbox.claim(resources.store, "wechat", lease=0, now=LATER) == ()
    faults = [one for one in logs if one["event"] == "fault"]
    assert len(faults) > 1
    assert all("_opened" in one["where"] for one in faults)
    assert "secret" not in str(logs)


def test_a_fault_in_an_answer_stops_no_other(resources: Resources) -> None:
    """Neither does what a question brings about."""
    put(resources)
    broken = structs.replace(resources, live=Live(None))
    send, done = failing()
    assert asyncio.run(send_all(place_of(broken), send)) == 1
    (one,) = outbox.claim(resources.store, "wechat", lease=0, now=LATER)
    outbox.put_off(resources.store, one.id, 0)
    asyncio.run(send_all(place_of(resources), send))
    assert len(done) == 1


def test_who_was_told_that_there_is_no_answer_gets_none(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What had begun comes to an end after all, and keeps nothing."""
    monkeypatch.setattr(answering_module, "_FOR_ANSWER", 0.05)
    monkeypatch.setattr(answering_module, "_FOR_ALL", 0.1)
    held, place = Event(), place_of(resources)
    incoming = Incoming("gh", "user", "text", QUESTION, "", ("gh", "user", "1"))

    async def work() -> str:
        answering = Answering(place)
        receipt = await answering.answer(incoming, before=lambda: held.wait(10) and None)
        held.set()
        await answering.close()
        return receipt.payload.decode()

    before = set(threading.enumerate())
    assert asyncio.run(work()) == line("busy")
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert outbox.claim(resources.store, "wechat", lease=0) == ()
    assert receipts.find(resources.store, place.name("receipt", *incoming.identity)) is None
