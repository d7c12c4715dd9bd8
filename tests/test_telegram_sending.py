"""What lies in the outbox reaches its chat, in order, whatever Telegram says meanwhile."""

from __future__ import annotations

import asyncio
from threading import Event
from typing import Any

import pytest
from telegram_api import Platform
from telegram_people import ANN, BOB, GROUP, says, taps
from telegram_playing import Running, left, play, take

from bot import outbox
from bot.channels import telegram_sending
from bot.channels.telegram_answering import Post
from bot.channels.telegram_letters import Letter, Sent, opened, sealed
from bot.channels.telegram_sending import Sender
from bot.errors import StoreError
from bot.keyring import Keyring
from bot.resources import Resources

KEYS = Keyring(b"of these tests")


@pytest.fixture
def platform() -> Platform:
    """A platform on which nothing was said yet."""
    return Platform()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How long letters were put off; they are due again at once."""
    waits: list[int] = []
    real = outbox.put_off

    def noted(store: object, number: int, due: int) -> None:
        waits.append(due - int(telegram_sending.time.time()))
        real(store, number, 0)  # type: ignore[arg-type]

    monkeypatch.setattr(telegram_sending.outbox, "put_off", noted)
    return waits


def letters(resources: Resources, *texts: str, chat: int = ANN, each: bool = False) -> None:
    """Put messages for a chat into the outbox: in one letter, or each in its own."""
    post = Post(resources, 4242)
    parts = [texts] if not each else [(text,) for text in texts]
    with resources.store.writing() as connection:
        for part in parts:
            letter = Letter(chat, tuple(Sent(text) for text in part))
            lane = post.name("chat", chat)
            outbox.put(connection, post.channel, lane, sealed(post.keyring, letter))


def test_a_chat_is_written_to_in_order(resources: Resources, platform: Platform) -> None:
    """However many letters there are for it."""
    letters(resources, *"一二三四五六七八九", each=True)
    letters(resources, *"甲乙丙", chat=BOB)
    asyncio.run(_settle(resources, platform))

    assert platform.texts(ANN) == [*"一二三四五六七八九"]
    assert platform.texts(BOB) == [*"甲乙丙"]


@pytest.mark.parametrize("status", [500, 502, 401, 420])
def test_what_fails_is_sent_later(
    resources: Resources, platform: Platform, soon: list[int], status: int
) -> None:
    """After growing delays; nothing overtakes it."""
    platform.fail("sendMessage", status, times=3)
    letters(resources, "一", "二", each=True)
    asyncio.run(_settle(resources, platform))

    assert platform.texts(ANN) == ["一", "二"]
    assert all(abs(wait - due) < 2 for wait, due in zip(soon, [1, 2, 4], strict=True))


def test_telegram_is_left_alone_as_long_as_it_wants(
    resources: Resources, platform: Platform, soon: list[int]
) -> None:
    """That chat waits, another one does not."""
    platform.fail("sendMessage", 429, "Too Many Requests: retry after 35", retry_after=35)
    letters(resources, "一")
    asyncio.run(_settle(resources, platform))

    assert platform.texts(ANN) == ["一"]
    assert 35 <= soon[0] <= 36


async def _settle(resources: Resources, platform: Platform) -> None:
    async with Running(resources, platform) as running:
        await running.settled()


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (400, "Bad Request: chat not found"),
    ],
)
def test_who_takes_no_messages_is_left_alone(
    resources: Resources,
    platform: Platform,
    capsys: pytest.CaptureFixture[str],
    status: int,
    why: str,
) -> None:
    """The letter is dropped; the log names nobody."""
    platform.fail("sendMessage", status, why)
    letters(resources, "一", "二")
    asyncio.run(_settle(resources, platform))

    assert platform.texts(ANN) == []
    logged = "".join(capsys.readouterr())
    assert "not sent" in logged
    assert str(ANN) not in logged


def test_markup_that_is_refused_is_sent_without(resources: Resources, platform: Platform) -> None:
    """The words arrive all the same."""
    letters(resources, "<b>一</i>&lt;")
    asyncio.run(_settle(resources, platform))

    assert platform.texts(ANN) == ["一<"]


def test_what_was_sent_is_not_sent_again(
    resources: Resources, platform: Platform, soon: list[int]
) -> None:
    """Of a letter in parts only what is left."""
    letters(resources, "一", "二", "三")
    platform.faults["sendMessage"].append(lambda: None)
    platform.fail("sendMessage", 500)
    asyncio.run(_settle(resources, platform))

    assert platform.texts(ANN) == ["一", "二", "三"]
    assert len(soon) == 1


def test_what_was_not_sent_is_sent_by_the_next_process(
    resources: Resources, platform: Platform
) -> None:
    """A repetition of the update adds nothing."""
    asked = says("苏州透析限额")
    take(resources, platform, asked)
    assert platform.texts(ANN) == []

    play(resources, platform, asked)
    assert len(platform.texts(ANN)) == 1
    assert left(resources) == 0


def test_a_group_that_moved_is_followed(resources: Resources, platform: Platform) -> None:
    """Telegram says what it is called now."""
    new = GROUP - 1
    platform.fail("sendMessage", 400, "Bad Request: upgraded", migrate_to_chat_id=new)
    letters(resources, "一", "二", chat=GROUP)
    asyncio.run(_settle(resources, platform))

    assert platform.texts(new) == ["一", "二"]


def test_a_message_that_cannot_be_edited_stops_nothing(
    resources: Resources, platform: Platform
) -> None:
    """It may be gone; the answer comes."""
    play(resources, platform, says("透析限额多少"))
    platform.fail("editMessageText", 400, "Bad Request: message to edit not found")
    platform.fail("answerCallbackQuery", 400, "Bad Request: query is too old")
    play(resources, platform, taps(platform.chats[ANN][-1], "苏州"))

    assert "35万" in platform.texts(ANN)[-1]


def test_a_lease_is_taken_anew_while_a_letter_is_under_way(
    resources: Resources, platform: Platform
) -> None:
    """So that another process does not send it too."""
    letters(resources, "一")
    platform.slow["sendMessage"] = 2.4

    async def stolen() -> int:
        running = Running(resources, platform)
        running.sender = Sender(running.post, running.bot, running.threads, lease=2)
        async with running:
            await asyncio.sleep(2.2)
            found = outbox.claim(resources.store, running.post.channel, lease=60)
            await running.settled()
        return len(found)

    assert asyncio.run(stolen()) == 0
    assert platform.texts(ANN) == ["一"]


@pytest.mark.parametrize("name", ["keep", "drop"])
def test_what_was_sent_is_written_down_however_long_it_takes(
    resources: Resources, platform: Platform, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """While the database is away the letter is under way: nothing of it is sent twice."""
    real, tries = getattr(outbox, name), list[int]()

    def away(*given: Any) -> None:
        tries.append(1)
        if len(tries) < 25:
            raise StoreError("x", "y")
        real(*given)

    monkeypatch.setattr(telegram_sending, "_AGAIN", 0.001)
    monkeypatch.setattr(outbox, name, away)
    letters(resources, "一", "二")
    asyncio.run(_settle(resources, platform))

    assert platform.texts(ANN) == ["一", "二"]


@pytest.mark.parametrize("name", ["claim", "put_off", "drop"])
def test_a_database_that_hangs_holds_up_nothing_else(
    resources: Resources, platform: Platform, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The loop of the server goes on; when the database does, so does the letter."""
    real, hangs, gate = getattr(outbox, name), Event(), Event()

    def hung(*given: Any, **more: Any) -> object:
        hangs.set()
        assert gate.wait(10), "the loop was held up"
        return real(*given, **more)

    async def beside() -> None:
        running = Running(resources, platform)
        running.sender = Sender(running.post, running.bot, running.threads, lease=1)
        async with running:
            while not hangs.is_set():  # noqa: ASYNC110 - it is another thread that sets it
                await asyncio.sleep(0.01)
            gate.set()
            await running.settled()

    monkeypatch.setattr(outbox, name, hung)
    platform.slow["sendMessage"] = 0.5
    letters(resources, "一")
    asyncio.run(beside())

    assert platform.texts(ANN) == ["一"]


def test_what_is_claimed_at_the_end_is_sent(resources: Resources, platform: Platform) -> None:
    """Nobody else would have it before its lease runs out."""
    letters(resources, "一")

    async def ended() -> None:
        async with Running(resources, platform):
            await asyncio.sleep(0)  # the sender is claiming

    asyncio.run(ended())
    assert platform.texts(ANN) == ["一"]


def test_only_this_deployment_reads_its_letters() -> None:
    """Another secret, another release, rubbish: nothing that could be sent."""
    letter = Letter(ANN, (Sent("<b>一</b>", reply=5),))

    assert opened(KEYS, sealed(KEYS, letter)) == letter
    assert opened(Keyring(b"another secret"), sealed(KEYS, letter)) is None
    assert opened(KEYS, KEYS.seal(b"\xc1")) is None


def test_what_cannot_be_read_is_dropped(resources: Resources, platform: Platform) -> None:
    """What lies behind it is sent."""
    post = Post(resources, 4242)
    with resources.store.writing() as connection:
        outbox.put(connection, post.channel, post.name("chat", ANN), b"rubbish")
    letters(resources, "一")
    asyncio.run(_settle(resources, platform))

    assert platform.texts(ANN) == ["一"]
