"""Conversations and receipts in Redis: shared, expiring, and kept with what the database holds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from databases import Server, redis
from msgspec import structs
from sqlalchemy import func, select

from bot import journal, outbox, receipts, sessions
from bot.conversing import changed, respond, taken
from bot.errors import StoreError
from bot.keyring import Keyring
from bot.memory import Memory, Pending
from bot.messages import Message
from bot.resources import Live, Resources
from bot.service import Service
from bot.settings import Settings
from bot.shelves import Moved
from bot.store import opened, url_of
from bot.tables import JOURNAL, METADATA, OUTBOX
from bot.work import Work
from intents.dialogue import State

SESSION = "s" * 22
Process = Callable[[], Resources]


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    """A real Redis."""
    with redis() as found:
        yield found


@pytest.fixture
def process(served: Service, server: str, shared: Server, tmp_path: Path) -> Iterator[Process]:
    """What a process serves from: one of several on the same two servers, empty at first."""
    made: list[Resources] = []

    def begun() -> Resources:
        store = opened(url_of(tmp_path, server), Memory(shared.url))
        settings = Settings(data_dir=tmp_path)
        made.append(Resources(Live(served), store, settings, Keyring(b"the same secret")))
        return made[-1]

    first = begun()
    with first.store.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
    memory_of(first)._client.flushall()
    yield begun
    for one in made:
        one.store.close()


def memory_of(resources: Resources) -> Memory:
    assert resources.store.memory is not None
    return resources.store.memory


def said(text: str, id_: str = "t1") -> Message:
    return Message(id_, "web", SESSION, text, datetime.now(UTC))


def rows(resources: Resources, table: object) -> int:
    with resources.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar() or 0  # type: ignore[arg-type]


def test_a_conversation_goes_on_in_another_process(process: Process) -> None:
    """Nothing of it lies in the process that began it."""
    respond(process(), said("苏州透析限额多少", "t1"))

    assert "职工" in str(respond(process(), said("职工的呢", "t2")).blocks)
    assert sessions.load(process().store, SESSION).state.turns == 2


def test_what_lies_in_redis_expires(process: Process) -> None:
    """And has names of its own."""
    resources = process()
    respond(resources, said("苏州透析限额多少"))
    receipts.once(resources.store, "k", lambda _: b"sealed")

    client = memory_of(resources)._client
    names = sorted(name.decode() for name in client.scan_iter())
    assert names == ["yiwentong:receipt:k", "yiwentong:reply:k", f"yiwentong:session:{SESSION}"]
    assert all(client.ttl(name) > 0 for name in names)


def test_no_words_of_a_person_lie_in_redis(process: Process) -> None:
    """What was asked stands in the journal alone."""
    resources = process()
    respond(resources, said("我在火星街道88号，苏州透析限额多少"))

    held = memory_of(resources)._client.hgetall(f"yiwentong:session:{SESSION}")
    assert "火星街道" not in b"".join(held.values()).decode(errors="replace")


def answering(resources: Resources, text: str) -> Callable[[Work], bytes]:
    """Answers a message of a platform, with a parcel to be sent."""

    def make(work: Work) -> bytes:
        answer = taken(resources, work, said(text, work.turn))
        outbox.put(work.connection, "wechat", "lane", str(answer.blocks).encode())
        return answer.status.encode()

    return make


def test_a_death_between_the_two_commits_doubles_nothing(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database has it, Redis not yet: the repetition moves the conversation on, no more."""
    resources, other = process(), process()

    def dies(_: Pending) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Pending, "commit", dies)
        with pytest.raises(KeyboardInterrupt):
            receipts.once(resources.store, "m1", answering(resources, "苏州透析限额多少"))
    assert sessions.load(other.store, SESSION).version == 0

    again = receipts.once(other.store, "m1", answering(other, "苏州透析限额多少"))

    assert (again.payload, again.fresh) == (b"answered", False)
    assert sessions.load(other.store, SESSION).state.turns == 1
    assert (rows(other, OUTBOX), rows(other, JOURNAL)) == (1, 1)
    assert receipts.find(other.store, "m1")


def test_redis_that_lost_all_asks_nobody_twice(process: Process) -> None:
    """The database knows which messages were answered."""
    resources = process()
    receipts.once(resources.store, "m1", answering(resources, "苏州透析限额多少"))
    memory_of(resources)._client.flushall()

    receipts.once(resources.store, "m1", answering(resources, "苏州透析限额多少"))

    assert rows(resources, OUTBOX) == 1


def test_the_later_of_two_turns_is_taken_again(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis refuses what was read before another turn was kept; its line is that of the last."""
    resources = process()
    late = sessions.load(resources.store, SESSION)
    respond(resources, said("苏州透析限额多少", "t1"))
    reads, load = iter([late]), sessions.load
    monkeypatch.setattr(
        "bot.conversing.sessions.load", lambda *a, **k: next(reads, None) or load(*a, **k)
    )

    respond(resources, said("退休的呢", "t2"))

    assert sessions.load(resources.store, SESSION).state.turns == 2
    line = journal.find(resources.store, "t2")
    assert line is not None
    assert line.before.turns == 1


def test_what_is_written_again_counts_once(process: Process) -> None:
    """Where the answer of the server was lost the client sends the script once more."""
    memory = memory_of(process())
    pending = Pending(memory)
    sessions.write(Work(None, "k", pending), sessions.Session(SESSION, State()), State())  # type: ignore[arg-type]
    pending.put_receipt("k", receipts.Reply(b"", 1))
    script, sent = memory._script, []
    memory._script = lambda *given: (sent.append(script(*given)), script(*given))[1]

    pending.commit()

    assert sent == [1]
    again = Pending(memory)
    again.put_receipt("k", receipts.Reply(b"", 2))
    with pytest.raises(Moved):
        again.commit()


def test_a_thousand_messages_are_answered_once_each(process: Process) -> None:
    """Each comes twice, out of order, to two processes at once; no state is lost."""
    both = process(), process()
    rounds = [(n, both[at]) for at in (0, 1) for n in range(1000)]
    random.Random(7).shuffle(rounds)  # noqa: S311 - an order, no secret

    def take(one: tuple[int, Resources]) -> int:
        number, resources = one
        session = f"{number % 40:022}"

        def make(work: Work) -> bytes:
            changed(work, session, lambda s: structs.replace(s, turns=s.turns + 1))
            outbox.put(work.connection, "many", session, b"%d" % number)
            return b"%d" % number

        answered = receipts.once(resources.store, f"message {number}", make)
        assert answered.payload == b"%d" % number
        return answered.fresh

    with ThreadPoolExecutor(8) as pool:
        fresh = sum(pool.map(take, rounds))

    kept = [sessions.load(both[0].store, f"{n:022}").state.turns for n in range(40)]
    assert kept == [25] * 40
    assert rows(both[0], OUTBOX) == 1000
    assert fresh <= 1000


def test_an_address_where_nobody_listens_is_told(tmp_path: Path) -> None:
    """Without its password."""
    store = opened(url_of(tmp_path, None), Memory("redis://:secret@127.0.0.1:1/0"))

    with pytest.raises(StoreError, match="127") as told:
        sessions.load(store, SESSION)
    assert "secret" not in str(told.value)
    store.close()
