"""What need not be sent again: a strong ETag, and 304 to whoever has it already."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from bot.requests import json_response

# The knowledge changes with a deployment or with the day, so a minute is never long out of date.
CACHED = "public, max-age=60"
_TAG = re.compile(r'(?:W/)?("[^"]*")')


def etag_of(*parts: str) -> str:
    """A strong ETag of whatever decides what a response says."""
    return f'"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'


def tagged(request: Request, etag: str, make: Callable[[], object]) -> Response:
    """The record that `make` gives, or 304 where the client has what the ETag names."""
    headers = {"ETag": etag, "Cache-Control": CACHED}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or etag in _TAG.findall(known):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return json_response(make(), headers=headers)
