"""A database or a Redis that is killed, hung or full stops no answer, and no line is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from signal import SIGCONT, SIGKILL, SIGSTOP, SIGTERM
from typing import Any

import pytest
from databases import Server, postgres_server, redis
from msgspec import structs
from sqlalchemy import event, func, select
from starlette.testclient import TestClient
from telegram_api import Platform
from telegram_people import ANN, says
from telegram_playing import Running, left, play, take
from wechat_platform import Known, Sender

from bot import agents, breaker, journal, logins, outbox, receipts, sessions
from bot.accounts import Accounts, WeChatAccount
from bot.channels import mcp_tools
from bot.compose.wording import say
from bot.conversing import respond, taken
from bot.keyring import Keyring
from bot.logins import COOKIE
from bot.memory import Memory
from bot.messages import Answer, Message, Text
from bot.resources import Live, Resources
from bot.server import application
from bot.service import Service
from bot.settings import Settings
from bot.store import Store, opened, url_of
from bot.tables import JOURNAL
from bot.work import Work
from intents.dialogue import State

SESSION = "s" * 22
QUESTION = "苏州透析限额多少"
OWN = {"origin": "http://testserver"}


class Full:
    """A disk that takes nothing for one database, until there is room again."""

    def __init__(self, store: Store) -> None:
        event.listen(store.engine, "connect", self.settle)
        event.listen(store.engine, "checkout", self.settle)
        self.store = store
        self.fill()

    def fill(self) -> None:
        """From now on there is no room, also for what the threads have open."""
        self.full = True
        for one in self.store._opened:
            one.close()

    def settle(self, connection: Any, *_: object) -> None:
        """SQLite itself refuses every write, and reads on."""
        connection.execute(f"PRAGMA query_only={int(self.full)}")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for seconds here."""
    monkeypatch.setattr(breaker, "PAUSE", 0.05)
    monkeypatch.setattr("bot.store._PATIENCE", 1.0)
    monkeypatch.setattr("bot.memory._PATIENCE", 0.3)


@pytest.fixture
def full(resources: Resources) -> Full:
    """An embedded database on a disk that takes nothing."""
    return Full(resources.store)


def ask(resources: Resources, text: str = QUESTION, id_: str = "t1") -> Answer:
    message = Message(id_, "web", SESSION, text, datetime.now(UTC))
    return respond(resources, message)


def is_lost(answer: Answer) -> bool:
    return Text(say("lost")) in answer.blocks


def until(ready: Callable[[], object]) -> None:
    """Wait for something that happens beside."""
    deadline = time.monotonic() + 20
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def until_(ready: Callable[[], object]) -> None:
    """The same, while the loop goes on."""
    await asyncio.to_thread(until, ready)


def lines(resources: Resources) -> list[str]:
    with resources.store.reading() as connection:
        return list(connection.scalars(select(JOURNAL.c.id).order_by(JOURNAL.c.id)))


def is_drained(resources: Resources) -> bool:
    """Whether nothing waits aside once what waits is written, as a server does by itself."""
    resources.store.unspool()
    return resources.store.aside.spool.count == 0


def mended(resources: Resources, full: Full) -> None:
    full.full = False
    until(lambda: not resources.store.is_away)


# a full disk, which takes nothing and shows everything


def test_a_full_disk_stops_no_answer(resources: Resources, full: Full) -> None:
    """The line is written once there is room, and once."""
    answer = ask(resources)
    assert answer.status == "answered"
    assert is_lost(answer)
    assert resources.store.aside.spool.count

    mended(resources, full)
    resources.store.unspool()

    assert lines(resources) == ["t1"]
    assert resources.store.aside.spool.count == 0


def test_a_database_that_may_not_grow_is_full(resources: Resources) -> None:
    """The error of SQLite itself, in the middle of a conversation."""
    event.listen(
        resources.store.engine,
        "checkout",
        lambda one, *_: one.execute("PRAGMA max_page_count=1"),
    )

    numbers = count()
    until(lambda: is_lost(ask(resources, id_=f"t{next(numbers)}")))
    assert resources.store.is_away


def test_what_went_on_without_its_state_is_not_gone_on_with(
    resources: Resources, full: Full
) -> None:
    """What was said before the fault would be taken for what was said last."""
    full.full = False
    ask(resources, "苏州高血压限额多少", "t0")
    full.fill()
    until(lambda: is_lost(ask(resources, "苏州透析限额多少", "t1")))

    mended(resources, full)

    assert sessions.load(resources.store, SESSION).state == State()


def test_a_conversation_that_begins_misses_nothing(full: Full, client: TestClient) -> None:
    """Where nothing was said before, nothing is said to be lost."""
    first = client.post("/api/v1/ask", json={"text": QUESTION}).json()
    goes_on = {"text": "在职的呢", "session": first["session"]}

    assert say("lost") not in first["text"]
    assert say("lost") in client.post("/api/v1/ask", json=goes_on).json()["text"]


