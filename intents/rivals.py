"""Which of two things is said to be more: 居民报得比职工多, 血友病高于白内障.

Whether that is so is answered by yes or no, which `compared` alone does not tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations

from intents.slots import SCHEMES
from intents.understanding import Slot

MORE = "more "
_RIVALS = frozenset({"scheme", "population", "disease"})
_THAN = re.compile(r"[^,。;!?]{0,12}?(?:比|高于|多于|低于|少于|强过|高过|多过)[^,。;!?]{0,3}")
_LESS = re.compile(r"低|少|差|吃亏")
_MUCH = re.compile(r"[^,。;!?]{0,12}?(?:高|多|低|少|好|强|大|划算|合算|实惠|吃亏)(?!少)")


def superior(text: str, start: int, slots: Iterable[Slot]) -> frozenset[str]:
    """The cue `more VALUE` of who is said to have more; empty where nobody is said to.

    `text` is a clause and `start` its place.
    """
    named = sorted((s for s in slots if s.name in _RIVALS and s.said), key=lambda s: s.span)
    for one, other in combinations(named, 2):
        if not _are_rivals(one, other):
            continue
        between = text[one.span[1] - start : other.span[0] - start]
        if not _THAN.fullmatch(between):
            continue
        put = between if "于" in between or "过" in between else ""
        told = put or (found.group() if (found := _MUCH.match(text, other.span[1] - start)) else "")
        if told:
            value = (other if _LESS.search(told) else one).value
            if one.name != other.name:  # 上班的比居民高 is said of the schemes of both
                value = SCHEMES.get(value, value)
            return frozenset({MORE + value})
    return frozenset()


def _are_rivals(one: Slot, other: Slot) -> bool:
    """Whether two slots name two of a kind; who is insured stands for the scheme."""
    if one.name == other.name:
        return one.value != other.value
    if "disease" in {one.name, other.name}:
        return False
    return SCHEMES.get(one.value, one.value) != SCHEMES.get(other.value, other.value)
