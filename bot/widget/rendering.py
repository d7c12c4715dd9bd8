"""Answers as HTML, without a script: every text escaped, every block as what it is."""

from __future__ import annotations

from html import escape

from bot.answers import source_lines
from bot.messages import Block, Cited, Items, Option, Reply, Spot, Steps, Sum, Table, Text
from bot.traditional import HANS, HANT, converted
from bot.widget.wording import say

# Topics whose answer is worth a sheet of paper.
PRINTABLE = (
    "filing", "materials", "form", "photos", "address", "in_person", "platforms", "account",
    "chronic_filing",
)  # fmt: skip


def is_printable(said: Reply) -> bool:
    """Whether a sheet to take along goes with an answer."""
    return said.kind == "answered" and said.understood.topic in PRINTABLE


def reply_html(said: Reply, language: str = HANS) -> str:
    """The blocks of a reply, and its sources folded; the first line stands out."""
    blocks = [block_html(block) for block in said.blocks]
    if said.blocks and isinstance(said.blocks[0], Text):
        blocks[0] = f'<p class="lead">{escape(said.blocks[0].text)}</p>'
    return "\n".join([*blocks, sources_html(said.citations, language)])


def block_html(block: Block) -> str:
    """A block as HTML."""
    match block:
        case Text(text):
            return f"<p>{escape(text)}</p>"
        case Steps(title, items):
            head = f'<p class="title">{escape(title)}</p>' if title else ""
            return f"{head}<ol>{_points(items)}</ol>"
        case Items(items):
            return f"<ul>{_points(items)}</ul>"
        case Table():
            return _table(block)
        case Spot(name, address, online, note):
            notes = "".join(f"<p>{escape(part)}</p>" for part in (online, note) if part)
            lead = f'<p class="title">{escape(name)}</p><p><strong>{escape(address)}</strong></p>'
            return f'<address class="spot">{lead}{notes}</address>'
        case Sum(lines):
            *steps, result = lines
            worked = "".join(f"<p>{escape(line)}</p>" for line in steps)
            return f'<div class="sum">{worked}<p><strong>{escape(result)}</strong></p></div>'


def sources_html(citations: tuple[Cited, ...], language: str = HANS) -> str:
    """The documents of an answer with the places in them, folded."""
    if not citations:
        return ""
    lines = source_lines(citations)
    if language == HANT:
        lines = [converted(line) for line in lines]
    summary = escape(say("widget_sources", language))
    return f"<details><summary>{summary}</summary><ul>{_points(tuple(lines))}</ul></details>"


def option_buttons(options: tuple[Option, ...]) -> str:
    """A submit button an option: it shows the label and sends what choosing it says."""
    return "".join(
        f'<button name="text" value="{escape(one.say)}">{escape(one.label)}</button>'
        for one in options
    )


def hidden(fields: dict[str, str | None]) -> str:
    """The hidden fields of a form; those without a value are left out."""
    return "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
        if value
    )


def _points(items: tuple[str, ...]) -> str:
    return "".join(f"<li>{escape(item)}</li>" for item in items)


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    head = f"<thead><tr>{head}</tr></thead>" if any(table.head) else ""
    rows = "".join(_row(row) for row in table.rows)
    return f'<div class="table"><table>{head}<tbody>{rows}</tbody></table></div>'


def _row(row: tuple[str, ...]) -> str:
    first, *rest = row
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
    return f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
