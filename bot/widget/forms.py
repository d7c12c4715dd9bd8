"""A form that a browser sends → its fields."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.errors import InputError
from bot.problems import Problem
from bot.regions import region_id
from bot.requests import body_of
from bot.resources import Resources

_MOST_FIELDS = 20
_MOST = 256 * 1024  # bytes: a text that is too long is told so, and comes back with the page


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form by their names, the last of each. Raises Problem."""
    raw = await body_of(request, most=_MOST)
    try:
        text = raw.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Problem("body", HTTPStatus.BAD_REQUEST, why=str(error)) from error
    return dict(pairs)


def region_named(resources: Resources, said: str | None) -> str | None:
    """The id of the region that is named; None for none, and for one that there is not."""
    if not said:
        return None
    try:
        return region_id(resources.service.library, said)
    except InputError:
        return None
