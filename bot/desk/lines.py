"""A cell in a line, as it is read aloud and as it is sent."""

from __future__ import annotations

from collections.abc import Iterable

from bot.compose.figures import ALL, ages, described, month, who
from bot.compose.wording import say
from bot.desk.phrases import phrase
from knowledge.pack import Pack
from knowledge.schema import Benefit, Citation, Source


def whose(cell: Benefit) -> str:
    """Whom a cell is for, with its ages: 居民医保（学生少儿），0-6岁."""
    band = ages(cell)
    return who(cell) + (phrase("ages_from", ages=band) if band else "")


def said(cell: Benefit) -> str:
    """All figures of a cell; what the document leaves open is said to be open."""
    parts = [described(cell, ALL)]
    if cell.limit and cell.limit.certainty == "ambiguous":
        parts.append(phrase("cell_open"))
    if cell.offered and cell.rate and cell.rate.certainty == "ambiguous":
        parts.append(phrase("rate_open"))
    return phrase("part_between").join(part for part in parts if part)


def lines(cells: Iterable[Benefit]) -> tuple[str, ...]:
    """A line a group of people whose cells say the same."""
    grouped: dict[str, list[str]] = {}
    for cell in cells:
        grouped.setdefault(said(cell), []).append(whose(cell))
    between = phrase("people_between")
    return tuple(
        phrase("line", who=between.join(names), what=what) for what, names in grouped.items()
    )


def source_of(pack: Pack, citation: Citation) -> Source:
    """The document of a citation."""
    return next(source for source in pack.sources if source.id == citation.source)


def document(source: Source) -> str:
    """A document in a line: 《…》（苏州医保，2023年10月）."""
    return phrase(f"document_{source.authority}", **_named(source))


def told(source: Source) -> str:
    """The sentence that says aloud where something is written."""
    return phrase(f"script_{source.authority}", **_named(source))


def _named(source: Source) -> dict[str, object]:
    issuer = source.issuer or say("no_issuer")
    return {"title": source.title, "issuer": issuer, "issued": month(source.issued)}
