"""What people think of an answer, kept beside what was asked about, never with the question."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, structs
from sqlalchemy import Connection, delete, insert
from starlette.requests import Request
from starlette.responses import Response

from bot import sessions
from bot.clock import seconds
from bot.limiting import hold_session
from bot.problems import Problem
from bot.requests import record_of, resources_of
from bot.resources import Resources
from bot.sessions import Session
from bot.store import Store
from bot.tables import FEEDBACK

LONGEST = 500  # characters of a reason
_KEPT = insert(FEEDBACK)


class Feedback(Struct, frozen=True, forbid_unknown_fields=True):
    """A thumb up or down for the last answer of a session, and why."""

    session: str
    rating: Literal["up", "down"]
    reason: Annotated[str, Meta(max_length=LONGEST)] | None = None


_feedback = msgspec.json.Decoder(Feedback)


async def give(request: Request) -> Response:
    """Keep what a person thinks of the last answer of a conversation."""
    said = await record_of(request, _feedback)
    resources = resources_of(request)
    if not sessions.is_id(said.session):
        raise Problem("session", HTTPStatus.UNPROCESSABLE_ENTITY, key="session")
    await hold_session(request, said.session)
    await resources.store.run(partial(_kept_by, resources, said))
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _kept_by(resources: Resources, said: Feedback) -> None:
    """Keep a feedback of a conversation. Raises Problem for one that there is not."""
    session = sessions.load(resources.store, said.session)
    if session.version == 0:
        raise Problem("no_session", HTTPStatus.NOT_FOUND, key="session")
    reason = resources.service.redacted(said.reason or "").text
    said = structs.replace(said, reason=reason)
    keep(resources.store, session, said, packs=resources.packs)


def keep(store: Store, session: Session, said: Feedback, *, packs: str) -> None:
    """Write a feedback down; `packs` is the state of the knowledge. Raises StoreError."""
    state = session.state
    row = {
        "at": seconds(),
        "session": session.id,
        "rating": said.rating,
        "reason": (said.reason or "").replace("\0", "").strip(),  # PostgreSQL takes no NUL
        "topic": state.topic,
        # A state remembers what was asked back, not how an answer ended.
        "status": "clarify_slot" if state.asking else "",
        "packs": packs,
    }
    with store.writing() as connection:
        connection.execute(_KEPT, row)


def forget(connection: Connection, sessions: Collection[str]) -> int:
    """Drop what was thought of the answers of some conversations; how much it was."""
    return connection.execute(delete(FEEDBACK).where(FEEDBACK.c.session.in_(sessions))).rowcount
