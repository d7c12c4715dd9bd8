"""Numbers and names of persons are marked out of a text before anything else is done with it.

What was marked out is nowhere any more: the text that goes on has one bracketed word in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from msgspec import Struct

from bot.redacting.addresses import addresses_in, door_of
from bot.redacting.behind import lead_of, told_numbers
from bot.redacting.emails import emails_in
from bot.redacting.names import name_before, names_in
from bot.redacting.public import Public, nothing
from bot.redacting.runs import Span, numbers_in
from bot.redacting.shape import GAP, HAN_DIGITS, Shape, digits_of, shape_of
from bot.redacting.words import any_of, words
from bot.sentences import filled

_OWNED = frozenset({"id", "mobile", "phone", "card", "insurance"})
_LEAD = 12  # characters before a number that may be its word
# Of characters that digits, letters and words are disguised with, and of what numbers begin with.
_ODD = "\u00ad\u034f\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uff21-\uff5a\U0001d400-\U0001d7ff"  # noqa: E501
_NUMERALS = "²³¹⁰-₉⅐-↉①-⓿❶-➓〡-〩㈠-㈩㊀-㊉\U0001f100-\U0001f10c"
_HAN = f"[{''.join(HAN_DIGITS)}○◯]"
_TOLD = r"叫|姓 ?名|名 ?字|大名|我是|本人|患者|病人|参保人|信|wx|vx|qq| at |\(at\)"


class Redacted(Struct, frozen=True):
    """A text without what is a person's own, and the kinds of what was marked out of it."""

    text: str
    kinds: tuple[str, ...] = ()


def redacted(text: str, public: Callable[[], Public] = nothing) -> Redacted:
    """A text with marks in the place of numbers and names of persons.

    `public` has the numbers and addresses that stand in the packs, which are everybody's. Marks
    that are in the text already count among the kinds.
    """
    if not _hint().search(text):
        return Redacted(text)
    shape = shape_of(text)
    spans = _apart([s for s in _found(shape.text) if not _is_public(shape.text, s, public)])
    spans = _apart([*spans, *_owners(shape.text, spans)])
    marked = [kind for kind, mark in words().marks.items() if mark in text]
    if not spans:
        return Redacted(text, tuple(marked))
    found = {kind for _, _, kind in spans} | set(marked)
    return Redacted(_marked(text, shape, spans), tuple(k for k in words().marks if k in found))


def notice(kinds: tuple[str, ...]) -> str:
    """The line at the end of an answer to a message that such data was marked out of."""
    return _said("notice", kinds)


def only(kinds: tuple[str, ...]) -> str:
    """The answer to a message that held nothing but such data."""
    return _said("only", kinds)


def _said(name: str, kinds: tuple[str, ...]) -> str:
    found = words()
    named = found.sentences["and"].join(found.kinds[kind] for kind in kinds)
    return filled(found.sentences[name], {"kinds": named})


@cache
def _hint() -> re.Pattern[str]:
    """What a text has somewhere that holds anything to be marked out."""
    run = rf"{_HAN}(?:(?:{GAP}){{0,6}}+{_HAN}){{3}}"
    return re.compile(rf"[\d@＠〔号號幢栋棟室{_NUMERALS}{_ODD}]|{run}|{_TOLD}", re.IGNORECASE)


def _found(text: str) -> Iterator[Span]:
    """Everything that looks like a person's own, the surest kind of a place first."""
    yield from emails_in(text)
    yield from numbers_in(text)
    yield from told_numbers(text)
    yield from addresses_in(text)
    yield from names_in(text)


def _owners(text: str, spans: list[Span]) -> Iterator[Span]:
    """The names that stand right in front of numbers."""
    for start, _, kind in spans:
        if kind in _OWNED and (found := name_before(text, _with_word(text, start, kind))):
            yield found


def _is_public(text: str, span: Span, public: Callable[[], Public]) -> bool:
    """Whether a stretch stands in the packs; a number also with its area code in front."""
    start, end, kind = span
    said = text[start:end]
    if kind == "address":
        return said in public().text or public().has_door(door_of(said))
    if kind in {"phone", "number", "mobile"}:
        digits = "".join(char for char in digits_of(said) if char.isdigit())
        return not public().numbers.isdisjoint((digits, digits[-8:], digits[-7:]))
    return kind == "wechat" and said in public().text


def _apart(spans: list[Span]) -> list[Span]:
    """Stretches that do not overlap: those that do are one, of the kind that was found first."""
    made: list[tuple[int, int, int, str]] = []
    ranked = [(start, end, rank, kind) for rank, (start, end, kind) in enumerate(spans)]
    for start, end, rank, kind in sorted(ranked):
        if made and start < made[-1][1]:
            first = made[-1]
            rank, kind = min((first[2], first[3]), (rank, kind))  # noqa: PLW2901 - of both
            made[-1] = (first[0], max(first[1], end), rank, kind)
        else:
            made.append((start, end, rank, kind))
    return [(start, end, kind) for start, end, _, kind in made]


def _marked(text: str, shape: Shape, spans: list[Span]) -> str:
    """The text with a mark for each stretch; the word in front that says the same goes with it."""
    parts, past = [], 0
    for start, end, kind in spans:
        raw, after = shape.raw(_with_word(shape.text, start, kind), end, len(text))
        raw = max(raw, past)
        parts += [text[past:raw], words().marks[kind]]
        past = after
    return "".join([*parts, text[past:]])


def _with_word(text: str, start: int, kind: str) -> int:
    if kind not in words().words:
        return start
    lead = lead_of(kind).search(text, max(0, start - _LEAD), start)
    return lead.start() if lead else start


def marks() -> re.Pattern[str]:
    """A pattern for any mark."""
    return re.compile(any_of(tuple(words().marks.values())))
