"""A request of WeChat or WeCom → its fields, once it is proved to come from the platform.

Whatever is wrong with one, the answer has the same form: the reason stands in the log only.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import structlog
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.envelopes import EnvelopeError, Opened, is_fresh, is_signed, opened
from bot.channels.wechat_messages import FieldError, Incoming, incoming_of
from bot.channels.wechat_xml import UnreadableError, fields_of, is_json
from bot.problems import Problem
from bot.requests import body_of

_LONGEST = 8192  # characters of a parameter; an encrypted echostr has some hundred
# A long text, encrypted, written as base64; the platform's own sentence would be all that a person
# sees of one that is refused.
_MOST = 256 * 1024  # bytes of a body
_log = structlog.get_logger("yiwentong")


class RefusedError(Exception):
    """A request that is not taken; `why` is for the log and holds nothing that was sent."""

    def __init__(self, why: str, status: HTTPStatus = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(why)
        self.why = why
        self.status = status

    def response(self, channel: str) -> Response:
        """The answer to it, the same for every reason."""
        _log.warning("callback refused", channel=channel, why=self.why, status=int(self.status))
        return PlainTextResponse("refused\n", self.status)


class Account(Struct, frozen=True):
    """What a callback is proved with: the token, the keys, and the id that envelopes are for."""

    token: str
    keys: tuple[bytes, ...]
    receiver: str


class Query(Struct, frozen=True):
    """The parameters that a platform signs with; empty where one is missing."""

    timestamp: str
    nonce: str
    signature: str
    msg_signature: str
    echostr: str


class Callback(Struct, frozen=True):
    """A proved callback: what came, whether as JSON, and the key that it was encrypted with."""

    incoming: Incoming
    as_json: bool
    key: bytes | None = None


def query_of(request: Request, now: float) -> Query:
    """The parameters of a request. Raises RefusedError unless it was signed just now."""
    given = request.query_params
    values = [given.get(name, "") for name in Query.__struct_fields__]
    if any(len(value) > _LONGEST for value in values):
        raise RefusedError("parameters", HTTPStatus.BAD_REQUEST)
    query = Query(*values)
    if not is_fresh(query.timestamp, now):
        raise RefusedError("time")
    return query


async def bytes_of(request: Request) -> bytes:
    """The body of a request. Raises RefusedError for one that is too large, or broke off."""
    try:
        return await body_of(request, most=_MOST)
    except Problem as problem:
        raise RefusedError("body", HTTPStatus(problem.document.status)) from problem


def proved(query: Query, body: bytes, account: Account) -> Callback:
    """What an encrypted callback holds. Raises RefusedError."""
    fields = read(body)
    return unsealed(query, fields.get("Encrypt", ""), account, as_json=is_json(body))


def unsealed(query: Query, sealed: str, account: Account, *, as_json: bool) -> Callback:
    """The callback in an envelope. Raises RefusedError."""
    found = opened_by(query, sealed, account)
    return Callback(incoming_in(read(found.message)), as_json, found.key)


def opened_by(query: Query, sealed: str, account: Account) -> Opened:
    """What is in an envelope; its signature is checked before anything is decrypted."""
    signed = (query.timestamp, query.nonce, sealed)
    if not (sealed and is_signed(query.msg_signature, account.token, *signed)):
        raise RefusedError("signature")
    try:
        return opened(sealed, account.keys, account.receiver)
    except EnvelopeError as error:
        raise RefusedError("envelope") from error


def read(body: bytes) -> dict[str, str]:
    """The fields of a body. Raises RefusedError."""
    try:
        return fields_of(body)
    except UnreadableError as error:
        raise RefusedError("unreadable", HTTPStatus.BAD_REQUEST) from error


def incoming_in(fields: Mapping[str, str]) -> Incoming:
    """What these fields tell. Raises RefusedError."""
    try:
        return incoming_of(fields)
    except FieldError as error:
        raise RefusedError("fields", HTTPStatus.BAD_REQUEST) from error
