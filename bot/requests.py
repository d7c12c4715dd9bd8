"""A request's body → a record, within its limits; what it comes from."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot import journal
from bot.complaints import complaint
from bot.problems import Problem
from bot.resources import Resources
from bot.web import word

MOST = 64 * 1024  # bytes of a body: a question has some hundred
# Where a request keeps what it is answered from; the edge reads the version of the packs there.
PINNED = "yiwentong.resources"
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
        record = decoder.decode(raw)
    except msgspec.ValidationError as error:
        key, why = complaint(error, decoder.type)
        raise Problem("body", HTTPStatus.UNPROCESSABLE_ENTITY, why=why, key=key) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("body", HTTPStatus.BAD_REQUEST, why=word("wrong_json")) from error
    # Only now: what fits a record is flat, so that this reader is in no danger from its depth.
    if _may_double(raw, decoder.type):
        json.loads(raw, object_pairs_hook=_refuse_doubles)
    return record


def _may_double(raw: bytes, record: Any) -> bool:  # noqa: ANN401 - as a decoder holds its type
    """Whether a key may stand twice in a body, as it is or written with escapes."""
    return b"\\u" in raw or any(raw.count(key) > 1 for key in _keys(record))


@cache
def _keys(record: Any) -> tuple[bytes, ...]:  # noqa: ANN401 - as a decoder holds its type
    """The keys of a record as a body has them."""
    return tuple(f'"{one.encode_name}"'.encode() for one in msgspec.structs.fields(record))


def _refuse_doubles(pairs: list[tuple[str, object]]) -> None:
    """A key written twice has two meanings. Raises Problem that names it."""
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise Problem("body", status, key=twice, why=word("wrong_twice", key=twice))


def resources_of(request: Request) -> Resources:
    """What the process serves from, the packs being the same for the whole of a request."""
    scope = request.scope
    if PINNED not in scope:
        live: Resources = request.app.state.resources
        scope[PINNED] = live.pinned()
    found: Resources = scope[PINNED]
    return found


def id_of(request: Request) -> str:
    """The id of a request, as its reply has it in X-Request-Id; a turn is kept under it."""
    return str(request.scope.get("request_id") or journal.new_id())


def json_response(
    record: object, *, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    """A record as a JSON response."""
    return Response(msgspec.json.encode(record), status, headers, "application/json")
