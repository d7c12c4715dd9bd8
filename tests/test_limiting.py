"""Who asks too often is told how long to wait, in the form that was asked for."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from time import monotonic

import pytest
from msgspec import structs
from starlette.testclient import TestClient
from telegram_api import Platform
from telegram_people import ANN, BOB, says
from telegram_playing import play
from wechat_platform import Known, Sender

from bot import agents
from bot.accounts import Accounts, WeChatAccount
from bot.bench_servers import free_port
from bot.keyring import Keyring
from bot.limiting import LOGIN_ADDRESS, LOGIN_NAME, Bound, Limits, sender
from bot.resources import Resources
from bot.server import application

PROBLEM = "application/problem+json"
HTML = {"accept": "text/html,application/xhtml+xml"}
OWN = {"origin": "https://desk.example"}
BOUND = Bound("test", 2)
KEYS = Keyring(b"the secret of the tests")


@pytest.fixture
def bound(resources: Resources) -> Resources:
    """A deployment that lets an address send five requests a minute, a conversation two."""
    settings = structs.replace(
        resources.settings, requests_per_minute=5, session_requests_per_minute=2
    )
    return structs.replace(resources, settings=settings)


@pytest.fixture
def client(bound: Resources) -> Iterator[TestClient]:
    """A program that asks it."""
    with TestClient(application(bound), "https://desk.example") as made:
        yield made


def test_an_address_that_asks_too_often(client: TestClient) -> None:
    """429 as a problem, with the seconds; what watches over the service is never refused."""
    for _ in range(5):
        assert client.get("/api/v1/regions").status_code == 200
    refused = client.get("/api/v1/regions")

    assert (refused.status_code, refused.headers["content-type"]) == (429, PROBLEM)
    assert 1 <= int(refused.headers["retry-after"]) <= 12
    for path in ("/healthz", "/readyz", "/metrics"):
        assert client.get(path).status_code == 200


def test_a_browser_is_told_in_a_page(client: TestClient) -> None:
    """In Chinese, with the headers of every page."""
    for _ in range(5):
        client.get("/", headers=HTML)
    refused = client.get("/print", headers=HTML)

    assert refused.status_code == 429
    assert refused.headers["retry-after"] in refused.text
    assert "请稍等一下" in refused.text
    assert "default-src 'none'" in refused.headers["content-security-policy"]


def test_a_form_that_is_refused_keeps_what_was_typed(client: TestClient) -> None:
    """Nothing has to be typed again."""
    for _ in range(5):
        assert client.post("/chat", data={"text": "透析限额"}).status_code == 200
    refused = client.post("/chat", data={"text": "我打了很久的字"})

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert ">我打了很久的字</textarea>" in refused.text
    assert "您问得有点快" in refused.text


def test_a_conversation_that_asks_too_often(bound: Resources) -> None:
    """By any address; another conversation goes on, and a new one does."""
    settings = structs.replace(bound.settings, requests_per_minute=0)
    with TestClient(application(structs.replace(bound, settings=settings))) as client:
        question = {"text": "透析限额", "session": "s" * 22}
        statuses = [client.post("/api/v1/ask", json=question).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        again = client.post("/chat", data={"text": "透析限额", "session": "s" * 22})
        assert again.status_code == 429
        for other in ({"text": "透析限额"}, {"text": "透析限额", "session": "t" * 22}):
            assert client.post("/api/v1/ask", json=other).status_code == 200


def test_made_up_conversations_do_not_add_up(bound: Resources) -> None:
    """A flood of ids is counted in bounded memory."""
    limits = Limits(KEYS)

    async def flood() -> None:
        for number in range(100_000):
            await limits.wait(BOUND, f"made-up-{number:022}")

    asyncio.run(flood())
    assert len(limits._own) <= 40_000


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("testclient", "testclient:x", False),
    ],
)
def test_who_is_one_sender(one: str, other: str, *, same: bool) -> None:
    """Of IPv6 a whole network: who has one has a billion addresses."""
    found = [sender({"type": "http", "client": (host, 1)}) for host in (one, other)]

    assert (found[0] == found[1]) is same


def log_in(client: TestClient, name: str) -> int:
    data = {"name": name, "password": "wrong password"}
    return client.post("/desk/login", data=data, headers={**OWN, **HTML}).status_code


def test_logins_are_bounded_by_name_and_by_address(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name stays in its field; the page says how long."""
    monkeypatch.setattr(agents, "admits", lambda *_: False)
    agents.add(resources.store, "小王", "correct horse")
    with TestClient(application(resources), "https://desk.example") as client:
        assert {log_in(client, "小王") for _ in range(LOGIN_NAME.per_minute)} == {403}
        refused = client.post("/desk/login", data={"name": "小王", "password": "x"}, headers=OWN)
        assert (refused.status_code, 'value="小王"' in refused.text) == (429, True)
        assert refused.headers["retry-after"] in refused.text
        left = LOGIN_ADDRESS.per_minute - LOGIN_NAME.per_minute - 1
        assert {log_in(client, f"n{number}") for number in range(left)} == {403}
        assert log_in(client, "小李") == 429


