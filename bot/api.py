"""The interface under /api/v1: questions asked by programs, and by the pages of this project."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import catalogue, events, feedback, search, sessions
from bot.answers import reply
from bot.calculating import Calculated, Expense, calculate
from bot.conversing import respond
from bot.days import today
from bot.forgetting import forgotten
from bot.limiting import hold_session
from bot.messages import Message, Reply
from bot.naming import region_named
from bot.openapi import Operation, serving
from bot.problems import Problem
from bot.queries import query_of
from bot.requests import id_of, json_response, record_of, resources_of
from bot.resources import Resources
from bot.traditional import spoken
from bot.turns import in_turn


class Question(Struct, frozen=True, forbid_unknown_fields=True):
    """A question; `session` is that of the reply before it, `region` an id or a name.

    `key` is its sender's own name for it: sent again, an agent who has the conversation reads it
    once.
    """

    text: str
    session: str | None = None
    region: str | None = None
    key: Annotated[str, Meta(min_length=8, max_length=64)] | None = None


class Typed(Struct, frozen=True, forbid_unknown_fields=True):
    """What was typed so far, where it should hold, and how many hits are wanted."""

    q: str
    region: str | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=20)] = 8


class Suggestions(Struct, frozen=True):
    """What it may stand for, best first."""

    hits: tuple[search.Hit, ...]


_question = msgspec.json.Decoder(Question)


async def ask(request: Request) -> Response:
    """Answer a question in its conversation."""
    resources = resources_of(request)
    asked = await record_of(request, _question)
    region = region_of(resources, asked.region)
    session, now = session_of(asked.session), datetime.now(UTC)
    await hold_session(request, asked.session)
    message = Message(id_of(request), "web", session, asked.text, now, key=asked.key or "")
    fresh = asked.session is None
    answer = await in_turn(request, lambda: respond(resources, message, region=region, fresh=fresh))
    return json_response(spoken(reply(answer), request.headers.get("accept-language", "")))


async def suggest(request: Request) -> Response:
    """Find what a few characters or letters may stand for."""
    resources = resources_of(request)
    typed = query_of(request, Typed)
    said = None if typed.region is UNSET else typed.region
    region = region_of(resources, said) or resources.service.region
    index = search.index_of(resources.service, today())
    hits = search.find(index, typed.q, region=region, limit=typed.limit)
    return json_response(Suggestions(hits))


async def forget(request: Request) -> Response:
    """Forget a conversation, for who knows its id."""
    resources = resources_of(request)
    session = session_of(request.path_params["session"])
    counts = await resources.store.run(lambda: forgotten(resources, session))
    if not any(counts.values()):
        raise Problem("no_session", HTTPStatus.NOT_FOUND, key="session")
    return Response(status_code=HTTPStatus.NO_CONTENT)


def region_of(resources: Resources, said: str | None) -> str | None:
    """The id of a region that a request names. Raises Problem for one that there is not."""
    return None if said is None else region_named(resources.service.library, said)


def session_of(said: str | None) -> str:
    """The session that a request goes on with, or a new one. Raises Problem for a bad id."""
    if said is None:
        return sessions.new_id()
    if not sessions.is_id(said):
        raise Problem("session", HTTPStatus.UNPROCESSABLE_ENTITY, key="session")
    return said


# One row an operation: its route and what /openapi.json says of it come from here.
OPERATIONS = (
    Operation("ask", "/api/v1/ask", ask, body=Question, gives=Reply),
    Operation("suggest", "/api/v1/suggest", suggest, query=Typed, gives=Suggestions),
    Operation(
        "regions", "/api/v1/regions", catalogue.regions,
        query=catalogue.Filter, gives=catalogue.Regions, tagged=True,
    ),
    Operation(
        "diseases", "/api/v1/diseases", catalogue.diseases,
        query=catalogue.DiseaseFilter, gives=catalogue.Diseases, tagged=True,
    ),
    Operation(
        "offices", "/api/v1/offices", catalogue.offices,
        query=catalogue.OfficeFilter, gives=catalogue.Offices, tagged=True,
    ),
    Operation(
        "benefits", "/api/v1/benefits", catalogue.benefits,
        query=catalogue.BenefitFilter, gives=catalogue.Benefits, tagged=True,
    ),
    Operation(
        "source", "/api/v1/sources/{id}", catalogue.source,
        gives=catalogue.SourceRecord, tagged=True, absent=True,
    ),
    Operation(
        "calculate", "/api/v1/calculate", calculate,
        body=Expense, gives=Calculated, absent=True,
    ),
    Operation(
        "events", "/api/v1/sessions/{session}/events", events.events,
        query=events.Since, gives=events.Events,
    ),
    Operation("feedback", "/api/v1/feedback", feedback.give, body=feedback.Feedback, absent=True),
    Operation("forget", "/api/v1/sessions/{session}", forget, absent=True, drops=True),
)  # fmt: skip

ROUTES = [
    *(Route(one.path, one.handler, methods=[one.method]) for one in OPERATIONS),
    Route("/openapi.json", serving(OPERATIONS)),
]
