"""A stated expense → what it is reimbursed, each step shown; what is missing is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import get_args

from msgspec import structs

from bot.compose import decline
from bot.compose.benefit import benefit, worded
from bot.compose.cells import chosen, every_cell, listed
from bot.compose.figures import exact_yuan, joined, who, yuan
from bot.compose.part import Context, Part, cited, joint
from bot.compose.wording import answered, say
from bot.messages import Block, Sum, Text
from intents.understanding import Ask, Slot
from knowledge.benefits import Calculation, reimburse, reimburse_in_turn
from knowledge.pack import Pack
from knowledge.schema import Benefit, Ceiling, Citation, Disease, Hospital

# What a sum may belong to.
_OF_SUM = tuple(
    frozenset(kind.split()) for kind in ("disease", "scheme population", "hospital", "age")
)
_MONTH = 30  # days
_OF_PERSON = ("scheme", "population", "age")


def calculate(context: Context, ask: Ask) -> Part:
    """What an amount is reimbursed, for every cell that the question leaves possible."""
    pack = context.pack
    ask = _by_period(pack, ask) if pack else ask
    if pack and (together := _in_turn(context, pack, ask)):
        return together
    several = apart(ask)
    if pack is None or not pack.benefits or len(several) == 1:
        part = _of_one(context, ask)
        word = _wholly(pack, ask) if pack else ""
        return structs.replace(part, blocks=worded(word, part.blocks)) if word else part
    part = joint([_headed(_of_one(context, one), pack, one) for one in several])
    total = () if "each" in ask.cues else total_of(pack, several)
    return structs.replace(part, blocks=(*part.blocks, *total))


def total_of(pack: Pack, asks: Iterable[Ask]) -> tuple[Block, ...]:
    """What several costs come to together; nothing where the document leaves one of them open."""
    paid = [paid_of(pack, one) for one in asks]
    known = [one for one in paid if one is not None]
    if len(known) < len(paid):
        return ()
    return (Text(say("calc_total", paid=yuan(sum(known, Decimal(0))))),)


def _by_period(pack: Pack, ask: Ask) -> Ask:
    """A monthly cost of several settlement periods as a cost of each: 家庭病床一个月600,一年."""
    turn, _, counted = (ask.slot("again") or "").partition(" ")
    if turn != "month":
        return ask
    each, times = counted.split()
    found = every_cell(pack, ask)
    spans = {cell.deductible.days // _MONTH for cell in found if cell.deductible}
    if len(spans) != 1:
        return ask
    months = spans.pop()
    periods, over = divmod(int(times), months)
    if periods < 2 or over:
        return ask
    rest = tuple(slot for slot in ask.slots if slot.name not in {"yuan", "again"})
    cost = f"{float(each) * months:.10g}"
    sums = tuple(Slot("yuan", cost, "", (n, n), "exact") for n in range(periods))
    return structs.replace(ask, slots=(*rest, *sums), cues=ask.cues | {"periods"})


def _wholly(pack: Pack, ask: Ask) -> str:
    """Whether all of a cost is paid, or as much as is said: 花了3200,是不是全报, 报2880对吗."""
    alleged = ask.slot("alleged")
    if ask.form != "yes_no" or not ("full" in ask.cues or alleged):
        return ""
    paid, (cost, _) = paid_of(pack, ask), amounts_of(ask)
    return "" if paid is None else answered("is", yes=paid == (Decimal(alleged or cost)))


def paid_of(pack: Pack, ask: Ask) -> Decimal | None:
    """What one cost is reimbursed, where the question leaves one cell and the document one sum."""
    cells = [cell for cell in every_cell(pack, ask) if cell.offered]
    levels = levels_of(cells[0], ask.values("hospital")) if cells else ()
    if len(cells) != 1 or len(levels) != 1:
        return None
    cost, before = amounts_of(ask)
    ceiling = ceiling_of(pack, cells[0])
    done = reimburse(cells[0], ceiling, cost, before=before, hospital=levels[0])
    return done.capped_cost if done.capped_cost == done.capped_payment else None


def _of_one(context: Context, ask: Ask) -> Part:
    """What one cost is reimbursed."""
    pack = context.pack
    if pack is None:
        return decline.clarify_region(context)
    diseases = listed(pack, ask)
    if not diseases:
        return decline.unlisted(context, ask) or decline.no_disease()
    amounts = ask.values("yuan") + ask.values("spent")
    if not pack.benefits:
        return benefit(context, ask)
    if not amounts:
        part = benefit(context, ask)
        more = Text(say("calc_more", missing=say("calc_amount")))
        return structs.replace(part, blocks=(*part.blocks, more), asking="yuan")
    blocks: list[Block] = []
    cites = []
    for disease in diseases:
        for cell in chosen(pack, ask, disease):
            blocks += reckoned(pack, ask, disease, cell)
            cites += cites_of(cell)
    if not blocks:
        return benefit(context, ask)
    reckoned_with = [cell for disease in diseases for cell in chosen(pack, ask, disease)]
    blocks += _of_year(pack, ask)
    blocks += assumed(reckoned_with, spent=bool(ask.values("spent") + ask.values("inpatient")))
    if ask.values("inpatient"):
        blocks.append(Text(say("calc_inpatient")))
    return Part("answered", tuple(blocks), cited(context.library, pack.region.id, cites))


def _in_turn(context: Context, pack: Pack, ask: Ask) -> Part | None:
    """What somebody's costs come to that are reckoned one by one; None where there are no such.

    在社区配药1200,三级医院600,一共报多少: each has its own rate, all have one limit. Of costs in
    several settlement periods each has its own deductible.
    """
    sums, levels = sums_of(ask), _of(ask, frozenset({"hospital"}))
    named = listed(pack, ask)
    alike = all(len(ask.values(name)) < 2 for name in _OF_PERSON)
    if len(sums) < 2 or len(named) != 1 or not alike or "each" in ask.cues:
        return None
    costs = [
        (Decimal(one.value), _level(_owner(levels, one, sums[0])) if levels else None)
        for one in sums
    ]
    _, before = amounts_of(ask)
    cost = sum((cost for cost, _ in costs), Decimal(0))
    blocks: list[Block] = []
    cites = []
    for cell in chosen(pack, ask, named[0]):
        split = _split(cell, costs, periods="periods" in ask.cues)
        if not cell.offered or not split:
            continue  # where no level and no period matters, the sums are one cost
        done = reimburse_in_turn(cell, ceiling_of(pack, cell), costs, before=before)
        title = Text(f"{who(cell)}，{split}：{_lead(done)}")
        blocks += [title, Sum(_lines(cell, cost, before, done))]
        cites += cites_of(cell)
    if not blocks:
        return None
    blocks += assumed((), spent=False)
    return Part("answered", tuple(blocks), cited(context.library, pack.region.id, cites))


def _split(cell: Benefit, costs: list[tuple[Decimal, Hospital | None]], *, periods: bool) -> str:
    """The costs that a cell parts, by hospital or by period; empty where they are one to it."""
    known = levels_of(cell, ())
    if known and None not in known and len({level for _, level in costs}) > 1:
        return joined(f"{say(level or '')}{yuan(cost)}" for cost, level in costs)
    if cell.deductible and periods:
        parts = enumerate(costs, 1)
        return joined(say("calc_period", number=n, cost=yuan(cost)) for n, (cost, _) in parts)
    return ""


def _level(slot: Slot) -> Hospital:
    return next(level for level in get_args(Hospital) if level == slot.value)


def sums_of(ask: Ask) -> list[Slot]:
    """The costs that a message names, without bounds, in their order."""
    return [s for s in ask.slots if s.name == "yuan" and not s.said and s.how != "carried"]


def apart(ask: Ask) -> tuple[Ask, ...]:
    """The sums of several people, or of several diseases, each an ask of its own.

    A sum belongs to who, to which disease and which hospital was named last before it. Sums that
    all belong to the same are one cost, unless it is asked what each comes to. One person's sum for
    one disease was spent before that for the next.
    """
    sums = sums_of(ask)
    kinds = [kind for kind in _OF_SUM if len({s.value for s in _of(ask, kind)}) > 1]
    owners = [tuple(_owner(_of(ask, kind), one, sums[0]) for kind in kinds) for one in sums]
    if len(sums) < 2 or not ("each" in ask.cues or len(set(owners)) == len(sums)):
        return (ask,)
    names = {name for kind in kinds for name in kind}
    rest = tuple(s for s in ask.slots if s.name not in names | {"yuan"})
    alone = "each" not in ask.cues and "scheme" not in names
    made, before = [], Decimal(0)
    for one, own in zip(sums, owners, strict=True):
        spent = (Slot("spent", str(before), "", one.span, "inferred"),) if alone and before else ()
        made.append(structs.replace(ask, slots=(*rest, *own, *spent, one)))
        before += Decimal(one.value)
    return tuple(made)


def _of(ask: Ask, kind: frozenset[str]) -> list[Slot]:
    return sorted((s for s in ask.slots if s.name in kind), key=lambda slot: slot.span)


def _owner(slots: list[Slot], one: Slot, first: Slot) -> Slot:
    """Of some slots the last one before a sum; the next one where the `first` sum leads them."""
    if first.span[1] <= slots[0].span[0]:  # 1200在社区花的,600在三级医院
        return next((s for s in slots if s.span[0] >= one.span[1]), slots[-1])
    return next((s for s in reversed(slots) if s.span[1] <= one.span[0]), slots[0])


def _headed(part: Part, pack: Pack, ask: Ask) -> Part:
    """What one of several sums comes to, under who has which disease, and the sum."""
    named = ask.values("population") or ask.values("scheme")
    what = joined([*map(say, named), *(disease.short for disease in listed(pack, ask))])
    cost, _ = amounts_of(ask)
    head = Text(say("calc_of", what=what, cost=yuan(cost)))
    return structs.replace(part, blocks=(head, *part.blocks))


def cites_of(cell: Benefit) -> list[Citation]:
    """Where a cell is written, and its rate, which may stand elsewhere."""
    return [cell.cite, *([cell.rate.cite] if cell.rate else [])]


def assumed(found: Iterable[Benefit], *, spent: bool) -> list[Block]:
    """What a calculation takes for granted; `spent` says whether earlier costs were told."""
    if not spent:
        return [Text(say("calc_assume"))]
    return [Text(say("calc_assume_limit"))] if any(_has_own_limit(cell) for cell in found) else []


def _has_own_limit(cell: Benefit) -> bool:
    """Whether a cell has a limit that only its own disease uses up."""
    limit = cell.limit
    return limit is not None and limit.yuan is not None and not limit.counts_inpatient


def amounts_of(ask: Ask) -> tuple[Decimal, Decimal]:
    """The cost in question and what was spent before it, in yuan."""

    def total(name: str) -> Decimal:
        told = (s for s in ask.slots if s.name == name and not (s.said and name == "yuan"))
        return sum((Decimal(slot.value) for slot in told), Decimal(0))

    costs, before, stays = total("yuan"), total("spent"), total("inpatient")
    return (costs, before + stays) if costs else (before, stays)


def ceiling_of(pack: Pack, cell: Benefit) -> Ceiling | None:
    """What happens above the yearly total of the scheme that a cell is of."""
    return next((one for one in pack.ceilings if one.scheme == cell.scheme), None)


def reckoned(pack: Pack, ask: Ask, disease: Disease, cell: Benefit) -> list[Block]:
    """What the amounts of an ask come to under one cell, each step shown."""
    name = who(cell)
    if not cell.offered:
        return [Text(say("calc_none", who=name, disease=disease.short))]
    cost, before = amounts_of(ask)
    levels = levels_of(cell, ask.values("hospital"))
    if not levels:
        return (
            [Text(f"{name}：{say('calc_rate_open')}"), Text(cell.rate.open or "")]
            if cell.rate
            else []
        )
    blocks: list[Block] = []
    paid: list[Calculation] = []
    ceiling = ceiling_of(pack, cell)
    for level in levels:
        done = reimburse(cell, ceiling, cost, before=before, hospital=level)
        title = name + (f"，{say(level)}" if level else "")
        lines = (*_added_up(ask), *_lines(cell, cost, before, done))
        blocks += [Text(f"{title}：{_lead(done)}"), Sum(lines)]
        paid.append(done)
    if len(set(ask.values("hospital"))) > 1 and (gap := _gap(paid)):
        blocks.append(Text(say("calc_gap", yuan=yuan(gap))))
    if ceiling and cost + before > ceiling.above:
        blocks.append(Text(ceiling.says))
    return blocks


def _added_up(ask: Ask) -> tuple[str, ...]:
    """How a cost that comes again and again was added up: 每月5000元 × 12 = 6万元."""
    if not (again := ask.slot("again")):
        return ()
    turn, each, times = again.split()
    total = yuan(Decimal(each) * int(times))
    fields = {"each": say(f"each_{turn}"), "cost": exact_yuan(Decimal(each)), "times": times}
    return (say("calc_again", **fields, total=total),)


def _of_year(pack: Pack, ask: Ask) -> list[Block]:
    """What a year comes to of a cost that was told for a month; nothing where that is open."""
    if not (yearly := ask.slot("yearly")):
        return []
    rest = tuple(slot for slot in ask.slots if slot.name not in {"yuan", "yearly"})
    year = structs.replace(ask, slots=(*rest, Slot("yuan", yearly, "", (0, 0), "inferred")))
    paid = paid_of(pack, year)
    if paid is None:
        return []
    return [Text(say("calc_year", cost=yuan(Decimal(yearly)), paid=yuan(paid)))]


def _gap(paid: list[Calculation]) -> Decimal:
    """By how much two payments differ, in yuan; 0 where a document leaves one of them open."""
    if len(paid) != 2 or any(one.capped_cost != one.capped_payment for one in paid):
        return Decimal(0)
    return abs(paid[0].capped_cost - paid[1].capped_cost)


def levels_of(cell: Benefit, said: tuple[str, ...]) -> tuple[Hospital | None, ...]:
    """The hospital levels to reckon with: those said, all there are, or none that matters."""
    if cell.rate is None or not cell.rate.tiers:
        return ()
    levels = {tier.hospital for tier in cell.rate.tiers}
    if levels == {None}:
        return (None,)
    asked = tuple(level for level in said if level in levels)
    return asked or ("secondary", "tertiary")


def _lead(done: Calculation) -> str:
    low, high = sorted((done.capped_cost, done.capped_payment))
    if high == 0:
        return say("calc_lead_none")
    if low == high:
        return say("calc_lead", paid=yuan(high))
    return say("calc_lead_open", low=yuan(low), high=yuan(high))


def _lines(cell: Benefit, cost: Decimal, before: Decimal, done: Calculation) -> tuple[str, ...]:
    lines = [say("calc_before", before=yuan(before))] if before else []
    if cell.deductible and cost <= cell.deductible.yuan:
        lines.append(say("calc_below", yuan=yuan(cell.deductible.yuan)))
    elif cell.deductible and done.deducted:
        key = "calc_deducted" if done.deducted <= cell.deductible.yuan else "calc_deducted_each"
        each = yuan(cell.deductible.yuan)
        lines.append(say(key, yuan=exact_yuan(done.deducted), each=each))
    lines += [
        say("calc_portion", cost=exact_yuan(p.cost), percent=p.percent, paid=exact_yuan(p.paid))
        for p in done.portions
    ]
    if done.capped_cost == done.capped_payment:
        own = cost - done.capped_cost
        return (*lines, say("calc_result", paid=yuan(done.capped_cost), own=yuan(own)))
    for name, paid in (("cost", done.capped_cost), ("payment", done.capped_payment)):
        fields = {"limit": yuan(done.limit or 0), "paid": yuan(paid), "own": yuan(cost - paid)}
        lines.append(say(f"calc_cap_{name}", **fields))
    return (*lines, say("calc_open"))
