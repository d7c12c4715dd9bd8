"""Who wants to be forgotten is: nothing of the conversation is left, whatever it was kept as."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import Asker
from click.testing import CliRunner
from msgspec import structs
from sqlalchemy import Connection, insert, select
from starlette.testclient import TestClient
from telegram_api import Platform
from telegram_people import ANN, BOB, says
from telegram_playing import play, take
from wechat_platform import Known, Sender

from bot import forgetting, journal, keyring, leftovers, outbox, sessions
from bot.accounts import Accounts, WeChatAccount
from bot.cli import main
from bot.journal import Line
from bot.resources import Resources
from bot.server import application
from bot.settings import Settings
from bot.store import Store, opened, url_of
from bot.tables import FEEDBACK, HANDOVER_LINES, HANDOVERS, METADATA
from bot.work import working
from intents.dialogue import State

OWN, OTHER = "own-session-0123456789", "other-session-012345678"
WORDS = "请删除我的记录，谢谢"
LINE = Line("", 1, "web", "", "", "p", "问", "answered", "", "{}", "答", "[]", b"\x80", 1)


def fill(store: Store, keys: keyring.Keyring, session: str) -> None:
    """Keep of a conversation all that may be kept."""
    sessions.save(store, sessions.Session(session, State()), State(turns=1))
    with store.writing() as connection:
        line = structs.replace(LINE, id=f"j-{session}", session=keys.name("journal", session))
        journal.keep(connection, line)
        feedback = {"at": 1, "rating": "up", "reason": "", "topic": "", "status": "", "packs": ""}
        connection.execute(insert(FEEDBACK).values(session=session, **feedback))
        leftovers.keep(connection, session, ("二",))
        leftovers.keep(connection, keys.name("owed", session), ("三",))
        outbox.put(connection, "web", keys.name("lane", session), b"sealed")
        hand_over(connection, session)


def hand_over(connection: Connection, session: str) -> None:
    values = {"at": 1, "channel": "", "region": "", "address": b"", "status": "", "touched": 1}
    made = connection.execute(insert(HANDOVERS).values(session=session, **values))
    (number,) = made.inserted_primary_key or (0,)
    line = {"handover": number, "at": 1, "author": "person", "sealed": b"sealed"}
    connection.execute(insert(HANDOVER_LINES).values(**line))


def kept(store: Store) -> dict[str, int]:
    """How many rows each table has, without those that have none."""
    with store.reading() as connection:
        counts = {
            table.name: len(connection.execute(select(table)).all())
            for table in METADATA.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def test_all_of_a_conversation_goes(store: Store) -> None:
    """And nothing of another one."""
    keys = keyring.Keyring(b"the secret of the tests")
    fill(store, keys, OTHER)
    before = kept(store)
    fill(store, keys, OWN)

    with working(store) as work:
        counts = forgetting.forget(work, keys, [OWN], days=30)

    assert counts == {
        "sessions": 1,
        "journal": 1,
        "feedback": 1,
        "leftovers": 2,
        "outbox": 1,
        "handovers": 1,
    }
    assert kept(store) == before


def test_the_journal_of_earlier_periods_goes_too(store: Store) -> None:
    """The hash of a session changes; the session is the same."""
    keys = keyring.Keyring(b"the secret", lambda: 100.5 * keyring.PERIOD)
    before = keyring.Keyring(b"the secret", lambda: 99.5 * keyring.PERIOD)
    with working(store) as work:
        line = structs.replace(LINE, id="early", session=before.name("journal", OWN))
        journal.keep(work.connection, line)
        assert forgetting.forget(work, keys, [OWN], days=30)["journal"] == 1


@pytest.fixture
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of a deployment, as the command line finds it, with two conversations."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YIWENTONG_DATA_DIR", str(tmp_path))
    store = opened(url_of(tmp_path, None))
    keys = keyring.opened(tmp_path, None)
    for session in (OWN, OTHER):
        fill(store, keys, session)
    yield store
    store.close()


def test_the_command_says_what_was_dropped(deployment: Store) -> None:
    """With status 0; a second time there is nothing, with status 1."""
    first, second = (CliRunner().invoke(main, ["forget", OWN]) for _ in range(2))

    assert first.exit_code == 0
    assert "会话状态1个、问答记录1条、评价1条、没看完的回答2份" in first.stdout
    assert second.exit_code == 1
    assert second.stdout.startswith(f"没有“{OWN}”这个会话的任何记录。")
    assert kept(deployment)["sessions"] == 1


def test_what_the_command_drops_is_in_no_file(deployment: Store, tmp_path: Path) -> None:
    """Neither in the database nor in its log."""
    CliRunner().invoke(main, ["forget", OWN])
    files = b"".join(file.read_bytes() for file in tmp_path.glob("yiwentong.db*"))

    assert OWN.encode() not in files
    assert OTHER.encode() in files


@pytest.mark.parametrize("words", [[], [OWN, "--old"]], ids=["none", "both"])
def test_the_command_wants_one_of_two(deployment: Store, words: list[str]) -> None:
    """A session, or --old: else a sentence and status 2, and nothing is dropped."""
    before = kept(deployment)
    result = CliRunner().invoke(main, ["forget", *words])

    assert (result.exit_code, kept(deployment)) == (2, before)


def test_who_knows_the_id_may_delete_it(client: TestClient, resources: Resources) -> None:
    """204 without a word, then 404; an id that cannot be is 422."""
    session = client.post("/api/v1/ask", json={"text": "透析限额多少"}).json()["session"]
    client.post("/api/v1/feedback", json={"session": session, "rating": "up"})

    first, second = (client.delete(f"/api/v1/sessions/{session}") for _ in range(2))

    assert (first.status_code, first.content, second.status_code) == (204, b"", 404)
    assert second.json()["key"] == "session"
    assert client.delete("/api/v1/sessions/short").status_code == 422
    assert kept(resources.store) == {}


def test_words_are_enough_on_the_web(client: TestClient, resources: Resources) -> None:
    """The answer says that it was done; nothing is kept, and one may go on asking."""
    first = client.post("/api/v1/ask", json={"text": "透析限额多少"}).json()
    body = {"session": first["session"]}
    said = client.post("/api/v1/ask", json={"text": WORDS, **body}).json()

    assert "已经删除" in said["text"]
    assert kept(resources.store) == {}
    assert client.post("/api/v1/ask", json={"text": "退休的呢", **body}).status_code == 200


@pytest.mark.parametrize(
    "text",
    ["我忘记我的密码了", "删除我的记录以后透析还报吗", "别忘了我的透析", "忘记我爸的病种了怎么查"],
)
def test_nobody_is_forgotten_by_mistake(ask: Asker, text: str) -> None:
    """The words alone are the wish; beside anything else they are not."""
    assert ask(text).answer.topic != forgetting.TOPIC


@pytest.mark.parametrize(
    "text",
    ["忘记我", "清空记录", "刪除我的記錄", "shanchu wo de jilu", "麻烦把我的记录删了吧", WORDS],
)
def test_there_are_many_words_for_it(ask: Asker, text: str) -> None:
    """Typed, in pinyin, in traditional characters, politely."""
    assert ask(text).answer.topic == forgetting.TOPIC


def test_words_are_enough_on_telegram(resources: Resources) -> None:
    """What was still to be sent goes, too; the answer to the wish is sent, and others' letters."""
    platform = Platform()
    play(resources, platform, says("苏州职工透析限额多少"))
    take(resources, platform, says("退休的呢"), says("苏州职工透析限额多少", BOB), says(WORDS))
    assert kept(resources.store)["sessions"] == 1
    play(resources, platform, says("你好", BOB))

    assert len(platform.texts(ANN)) == 2
    assert "已经删除" in platform.texts(ANN)[-1]
    assert len(platform.texts(BOB)) == 2


def test_words_are_enough_in_wechat(resources: Resources) -> None:
    """State and rest of an answer go; only that the message was answered is known."""
    account = WeChatAccount("AAAAA", Known().receiver, (bytes(range(32)),))
    settings = Settings(accounts=Accounts(wechat=account), requests_per_minute=0)
    served = structs.replace(resources, settings=settings)
    with TestClient(application(served)) as client:
        platform = Sender(client.post, Known())
        platform.says("somebody", "苏州门特怎么备案，十个区的地址都列一下，职工和居民有什么区别")
        assert kept(resources.store).keys() == {"sessions", "leftovers", "receipts", "journal"}
        assert "已经删除" in str(platform.says("somebody", WORDS))

        assert kept(resources.store).keys() == {"receipts"}
