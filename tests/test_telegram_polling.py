"""Updates that are fetched: over HTTP, by the real library, whatever Telegram does meanwhile."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from telegram_api import TOKEN, Platform, listening, until
from telegram_people import ANN, BOB, joins, says

from bot import receipts
from bot.accounts import TelegramAccount
from bot.channels import telegram, telegram_bot
from bot.cli import main
from bot.errors import SettingError, StoreError
from bot.resources import Resources
from bot.terminal import tell

ROOT = Path(__file__).parents[1]
Json = dict[str, Any]
Fetch = Callable[[Callable[[], object]], list[str]]


@pytest.fixture
def platform() -> Platform:
    """A platform on which nothing was said yet."""
    return Platform()


@pytest.fixture
def api(platform: Platform) -> Iterator[str]:
    """Its address."""
    with listening(platform) as url:
        yield url


@pytest.fixture
def fetch(resources: Resources, api: str) -> Fetch:
    """Fetch and answer until something is so; what was written on the terminal meanwhile."""

    def run(ready: Callable[[], object]) -> list[str]:
        written: list[str] = []
        account = TelegramAccount(TOKEN, api)
        asyncio.run(_fetched(resources, account, written, ready))
        return written

    return run


async def _fetched(
    resources: Resources,
    account: TelegramAccount,
    written: list[str],
    ready: Callable[[], object],
) -> None:
    task = asyncio.create_task(telegram._fetched(resources, account, written.append))
    for _ in range(2000):
        if ready() or task.done():
            break
        await asyncio.sleep(0.01)
    assert task.done() or ready()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def test_what_was_asked_is_answered_and_gone(fetch: Fetch, platform: Platform) -> None:
    """Telegram forgets an update once its answer is kept."""
    platform.push(
        says("苏州透析限额"), joins("member", "kicked", chat=BOB), says("/help", user=BOB)
    )
    written = fetch(lambda: platform.texts(BOB) and platform.texts(ANN) and not platform.updates)

    assert "35万" in platform.texts(ANN)[0]
    assert written[-1] == tell("telegram_running", name="yiwentong_bot")


def test_a_webhook_of_before_is_taken_down(fetch: Fetch, platform: Platform) -> None:
    """Without one set, updates are to be fetched."""
    platform.webhook = {"url": "https://x"}
    platform.push(says("/help"))

    fetch(lambda: platform.texts(ANN))


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502},
        {"status": 429, "retry_after": 1},
        {"status": 400},
        {"status": 409, "why": "Conflict: terminated by other getUpdates request"},
    ],
    ids=str.split("500 502 429 400 409"),
)
def test_it_goes_on_after(fetch: Fetch, platform: Platform, fault: Json) -> None:
    """What comes meanwhile is answered afterwards."""
    if fault["status"] == 500:
        platform.fail("getMe", **fault)
    platform.fail("getUpdates", **fault)
    platform.push(says("/help"))
    written = fetch(lambda: platform.texts(ANN))

    assert (tell("telegram_conflict") in written) == (fault["status"] == 409)


def test_without_a_menu_it_answers_all_the_same(fetch: Fetch, platform: Platform) -> None:
    """The commands can be typed."""
    platform.fail("setMyCommands", 400, times=99)
    platform.push(says("/help"))

    fetch(lambda: platform.texts(ANN))


def test_a_request_that_is_never_answered_is_given_up(
    fetch: Fetch, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message is sent by a later try, once."""
    monkeypatch.setattr(telegram_bot, "_SECONDS", 0.3)
    platform.hanging.add("sendMessage")
    platform.push(says("/help"))

    def ready() -> bool:
        if platform.hung == 1:
            platform.hanging.clear()
        return bool(platform.texts(ANN))

    fetch(ready)
    assert len(platform.texts(ANN)) == 1


