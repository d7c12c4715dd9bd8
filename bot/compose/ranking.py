"""Questions over many cells: the highest, the lowest, all with one figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.compose import decline
from bot.compose.cells import group
from bot.compose.diseases import firsts, kinds_of
from bot.compose.figures import described, joined, limit_text, rate_text, who, yuan
from bot.compose.part import Context, Part, cited
from bot.compose.wording import say
from bot.messages import Text
from intents.understanding import Ask
from knowledge.benefits import cells_of
from knowledge.pack import Pack
from knowledge.schema import Benefit


def ranking(context: Context, ask: Ask) -> Part:
    """The highest, the lowest, or all with one figure."""
    pack = context.pack
    if pack is None:
        return decline.clarify_region(context)
    if not pack.benefits:
        text = say("no_figures", region=pack.region.name, what=say("figures"))
        return Part("declined_unknown", (Text(text + decline.pointer(pack)),))
    scheme, population = group(ask)
    kinds = kinds_of(ask)
    of_kind = {disease.id for disease in pack.diseases if disease.kind in kinds}
    found = [
        cell
        for cell in cells_of(pack.benefits, scheme=scheme, population=population)
        if cell.offered and cell.disease in of_kind
    ]
    if not found:
        return Part("declined_unknown", (Text(say("chronic_not_employee")),))
    lines = _ranked(pack, ask, found)
    return Part(
        "answered",
        tuple(Text(line) for line in lines),
        cited(context.library, pack.region.id, [d.cite for d in firsts(pack)]),
    )


def _ranked(pack: Pack, ask: Ask, found: list[Benefit]) -> list[str]:
    short = {disease.id: disease.short for disease in pack.diseases}

    def names(some: Iterable[Benefit]) -> str:
        return joined(short[cell.disease] for cell in some)

    lines: list[str] = []
    for value in ask.values("percent"):
        some = [c for c in found if c.rate and any(t.percent == float(value) for t in c.rate.tiers)]
        key = "ranking_percent" if some else "ranking_percent_none"
        lines.append(say(key, what=f"{value}%", names=names(some)))
        if "limit" in ask.cues:
            lines += [_with_limit(short[cell.disease], cell) for cell in some if cell.limit]
    for value in ask.values("yuan"):
        some = [c for c in found if c.limit and c.limit.yuan == float(value)]
        key = "ranking_amount" if some else "ranking_amount_none"
        count = len({cell.disease for cell in some})
        lines.append(say(key, what=yuan(float(value)), names=names(some), count=count))
    if lines:
        return lines
    if "deductible" in ask.cues:
        some = [c for c in found if c.deductible]
        what = described(some[0], frozenset({"deductible"})) if some else ""
        return [say("ranking_deductible", names=names(some), what=what)]
    schemes = sorted({c.scheme for c in found})
    for scheme in schemes:
        of_scheme = [c for c in found if c.scheme == scheme]
        lines += _extreme(ask, say(scheme), of_scheme, names)
    return lines


def _with_limit(name: str, cell: Benefit) -> str:
    """The limit of one cell, under the disease and who is insured."""
    return say("ranking_limit", disease=name, who=who(cell), what=limit_text(cell.limit))


def _extreme(
    ask: Ask, name: str, found: list[Benefit], names: Callable[[Iterable[Benefit]], str]
) -> list[str]:
    if "unlimited" in ask.cues and not ask.cues & {"highest", "lowest"}:
        some = [c for c in found if c.limit and c.limit.unlimited]
        key = "ranking_unlimited" if some else "ranking_unlimited_none"
        return [say(key, who=name, names=names(some))]
    if ask.cues & {"sorted", "every"}:
        return _in_order(name, found, names)
    ends = [low for low, cue in ((False, "highest"), (True, "lowest")) if cue in ask.cues]
    if "rate" in ask.cues:
        told = (_extreme_rate(name, found, names, low=low) for low in ends or [False])
    else:
        told = (_extreme_limit(name, found, names, low=low) for low in ends or [False])
    return [line for lines in told for line in lines]


def _extreme_limit(
    name: str, found: list[Benefit], names: Callable[[Iterable[Benefit]], str], *, low: bool
) -> list[str]:
    sized = [c for c in found if c.limit]
    edge = (min if low else max)(map(_size, sized))
    best = [c for c in sized if _size(c) == edge]
    key = "ranking_lowest" if low else "ranking_highest"
    lines = [say(key, who=name, names=names(best), what=limit_text(best[0].limit))]
    if edge == float("inf"):
        rest = [c for c in sized if _size(c) < edge]
        top = max(map(_size, rest))
        some = [c for c in rest if _size(c) == top]
        lines.append(say("ranking_next", names=names(some), what=limit_text(some[0].limit)))
    return lines


def _in_order(
    name: str, found: list[Benefit], names: Callable[[Iterable[Benefit]], str]
) -> list[str]:
    """All limits, the highest first, each with the diseases that have it."""
    sizes = sorted({_size(cell) for cell in found if cell.limit}, reverse=True)
    lines = [say("ranking_sorted", who=name)]
    for size in sizes:
        some = [cell for cell in found if cell.limit and _size(cell) == size]
        lines.append(say("ranking_item", names=names(some), what=limit_text(some[0].limit)))
    return lines


def _size(cell: Benefit) -> float:
    """The limit of a cell in yuan, infinite where there is none."""
    if cell.limit is None:
        return 0.0
    return float("inf") if cell.limit.unlimited else float(cell.limit.yuan or 0)


def _extreme_rate(
    name: str, found: list[Benefit], names: Callable[[Iterable[Benefit]], str], *, low: bool
) -> list[str]:
    pick = min if low else max
    rated = [c for c in found if c.rate and c.rate.tiers]

    def order(cell: Benefit) -> float:
        return pick(tier.percent for tier in cell.rate.tiers) if cell.rate else 0.0

    edge = pick(map(order, rated))
    best = [c for c in rated if order(c) == edge]
    key = "ranking_rate_lowest" if low else "ranking_rate_highest"
    lines = [say(key, who=name, names=names(best), what=rate_text(best[0].rate))]
    if any(c.rate and c.rate.certainty == "ambiguous" for c in found):
        lines.append(say("ranking_rate_open"))
    return lines
