"""Matters outside the documents that are known by how a question is put, and not by one name.

A matter of the vocabulary may have patterns beside its names: regular expressions over the
normalised text, in which `{part}` stands for any name of a row of the kind `part`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

PART = "part"
_PART = re.compile(r"\{([a-z]+)\}")
_QUESTION = re.compile(r"[。!?;]")
_PLAIN = str.maketrans({":": ",", "、": ",", '"': None, "“": None, "”": None})


def patterns_of(rows: Iterable[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The patterns of every matter, in the order of the vocabulary, with their parts filled in."""
    rows = tuple(rows)
    parts = {row["value"]: "(?:" + "|".join(row["names"]) + ")" for row in rows if _is_part(row)}
    return {
        row["value"]: tuple(
            _PART.sub(lambda found: parts[found[1]], pattern) for pattern in row["patterns"]
        )
        for row in rows
        if row.get("patterns")
    }


def _is_part(row: dict[str, Any]) -> bool:
    return bool(row["kind"] == PART)


def matter_of(patterns: Mapping[str, tuple[str, ...]], text: str, told: str = "") -> str | None:
    """The first matter of which a pattern is found in a normalised text; None without one.

    What was told right before the text may begin a pattern, and never be all of it.
    """
    before = _QUESTION.split(told.translate(_PLAIN))[-1]
    plain = before + text.translate(_PLAIN)
    for value, alternatives in patterns.items():
        for one in alternatives:
            if any(found.end() > len(before) for found in _compiled(one).finditer(plain)):
                return value
    return None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
