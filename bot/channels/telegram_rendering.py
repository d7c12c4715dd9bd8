"""An Answer → messages in Telegram's HTML, each whole in itself and none too long."""

from __future__ import annotations

import re
from html import escape, unescape

from msgspec import Struct, structs

from bot.answers import block_text, source_lines
from bot.channels.splitting import packed, split, utf16
from bot.messages import Answer, Block, Sum, Table
from bot.terminal import aligned, wide

# UTF-16 units of a message. Telegram counts them when the tags are read and gone; counted with
# its tags and escapes a text is never shorter, so that what passes here passes there.
MOST = 4096
_COLUMNS = 34  # of monospace that a phone shows without breaking the line
_ROWS = 40  # of a table that is one piece
_TAG = re.compile(r"</?[a-z]+>")


class Line(Struct, frozen=True):
    """A line of plain text, and the tag that it stands in; without one it stands by itself."""

    text: str
    tag: str = ""


Piece = tuple[Line, ...]  # lines that stand together where they can


def rendered(answer: Answer) -> tuple[str, ...]:
    """The messages of an answer: its first line bold, its sources in italics at the end."""
    pieces = [piece for block in answer.blocks for piece in _pieces(block)]
    sources = tuple(Line(text, "i") for text in source_lines(answer.citations))
    return messages([*_led(pieces), sources])


def told(text: str) -> tuple[str, ...]:
    """The messages of plain text."""
    return messages([_lines(text)])


def messages(pieces: list[Piece]) -> tuple[str, ...]:
    """Pieces as messages, parted between pieces, else between lines, else within a line."""
    parts = (tuple(part for line in piece for part in _parts(line)) for piece in pieces)
    return packed((part for part in parts if part), MOST, utf16)


def plain(html: str) -> str:
    """The text of a message of ours without its tags, for when Telegram refuses them."""
    return unescape(_TAG.sub("", html))


def _parts(line: Line) -> tuple[str, ...]:
    """A line as HTML; one that is too long in parts, each with its tags."""
    html = _html(line.text, line.tag)
    if not line.text.strip():
        return ()
    if utf16(html) <= MOST:
        return (html,)
    texts = split([line.text], MOST, lambda text: utf16(_html(text, line.tag)))
    return tuple(_html(text, line.tag) for text in texts)


def _html(text: str, tag: str) -> str:
    told = escape(text, quote=False)
    return f"<{tag}>{told}</{tag}>" if tag else told


def _led(pieces: list[Piece]) -> list[Piece]:
    """The pieces with the first line of all bold, unless it is a table."""
    if not pieces or not pieces[0] or pieces[0][0].tag:
        return pieces
    (first, *others), *rest = pieces
    return [(structs.replace(first, tag="b"), *others), *rest]


def _pieces(block: Block) -> list[Piece]:
    match block:
        case Table():
            return _table(block)
        case Sum((*steps, result)):
            return [(*(Line(step) for step in steps), Line(result, "b"))]
        case _:
            return [_lines(block_text(block))]


def _lines(text: str) -> Piece:
    return tuple(Line(line) for line in text.split("\n"))


def _table(table: Table) -> list[Piece]:
    """Columns where a phone can show them, else each row under its first cell."""
    rows = [row for row in (table.head, *table.rows) if any(row)]
    even = len({len(row) for row in rows}) == 1 and len(rows) <= _ROWS
    flat = all("\n" not in cell for row in rows for cell in row)
    if even and flat and (text := aligned(rows)) and max(map(wide, text.split("\n"))) <= _COLUMNS:
        return [(Line(text, "pre"),)]
    return [_row(table.head, row) for row in table.rows]


def _row(head: tuple[str, ...], row: tuple[str, ...]) -> Piece:
    """A row as lines: what it is about, then each cell behind the name of its column."""
    names = (*head[1:], *[""] * len(row))
    cells = [(name, cell) for name, cell in zip(names, row[1:], strict=False) if cell]
    said = (Line(f"· {name}：{cell}" if name else f"· {cell}") for name, cell in cells)
    return (Line(row[0], "b"), *said)