def test_the_status_says_degraded(resources: Resources, client: TestClient) -> None:
    """200 as long as answers are given."""
    assert client.get("/readyz").json() == {
        "state": "ready", "store": True, "redis": None, "packs": resources.packs, "spooled": 0,
    }  # fmt: skip
    Full(resources.store)  # only now: what a server does when it starts would find it full
    client.post("/api/v1/ask", json={"text": QUESTION})

    told = client.get("/readyz")
    assert (told.status_code, told.json()["state"]) == (200, "degraded")
    assert told.json()["spooled"] == 2
    assert 'yiwentong_degraded{server="database"} 1.0' in client.get("/metrics").text


def test_what_cannot_be_done_is_said(full: Full, client: TestClient) -> None:
    """503 with Retry-After."""
    session = client.post("/api/v1/ask", json={"text": QUESTION}).json()["session"]

    told = client.post("/api/v1/feedback", json={"session": session, "rating": "up"})
    assert (told.status_code, told.headers["retry-after"]) == (503, "5")
    form = {"name": "小王", "password": "x" * 12}
    assert client.post("/desk/login", data=form, headers=OWN).status_code == 503


def test_the_form_and_an_assistant_are_answered(
    resources: Resources, full: Full, client: TestClient
) -> None:
    """As over the interface."""
    assert "无限额" in client.post("/chat", data={"text": QUESTION}).text
    done = mcp_tools.called(resources, mcp_tools.TOOLS["ask"], {"question": QUESTION})
    assert "无限额" in done.texts[0]


def test_an_agent_at_work_goes_on(resources: Resources, full: Full) -> None:
    """Who was let in before the fault may ask; nobody else is let in."""
    full.full = False
    agents.add(resources.store, "小王", "x" * 12)
    token = logins.begin(resources.store, "小王")
    login = logins.current(resources.store, token)
    assert token
    assert login
    full.fill()
    until(lambda: ask(resources, id_="other") and resources.store.is_away)
    cookies = {COOKIE: token}
    headers = {**OWN, "x-csrf-token": login.csrf}
    with TestClient(application(resources), cookies=cookies) as client:
        body = {"call": "c" * 22, "text": QUESTION}
        told = client.post("/desk/ask", json=body, headers=headers)
        client.cookies.set(COOKIE, "another")
        assert client.post("/desk/ask", json=body, headers=headers).status_code == 503

    assert told.status_code == 200
    assert "无限额" in told.text


def test_wechat_is_answered(resources: Resources, full: Full) -> None:
    """Within its own callback, also when it is repeated."""
    known = Known()
    assert known.key
    account = WeChatAccount(known.token, known.receiver, (known.key,))
    settings = structs.replace(resources.settings, accounts=Accounts(wechat=account))
    app = application(structs.replace(resources, settings=settings))
    with TestClient(app, raise_server_exceptions=False) as client:
        sender = Sender(client.post)
        told = [str(sender.says("user", QUESTION)) for _ in range(2)]

    assert all("无限额" in one for one in told)
    assert all(say("lost") in one for one in told)


def test_telegram_is_answered(resources: Resources, full: Full) -> None:
    """By a letter that is sent from the disk."""
    platform = Platform()

    async def asked() -> None:
        async with Running(resources, platform) as running:
            await running.take(says(QUESTION))
            await until_(lambda: platform.texts(ANN))

    asyncio.run(asked())

    assert "无限额" in platform.texts(ANN)[0]
    mended(resources, full)
    resources.store.unspool()
    assert left(resources) == 0


def test_a_letter_that_was_not_sent_is_sent_later(resources: Resources, full: Full) -> None:
    """By whoever has the outbox: the process that wrote it died."""
    take(resources, Platform(), says(QUESTION))
    folder = resources.settings.data_dir / "spool"
    assert "letter" in "".join(file.read_text() for file in folder.iterdir())
    resources.store.aside.close()

    again = opened(resources.store.engine.url, spool=folder)
    again.unspool(dead=True)
    platform = Platform()
    later = structs.replace(resources, store=again)
    play(later, platform)

    assert "无限额" in platform.texts(ANN)[0]
    again.close()


def test_nothing_of_a_person_lies_open_in_the_spool(resources: Resources, full: Full) -> None:
    """Letters are sealed there as they are in the outbox."""
    take(resources, Platform(), says(QUESTION))
    folder = resources.settings.data_dir / "spool"

    assert str(ANN) not in "".join(file.read_text() for file in folder.iterdir())


def test_an_earlier_message_is_repeated_without_a_state(resources: Resources, full: Full) -> None:
    """A message answered twice in the fault has one line; the reply is the same."""

    def make(work: Work) -> bytes:
        answer = taken(
            resources, work, Message(work.turn, "wechat", SESSION, QUESTION, datetime.now(UTC))
        )
        return str(answer.blocks).encode()

    first, second = (receipts.once(resources.store, "m1", make) for _ in range(2))
    mended(resources, full)
    resources.store.unspool()

    assert first.payload == second.payload
    assert len(lines(resources)) == 1


