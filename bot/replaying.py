"""An answer of the journal, taken again: why it was given, and whether it would be given today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from difflib import unified_diff
from typing import Any

import msgspec
from msgspec import Struct

from bot import journal
from bot.answers import plain
from bot.days import CHINA
from bot.errors import InputError
from bot.journal import Line
from bot.reasons import why
from bot.resources import Resources
from bot.service import Service, Turn, turn
from bot.terminal import tell

_CONTEXT = 0  # lines around a difference: the whole answer is shown beside it
_MARKS = ("---", "+++", "@@")


class Replay(Struct, frozen=True):
    """A line of the journal and the turn that its message comes to now, on the day of the line.

    `turn` is None where the state that it began with is of another release. `packs` names the
    knowledge of now.
    """

    line: Line
    turn: Turn | None
    packs: str

    @property
    def differences(self) -> tuple[str, ...]:
        """What differs, a line each: `-` was answered then, `+` is answered now."""
        if self.turn is None:
            return ()
        then, now = self.line.answered.splitlines(), plain(self.turn.answer).splitlines()
        made = unified_diff(then, now, lineterm="", n=_CONTEXT)
        return tuple(one for one in made if not one.startswith(_MARKS))

    @property
    def same(self) -> bool:
        """Whether the answer of now is that of then, letter by letter."""
        return self.turn is not None and not self.differences

    @property
    def packs_changed(self) -> bool:
        """Whether the knowledge is another one."""
        return self.line.packs != self.packs


def replayed(resources: Resources, id_: str) -> Replay:
    """The replay of a turn. Raises InputError where the journal has none of this id, StoreError."""
    line = journal.find(resources.store, id_)
    if line is None:
        days = resources.settings.retention_days
        raise InputError(tell("why_unknown", id=id_[:64], days=days))
    return Replay(line, _taken_again(resources.service, line), resources.packs)


def _taken_again(served: Service, line: Line) -> Turn | None:
    try:
        before = line.before
    except msgspec.MsgspecError:
        return None
    return turn(served, before, line.asked, day=_day(line), region=_region(served, line))


def _region(served: Service, line: Line) -> str | None:
    """The region that it was answered for, unless its pack is gone."""
    return line.region if line.region in served.library.regions else None


def _day(line: Line) -> date:
    return datetime.fromtimestamp(line.at, CHINA).date()


def as_lines(replay: Replay) -> Iterator[str]:
    """A replay for a person to read."""
    line = replay.line
    yield tell(
        "why_when",
        when=_moment(line.at).strftime("%Y-%m-%d %H:%M:%S"),
        channel=line.channel,
        region=line.region or tell("setting_none"),
        packs=line.packs,
        ms=line.micros / 1000,
    )
    yield tell("why_asked", asked=line.asked)
    yield from _understood(replay)
    yield tell("why_answered", status=line.status, topic=line.topic or "-")
    yield from (f"  {one}" for one in line.answered.splitlines())
    yield _verdict(replay)
    yield from (f"  {one}" for one in replay.differences)


def _understood(replay: Replay) -> Iterator[str]:
    yield tell("why_understood")
    if replay.turn is not None:
        yield from (f"  {one}" for one in why(replay.turn))


def _verdict(replay: Replay) -> str:
    """Whether it would be answered so today, and what may be the reason where it would not."""
    if replay.turn is None:
        return tell("why_other_release")
    names = {"then": replay.line.packs, "now": replay.packs}
    match replay.same, replay.packs_changed:
        case True, False:
            return tell("why_same", **names)
        case True, True:
            return tell("why_same_packs_changed", **names)
        case False, True:
            return tell("why_packs_changed", **names)
    return tell("why_differs", **names)


def as_data(replay: Replay) -> dict[str, Any]:
    """A replay as data; `today` is what the message comes to now."""
    line, done = replay.line, replay.turn
    answer = done.answer if done else None
    return {
        "id": line.id,
        "at": _moment(line.at).isoformat(),
        "channel": line.channel,
        "region": line.region,
        "packs": line.packs,
        "ms": line.micros / 1000,
        "asked": line.asked,
        "status": line.status,
        "topic": line.topic,
        "understood": msgspec.json.decode(line.understood_json),
        "answered": line.answered,
        "cited": msgspec.json.decode(line.cited_json),
        "why": list(why(done)) if done else [],
        "today": {
            "packs": replay.packs,
            "status": answer.status if answer else None,
            "text": plain(answer) if answer else None,
        },
        "same": replay.same,
        "packs_changed": replay.packs_changed,
        "difference": list(replay.differences),
    }


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, CHINA)
