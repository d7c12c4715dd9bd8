"""Many conversations at once, as JSON lines; a broken line is answered in its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from msgspec import Struct, structs, to_builtins

from bot.answers import reply
from bot.errors import InputError
from bot.regions import region_id
from bot.service import Service, turn
from bot.terminal import tell
from intents.dialogue import State

Id = str | int


class Line(Struct, frozen=True):
    """One conversation to hold."""

    id: Id
    turns: tuple[str, ...]
    region: str | None = None


def outcomes(served: Service, lines: Iterable[bytes], day: date) -> Iterator[dict[str, Any]]:
    """One outcome a line, in order; blank lines are passed over."""
    for number, raw in enumerate(lines, 1):
        if raw.strip():
            yield outcome(served, raw, number, day)


def outcome(served: Service, raw: bytes, number: int, day: date) -> dict[str, Any]:
    """The replies to a line, or what is wrong with it."""
    row: object = None
    try:
        row = _parsed(raw)
        line = _line(row)
        region = region_id(served.library, line.region) if line.region else None
    except InputError as error:
        return {"id": _id(row), "error": tell("line", number=number, what=error)}
    return {"id": line.id, "replies": replies(served, structs.replace(line, region=region), day)}


def replies(served: Service, line: Line, day: date) -> list[dict[str, Any]]:
    """The reply to each turn of a fresh conversation."""
    state = State()
    found: list[dict[str, Any]] = []
    for text in line.turns:
        done = turn(served, state, text, day=day, region=line.region)
        state = done.state
        said = reply(structs.replace(done.answer, session=str(line.id)))
        found.append(to_builtins(said))
    return found


def _parsed(raw: bytes) -> object:
    try:
        # A lone surrogate is no fault of the line: it is passed on as any other character.
        text = raw.decode("utf-8-sig", errors="surrogatepass")
    except UnicodeDecodeError as error:
        raise InputError(tell("line_not_utf8")) from error
    try:
        row: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(tell("line_not_json")) from error
    return row


def _line(row: object) -> Line:
    """The conversation of a row; keys that are not read are passed over. Raises InputError."""
    if not isinstance(row, dict):
        raise InputError(tell("line_not_object"))
    name, turns, region = _id(row), row.get("turns"), row.get("region")
    if name is None:
        raise InputError(tell("line_id"))
    if not isinstance(turns, list) or not all(isinstance(text, str) for text in turns):
        raise InputError(tell("line_turns"))
    if region is not None and not isinstance(region, str):
        raise InputError(tell("line_region"))
    return Line(name, tuple(turns), region)


def _id(row: object) -> Id | None:
    found = row.get("id") if isinstance(row, dict) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None
