"""Updates are taken in beside the server's loop, those of one chat in the order they came."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from telegram_api import Platform
from telegram_people import ANN, BOB, says
from telegram_playing import Running

from bot import receipts
from bot.channels import telegram_answering
from bot.channels.telegram_answering import answer
from bot.resources import Resources

Json = dict[str, Any]


@pytest.fixture
def platform() -> Platform:
    """A platform on which nothing was said yet."""
    return Platform()


@pytest.mark.parametrize("name", ["find", "once"])
def test_a_database_that_hangs_holds_up_nothing_else(
    resources: Resources, platform: Platform, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The loop of the server goes on; an update that is brought again meanwhile is the same."""
    real, hangs, gate = getattr(receipts, name), Event(), Event()

    def hung(*given: Any, **more: Any) -> object:
        hangs.set()
        assert gate.wait(10), "the loop was held up"
        return real(*given, **more)

    async def brought(asked: Json) -> None:
        async with Running(resources, platform) as running:
            both = [asyncio.create_task(running.take(asked)) for _ in range(2)]
            while not hangs.is_set():  # noqa: ASYNC110 - it is another thread that sets it
                await asyncio.sleep(0.01)
            gate.set()
            await asyncio.gather(*both)
            await running.settled()

    monkeypatch.setattr(receipts, name, hung)
    asyncio.run(brought(says("苏州透析限额")))

    assert len(platform.texts(ANN)) == 1


def test_a_chat_is_answered_in_order(
    resources: Resources, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another chat does not wait for it."""
    done: list[str] = []
    other = Event()

    def slow(post: Any, me: Any, update: int, heard: Any, **_more: Any) -> None:
        if heard.text == "一":
            assert other.wait(10), "another chat was held up"
        done.append(heard.text)
        if heard.text == "二":
            other.set()
        answer(post, me, update, heard)

    async def brought(*updates: Json) -> None:
        async with Running(resources, platform) as running:
            running.threads._pool = ThreadPoolExecutor(4)  # as with a server for a database
            await asyncio.gather(*map(running.take, updates))

    monkeypatch.setattr(telegram_answering, "answer", slow)
    asyncio.run(brought(says("一"), says("三"), says("二", user=BOB)))

    assert done == ["二", "一", "三"]


def test_what_was_begun_is_finished(
    resources: Resources, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the process is told to end meanwhile, and nobody waits for it any more."""
    begun, gate = Event(), Event()

    def slow(*given: Any, **_more: Any) -> None:
        begun.set()
        assert gate.wait(10)
        answer(*given)

    async def ended(asked: Json) -> None:
        async with Running(resources, platform) as running:
            taking = asyncio.create_task(running.take(asked))
            while not begun.is_set():  # noqa: ASYNC110 - it is another thread that sets it
                await asyncio.sleep(0.01)
            taking.cancel()
            asyncio.get_running_loop().call_later(0.05, gate.set)

    monkeypatch.setattr(telegram_answering, "answer", slow)
    asyncio.run(ended(says("苏州透析限额")))

    assert len(platform.texts(ANN)) == 1
