"""Conversations outlive a process, and are forgotten when nobody goes on with them."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from bot import sessions
from bot.resources import Resources
from bot.store import Store, opened
from bot.tables import SESSIONS
from intents.dialogue import State

NOW = 1_790_000_000


@pytest.fixture
def store(resources: Resources) -> Store:
    """An embedded database."""
    return resources.store


def test_a_state_is_read_back(store: Store) -> None:
    """What was kept is what is loaded, in another process too."""
    fresh = sessions.load(store, "a" * 22)
    assert fresh.state == State()
    assert sessions.save(store, fresh, State(topic="benefit", turns=1))

    again = opened(store.engine.url)
    assert sessions.load(again, "a" * 22).state == State(topic="benefit", turns=1)
    again.close()


def test_of_two_turns_at_once_one_is_taken_again(store: Store) -> None:
    """The later write of the same version is refused, not lost without a word."""
    one = sessions.load(store, "b" * 22)
    other = sessions.load(store, "b" * 22)

    assert sessions.save(store, one, State(turns=1))
    assert not sessions.save(store, other, State(turns=7))
    assert sessions.load(store, "b" * 22).state.turns == 1


def test_an_idle_conversation_begins_anew(store: Store) -> None:
    """After a day nothing of it counts, and a sweep drops it."""
    fresh = sessions.load(store, "c" * 22, now=NOW)
    sessions.save(store, fresh, State(turns=1), now=NOW)
    later = NOW + sessions.IDLE + 1

    assert sessions.load(store, "c" * 22, now=later).state == State()
    assert sessions.drop_idle(store, now=later) == 1
    with store.reading() as connection:
        assert connection.execute(SESSIONS.select()).first() is None


def test_a_state_of_another_release_begins_anew(store: Store) -> None:
    """What cannot be read is no error for the person."""
    with store.writing() as connection:
        row = {"id": "d" * 22, "state": b"\xc1", "version": 3, "seen": NOW}
        connection.execute(SESSIONS.insert().values(**row))

    found = sessions.load(store, "d" * 22, now=NOW)
    assert (found.state, found.version) == (State(), 3)


def test_a_conversation_can_be_forgotten(store: Store) -> None:
    """Forgetting says whether there was anything."""
    sessions.save(store, sessions.load(store, "e" * 22), State(turns=1))

    assert sessions.forget(store, "e" * 22)
    assert not sessions.forget(store, "e" * 22)


def test_a_conversation_goes_on_over_http(client: TestClient) -> None:
    """The session of a reply is what the next question gives."""
    first = client.post("/api/v1/ask", json={"text": "昆山在哪办", "region": "suzhou"}).json()
    body = {"text": "太仓的呢", "region": "suzhou", "session": first["session"]}

    assert "十八港路" in client.post("/api/v1/ask", json=body).json()["text"]
