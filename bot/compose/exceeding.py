"""Whether what was spent this year goes beyond the limit, cell by cell.

Whether a limit caps the cost or the payment is left open by the document, so where the two
readings differ both are told.
"""

from __future__ import annotations

from decimal import Decimal

from bot.compose.benefit import benefit
from bot.compose.calculation import amounts_of, calculate
from bot.compose.cells import chosen, listed
from bot.compose.figures import ages, joined, who, yuan
from bot.compose.part import Context, Part
from bot.compose.wording import say
from bot.messages import Block, Text
from intents.understanding import Ask
from knowledge.benefits import reimburse, tiers_at
from knowledge.schema import Benefit, Hospital

_HIGHER: Hospital = "secondary"  # whose rate is the higher one, where it depends on the hospital


def exceeding(context: Context, ask: Ask) -> Part:
    """The verdict for every cell that the question leaves possible, then the calculation."""
    pack = context.pack
    diseases = listed(pack, ask) if pack else ()
    if pack is None or not diseases or not pack.benefits:
        return calculate(context, ask)
    cells = [cell for one in diseases for cell in chosen(pack, ask, one) if cell.offered]
    cost = sum(amounts_of(ask), Decimal(0))
    paid = sum((Decimal(slot.value) for slot in ask.slots if slot.name == "paid"), Decimal(0))
    if cells and paid and not cost:
        part = benefit(context, ask)
        lines = _lines(cells, [_left(cell, paid) for cell in cells])
        return Part("answered", (*lines, *part.blocks), part.citations)
    if not cells or not cost:
        return calculate(context, ask)
    verdicts = [(cell, _verdict(cell, cost)) for cell in cells]
    part = calculate(context, ask)
    lead: list[Block] = []
    names = {name for _, (name, _) in verdicts}
    if len(names) == 1 and ask.form == "yes_no":
        asked = "enough" if "enough" in ask.cues else "exceeding"
        lead.append(Text(say(f"{asked}_{names.pop()}")))
    lines = _lines(cells, [text for _, (_, text) in verdicts])
    return Part("answered", (*lead, *lines, *part.blocks), part.citations)


def _lines(cells: list[Benefit], texts: list[str]) -> tuple[Block, ...]:
    """One line for all cells of which the same is said."""
    rows = list(zip(cells, texts, strict=True))
    return tuple(
        Text(f"{joined(who(cell) + ages(cell) for cell, said in rows if said == text)}：{text}")
        for text in dict.fromkeys(texts)
    )


def _left(cell: Benefit, paid: Decimal) -> str:
    """What is left of the limit of a cell when so much was paid out of it, in yuan."""
    limit = cell.limit
    if limit is None or limit.unlimited:
        return _boundless(cell)
    top = Decimal(limit.yuan or 0)
    fields = {"paid": yuan(paid), "limit": yuan(top)}
    if limit.counts_inpatient:
        return say("exceeding_left_total", **fields)
    if paid >= top:
        return say("exceeding_used", **fields)
    return say("exceeding_left", **fields, rest=yuan(top - paid))


def _boundless(cell: Benefit) -> str:
    """That a cell has no limit, or that none is written."""
    return say("exceeding_unlimited" if cell.limit else "exceeding_no_limit")


def _verdict(cell: Benefit, cost: Decimal) -> tuple[str, str]:
    """Whether a cost is over the limit of a cell (no, over, open), and a sentence on it."""
    limit = cell.limit
    if limit is None or limit.unlimited:
        return "no", _boundless(cell)
    top = Decimal(limit.yuan or 0)
    fields = {"cost": yuan(cost), "limit": yuan(top)}
    if cost == top:
        return "no", say("exceeding_just", **fields)
    if cost < top:
        return "no", say("exceeding_within", **fields, rest=yuan(top - cost))
    paid = _paid(cell, cost)
    if limit.counts_inpatient or (paid is not None and paid > top):
        return "over", say("exceeding_beyond", **fields, rest=yuan(cost - top))
    return "open", say("exceeding_either", **fields, rest=yuan(cost - top))


def _paid(cell: Benefit, cost: Decimal) -> Decimal | None:
    """What would be paid if no limit stood in the way, in yuan; None where no rate is certain."""
    level = _HIGHER if any(tier.hospital for tier in tiers_at(cell, None)) else None
    try:
        done = reimburse(cell, None, cost, hospital=level)
    except ValueError:
        return None
    return sum((portion.paid for portion in done.portions), Decimal(0))