def test_a_flood_of_logins_is_sent_away(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no room to look at a password it is said so at once, and nobody else waits."""
    agents.add(resources.store, "小王", "correct horse")
    with TestClient(application(resources), "https://desk.example") as client:
        monkeypatch.setattr(client.app.state.gate, "_room", 0)  # type: ignore[attr-defined]
        refused = client.post("/desk/login", data={"name": "小王", "password": "x"}, headers=OWN)

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert "登录的人太多" in refused.text


def test_who_writes_too_fast_on_telegram_is_told_once(bound: Resources) -> None:
    """Two are answered, the third is told to wait, and a flood is not answered word by word."""
    platform = Platform()
    play(bound, platform, *(says("苏州透析限额") for _ in range(20)), says("苏州透析限额", BOB))
    told = [text for text in platform.texts(ANN) if "太快了" in text]

    assert 1 <= len(told) <= 6
    assert len(platform.texts(ANN)) == 2 + len(told)
    assert "太快了" not in platform.texts(BOB)[0]


def test_who_writes_too_fast_on_wechat_is_told(bound: Resources) -> None:
    """A repetition of what was answered is given that answer, and no refusal."""
    known = Known()
    assert known.key
    accounts = Accounts(wechat=WeChatAccount(known.token, known.receiver, (known.key,)))
    settings = structs.replace(bound.settings, accounts=accounts)
    with TestClient(application(structs.replace(bound, settings=settings))) as client:
        people = Sender(client.post, known)
        fields = people.fields("ann", MsgType="text", Content="苏州职工透析限额多少")
        first = people.shown(people.send(fields).content, fields)
        assert "无限额" in str(first)
        assert "太快了" not in str(people.says("ann", "退休的呢"))
        assert "太快了" in str(people.says("ann", "居民呢"))
        assert people.shown(people.send(fields).content, fields) == first
        assert "太快了" not in str(people.says("bob", "苏州职工透析限额多少"))


@pytest.fixture(scope="module")
def redis_at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A Redis server of the test's own: its address, and its process."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no Redis: apt-get install -y redis-server")
    folder = tmp_path_factory.mktemp("redis")
    port = free_port()
    password = secrets.token_hex(8)
    words = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    words += ["--save", "", "--requirepass", password]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:  # noqa: S603 - our own
        _until_open(port)
        yield f"redis://:{password}@127.0.0.1:{port}/0", process.pid
        process.send_signal(signal.SIGCONT)
        process.terminate()


def _until_open(port: int) -> None:
    until = monotonic() + 20
    while monotonic() < until:
        with closing(socket.socket()) as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return


async def waits(limits: Limits, count: int, who: str) -> list[bool]:
    return [await limits.wait(BOUND, who) > 0 for _ in range(count)]


def test_processes_count_together_in_redis(redis_at: tuple[str, int]) -> None:
    """What one lets through is spent for the other; nobody reads there who asked."""

    async def counted() -> list[bool]:
        one, other = Limits(KEYS, redis_at[0]), Limits(KEYS, redis_at[0])
        assert one._shared
        found = [*await waits(one, 1, "192.0.2.1"), *await waits(other, 2, "192.0.2.1")]
        assert await one.wait(BOUND, "192.0.2.1", spend=False) in range(29, 31)
        assert await other.wait(BOUND, "192.0.2.2", spend=False) == 0
        keys = await one._shared._redis.keys()
        assert [key.startswith(b"yiwentong:limit:") for key in keys] == [True]
        assert b"192" not in keys[0]
        assert 0 < await one._shared._redis.pttl(keys[0]) <= 60_000
        await one.close()
        await other.close()
        return found

    assert asyncio.run(counted()) == [False, False, True]


def test_without_redis_each_process_counts_alone(
    redis_at: tuple[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that hangs is asked once and then left alone for a while; it is logged once."""

    class Clock:
        now = 0.0

        def __call__(self) -> float:
            return self.now

    async def counted() -> None:
        clock = Clock()
        limits = Limits(KEYS, redis_at[0], clock=clock)
        assert limits.shared is True
        os.kill(redis_at[1], signal.SIGSTOP)
        assert await waits(limits, 3, "192.0.2.9") == [False, False, True]
        assert limits.shared is False
        clock.now += 6
        await waits(limits, 1, "192.0.2.8")
        os.kill(redis_at[1], signal.SIGCONT)
        clock.now += 6
        assert await waits(limits, 1, "192.0.2.9") == [False]
        assert limits.shared is True
        await limits.close()

    asyncio.run(counted())
    said = capsys.readouterr().out
    assert said.count("limits counted alone") == 1
    assert said.count("limits counted together again") == 1
    assert redis_at[0].split("@")[0] not in said
