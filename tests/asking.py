"""How tests read a turn: the slots it understood, the text it answered, the figures in it."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Protocol

from bot.answers import block_text, plain
from bot.service import Turn

DAY = date(2026, 11, 22)

# The day a document came out is no figure of a benefit.
_ISSUED = re.compile(r"\d{4}年(?:\d{1,2}月)?")
_FIGURE = re.compile(r"(?P<digits>\d+(?:\.\d+)?)(?P<rest>(?:-\d+)?)(?P<scale>万?)(?P<percent>%?)")


class Asker(Protocol):
    """Ask one question in a fresh conversation; a region of None is a region not known."""

    def __call__(self, text: str, region: str | None = "suzhou") -> Turn:
        """The turn that the question comes to."""


class Talk(Protocol):
    """Hold a conversation; a region of None is a region not known."""

    def __call__(self, *texts: str, region: str | None = "suzhou") -> list[Turn]:
        """All its turns."""


def understood(turn: Turn, name: str) -> set[str]:
    """Every value of a slot in any question of a message."""
    return {value for ask in turn.asks for value in ask.values(name)}


def topics(turn: Turn) -> list[str]:
    """The topics of the questions of a message, in order."""
    return [ask.topic for ask in turn.asks]


def told(turn: Turn) -> str:
    """The answer without its sources and options."""
    return "\n".join(block_text(block) for block in turn.answer.blocks)


def text_of(turn: Turn) -> str:
    """The answer as a person reads it."""
    return plain(turn.answer)


def figures(text: str) -> set[str]:
    """The figures of a text, however written: 2.2万元 → 22000, 0-6岁 → 0 and 6, 90% → 90%."""
    found: set[str] = set()
    for one in _FIGURE.finditer(_ISSUED.sub("", text)):
        value = Decimal(one["digits"]) * (10_000 if one["scale"] else 1)
        found.add(f"{value.normalize():f}{one['percent']}")
        if one["rest"]:
            found.add(one["rest"].removeprefix("-"))
    return found
