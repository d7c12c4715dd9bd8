"""Matters outside the documents that are known by how a question is put, and not by one name.

A matter of the vocabulary may have patterns beside its names: regular expressions over the
normalised text, in which `{part}` stands for any name of a row of the kind `part`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any

from msgspec import Struct

PART = "part"
_PART = re.compile(r"\{([a-z]+)\}")
_GUARD = re.compile(r"\{([a-z]+)\}\.\*")
_QUESTION = re.compile(r"[。!?;]")
_PLAIN = str.maketrans({":": ",", "、": ",", '"': None, "“": None, "”": None})
_MOST = 90  # characters of a clause, with what was told before it, that are looked at

# A pattern, and what must be true of the whole text before it is tried.
Pattern = tuple[str, str]


class Patterns(Struct, frozen=True):
    """The patterns of every matter, in the order of the vocabulary, with their parts filled in.

    `together` leads from a guard to all that stand behind it as one: most texts have none of them,
    and are looked through once and not a hundred times.
    """

    of: Mapping[str, tuple[Pattern, ...]]
    together: Mapping[str, str]


def patterns_of(rows: Iterable[dict[str, Any]]) -> Patterns:
    """The patterns that rows of the vocabulary have."""
    rows = tuple(rows)
    parts = {row["value"]: "(?:" + "|".join(row["names"]) + ")" for row in rows if _is_part(row)}
    found = {
        row["value"]: tuple(_split(pattern, parts) for pattern in row["patterns"])
        for row in rows
        if row.get("patterns")
    }
    behind: dict[str, list[str]] = defaultdict(list)
    for guard, pattern in chain.from_iterable(found.values()):
        behind[guard].append(pattern)
    return Patterns(found, {guard: "|".join(alike) for guard, alike in behind.items()})


def _is_part(row: dict[str, Any]) -> bool:
    return bool(row["kind"] == PART)


def _split(pattern: str, parts: Mapping[str, str]) -> Pattern:
    """A pattern apart from the guard that begins it, which many share and is tried only once."""
    guard = _GUARD.match(pattern)
    rest = pattern[guard.end() :] if guard else pattern
    return parts[guard[1]] if guard else "", _PART.sub(lambda found: parts[found[1]], rest)


def matter_of(patterns: Patterns, text: str, told: str = "") -> str | None:
    """The first matter of which a pattern is found in a normalised text; None without one.

    What was told right before the text may begin a pattern, and never be all of it.
    """
    before = _QUESTION.split(told.translate(_PLAIN))[-1]
    plain = before + text.translate(_PLAIN)
    if len(plain) > _MOST:
        before, plain = "", text.translate(_PLAIN)[-_MOST:]
    held = {
        guard: bool(_compiled(guard).search(plain) and _compiled(together).search(plain))
        for guard, together in patterns.together.items()
    }
    if not any(held.values()):
        return None
    for value, alternatives in patterns.of.items():
        for guard, pattern in alternatives:
            if held[guard] and _ends_after(pattern, plain, len(before)):
                return value
    return None


def _ends_after(pattern: str, text: str, start: int) -> bool:
    compiled = _compiled(pattern)
    first = compiled.search(text)
    if first is None or first.end() > start:
        return first is not None
    return any(found.end() > start for found in compiled.finditer(text, first.end()))


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
