"""The sentences of a handover, and the words that end one, from handover.yaml."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.sentences import filled, sentences_of
from intents.normalise import normalise

FILE = Path(__file__).parent / "handover.yaml"
_MARKS = re.compile(r"[\W_]+")
_LONGEST = 24  # characters of a message that can be such words


def line(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(sentences_of(FILE)[name], fields)


def is_back(text: str) -> bool:
    """Whether a message says: back to the bot (返回机器人)."""
    return len(text) <= _LONGEST and _said("words_back").fullmatch(_bare(text)) is not None


def is_giving_up(text: str) -> bool:
    """Whether a message says not to wait any longer (不等了)."""
    given_up = len(text) <= _LONGEST and _said("words_give_up").fullmatch(_bare(text))
    return bool(given_up) or is_back(text)


def _bare(text: str) -> str:
    """A text in simplified characters without its blanks and its punctuation."""
    return _MARKS.sub("", normalise(text).text)


@cache
def _said(name: str) -> re.Pattern[str]:
    """The words of a name, with politeness before and behind them."""
    words, around = ("|".join(map(re.escape, line(one).split())) for one in (name, "words_around"))
    return re.compile(f"(?:{around}){{0,4}}(?:{words})(?:{around}){{0,4}}")
