"""Costs that come again and again: 每个月5000,一年下来报多少 is asked of 60000 yuan."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from intents.quantities import Quantity, chinese_number

Turn = Literal["time", "day", "week", "month", "quarter", "settlement"]

_TURNS: dict[str, Turn] = {
    "月": "month", "星期": "week", "礼拜": "week", "周": "week", "天": "day", "日": "day",
    "季度": "quarter", "结算期": "settlement", "期": "settlement",
    **dict.fromkeys("次回趟针支瓶盒", "time"),
}  # fmt: skip
_IN_YEAR: dict[Turn, int] = {"month": 12, "week": 52, "day": 365, "quarter": 4}
_TURN = "|".join(sorted(_TURNS, key=len, reverse=True))
_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_EACH = r"(?:每一?|(?<![这那上头近下第该本前后几])一|(?<!\d)1(?!月))个?"
# A cost told of each turn, before its sum or behind it: 每个月花5000, 5000一个月, 月均5000.
_BEFORE = re.compile(
    rf"(?:{_EACH}(?P<turn>{_TURN})(?!份)|(?P<mean>月)均)(?P<told>[^,。;!?\d]{{0,14}})$"
)
_BEHIND = re.compile(rf"(?:元|块钱?|左右|上下|的样子| )*(?:/|一|每|1)个?(?P<turn>{_TURN})")
_NO_COST = re.compile("限额|额度|封顶|起付|门槛|最多|上限|补|发")
# How often in a stretch of time, and how often in all: 一周三次, 做了10次, 两个结算期.
_OFTEN = re.compile(
    rf"(?:每|一|1)个?(?P<in>{_TURN}|年)[^,。;!?\d]{{0,6}}?(?P<times>{_NUMBER})[次回趟针支瓶盒]"
)
_IN_ALL = re.compile(rf"(?<![第每])(?P<times>{_NUMBER})个?(?P<turn>{_TURN})")
# The stretch that is asked about, and not how long somebody has been ill.
_YEAR = re.compile("(?:一整?|全|整|(?<!\\d)1)年(?![多半前了来内]|以前|之前)|年度|(?:12|十二)个月")
_HALF = re.compile("半年(?![多前了来]|以前|之前)")
_MOST = 400  # turns that somebody may mean


class Recurrence(Struct, frozen=True):
    """How often a cost of `turn` comes in what is asked about; 0 where that is not said."""

    turn: Turn
    times: int


def recurrence(one: Quantity, text: str) -> Recurrence | None:
    """How often a sum in yuan is meant, by what stands around it; None for what comes but once."""
    found = _BEFORE.search(text, max(0, one.start - 20), one.start)
    if found is None:
        found = _BEHIND.match(text, one.end)
    elif _NO_COST.search(found["told"]):
        return None
    if found is None:
        return None
    turn = _TURNS[found.groupdict().get("mean") or found["turn"]]
    start, end = min(found.start(), one.start), max(found.end(), one.end)
    rest = f"{text[:start]},{text[end:]}"
    times = _times_of_visits(rest) if turn == "time" else _times(turn, rest)
    return Recurrence(turn, times) if times <= _MOST else None


def _times(turn: Turn, rest: str) -> int:
    """How often a stretch of time comes in what the rest of a text asks about."""
    if turn in _IN_YEAR and (within := _asked_of(turn, rest)):
        return within
    counted = (found for found in _IN_ALL.finditer(rest) if _TURNS[found["turn"]] == turn)
    return next((number for found in counted if (number := _count(found["times"])) > 1), 0)


def _times_of_visits(rest: str) -> int:
    """How many visits the rest of a text counts, in what it asks about."""
    often = _OFTEN.search(rest)
    if often is None:
        counted = (found for found in _IN_ALL.finditer(rest) if _TURNS[found["turn"]] == "time")
        return next((number for found in counted if (number := _count(found["times"])) > 1), 0)
    number = _count(often["times"])
    if often["in"] == "年":
        return number
    return number * (_times(_TURNS[often["in"]], rest) or 1)


def _asked_of(turn: Turn, rest: str) -> int:
    """How many of a stretch of time the year, or half of it, has that a text asks about."""
    if turn not in _IN_YEAR:
        return 0
    if _YEAR.search(rest):
        return _IN_YEAR[turn]
    return _IN_YEAR[turn] // 2 if _HALF.search(rest) else 0


def _count(said: str) -> int:
    return int(chinese_number(said) or 0)
