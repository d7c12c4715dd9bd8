"""An Answer → its plain text, complete in itself, and its form as data."""

from __future__ import annotations

from bot.compose.figures import month
from bot.compose.wording import say
from bot.messages import (
    Answer,
    Block,
    Cited,
    Items,
    Option,
    Reply,
    Spot,
    Steps,
    Sum,
    Table,
    Text,
    Understood,
)


def plain(answer: Answer) -> str:
    """The whole answer as text: the blocks, then the sources, then the choices by number."""
    parts = [block_text(block) for block in answer.blocks]
    parts += source_lines(answer.citations)
    if answer.options:
        parts.append(options_text(answer.options))
    return "\n".join(part for part in parts if part)


def block_text(block: Block) -> str:
    """The plain form of a block."""
    match block:
        case Text(text):
            return text
        case Steps(title, items):
            numbered = [f"{number}. {item}" for number, item in enumerate(items, 1)]
            return "\n".join([title, *numbered] if title else numbered)
        case Items(items):
            return "\n".join(f"· {item}" for item in items)
        case Table(head, rows):
            return "\n".join(_row(head, row) for row in rows)
        case Spot(name, address, online, note):
            return "\n".join(part for part in (f"{name}：{address}", online, note) if part)
        case Sum(lines):
            return "\n".join(lines)


def _row(head: tuple[str, ...], row: tuple[str, ...]) -> str:
    first, *rest = row
    cells = "，".join(f"{name}{cell}" for name, cell in zip(head[1:], rest, strict=False) if cell)
    return f"· {first}：{cells}"


def source_lines(citations: tuple[Cited, ...]) -> list[str]:
    """One line a document, with the places in it."""
    places: dict[str, list[str]] = {}
    first: dict[str, Cited] = {}
    for cited in citations:
        first.setdefault(cited.source, cited)
        found = places.setdefault(cited.source, [])
        if cited.place not in found:
            found.append(cited.place)
    return [_source_line(first[source], "、".join(found)) for source, found in places.items()]


def _source_line(cited: Cited, places: str) -> str:
    return say(
        f"source_{cited.authority}",
        title=cited.title,
        issuer=cited.issuer or say("no_issuer"),
        issued=month(cited.issued),
        place=places,
    )


def options_text(options: tuple[Option, ...]) -> str:
    """The choices, numbered, in one line."""
    return "　".join(f"{number}. {option.label}" for number, option in enumerate(options, 1))


def reply(answer: Answer) -> Reply:
    """The answer as data."""
    return Reply(
        answer.kind,
        answer.status,
        plain(answer),
        answer.blocks,
        answer.citations,
        answer.options,
        Understood(answer.topic, answer.slots, answer.confidence),
        answer.as_of,
        answer.session,
        answer.packs,
    )
