"""How like a question is to what is known to be asked, character by character.

Cues say what a question is about where its words are known. Where they are not (用得着本人跑一趟)
it still looks like phrasings that share its characters and pairs of them, the rare ones above all.
Names of diseases, places and amounts, which say nothing of what is asked, stand as one character
each.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from heapq import nlargest

from msgspec import Struct

from intents.lexicon import Lexicon
from intents.match import PLACEHOLDER
from intents.normalise import normalise
from intents.quantities import quantities
from intents.spotting import spot
from intents.topics import Phrasing
from intents.understanding import Token

_COMMON = 0.05  # the share of phrasings above which what they hold says nothing
_NEAREST = 3  # phrasings that speak for a topic or an entry
_LOOKED_AT = 100  # phrasings among which these are looked for
# What stands for a name, by its kind: private characters, which no text holds.
_MASKS = {
    **dict.fromkeys(("disease", "other-disease", "tumour", "member"), "\ue001"),
    **dict.fromkeys(("district", "place", "landmark"), "\ue002"),
    "region": "\ue003",
    **dict.fromkeys(("yuan", "percent", "amount"), "\ue004"),
    "days": "\ue005",
    "age": "\ue006",
}
_MARKS = frozenset(" ,。!?;:、~…()\"'“”《》")


class Likeness(Struct, frozen=True):
    """The phrasings by their characters and pairs (`rows`, numbers of two bytes each).

    `weights` says how rare each of these is; of the phrasing with the same number `topics` and
    `entries` say what it is about, and `norms` how long it is.
    """

    topics: tuple[str, ...]
    entries: tuple[str | None, ...]
    rows: dict[str, bytes]
    weights: dict[str, float]
    norms: tuple[float, ...]


class Alike(Struct, frozen=True):
    """How like a question is to each topic and each entry, from 0 to 1."""

    topics: dict[str, float] = {}
    entries: dict[str, float] = {}

    def to(self, topic: str, entry: str | None) -> float:
        """How like it is to a topic and, where there is one, to an entry of it; from 0 to 2."""
        return self.topics.get(topic, 0.0) + (self.entries.get(entry, 0.0) if entry else 0.0)


NOTHING_ALIKE = Alike()


def likeness(lexicon: Lexicon, said: Iterable[Phrasing]) -> Likeness:
    """The phrasings of topics and entries, by what they hold."""
    known = tuple(said)
    held = [_parts(_plain(lexicon, one.text)) for one in known]
    counts = Counter(part for parts in held for part in parts)
    most = _COMMON * len(known)
    weights = {
        part: math.log(len(known) / count) for part, count in sorted(counts.items()) if count < most
    }
    rows: dict[str, array[int]] = {part: array("H") for part in weights}
    for number, parts in enumerate(held):
        for part in parts & weights.keys():
            rows[part].append(number)
    return Likeness(
        tuple(one.topic for one in known),
        tuple(one.entry for one in known),
        {part: numbers.tobytes() for part, numbers in rows.items()},
        weights,
        tuple(_length(weights, parts & weights.keys()) for parts in held),
    )


def alike(known: Likeness, text: str, speaks: Callable[[str | None], bool]) -> Alike:
    """How like a masked text is to each topic and entry: the mean of the nearest phrasings.

    Phrasings of entries that do not speak for the region count for nothing.
    """
    parts = sorted(_parts(text) & known.weights.keys())
    length = _length(known.weights, parts)
    shared: dict[int, float] = {}
    for part in parts:
        weight = known.weights[part] ** 2
        for number in memoryview(known.rows[part]).cast("H"):
            shared[number] = shared.get(number, 0.0) + weight
    scored = ((value / known.norms[number], -number) for number, value in shared.items())
    topics: dict[str, list[float]] = defaultdict(list)
    entries: dict[str, list[float]] = defaultdict(list)
    for score, number in nlargest(_LOOKED_AT, scored):
        topic, entry = known.topics[-number], known.entries[-number]
        if speaks(entry):
            topics[topic].append(score / length)
            if entry:
                entries[entry].append(score / length)
    return Alike(
        *({key: _mean(scores) for key, scores in one.items()} for one in (topics, entries))
    )


def masked(text: str, tokens: Iterable[Token], start: int = 0, end: int | None = None) -> str:
    """A stretch of a text with one character for each name of a disease or a place and amount."""
    pieces, at = [], start
    until = len(text) if end is None else end
    for token in sorted(tokens, key=lambda one: (one.start, -one.end)):
        if token.kind in _MASKS and at <= token.start and token.end <= until:
            pieces += [text[at : token.start], _MASKS[token.kind]]
            at = token.end
    return "".join((*pieces, text[at:until]))


def _plain(lexicon: Lexicon, text: str) -> str:
    """A phrasing, masked; its blanks for slots stand for the names that fill them."""
    pieces = PLACEHOLDER.split(text)  # text, name of a slot, text, …
    return "".join(
        _MASKS.get(piece, "") if at % 2 else _read(lexicon, normalise(piece).text)
        for at, piece in enumerate(pieces)
    )


def _read(lexicon: Lexicon, text: str) -> str:
    amounts = (Token(q.unit, "", text[q.start : q.end], q.start, q.end) for q in quantities(text))
    return masked(text, (*amounts, *spot(lexicon, text)[0]))


def _parts(text: str) -> set[str]:
    """The characters of a text and its pairs of them, without marks."""
    plain = "".join(char for char in text if char not in _MARKS)
    return {*plain, *(plain[at : at + 2] for at in range(len(plain) - 1))}


def _length(weights: dict[str, float], parts: Iterable[str]) -> float:
    return math.sqrt(math.fsum(weights[part] ** 2 for part in parts)) or 1.0


def _mean(scores: list[float]) -> float:
    return math.fsum(scores[:_NEAREST]) / _NEAREST
