"""What Telegram brings to /telegram is answered once, over HTTP, by the real library."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from browsing import serving
from msgspec import structs
from telegram_api import TOKEN, Platform, bring, listening, until
from telegram_people import ANN, BOB, GROUP, says, taps

from bot.accounts import Accounts, TelegramAccount
from bot.resources import Resources
from bot.store import opened, url_of

Json = dict[str, Any]


@pytest.fixture
def platform() -> Platform:
    """A platform on which nothing was said yet."""
    return Platform()


@pytest.fixture
def set_up(resources: Resources, platform: Platform) -> Iterator[Resources]:
    """What a server with an account at the platform serves from."""
    with listening(platform) as api:
        account = TelegramAccount(TOKEN, api, "https://bot.example.cn/telegram")
        settings = structs.replace(resources.settings, accounts=Accounts(account))
        yield structs.replace(resources, settings=settings)


@pytest.fixture
def door(set_up: Resources, platform: Platform) -> Iterator[str]:
    """The address of the webhook, once Telegram was told of it."""
    with serving(set_up) as url:
        until(lambda: len(platform.asked("setMyCommands")) == 2)
        yield f"{url}/telegram"


def test_telegram_is_told_where_to_call(door: str, platform: Platform) -> None:
    """With a secret that nobody can guess, and what is wanted of it."""
    (told,) = platform.asked("setWebhook")

    assert told["url"] == "https://bot.example.cn/telegram"
    assert len(told["secret_token"]) == 43
    assert told["allowed_updates"] == ["message", "edited_message", "callback_query",
                                       "my_chat_member"]  # fmt: skip


def test_a_question_is_answered(door: str, platform: Platform) -> None:
    """And a tapped button too."""
    assert bring(platform, says("透析限额多少"), door) == 200
    until(lambda: platform.texts(ANN))
    assert bring(platform, taps(platform.chats[ANN][0], "苏州"), door) == 200
    until(lambda: len(platform.texts(ANN)) == 2)

    assert "35万" in platform.texts(ANN)[1]


def test_without_the_secret_nothing_is_taken(door: str) -> None:
    """Who is not Telegram is told so."""
    name = b"X-Telegram-Bot-Api-Secret-Token"
    for headers in ([], [(name, b"")], [(name, b"wrong")], [(name, "é".encode())]):
        answer = httpx.post(door, json=says("苏州透析限额"), headers=headers)

        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"


BODIES = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b"null", 400),
    (b"\xff\xfe", 400),
    (b'{"update_id": "1"}', 400),
    (b'{"update_id": true}', 400),
    (b'{"update_id": -1}', 400),
    (b'{"update_id": 1e400}', 400),
    (b"[" * 100_000, 400),
    (b'{"update_id": 1, "x": "' + b"a" * 2_000_000 + b'"}', 413),
    (b'{"update_id": 1}', 200),
    (b'{"update_id": 2, "message": 5}', 200),
    (b'{"update_id": 3, "message": {"text": "x"}}', 200),
    (b'{"update_id": 4, "callback_query": {}}', 200),
    (b'{"update_id": 5, "unheard_of": {"x": [1]}}', 200),
]


def test_what_is_no_update_is_refused(door: str, platform: Platform) -> None:
    """And one that holds nothing that can be read is passed over: it would come for ever."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": platform.webhook["secret_token"]}
    found = [httpx.post(door, content=body, headers=headers).status_code for body, _ in BODIES]

    assert found == [status for _, status in BODIES]


def test_a_repetition_is_answered_once(set_up: Resources, door: str, platform: Platform) -> None:
    """Also where several processes are brought it at once."""
    store = opened(url_of(set_up.settings.data_dir, None))
    with serving(structs.replace(set_up, store=store)) as other:
        asked = [says("苏州透析限额", user=user) for user in (ANN, BOB)] * 6
        doors = [door, f"{other}/telegram"] * 6
        with ThreadPoolExecutor(8) as pool:
            statuses = list(
                pool.map(lambda one: bring(platform, *one), zip(asked, doors, strict=True))
            )
        until(lambda: platform.texts(ANN) and platform.texts(BOB))
        bring(platform, says("/help", user=5), door)
        until(lambda: platform.texts(5))

    assert statuses == [200] * 12
    assert [len(platform.texts(user)) for user in (ANN, BOB)] == [1, 1]


def test_it_serves_while_telegram_is_out_of_reach(set_up: Resources, platform: Platform) -> None:
    """What is brought is kept and answered later; in a group the bot must know its name first."""
    platform.fail("getMe", 500, times=2)
    platform.fail("setWebhook", 502)
    platform.fail("setMyCommands", 502)
    platform.webhook = {"secret_token": "of-an-earlier-start"}
    settings = set_up.settings
    account = structs.replace(settings.accounts.telegram, webhook_secret="of-an-earlier-start")
    settings = structs.replace(settings, accounts=Accounts(account))
    with serving(structs.replace(set_up, settings=settings)) as url:
        door = f"{url}/telegram"
        group = bring(platform, says("@yiwentong_bot 苏州透析限额", chat=GROUP), door)
        assert bring(platform, says("苏州透析限额"), door) == 200
        assert httpx.get(f"{url}/healthz").status_code == 200
        until(lambda: len(platform.asked("setMyCommands")) == 3)
        until(lambda: platform.texts(ANN))

    assert group == 503


def test_nothing_of_the_token_is_logged(
    door: str, platform: Platform, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither by us nor by the libraries, whatever goes wrong."""
    platform.fail("sendMessage", 400, "Bad Request: no")
    platform.fail("sendChatAction", 401)
    bring(platform, says("苏州透析限额"), door)
    bring(platform, {"update_id": 6, "message": {"text": TOKEN}}, door)
    bring(platform, says("/help"), door)
    until(lambda: platform.texts(ANN))

    assert TOKEN.partition(":")[2] not in "".join(capfd.readouterr())
