"""The part of an address behind the question mark → a record, within its limits."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from bot.complaints import complaint
from bot.problems import Problem

_MOST = 20  # parameters: no operation has more than six
T = TypeVar("T")


def query_of(request: Request, record: type[T]) -> T:
    """The parameters of a request as a record. Raises Problem that names the one that is wrong."""
    raw: bytes = request.scope["query_string"]
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST,
        )
    except ValueError as error:  # no UTF-8, or too many; UnicodeDecodeError is one too
        raise Problem("query_form", HTTPStatus.BAD_REQUEST) from error
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Problem("query_twice", HTTPStatus.UNPROCESSABLE_ENTITY, key=twice, field=twice[:80])
    try:
        return msgspec.convert(values, record, strict=False)
    except msgspec.ValidationError as error:
        key, why = complaint(error, record)
        raise Problem("query", HTTPStatus.UNPROCESSABLE_ENTITY, key=key, why=why) from error
