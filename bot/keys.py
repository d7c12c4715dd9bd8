"""Names as they are typed, letter by letter: whole, begun, in part, by sound, by initials.

A trie of characters. A step of a walk through it takes a character as written, one that sounds
like it, a syllable in letters, the beginning of a last syllable, or a bare initial. What a walk
costs says how far what was typed is from the name: 0 is the name itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from msgspec import Struct
from rapidfuzz.distance import OSA

from intents.normalise import is_han
from intents.pinyin import folded, readings, syllables

# What a step costs, and what a way to say a name costs.
_SOUND = 0.8  # another character of the same sound
_SPELT = 0.1  # a syllable in letters
_FOLDED = 0.3  # one that only southern ears take for it
_BEGUN = 0.2  # a syllable that is not finished
_INITIAL = 0.25  # a first letter for a syllable
_UNFINISHED = 0.3  # a name that is not finished, and for each character that lacks
_LACKING = 0.03
_ALONE = 0.7  # a single character behind another name
_PART = 0.9  # a name from its middle on
_MOST = 1.7  # all the steps to a name
SLIP: Final = 1.6  # a name with one slip
LEAST_SLIPPED: Final = 3  # characters of a name in which a slip is mended
_LEAST_SPELT = 5  # and letters
_MOST_SLIPPED = 20  # characters or letters of one


class Key(Struct, frozen=True):
    """A name of a thing: its words, the thing, what saying it so costs, how it may be shortened.

    `parts`: it may be begun in its middle. `short`: its initials stand for it.
    """

    text: str
    thing: str
    cost: float = 0.0
    parts: bool = False
    short: bool = False


class Edge(Struct, frozen=True):
    """A stretch of what was typed that stands for a thing, and what that costs."""

    start: int
    end: int
    thing: str
    cost: float


class Node:
    """A place in the trie: the characters that lead on, the things whose names end here."""

    __slots__ = ("begun", "children", "ends", "letters", "shortly", "sounds")

    def __init__(self) -> None:
        self.children: dict[str, Node] = {}
        self.ends: dict[str, tuple[float, bool]] = {}
        # What is found where typing stops here: by any walk, and by one that took initials.
        self.begun: dict[str, float] = {}
        self.shortly: dict[str, float] = {}
        self.sounds: dict[str, list[tuple[str, Node]]] = {}
        self.letters: dict[str, list[tuple[str, Node]]] = {}


class Keys:
    """The trie of all names, and what leads to the names that have one slip; built once."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.root = Node()
        self.slips: dict[str, list[Key]] = {}
        for key in keys:
            self._plant(key.text, key)
            if key.parts:
                for at in range(1, len(key.text) - 1):
                    self._plant(key.text[at:], key, more=_PART)
            self._slip(key)
        _finish(self.root)

    def _plant(self, text: str, key: Key, *, more: float = 0.0) -> None:
        node = self.root
        for char in text:
            if (child := node.children.get(char)) is None:
                child = node.children[char] = Node()
            node = child
        cost, short = node.ends.get(key.thing, (9.0, False))
        node.ends[key.thing] = (min(cost, key.cost + more), short or (key.short and not more))

    def _slip(self, key: Key) -> None:
        """Remember what is left of a name when one character is gone: SymSpell's index."""
        if not key.parts:
            return
        spelt = "".join(readings(char)[0] for char in key.text if is_han(char))
        for text, least in ((key.text, LEAST_SLIPPED), (spelt, _LEAST_SPELT)):
            if least <= len(text) <= _MOST_SLIPPED:
                named = Key(text, key.thing, key.cost)
                for left in (text, *shortened(text)):
                    self.slips.setdefault(left, []).append(named)

    def walked(self, text: str, start: int, end: int, *, inside: bool) -> Iterator[Edge]:
        """Every name, whole or begun, that stands in a word from `start` on; the word has `end`.

        `inside`: other characters of the word go before; one alone after them begins little.
        """
        unfinished = _UNFINISHED + (_ALONE if inside and end - start < 2 else 0.0)
        seen: dict[tuple[int, int, bool], float] = {}
        stack: list[tuple[float, int, bool, Node]] = [(0.0, start, False, self.root)]
        while stack:
            cost, at, short, node = stack.pop()
            if seen.get((id(node), at, short), 9.0) <= cost:
                continue
            seen[id(node), at, short] = cost
            if at > start:
                for thing, (own, may) in node.ends.items():
                    if may or not short:
                        yield Edge(start, at, thing, cost + own)
            if at == end:
                # A single character that only sounds like a beginning is nothing.
                begun = node.shortly if short else node.begun
                for thing, own in begun.items() if at - start > cost / _SOUND else ():
                    yield Edge(start, at, thing, cost + own + unfinished)
                continue
            for step, to, initial, child in _steps(node, text, at, end):
                if cost + step <= _MOST:
                    stack.append((cost + step, to, short or initial, child))

    def slipped(self, text: str, start: int, end: int) -> Iterator[Edge]:
        """Every name that a stretch stands for if one character of it is wrong."""
        said = text[start:end]
        least = LEAST_SLIPPED if any(map(is_han, said)) else _LEAST_SPELT
        if not least <= len(said) <= _MOST_SLIPPED + 1:
            return
        for left in (said, *shortened(said)):
            for key in self.slips.get(left, ()):
                # Alike without a character each, they may still be two slips apart: 透析地, 非透析.
                if OSA.distance(said, key.text, score_cutoff=1) <= 1:
                    yield Edge(start, end, key.thing, key.cost + SLIP)


