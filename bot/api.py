"""The interface under /api/v1: questions asked by programs, and by the pages of this project."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import sessions
from bot.answers import reply
from bot.conversing import respond
from bot.errors import InputError
from bot.messages import Message
from bot.problems import Problem
from bot.regions import region_id
from bot.requests import json_response, record_of, resources_of
from bot.resources import Resources


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question; `session` is that of the reply before it, `region` an id or a name."""

    text: str
    session: str | None = None
    region: str | None = None


_question = msgspec.json.Decoder(Question)


async def ask(request: Request) -> Response:
    """Answer a question in its conversation."""
    resources = resources_of(request)
    asked = await record_of(request, _question)
    region = region_of(resources, asked.region)
    message = Message("", "web", session_of(asked.session), asked.text, datetime.now(UTC))
    return json_response(reply(respond(resources, message, region=region)))


def region_of(resources: Resources, said: str | None) -> str | None:
    """The id of a region that a request names. Raises Problem for one that there is not."""
    if said is None:
        return None
    try:
        return region_id(resources.service.library, said)
    except InputError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise Problem("region", status, key="region", why=error) from error


def session_of(said: str | None) -> str:
    """The session that a request goes on with, or a new one. Raises Problem for a bad id."""
    if said is None:
        return sessions.new_id()
    if not sessions.is_id(said):
        raise Problem("session", HTTPStatus.UNPROCESSABLE_ENTITY, key="session")
    return said


ROUTES = [Route("/api/v1/ask", ask, methods=["POST"])]
