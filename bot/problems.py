"""What is wrong with a request, as a problem document (RFC 9457).

Problem ─ one class; `type` names the kind of problem, the sentences are in web.yaml.
"""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from starlette.responses import Response

from bot.redact import redacted
from bot.web import word

MEDIA_TYPE = "application/problem+json"


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem as it is sent. `detail` says what to do; `key` is the field that is wrong."""

    type: str
    title: str
    status: int
    detail: str
    key: str | None = None


class Problem(Exception):
    """A request that cannot be answered as it stands; `name` is one of the problems in web.yaml."""

    # What a request said is never said back with numbers and names of persons.
    def __init__(
        self,
        name: str,
        status: HTTPStatus,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        **fields: object,
    ) -> None:
        super().__init__(name)
        self.document = Document(
            f"urn:yiwentong:problem:{name}",
            word(f"problem_{name}"),
            status,
            redacted(word(f"problem_{name}_detail", **fields)).text,
            key,
        )
        self.headers = headers or {}

    def response(self) -> Response:
        """The problem as it goes out."""
        return Response(
            msgspec.json.encode(self.document),
            self.document.status,
            self.headers,
            MEDIA_TYPE,
        )
