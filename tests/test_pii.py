"""Nothing that a person tells of themselves is found in any file of a server, on any way in."""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx
import pytest
from msgspec import Struct
from planting import Planted, Sought, planted
from telegram_api import TOKEN, Platform, bring, listening, until
from telegram_people import says
from wechat_platform import Known, Sender

from bot import agents, logins
from bot.logins import COOKIE
from bot.store import opened, url_of

# TEST_PII=100000 plants so many messages; about as many milliseconds as two of them.
MESSAGES = int(os.environ.get("TEST_PII", "2000"))
CHATS = 20  # on Telegram, which lets a bot send thirty messages in a second
KNOWN = Known()
assert KNOWN.key
Way = Callable[[Planted], str]


class Running(Struct, frozen=True):
    """A server in a process of its own, its files, and the people on Telegram."""

    url: str
    data: Path
    log: Path
    process: subprocess.Popen[bytes]
    platform: Platform


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with an agent, an official account and a bot on Telegram."""
    folder = tmp_path_factory.mktemp("planted")
    data, log, platform = folder / "data", folder / "log", Platform()
    store = opened(url_of(data, None))
    agents.add(store, "小王", "a long enough word")
    store.close()
    with listening(platform) as api, log.open("wb") as written:
        environment = {name: text for name, text in os.environ.items() if "YIWENTONG" not in name}
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=written,
            cwd=folder,
            env={**environment, **_settings(data, api)},
        )
        assert process.stdout
        url = process.stdout.readline().decode().split()[1]
        try:
            until(lambda: platform.webhook)
            yield Running(url, data, log, process, platform)
        finally:
            process.kill()
            process.communicate()


def _settings(data: Path, api: str) -> dict[str, str]:
    settings = {
        "DATA_DIR": str(data),
        "REGION": "suzhou",
        "REQUESTS_PER_MINUTE": "0",
        "SESSION_REQUESTS_PER_MINUTE": "0",
        "TURNS_AT_ONCE": "1000",
        "WECHAT_TOKEN": KNOWN.token,
        "WECHAT_APP_ID": KNOWN.receiver,
        "WECHAT_AES_KEY": b64encode(KNOWN.key or b"").decode().rstrip("="),
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API": api,
        "TELEGRAM_WEBHOOK_URL": "https://bot.example.cn/telegram",
    }
    paths = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {f"YIWENTONG_{name}": value for name, value in settings.items()} | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths))
    }


class Person:
    """Somebody who tells too much, on every way in; each way gives what it was answered."""

    def __init__(self, running: Running) -> None:
        self.client = httpx.Client(base_url=running.url, timeout=30)
        self.desk = httpx.Client(base_url=running.url, timeout=30, headers=_login(running.data))
        self.sender = Sender(self.client.post)
        self.call = "c" * 22
        self.users = itertools.count()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.close()
        self.desk.close()

    def ways(self) -> list[Way]:
        """Every way in, the usual ones several times."""
        usual = [self.ask, self.ask, self.ask, self.wechat]
        return [*usual, *usual, self.form, self.feedback, self.flag, self.note, self.inquire]

    def ask(self, one: Planted) -> str:
        """By the interface."""
        return self._told(self.client.post("/api/v1/ask", json={"text": one.text}))

    def form(self, one: Planted) -> str:
        """By the page without a script, which shows what was asked."""
        return self._told(self.client.post("/chat", data={"text": one.text}))

    def wechat(self, one: Planted) -> str:
        """On WeChat, everybody once."""
        return self.sender.says(f"user{next(self.users)}-{id(self)}", one.text) or ""

    def feedback(self, one: Planted) -> str:
        """As the reason of a thumb, and as the region of a question."""
        said = self.client.post("/api/v1/ask", json={"text": "透析限额"}).json()
        body = {"session": said["session"], "rating": "down", "reason": one.text}
        self._told(self.client.post("/api/v1/feedback", json=body))
        odd = self.client.post("/api/v1/ask", json={"text": "透析", "region": one.text})
        assert odd.status_code == 422
        return odd.text

    def flag(self, one: Planted) -> str:
        """In every field of what an agent flags."""
        body = {
            "remark": one.text,
            "question": one.text,
            "understood": {"topic": one.text, "slots": {one.text: one.text}},
            "answer": one.text,
        }
        return self._told(self.desk.post("/desk/flag", json=body))

    def note(self, one: Planted) -> str:
        """In a note of an agent."""
        return self._told(self.desk.post("/desk/note", json={"text": one.text}))

    def inquire(self, one: Planted) -> str:
        """By an agent, in a call and while typing; the second answer is that of an odd path."""
        asked = self.desk.post("/desk/ask", json={"call": self.call, "text": one.text})
        self._told(self.desk.get("/desk/search", params={"q": one.text}))
        self._told(self.client.get("/api/v1/suggest", params={"q": one.text}))
        odd = self.client.get(f"/api/v1/sources/{quote(one.text, safe='')}")
        assert odd.status_code == 404
        return self._told(asked) + odd.text

    @staticmethod
    def _told(reply: httpx.Response) -> str:
        assert reply.status_code < 300, (reply.status_code, reply.text[:200])
        return reply.text


def _login(data: Path) -> dict[str, str]:
    """The headers of an agent who is logged in."""
    store = opened(url_of(data, None))
    token = logins.begin(store, "小王")
    login = logins.current(store, token)
    store.close()
    assert login
    return {
        "Cookie": f"{COOKIE}={token}",
        "X-CSRF-Token": login.csrf,
        "Sec-Fetch-Site": "same-origin",
    }


def _files(running: Running) -> Iterator[tuple[str, str]]:
    """Every file of the server, and what it shows to who counts."""
    for file in sorted(running.data.parent.rglob("*")):
        if file.is_file():
            yield file.name, file.read_bytes().decode("utf-8", "ignore")
    if running.process.poll() is None:
        yield "metrics", httpx.get(f"{running.url}/metrics").text


def _tell(running: Running, messages: list[Planted], number: int) -> None:
    """Send messages on all the ways in turn; no answer repeats what was planted."""
    with Person(running) as person:
        _tell_all(person, messages[number::2])


def _tell_all(person: Person, messages: list[Planted]) -> None:
    ways = itertools.cycle(person.ways())
    for one in messages:
        answered = next(ways)(one)
        assert not Sought([one]).traces(answered), (one, answered)


def _chat(running: Running, messages: list[Planted]) -> None:
    for user, one in enumerate(messages, 700_000):
        url = f"{running.url}/telegram"
        assert bring(running.platform, says(one.text, user), url) == 200
        assert bring(running.platform, says(f"/region {one.text}", user), url) == 200
    until(lambda: all(len(running.platform.texts(700_000 + n)) > 1 for n in range(len(messages))))


def test_nothing_planted_is_found_anywhere(running: Running) -> None:
    """Not in the database or its journal of writes, the log, the counts, nor in an answer."""
    rnd = random.Random(20_261_122)  # noqa: S311 - the same messages every time
    messages = [planted(rnd) for _ in range(MESSAGES)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda number: _tell(running, messages, number), range(2)))
    _chat(running, chats := [planted(rnd) for _ in range(CHATS)])
    sought = Sought([*messages, *chats])
    shown = {text for chat in running.platform.chats.values() for text in map(_text_of, chat)}

    assert {name for name, _ in _files(running)} > {"yiwentong.db", "yiwentong.db-wal", "metrics"}
    for name, text in _files(running):
        assert not sought.traces(text), name
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(30)
    for name, text in [*_files(running), *(("Telegram", text) for text in shown)]:
        assert not sought.traces(text), name


def _text_of(message: dict[str, Any]) -> str:
    return str(message.get("text", ""))


def test_the_search_for_traces_finds_them() -> None:
    """What was planted is found in the messages themselves: the test above can fail."""
    rnd = random.Random(7)  # noqa: S311 - the same messages every time
    for one in [planted(rnd) for _ in range(300)]:
        assert Sought([one]).traces(f"…{one.text}…")
