"""A request's body → a record, within its limits; what it comes from."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.problems import Problem
from bot.resources import Resources

MOST = 64 * 1024  # bytes of a body: a question has some hundred
T = TypeVar("T")


async def body_of(request: Request, *, most: int = MOST) -> bytes:
    """The bytes of a body. Raises Problem for one that is too large."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > most:
        raise Problem("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, most=most)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise Problem("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, most=most)
            chunks.append(chunk)
    except ClientDisconnect as error:
        raise Problem("body", HTTPStatus.BAD_REQUEST, why="") from error
    return b"".join(chunks)


async def record_of(request: Request, decoder: msgspec.json.Decoder[T]) -> T:
    """The JSON body of a request as a record. Raises Problem that says where it does not fit."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Problem("media", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    raw = await body_of(request)
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        why, _, where = str(error).partition(" - at `$")
        key = where.strip("`.") or None
        raise Problem("body", HTTPStatus.UNPROCESSABLE_ENTITY, why=why, key=key) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem("body", HTTPStatus.BAD_REQUEST, why=str(error)) from error


def resources_of(request: Request) -> Resources:
    """What the process serves from."""
    found: Resources = request.app.state.resources
    return found


def json_response(
    record: object, *, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    """A record as a JSON response."""
    return Response(msgspec.json.encode(record), status, headers, "application/json")
