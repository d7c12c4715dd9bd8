"""What people said to somebody who waits for it on a page: read on from a number, or waited for."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, structs
from starlette.requests import Request
from starlette.responses import Response

from bot import handover, handover_lines, sessions
from bot.handover_lines import Line
from bot.problems import Problem
from bot.queries import query_of
from bot.requests import json_response, resources_of
from bot.resources import Resources
from bot.traditional import HANT, converted, language_of
from bot.watching import Watch, awaited

# Below what a proxy gives an answer (nginx: 60 s); an empty one is the sign of life.
LONGEST = 25
_AGAIN = 5  # seconds after which to ask again where no more can wait
State = Literal["bot", "waiting", "taken"]


class Since(Struct, frozen=True, forbid_unknown_fields=True):
    """Behind which line to read on, and how many seconds to wait for one at most.

    With `state` and `ahead`, as they were last told, another one is waited for as well.
    """

    after: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    wait: Annotated[int, Meta(ge=0, le=LONGEST)] = 20
    state: State | UnsetType = UNSET
    ahead: Annotated[int, Meta(ge=0, le=2**31 - 1)] | UnsetType = UNSET


class Event(Struct, frozen=True):
    """A line that the person is told."""

    id: int
    at: int
    author: Literal["agent", "notice"]
    text: str


class Events(Struct, frozen=True):
    """What is new, who answers now, and from where to read on."""

    events: tuple[Event, ...]
    state: State
    last: int
    ahead: int | None = None
    again: int = 0


async def events(request: Request) -> Response:
    """Give what is new in a conversation with people, or wait for it."""
    resources, since = resources_of(request), query_of(request, Since)
    session = request.path_params["session"]
    if not sessions.is_id(session):
        raise Problem("session", HTTPStatus.UNPROCESSABLE_ENTITY, key="session")
    watch = watch_of(request)
    found = await awaited(
        watch,
        lambda: resources.store.run(lambda: news(resources, session, since.after)),
        lambda one: _is_news(one, since),
        seconds=since.wait,
        gone=request.is_disconnected,
    )
    again = _AGAIN if watch.is_full and not found.events else 0
    return _response(request, structs.replace(found, again=again))


def _is_news(found: Events, since: Since) -> bool:
    """Whether there is something to tell; where the bot answers nothing is waited for."""
    moved = since.state is not UNSET and found.state != since.state
    moved |= since.ahead is not UNSET and found.ahead not in {None, since.ahead}
    return bool(found.events) or found.state == "bot" or moved


def watch_of(request: Request) -> Watch:
    """The watch of this process."""
    state = request.app.state
    if not hasattr(state, "watch"):
        ending = getattr(state, "ending", lambda: False)
        state.watch = Watch(resources_of(request).store, ending=ending)
    found: Watch = state.watch
    return found


def news(resources: Resources, session: str, after: int) -> Events:
    """What is new in a conversation behind a line. Raises StoreError."""
    with resources.store.reading() as connection:
        current = handover.open_of(connection, session)
        found = handover_lines.events(connection, resources.keyring, session, after=after)
        before = handover.ahead(connection, current) if current else None
    state: State = "bot"
    if current is not None:
        state = "taken" if current.status == "taken" else "waiting"
    last = found[-1].id if found else after
    waits = before if state == "waiting" else None
    return Events(tuple(_event(one) for one in found), state, last, waits)


def _event(one: Line) -> Event:
    return Event(one.id, one.at, "agent" if one.author == "agent" else "notice", one.text)


def _response(request: Request, found: Events) -> Response:
    """The events in the script that the page is in; nothing of them is kept by a browser."""
    if language_of(request.headers.get("accept-language", "")) == HANT:
        told = tuple(Event(one.id, one.at, one.author, converted(one.text)) for one in found.events)
        found = Events(told, found.state, found.last, found.ahead, found.again)
    return json_response(found, headers={"Cache-Control": "no-store"})
