"""The shapes that flow through understanding: frozen, plain, and free of any sentence."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from intents.echo import Verb
from intents.stance import Stance

How = Literal["exact", "alias", "pinyin", "near", "inferred", "carried"]
Form = Literal["open", "yes_no"]
Verdict = Literal["clear", "ambiguous", "incomplete", "unknown"]


class Normalised(Struct, frozen=True):
    """Text fit for matching; `offsets[i]` is where character i of `text` stood in `raw`."""

    raw: str
    text: str
    offsets: tuple[int, ...]


class Token(Struct, frozen=True):
    """A recognised name in the text: what kind of thing, which one, where, and how it was found."""

    kind: str
    value: str
    said: str
    start: int
    end: int
    how: How = "exact"
    score: float = 1.0


class Slot(Struct, frozen=True):
    """A typed value: what was meant, what was typed, where, how it was recognised."""

    name: str
    value: str
    said: str
    span: tuple[int, int]
    how: How


class Candidate(Struct, frozen=True):
    """A topic that the words may be about, its score from 0 to 1, and the phrasing that scored.

    `common` is the weight of the cues and words shared with the phrasing, `alien` that of the words
    of the question that nothing in the phrasing explains. `row` is the phrasing's number in the
    index.
    """

    topic: str
    score: float
    why: str
    entry: str | None = None
    common: float = 0.0
    alien: float = 0.0
    row: int = -1


class Person(Struct, frozen=True):
    """One of several relatives whom a question is about, and what was told of them."""

    name: str
    slots: tuple[Slot, ...]


class Ask(Struct, frozen=True):
    """One question of a message: its topic, slots, the cues it used, and what it still lacks.

    `verb` is the one that a yes or no answers to, `stance` how such a question is put.
    `strange` asks hold words that nothing known explains; `trailing` ones end with a 呢.
    `people` are the relatives whom it is about, where these are several.
    `ranked` are the phrasings of its topic that come nearest, best first, `others` those of other
    topics.
    """

    topic: str
    slots: tuple[Slot, ...] = ()
    cues: frozenset[str] = frozenset()
    form: Form = "open"
    negated: bool = False
    ranked: tuple[Candidate, ...] = ()
    strange: bool = False
    trailing: bool = False
    missing: tuple[str, ...] = ()
    verb: Verb = "is"
    stance: Stance | None = None
    others: tuple[Candidate, ...] = ()
    people: tuple[Person, ...] = ()

    def slot(self, name: str) -> str | None:
        """The first value of a slot, or None."""
        return next((slot.value for slot in self.slots if slot.name == name), None)

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a slot, in the order in which they were said."""
        return tuple(dict.fromkeys([slot.value for slot in self.slots if slot.name == name]))


class Understanding(Struct, frozen=True):
    """What a message asks: one Ask a question, and how sure the reading is.

    `told` is what the whole message says, of which an ask has what belongs to its question.
    """

    normalised: Normalised
    asks: tuple[Ask, ...]
    verdict: Verdict
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    tokens: tuple[Token, ...] = ()
    rejected: tuple[str, ...] = ()
    told: tuple[Slot, ...] = ()