def shortened(text: str) -> Iterator[str]:
    """A text without each of its characters."""
    for at in range(len(text)):
        yield text[:at] + text[at + 1 :]


def _steps(node: Node, text: str, at: int, end: int) -> Iterator[tuple[float, int, bool, Node]]:
    """The steps from a node: cost, where they lead to, whether one took a bare initial."""
    char = text[at]
    if child := node.children.get(char):
        yield 0.0, at + 1, False, child
    if is_han(char):
        for sound, _ in _heard(char)[:1]:
            for _, child in node.sounds.get(sound, ()):
                if child is not node.children.get(char):
                    yield _SOUND, at + 1, False, child
        return
    yield from _syllables(node, text, at, end)
    rest = text[at:end] if end - at < 6 else ""
    for reading, child in node.letters.get(char, ()):
        yield _INITIAL, at + 1, True, child
        if len(rest) > 1 and rest != reading and reading.startswith(rest):
            yield _BEGUN, end, False, child
        if reading[1:2] == "h" and text[at + 1 : at + 2] == "h":
            yield _INITIAL, at + 2, True, child


def _syllables(node: Node, text: str, at: int, end: int) -> Iterator[tuple[float, int, bool, Node]]:
    """The steps that take a whole syllable in letters."""
    known = syllables()
    for to in range(at + 1, min(at + 6, end) + 1):
        said = text[at:to]
        if said in known:
            for reading, child in node.sounds.get(folded(said), ()):
                yield _SPELT if reading == said else _FOLDED, to, False, child


def _finish(node: Node) -> None:
    """Fill in how each node is left by sound, and what is found where typing stops at it."""
    node.begun = {thing: cost for thing, (cost, _) in node.ends.items()}
    node.shortly = {thing: cost for thing, (cost, short) in node.ends.items() if short}
    for char, child in node.children.items():
        _finish(child)
        for sound, reading in _heard(char):
            node.sounds.setdefault(sound, []).append((reading, child))
            node.letters.setdefault(reading[0], []).append((reading, child))
        for below, own in ((child.begun, node.begun), (child.shortly, node.shortly)):
            for thing, cost in below.items():
                if cost + _LACKING < own.get(thing, 9.0):
                    own[thing] = cost + _LACKING


@cache
def _heard(char: str) -> tuple[tuple[str, str], ...]:
    """The two likeliest readings of a character, each with how it is heard."""
    return tuple((folded(reading), reading) for reading in readings(char)[:2])
