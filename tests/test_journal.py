"""Every turn has a line in the journal by the time its reply is given."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from bot import journal, receipts, sessions
from bot.channels import mcp_tools
from bot.conversing import respond, taken
from bot.messages import Message
from bot.resources import Resources
from bot.tables import JOURNAL
from bot.work import Work
from intents.dialogue import State

SESSION = "s" * 22


def said(text: str, id_: str = "t1") -> Message:
    return Message(id_, "web", SESSION, text, datetime.now(UTC))


def lines(resources: Resources) -> int:
    with resources.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(JOURNAL)).scalar() or 0


def test_a_reply_names_its_line(client: TestClient, resources: Resources) -> None:
    """The id of the request is that of the line."""
    reply = client.post("/api/v1/ask", json={"text": "透析限额多少", "region": "suzhou"})

    line = journal.find(resources.store, reply.headers["x-request-id"])
    assert line is not None
    assert (line.channel, line.asked, line.status) == (
        "web",
        "透析限额多少",
        reply.json()["status"],
    )
    assert (line.region, line.packs) == ("suzhou", resources.packs)


def test_the_form_has_lines_too(client: TestClient, resources: Resources) -> None:
    """The page without a script is the same door."""
    reply = client.post("/chat", data={"text": "透析限额多少"})

    assert journal.find(resources.store, reply.headers["x-request-id"])


def test_a_line_does_not_lead_to_its_conversation(resources: Resources) -> None:
    """The id of a session is a key to it, so that only a keyed hash of it is kept."""
    respond(resources, said("透析限额多少"))

    line = journal.find(resources.store, "t1")
    assert line is not None
    assert SESSION not in repr(line)
    assert line.session == resources.keyring.name("journal", SESSION)


def test_a_line_holds_what_the_turn_began_with(resources: Resources) -> None:
    """So that the turn can be taken again."""
    respond(resources, said("苏州透析限额多少", "t1"))
    before = sessions.load(resources.store, SESSION).state
    respond(resources, said("在职的呢", "t2"))

    line = journal.find(resources.store, "t2")
    assert line is not None
    assert line.before == before


def test_a_conversation_that_is_not_kept_has_no_line(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are in one transaction: what breaks at its end leaves neither."""

    def dies(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.conversing.journal.keep", dies)
    with pytest.raises(RuntimeError):
        respond(resources, said("透析限额多少"))

    assert lines(resources) == 0
    assert sessions.load(resources.store, SESSION).version == 0


def test_a_repeated_message_has_one_line(resources: Resources) -> None:
    """Its id follows from the receipt of the message."""
    ids = set()

    def make(work: Work) -> bytes:
        taken(resources, work, said("透析限额多少", work.turn))
        ids.add(work.turn)
        return b""

    for _ in range(3):
        receipts.once(resources.store, "message 1", make)

    assert lines(resources) == 1
    assert journal.find(resources.store, ids.pop())


def test_two_turns_at_once_have_a_line_each(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was beaten is taken again, and kept once."""
    respond(resources, said("苏州透析限额多少", "t1"))
    late = sessions.load(resources.store, SESSION)
    respond(resources, said("在职的呢", "t2"))
    reads = iter([late])
    load = sessions.load
    monkeypatch.setattr(
        "bot.conversing.sessions.load", lambda *a, **k: next(reads, None) or load(*a, **k)
    )

    respond(resources, said("退休的呢", "t3"))

    assert lines(resources) == 3
    found = journal.find(resources.store, "t3")
    assert found is not None
    assert found.before != State()
    assert found.before.turns == 2


def test_an_assistant_is_written_down(resources: Resources) -> None:
    """A call of the tool that asks is a turn."""
    tool = mcp_tools.TOOLS["ask"]
    mcp_tools.called(resources, tool, {"question": "透析限额多少", "region": "suzhou"})

    assert lines(resources) == 1