# servers that are hung or killed


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A real PostgreSQL."""
    with postgres_server() as found:
        yield found


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    """A real Redis."""
    with redis() as found:
        yield found


@pytest.fixture
def both(served: Service, server: Server, shared: Server, tmp_path: Path) -> Iterator[Resources]:
    """What a process serves from with both servers, with nothing in them."""
    store = opened(url_of(tmp_path, server.url), Memory(shared.url), spool=tmp_path / "spool")
    with store.writing() as connection:
        connection.execute(JOURNAL.delete())
    assert store.memory
    store.memory._client.flushall()
    settings = Settings(data_dir=tmp_path, requests_per_minute=0)
    yield Resources(Live(served), store, settings, Keyring(b"the same secret"))
    store.close()


def test_a_killed_database_leaves_the_conversation(both: Resources, server: Server) -> None:
    """Redis has it; the lines wait, and are written once."""
    ask(both, QUESTION, "t1")
    server.signal(SIGTERM)
    answer = ask(both, "在职的呢", "t2")
    ask(both, "退休的呢", "t3")

    assert both.store.is_away
    assert not is_lost(answer)
    server.start()
    until(lambda: not both.store.is_away)
    both.store.unspool()
    assert lines(both) == ["t1", "t2", "t3"]
    assert sessions.load(both.store, SESSION).state.turns == 3
    found = journal.find(both.store, "t3")
    assert found
    assert found.before.turns == 2


def test_a_database_that_hangs_is_waited_for_once(both: Resources, server: Server) -> None:
    """The turn that found out is answered, too; its line is there once."""
    with TestClient(application(both)) as client:
        server.signal(SIGSTOP)
        try:
            told = [client.post("/api/v1/ask", json={"text": QUESTION}) for _ in range(3)]
            assert both.store.is_away
            assert client.get("/readyz").json()["store"] is False
        finally:
            server.signal(SIGCONT)
        assert all("无限额" in one.json()["text"] for one in told)
        until(lambda: not both.store.is_away)
        until(lambda: is_drained(both))
        ids = sorted(one.headers["x-request-id"] for one in told)
        until(lambda: lines(both) == ids)


def test_telegram_does_without_a_database_that_hangs(both: Resources, server: Server) -> None:
    """Nobody is told twice, though the first try ends once the database goes on."""
    platform = Platform()

    async def asked() -> None:
        async with Running(both, platform) as running:
            server.signal(SIGSTOP)
            try:
                await running.take(says(QUESTION))
                await until_(lambda: platform.texts(ANN))
            finally:
                server.signal(SIGCONT)
            await until_(lambda: not both.store.is_away)
            await running.settled()

    asyncio.run(asked())

    assert len(platform.texts(ANN)) == 1


def test_a_killed_redis_takes_the_conversation_with_it(both: Resources, shared: Server) -> None:
    """The line is in the database at once; a message is still answered once."""
    ask(both, QUESTION, "t1")
    shared.signal(SIGKILL)
    answer = ask(both, "在职的呢", "t2")
    sent = []

    def make(work: Work) -> bytes:
        sent.append(outbox.put(work.connection, "kept", "lane", b"sealed"))
        return b"told"

    payloads = {receipts.once(both.store, "m1", make).payload for _ in range(3)}

    assert is_lost(answer)
    assert lines(both) == ["t1", "t2"]
    assert (payloads, len(sent)) == ({b"told"}, 1)
    shared.start()
    assert both.store.memory
    memory = both.store.memory
    until(lambda: not memory.is_away)
    assert sessions.load(both.store, SESSION).version == 0
    assert receipts.once(both.store, "m1", lambda _: b"other").payload == b"told"


def test_a_redis_that_hangs_is_waited_for_once(both: Resources, shared: Server) -> None:
    """Then it is done without."""
    shared.signal(SIGSTOP)
    try:
        assert is_lost(ask(both, QUESTION, "t1"))
        assert is_lost(ask(both, QUESTION, "t2"))
        assert both.store.is_degraded
    finally:
        shared.signal(SIGCONT)
    until(lambda: not both.store.is_degraded)
    assert not is_lost(ask(both, QUESTION, "t3"))


def test_lines_of_a_process_that_died_are_written_by_the_next(
    both: Resources, server: Server
) -> None:
    """The id is the key, so that who writes them again writes nothing."""
    server.signal(SIGTERM)
    ask(both, QUESTION, "t1")
    (file,) = (both.settings.data_dir / "spool").iterdir()
    copy = file.read_bytes()
    both.store.aside.close()
    server.start()
    for _ in range(2):
        file.write_bytes(copy)
        next_ = opened(both.store.engine.url, spool=both.settings.data_dir / "spool")
        next_.unspool(dead=True)
        with next_.reading() as connection:
            assert connection.execute(select(func.count()).select_from(JOURNAL)).scalar() == 1
        next_.close()
