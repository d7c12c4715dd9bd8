"""A message is answered once; what belongs to its answer is kept with it, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from databases import redis

from bot import leftovers, outbox, receipts, sessions
from bot.answers import plain
from bot.conversing import placed, taken
from bot.memory import Memory, Pending
from bot.messages import Message
from bot.resources import Resources
from bot.store import Store, opened, url_of
from bot.tables import METADATA
from bot.work import Work, working
from intents.dialogue import State

NOW = 1_790_000_000


@pytest.fixture(scope="module")
def shared() -> Iterator[str]:
    """The address of a real Redis."""
    with redis() as found:
        yield found.url


@pytest.fixture(params=["sqlite", "postgresql", "sqlite redis", "postgresql redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The embedded store and one on a server, each also with Redis."""
    database, _, memory = request.param.partition(" ")
    address = request.getfixturevalue("server") if database == "postgresql" else None
    at = Memory(request.getfixturevalue("shared")) if memory else None
    if at:
        at._client.flushall()
    made = opened(url_of(tmp_path / "data", address), at)
    with made.writing() as connection:
        for table in METADATA.tables.values():
            connection.execute(table.delete())
    yield made
    made.close()


def test_a_repetition_is_given_the_first_answer(store: Store) -> None:
    """Its bytes and its time are those of the first."""
    first = receipts.once(store, "k1", lambda _: b"one", now=NOW)
    again = receipts.once(store, "k1", lambda _: b"two", now=NOW + 5)

    assert (first.payload, first.at, first.fresh) == (b"one", NOW, True)
    assert (again.payload, again.at, again.fresh) == (b"one", NOW, False)


def test_what_fails_keeps_nothing(store: Store) -> None:
    """Neither the receipt nor what was written beside it; the repetition is the first."""

    def dies(work: Work) -> bytes:
        outbox.put(work.connection, "telegram", "lane-of-k2", b"sealed", now=NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        receipts.once(store, "k2", dies, now=NOW)

    assert receipts.find(store, "k2") is None
    assert outbox.claim(store, "telegram", lease=60, now=NOW) == ()


def test_of_many_at_once_one_answers(store: Store) -> None:
    """All are given the same bytes, and the outbox has one parcel."""
    gate = Barrier(4)

    def answer(number: int) -> receipts.Receipt:
        def make(work: Work) -> bytes:
            outbox.put(work.connection, "crowd", "lane", b"sealed", now=NOW)
            return b"%d" % number

        gate.wait(10)
        return receipts.once(store, "k3", make, now=NOW)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(answer, range(4)))

    assert len({one.payload for one in found}) == 1
    assert sum(one.fresh for one in found) == 1
    assert len(outbox.claim(store, "crowd", lease=60, now=NOW)) == 1


