"""Blanks that stand for commas: 外婆住在昆山 医保是姑苏的 门特去哪办.

Many type a chat without marks. Between keywords (门特 备案 昆山) and within a name (居 保) a blank
stays one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from intents.understanding import Token

_BLANK = re.compile(r"(?<=[㐀-鿿\d]) (?=[㐀-鿿\d])")
_STOP = re.compile(r"[ ,。!?;:]")
_TOLD = 6  # characters of a stretch that is more than a keyword
_WORD = 2  # characters of the shortest stretch beside it
_MEAN = 5  # characters of a stretch on average, where nothing is a keyword


def punctuated(text: str, tokens: Iterable[Token]) -> str:
    """A normalised text of the same length, with a comma for each blank between clauses."""
    if " " not in text:
        return text
    stops = [-1, *(stop.start() for stop in _STOP.finditer(text)), len(text)]
    lengths = [until - since - 1 for since, until in pairwise(stops)]
    told = sum(lengths) >= _MEAN * len(lengths)
    within = {at for token in tokens for at in range(token.start, token.end)}
    made = list(text)
    for at, beside in zip(stops[1:-1], pairwise(lengths), strict=True):
        short, long = sorted(beside)
        parted = (long >= _TOLD and short >= _WORD) or (told and short > _WORD)
        if parted and at not in within and _BLANK.match(text, at):
            made[at] = ","
    return "".join(made)
