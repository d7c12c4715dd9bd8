"""Conversations at the desk: who waits, what was said, and what an agent does about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import handover, handover_history, handover_lines, staffing
from bot.clock import seconds
from bot.desk import templates
from bot.desk.doors import Visit, change, data, page
from bot.desk.phrases import phrases
from bot.events import LONGEST, watch_of
from bot.handover import Desk, Handover
from bot.handover_lines import Line, Said
from bot.handover_wording import line
from bot.problems import Problem
from bot.queries import query_of
from bot.requests import json_response, record_of
from bot.resources import Resources
from bot.watching import awaited

_SHOWN = 50  # conversations that a page lists
_FIRST = 60  # characters of what somebody said last
_TRIES = 3
_DIGITS = 9  # of the number of a conversation in an address
_MOST = 2**31 - 1  # the largest number of a row
_PATH = "/desk/handovers"
T = TypeVar("T")


class Feed(Struct, frozen=True, forbid_unknown_fields=True):
    """What a page has: the state of the queue by its mark, and its open conversation up to a line.

    `wait` is how many seconds it waits for something new.
    """

    mark: str = ""
    open: Annotated[int, Meta(ge=0, le=_MOST)] = 0
    after: Annotated[int, Meta(ge=0, le=_MOST)] = 0
    wait: Annotated[int, Meta(ge=0, le=LONGEST)] = 20


class Receiving(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether conversations may be given to an agent."""

    receiving: bool


