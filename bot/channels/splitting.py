"""A long answer → messages that a platform takes, parted where a reader would part them.

A platform counts its limit in units of its own: bytes, UTF-16 units. `measure` counts them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

Measure = Callable[[str], int]

# Where a line may be parted, best first: behind a sentence, behind a clause, behind a word,
# between what stays whole (a number with its marks and its unit, a word in letters), anywhere.
_WAYS: tuple[Callable[[str], list[str]], ...] = (
    re.compile(r"(?<=[。！？!?；;])").split,
    re.compile(r"(?<=[，、,：:])(?!\d)").split,
    re.compile(r"(?<=[\s)）」”])").split,
    re.compile(r"\d[\d.,:/%-]*[%％元万年月日天]*|[A-Za-z][\w.@/:-]*|.", re.DOTALL).findall,
    list,
)


def utf8(text: str) -> int:
    """How many bytes a text has, as WeChat counts."""
    return len(text.encode("utf-8", "replace"))


def utf16(text: str) -> int:
    """How many UTF-16 units a text has, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(parts: Sequence[str], most: int, measure: Measure) -> tuple[str, ...]:
    """The messages that hold these parts, none over `most`.

    A part that fits goes into one message; one that does not is parted between its lines, a line
    between its sentences, never within a number or a character. Nothing is lost but the line
    breaks at which two messages part.
    """
    return packed(
        (piece for part in parts for piece in _pieces(part, most, measure)), most, measure
    )


def packed(pieces: Iterable[str | tuple[str, ...]], most: int, measure: Measure) -> tuple[str, ...]:
    """Pieces put into messages in order, each beginning a line.

    A tuple of lines stands together in one message where it can. A line that announces the next
    (it ends in a colon) goes with it.
    """
    messages: list[str] = []
    for piece in pieces:
        whole = piece if isinstance(piece, str) else "\n".join(piece)
        if messages and measure(f"{messages[-1]}\n{whole}") <= most:
            messages[-1] += f"\n{whole}"
            continue
        lines = (piece,) if isinstance(piece, str) else piece
        last = _announced(messages[-1]) if messages else ""
        if last and measure(f"{last}\n{lines[0]}") <= most:
            messages[-1] = messages[-1].removesuffix(f"\n{last}")
            lines = (last, *lines)
        whole = "\n".join(lines)
        if len(lines) == 1 or measure(whole) <= most:
            messages.append(whole)
        else:
            messages.extend(packed(lines, most, measure))
    return tuple(messages)


def _announced(message: str) -> str:
    """The last line of a message, where it announces what comes behind it; else nothing."""
    before, _, last = message.rpartition("\n")
    return last if before and last.endswith(("：", ":")) else ""


def _pieces(part: str, most: int, measure: Measure) -> Iterator[str | tuple[str, ...]]:
    if measure(part) <= most:
        yield part
    else:
        lines = part.split("\n")
        yield tuple(piece for line in lines for piece in _cut(line, most, measure, _WAYS))


def _cut(
    line: str, most: int, measure: Measure, ways: Sequence[Callable[[str], list[str]]]
) -> Iterator[str]:
    """A line in pieces that fit, parted in the best way that gives such."""
    if measure(line) <= most:
        yield line
        return
    held = ""
    for atom in ways[0](line):
        if measure(held + atom) <= most:
            held += atom
            continue
        if held:
            yield held
        *whole, held = _cut(atom, most, measure, ways[1:])
        yield from whole
    if held:
        yield held
