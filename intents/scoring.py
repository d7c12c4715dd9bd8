"""Candidates for what is asked: the phrasings nearest to a question, best first.

The score of a phrasing is what it has in common with the question against what either has alone,
so a phrase that is contained in a long story still scores. Phrasings that share the same features
with a question differ only in what they weigh alone: they are kept together, lightest first, and
only those that may come out best are looked at one by one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heapify, heappop, heapreplace

from intents.match import BINDING, Bag, Index, Indexed, weigh
from intents.topics import Phrasing
from intents.understanding import Candidate

_FAINT = 0.3  # a score below which nothing is proposed where anything is above it
_TOLD = 0.9  # what a feature counts that was told and not asked
# What makes a phrasing a candidate; other features only raise one that is.
_SEEDS = ("cue:", "word:", "slot:")
# Phrasings, as a row of bits, that share the same with a question: how much, and what was told.
Alike = tuple[int, float, tuple[float, ...]]
# The next one of them: its score, negative so that the best is the least, its number, the others.
Next = tuple[float, int, int, float, tuple[float, ...]]


def candidates(
    index: Index,
    bag: Bag,
    context: Bag = frozenset(),
    *,
    limit: int = 8,
    allowed: Callable[[Phrasing], bool] | None = None,
) -> tuple[Candidate, ...]:
    """The best phrasing of each topic (and of each entry), best first; scores from 0 to 1.

    `bag` is what was asked; `context`, what else was told, can only speak for a phrasing. Of the
    best ones, `limit` times two, those that are not `allowed` are left out.
    """
    own = [f for f in bag if not f.startswith("is:")]
    asked = math.fsum([index.weights.get(f) or _unknown(f, 20) for f in own])
    words = [(f, _unknown(f, 20)) for f in own if f.startswith("word:")]
    said = bag | context
    found = _leading(index, _alike(index, bag, context - bag), asked, limit * 2)
    made = [
        _candidate(index.rows[number], said, words, (score, number))
        for score, number in found
        if allowed is None or allowed(index.rows[number].phrasing)
    ]
    return tuple(made)


def _unknown(feature: str, size: float) -> float:
    return 0.0 if feature.startswith(("slot:", "is:")) else 0.6 * weigh(feature, size)


def _having(index: Index, feature: str) -> int:
    """The phrasings with a feature."""
    return int.from_bytes(index.having.get(feature, b""), "little")


def _able(index: Index, bag: Bag) -> int:
    """The phrasings with a cue, a word or a slot of the question, and about no other thing."""
    able = 0
    for feature in bag:
        if feature.startswith(_SEEDS):
            able |= _having(index, feature)
    values = [feature for feature in bag if feature.startswith("is:")]
    for prefix in BINDING if values else ():
        if named := [feature for feature in values if feature.startswith(prefix)]:
            others = int.from_bytes(index.bound[prefix], "little")
            for feature in named:
                others &= ~_having(index, feature)
            able &= ~others
    return able


def _alike(index: Index, bag: Bag, context: Bag) -> list[Alike]:
    """The able phrasings, parted by what they share with the question and with the context."""
    able = _able(index, bag)
    parts: list[Alike] = [(able, 0.0, ())] if able else []
    for feature in bag & index.weights.keys():
        parts = _parted(parts, _having(index, feature), index.weights[feature], ())
    # In this order: the sums are not exact here, and must not depend on the order of a set.
    for feature in sorted(f for f in context & index.weights.keys() if f.startswith(_SEEDS)):
        weight = _TOLD * index.weights[feature]
        parts = _parted(parts, _having(index, feature), weight, (weight,))
    return parts


def _parted(parts: list[Alike], having: int, weight: float, told: tuple[float, ...]) -> list[Alike]:
    """The parts, those with one more feature apart from those without it."""
    made: list[Alike] = []
    for part in parts:
        rows, shared, before = part
        if not (both := rows & having):
            made.append(part)
            continue
        made.append((both, shared + weight, before + told))
        if rest := rows ^ both:
            made.append((rest, shared, before))
    return made


def _leading(index: Index, parts: list[Alike], asked: float, most: int) -> list[tuple[float, int]]:
    """The best phrasings of their groups, best first; the faint ones only where all are faint."""
    heap = [_next(index, rows, shared, told, asked) for rows, shared, told in parts]
    heapify(heap)
    least = _FAINT if heap and -heap[0][0] >= _FAINT else 0.0
    first: dict[int, tuple[float, int]] = {}
    left = (1 << len(index.rows)) - 1  # the phrasings of groups that have none yet
    while heap and len(first) < most and -heap[0][0] >= least:
        negative, number, rows, shared, told = heap[0]
        group = index.groups[number]
        if group not in first:
            first[group] = (-negative, number)
            left ^= int.from_bytes(index.kin[group], "little")
        if rows := rows & left:
            heapreplace(heap, _next(index, rows, shared, told, asked))
        else:
            heappop(heap)
    return list(first.values())


def _next(index: Index, rows: int, shared: float, told: tuple[float, ...], asked: float) -> Next:
    """The lightest phrasing of a part, which scores best, and the part without it."""
    rest = rows & (rows - 1)
    number = index.order[(rows ^ rest).bit_length() - 1]
    whole = index.totals[number]
    for weight in told:  # counted on both sides, what was told can only raise a score
        whole += weight
    return -2 * shared / (whole + asked), number, rest, shared, told


def _candidate(
    row: Indexed, said: Bag, words: list[tuple[str, float]], ranked: tuple[float, int]
) -> Candidate:
    score, number = ranked
    phrasing = row.phrasing
    polarity = f"{phrasing.polarity}: " if phrasing.polarity else ""
    return Candidate(
        phrasing.topic,
        round(min(score, 1.0), 4),
        polarity + phrasing.text,
        phrasing.entry,
        math.fsum([weight for feature, weight in row.telling if feature in said]),
        math.fsum([weight for feature, weight in words if feature not in row.bag])
        if words
        else 0.0,
        number,
    )
