"""The sentences of the command line, by name, from terminal.yaml."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from bot.sentences import filled, sentences_of

FILE = Path(__file__).parent / "terminal.yaml"


def terminal_sentences() -> dict[str, str]:
    """Every sentence by its name."""
    return sentences_of(FILE)


def tell(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(terminal_sentences()[name], fields)


def wide(text: str) -> int:
    """How many columns a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def aligned(rows: list[tuple[str, ...]]) -> str:
    """Rows as columns: the first one to the left, the others, which hold figures, to the right."""
    widths = [max(map(wide, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_row(row, widths) for row in rows)


def _row(row: tuple[str, ...], widths: list[int]) -> str:
    gaps = [" " * (width - wide(cell)) for cell, width in zip(row, widths, strict=True)]
    figures = [gap + cell for cell, gap in zip(row[1:], gaps[1:], strict=True)]
    return "  ".join([row[0] + gaps[0], *figures]).rstrip()