class Reply(Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent writes, under a key that the page made for it."""

    text: str
    key: Annotated[str, Meta(min_length=8, max_length=64)]


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """A change that says nothing more."""


class Waiting(Struct, frozen=True):
    """A conversation in the list.

    `place` is the id of its region, `last` the number of what its person said last.
    """

    id: int
    at: int
    touched: int
    place: str
    region: str
    channel: str
    status: str
    agent: str
    mine: bool
    text: str
    last: int


class News(Struct, frozen=True):
    """What a page shows: the list with its mark, and new lines of the open conversation."""

    now: int
    mark: str
    receiving: bool
    agents: int
    listed: tuple[Waiting, ...]
    lines: tuple[Line, ...]


class Whole(Struct, frozen=True):
    """A conversation: what was said to the bot before, and everything since."""

    id: int
    before: tuple[handover_history.Turn, ...]
    lines: tuple[Line, ...]


_receiving = msgspec.json.Decoder(Receiving)
_reply = msgspec.json.Decoder(Reply)
_nothing = msgspec.json.Decoder(Nothing)


async def shown(visit: Visit) -> Response:
    """The page."""
    return templates.handovers(visit.resources.service, visit.login)


async def feed(visit: Visit) -> Response:
    """What is new for a page; asking for it says that its agent is there."""
    asked, store = query_of(visit.request, Feed), visit.resources.store
    await store.run(lambda: staffing.heard(store, visit.login.agent))
    found = await awaited(
        watch_of(visit.request),
        lambda: store.run(lambda: _news(visit, asked)),
        lambda one: one.mark != asked.mark or bool(one.lines),
        seconds=asked.wait,
        gone=visit.request.is_disconnected,
    )
    return json_response(found)


async def whole(visit: Visit) -> Response:
    """A conversation, for who has it or may take it. Raises Problem."""
    number = _number(visit.request)

    def read(connection: Connection) -> Whole:
        found = _seen(connection, visit, number)
        before = handover_history.before(connection, visit.resources.keyring, found)
        return Whole(
            number, before, handover_lines.lines(connection, visit.resources.keyring, number)
        )

    return json_response(await _reading(visit.resources, read))


async def receive(visit: Visit) -> Response:
    """Switch 接待 on or off."""
    wanted, store = await record_of(visit.request, _receiving), visit.resources.store
    agent = visit.login.agent
    await store.run(lambda: staffing.heard(store, agent, receiving=wanted.receiving))
    return json_response(wanted)


async def take(visit: Visit) -> Response:
    """Take a conversation that waits. Raises Problem where somebody else was quicker."""
    await record_of(visit.request, _nothing)
    number = _number(visit.request)
    await _done(visit, lambda desk: handover.take(desk, number, visit.login.agent))
    return json_response({"id": number})


async def say(visit: Visit) -> Response:
    """Tell the person something, once. Raises Problem where the agent does not have them."""
    said = await record_of(visit.request, _reply)
    text = said.text.replace("\0", "").strip()
    if not text or len(text) > handover_lines.MOST:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise Problem("typed", status, key="text", most=handover_lines.MOST)
    number, agent = _number(visit.request), visit.login.agent
    key = visit.resources.keyring.name("desk line", agent, str(number), said.key)
    words = Said("agent", text, key=key)
    kept = await _done(visit, lambda desk: handover.say(desk, number, agent, words))
    return json_response(kept, status=HTTPStatus.CREATED)


async def back(visit: Visit) -> Response:
    """Give a conversation back to the bot."""
    return await _let_go(
        visit,
        lambda desk, mine: handover.close(desk, mine, "agent", Said("notice", line("handed_back"))),
    )


async def release(visit: Visit) -> Response:
    """Let a conversation wait for another agent."""
    return await _let_go(visit, handover.requeue)


async def _let_go(visit: Visit, work: Callable[[Desk, Handover], bool]) -> Response:
    await record_of(visit.request, _nothing)
    number = _number(visit.request)

    def done(desk: Desk) -> bool:
        mine = handover.find(desk.connection, number)
        return bool(mine and mine.agent == visit.login.agent and work(desk, mine))

    await _done(visit, done)
    return json_response({"id": number})


async def _done(visit: Visit, work: Callable[[Desk], T | None]) -> T:
    """What a change at the desk comes to. Raises Problem where it comes to nothing."""
    resources = visit.resources

    def written() -> T | None:
        for _ in range(_TRIES):
            try:
                with resources.store.writing() as connection:
                    return work(Desk.at(connection, resources.keyring))
            except IntegrityError:  # the same line, sent twice at once
                continue
        return None

    done = await resources.store.run(written)
    if not done:
        raise Problem("handover", HTTPStatus.CONFLICT)
    return done


async def _reading(resources: Resources, read: Callable[[Connection], T]) -> T:
    def work() -> T:
        with resources.store.reading() as connection:
            return read(connection)

    return await resources.store.run(work)


def _news(visit: Visit, asked: Feed) -> News:
    resources, agent = visit.resources, visit.login.agent
    with resources.store.reading() as connection:
        found = handover.opened(connection)[:_SHOWN]
        listed = tuple(_waiting(connection, resources, one, agent) for one in found)
        receiving = staffing.receives(connection, agent)
        agents = staffing.count(connection)
        lines: tuple[Line, ...] = ()
        if asked.open and _may_see(handover.find(connection, asked.open), agent):
            lines = handover_lines.lines(
                connection, resources.keyring, asked.open, after=asked.after
            )
    mark = hashlib.sha256(msgspec.json.encode((listed, receiving, agents))).hexdigest()[:16]
    return News(seconds(), mark, receiving, agents, listed, lines)


def _waiting(connection: Connection, resources: Resources, one: Handover, agent: str) -> Waiting:
    said: tuple[Line, ...] = ()
    if _may_see(one, agent):
        found = handover_lines.lines(connection, resources.keyring, one.id)
        said = tuple(line for line in found if line.author == "person")
    text = said[-1].text if said else ""
    if len(said) == 1 and (before := handover_history.before(connection, resources.keyring, one)):
        text = before[-1].asked  # more telling than the wish for a person
    return Waiting(
        one.id,
        one.at,
        one.touched,
        one.region,
        _region(resources, one.region),
        phrases().get(f"channel_{one.channel}", one.channel),
        one.status,
        one.agent or "",
        one.agent == agent,
        " ".join(text.split())[:_FIRST],
        said[-1].id if said else 0,
    )


def _region(resources: Resources, region: str) -> str:
    names = {pack.region.id: pack.region.name for pack in resources.service.library.packs}
    return names.get(region, phrases()["region_unknown"])


def _may_see(found: Handover | None, agent: str) -> bool:
    """Whether an agent sees what is said: what waits, and what they took."""
    return found is not None and (found.status == "waiting" or found.agent == agent)


def _seen(connection: Connection, visit: Visit, number: int) -> Handover:
    found = handover.find(connection, number)
    if found is None or not _may_see(found, visit.login.agent):
        raise Problem("handover", HTTPStatus.CONFLICT)
    return found


def _number(request: Request) -> int:
    """The number of a handover in an address. Raises Problem for none that there can be."""
    said = request.path_params["number"]
    if not (said.isascii() and said.isdigit() and len(said) <= _DIGITS):
        raise Problem("handover", HTTPStatus.CONFLICT)
    return int(said)


ROUTES: list[BaseRoute] = [
    Route(_PATH, page(shown)),
    Route(f"{_PATH}/feed", data(feed)),
    Route(f"{_PATH}/receiving", change(receive), methods=["POST"]),
    Route(f"{_PATH}/{{number}}", data(whole)),
    Route(f"{_PATH}/{{number}}/take", change(take), methods=["POST"]),
    Route(f"{_PATH}/{{number}}/say", change(say), methods=["POST"]),
    Route(f"{_PATH}/{{number}}/back", change(back), methods=["POST"]),
    Route(f"{_PATH}/{{number}}/release", change(release), methods=["POST"]),
]