def test_who_answered_it_was_the_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a repetition finds the answer in the database before it is in Redis."""
    again: list[receipts.Receipt] = []
    commit = Pending.commit

    def late(pending: Pending) -> None:
        if not again:
            again.append(receipts.Receipt("", b"", 0))
            again.append(receipts.once(store, "k5", lambda _: b"two", now=NOW))
        commit(pending)

    monkeypatch.setattr(Pending, "commit", late)
    first = receipts.once(store, "k5", lambda _: b"one", now=NOW)

    assert (first.payload, first.fresh) == (b"one", True)
    assert [(one.payload, one.fresh) for one in again[1:]] == [(b"one", False)] * bool(store.memory)


def test_old_receipts_are_dropped(store: Store) -> None:
    """They are kept as long as a platform may repeat a message; in Redis they expire."""
    if store.memory:
        receipts.once(store, "k4", lambda _: b"")
        assert 0 < store.memory._client.ttl("yiwentong:receipt:k4") <= receipts.KEPT
        return
    receipts.once(store, "k4", lambda _: b"", now=NOW)

    receipts.drop_old(store, now=NOW + receipts.KEPT)
    assert receipts.find(store, "k4")
    receipts.drop_old(store, now=NOW + receipts.KEPT + 1)
    assert receipts.find(store, "k4") is None


def test_replies_are_forgotten_soon(store: Store) -> None:
    """That a message was answered is known for longer than with what; in Redis it expires."""
    if store.memory:
        receipts.once(store, "k5", lambda _: b"reply")
        assert 0 < store.memory._client.ttl("yiwentong:reply:k5") <= receipts.READABLE
        store.memory._client.delete("yiwentong:reply:k5")
        assert receipts.once(store, "k5", lambda _: b"other").payload == b""
        return
    receipts.once(store, "k5", lambda _: b"reply", now=NOW)

    since = receipts.blank_old(store, now=NOW + receipts.READABLE)
    assert receipts.once(store, "k5", lambda _: b"other").payload == b"reply"
    receipts.blank_old(store, since=since, now=NOW + receipts.READABLE + 1)
    assert receipts.once(store, "k5", lambda _: b"other").payload == b""


def test_a_parcel_is_held_by_its_owner_only(store: Store) -> None:
    """Who claimed it later has it; what was dropped nobody has."""
    with store.writing() as connection:
        outbox.put(connection, "hold", "a", b"sealed", now=NOW)
    (first,) = outbox.claim(store, "hold", lease=60, now=NOW)

    assert outbox.hold(store, first, lease=60, now=NOW + 50)
    assert outbox.claim(store, "hold", lease=60, now=NOW + 109) == ()
    (second,) = outbox.claim(store, "hold", lease=60, now=NOW + 110)
    assert not outbox.hold(store, first, lease=60, now=NOW + 111)
    assert outbox.hold(store, second, lease=60, now=NOW + 111)
    with store.writing() as connection:
        assert outbox.lane_of(connection, "hold", "a") == (b"sealed",)
        assert outbox.drop_lanes(connection, ["a"]) == 1
    assert not outbox.hold(store, second, lease=60, now=NOW + 112)


def test_a_lane_is_sent_in_order(store: Store) -> None:
    """The second of a chat waits for the first; another chat does not."""
    with store.writing() as connection:
        for lane, sealed in (("a", b"a1"), ("a", b"a2"), ("b", b"b1")):
            outbox.put(connection, "order", lane, sealed, now=NOW)

    first = outbox.claim(store, "order", lease=60, now=NOW)
    assert [one.sealed for one in first] == [b"a1", b"b1"]
    assert outbox.claim(store, "order", lease=60, now=NOW + 59) == ()
    outbox.drop(store, first[0].id)
    assert [one.sealed for one in outbox.claim(store, "order", lease=60, now=NOW)] == [b"a2"]


def test_no_number_is_given_twice(store: Store) -> None:
    """Who still has that of a letter that is gone has none of another one."""
    with store.writing() as connection:
        first = outbox.put(connection, "numbers", "a", b"one", now=NOW)
    outbox.drop(store, first)
    with store.writing() as connection:
        second = outbox.put(connection, "numbers", "a", b"two", now=NOW)

    assert first != second


def test_one_answer_may_stand_for_several_keys(store: Store) -> None:
    """All are kept, or none is; one that was there already has the message taken again."""

    def make(work: Work) -> bytes:
        if not receipts.of(work, "choice"):
            receipts.keep(work, "choice")
            return b"first"
        return b"again"

    assert receipts.once(store, "choice 1", make, now=NOW).payload == b"first"
    assert receipts.once(store, "choice 2", make, now=NOW).payload == b"again"


def test_what_a_dead_sender_had_is_sent_by_another(store: Store) -> None:
    """What it had not sent yet, and as often as it was tried is known."""
    with store.writing() as connection:
        outbox.put(connection, "lease", "a", b"two parts", now=NOW)
    (parcel,) = outbox.claim(store, "lease", lease=60, now=NOW)
    outbox.keep(store, parcel.id, b"one part")

    (again,) = outbox.claim(store, "lease", lease=60, now=NOW + 60)
    assert (again.sealed, again.tries) == (b"one part", 2)
    outbox.put_off(store, parcel.id, NOW + 500)
    assert outbox.claim(store, "lease", lease=60, now=NOW + 499) == ()


def test_a_conversation_begins_in_a_transaction(store: Store) -> None:
    """And goes on in the next; one that was read before that is not written."""
    with working(store) as work:
        fresh = sessions.read(work, "s" * 20)
        assert sessions.write(work, fresh, State(turns=1))
    with working(store) as work:
        read = sessions.read(work, "s" * 20)
        assert sessions.write(work, read, State(turns=2))
        assert not sessions.write(work, read, State(turns=3))

    assert sessions.load(store, "s" * 20).state.turns == 2


def test_the_rest_of_an_answer_waits(store: Store) -> None:
    """Until it was given, another answer came, or nobody asked for it for long."""
    with store.writing() as connection:
        leftovers.keep(connection, "s", ("二", "三"), now=NOW)
    with store.reading() as connection:
        assert leftovers.of(connection, "s", now=NOW) == ("二", "三")
        assert leftovers.of(connection, "s", now=NOW + sessions.IDLE + 1) == ()
    with store.writing() as connection:
        leftovers.keep(connection, "s", (), now=NOW)
        assert leftovers.of(connection, "s", now=NOW) == ()


def test_a_conversation_goes_on_from_receipt_to_receipt(resources: Resources) -> None:
    """The state is kept with the receipt: a repetition does not ask twice."""

    def say(key: str, text: str) -> str:
        message = Message(key, "wechat", "s" * 22, text, datetime.now(UTC))
        receipt = receipts.once(
            resources.store,
            key,
            lambda work: plain(taken(resources, work, message)).encode(),
        )
        return receipt.payload.decode()

    with working(resources.store) as work:
        placed(work, "s" * 22, "suzhou")
    first = say("m1", "透析职工退休报多少")
    assert "95%" in first
    assert say("m1", "透析职工退休报多少") == first
    assert "90%" in say("m2", "在职的呢")