def test_an_update_stays_until_it_is_kept(
    fetch: Fetch, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database is out of reach nothing is taken from Telegram for good."""
    real, seen = receipts.once, list[bool]()

    def once(*given: Any, **more: Any) -> receipts.Receipt:
        seen.append(bool(platform.updates))
        if len(seen) < 3:
            raise StoreError("x", "y")
        return real(*given, **more)

    monkeypatch.setattr(receipts, "once", once)
    platform.push(says("/help"))
    fetch(lambda: platform.texts(ANN) and not platform.updates)

    assert seen == [True, True, True]
    assert len(platform.texts(ANN)) == 1


def test_an_update_that_cannot_be_read_holds_up_nothing(fetch: Fetch, platform: Platform) -> None:
    """The one behind it is answered, and both are gone."""
    platform.push({"update_id": 5, "message": {"text": 1}}, {"update_id": 6}, says("/help"))
    fetch(lambda: platform.texts(ANN) and not platform.updates)

    assert len(platform.texts(ANN)) == 1


def test_a_repetition_adds_nothing(fetch: Fetch, platform: Platform) -> None:
    """A process that ends before it told Telegram is brought the same again."""
    asked = says("苏州透析限额")
    platform.push(asked)
    fetch(lambda: platform.texts(ANN))
    platform.push(asked, says("/help", user=BOB))
    fetch(lambda: platform.texts(BOB))

    assert len(platform.texts(ANN)) == 1


def test_a_token_that_is_refused_ends_it(resources: Resources, api: str) -> None:
    """With a sentence that does not show it."""
    account = TelegramAccount("9:of_nobody", api)
    with pytest.raises(SettingError) as raised:
        asyncio.run(telegram._fetched(resources, account, lambda _: None))

    assert tell("telegram_refused") in str(raised.value)
    assert "of_nobody" not in str(raised.value)
    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, "YIWENTONG_TELEGRAM_TOKEN"),
        ({"TELEGRAM_TOKEN": "x"}, "YIWENTONG_TELEGRAM_TOKEN"),
        ({"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_URL": "https://x.cn/telegram"},
         "YIWENTONG_TELEGRAM_WEBHOOK_URL"),
    ],
)  # fmt: skip
def test_what_is_set_wrong_is_said(
    environment: dict[str, str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which setting, and what to write; the token never."""
    monkeypatch.chdir(tmp_path)
    for key in ("TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE"):
        monkeypatch.delenv(f"YIWENTONG_{key}", raising=False)
    for key, value in environment.items():
        monkeypatch.setenv(f"YIWENTONG_{key}", value)
    result = CliRunner().invoke(main, ["telegram"])

    assert result.exit_code == 2
    assert told in result.stderr
    assert TOKEN not in result.output


def test_a_missing_library_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the command that installs it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YIWENTONG_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setitem(sys.modules, "aiolimiter", None)
    result = CliRunner().invoke(main, ["telegram"])

    assert result.exit_code == 2
    assert result.stderr.strip() == tell("telegram_missing")


@pytest.fixture
def start(api: str, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Start `yiwentong telegram` as a process of its own."""
    running: list[subprocess.Popen[bytes]] = []
    kept = {key: value for key, value in os.environ.items() if "YIWENTONG" not in key}
    environment = kept | {
        "YIWENTONG_TELEGRAM_TOKEN": TOKEN,
        "YIWENTONG_TELEGRAM_API": api,
        "YIWENTONG_DATA_DIR": str(tmp_path / "data"),
        "YIWENTONG_REGION": "suzhou",
        "PYTHONPATH": str(ROOT),
    }

    def begun() -> subprocess.Popen[bytes]:
        with (tmp_path / "log").open("ab") as log:
            made = subprocess.Popen(
                [sys.executable, "-W", "default", "-m", "bot", "telegram"],
                env=environment, cwd=tmp_path, stdout=log, stderr=log,
            )  # fmt: skip
        running.append(made)
        return made

    yield begun
    for one in running:
        one.kill()
        one.wait()


def test_a_killed_process_loses_nothing(
    start: Callable[[], subprocess.Popen[bytes]], platform: Platform, tmp_path: Path
) -> None:
    """Killed between receiving and sending, started again: every question has one answer.

    Told to end it finishes what it sends and ends with 0; no token in anything it wrote.
    """
    people = range(101, 121)
    platform.hanging.add("sendMessage")
    platform.push(*(says("透析限额", user=one) for one in people))
    first = start()
    # A call of every chat arrived and none was done; on a busy machine one may come again.
    until(lambda: platform.hung_for >= set(people), 60)
    first.send_signal(signal.SIGKILL)
    first.wait()
    platform.hanging.clear()
    platform.push(says("白血病限额", user=130))
    second = start()
    until(lambda: all(platform.texts(one) for one in (*people, 130)), 60)
    platform.slow["sendMessage"] = 0.5
    platform.push(says("透析限额", user=131))
    until(lambda: any(int(given["chat_id"]) == 131 for given in platform.asked("sendChatAction")))
    second.send_signal(signal.SIGTERM)

    assert second.wait(30) == 0
    assert [len(platform.texts(one)) for one in (*people, 130, 131)] == [1] * 22
    log = (tmp_path / "log").read_text()
    assert TOKEN.partition(":")[2] not in log
    assert "Traceback" not in log
    assert "Warning" not in log
