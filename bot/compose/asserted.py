"""Whether cells bear out what somebody says of them: a figure, no limit, all of it, nothing."""

from __future__ import annotations

from msgspec import structs

from bot.compose.cells import at_hospital, hospital_of
from bot.compose.wording import answered, say
from intents.amounts import BELOW, MONEY
from intents.understanding import Ask
from knowledge.pack import Pack
from knowledge.schema import Benefit


def first_word(pack: Pack, ask: Ask, found: tuple[Benefit, ...]) -> str:
    """The yes or the no that a stated figure deserves; empty where none was stated."""
    # 苯丙氨酸480要不要减蛋白 asks of no figure here.
    other = ask.strange and ask.verb in {"needs", "will"}
    if other or (ask.form != "yes_no" and "claimed" not in ask.cues):
        return ""
    stated = [("yuan", float(v)) for v in ask.values("yuan")]
    stated += [("percent", float(v)) for v in ask.values("percent")]
    if "unlimited" in ask.cues:
        stated.append(("unlimited", 0.0))
    if not stated:
        share = _wholly if "full" in ask.cues else _own_share
        return share(ask, found) or _plain_claim(ask, found)
    if _denies_pay(ask) and stated and all(_is_bound(pack, cell, stated) for cell in found):
        return answered("is", yes=False)
    hospital = hospital_of(ask)
    of_rate = any(unit == "percent" for unit, _ in stated)
    clear = [c for c in found if not (of_rate and c.rate and c.rate.certainty == "ambiguous")]
    if not clear:
        return say("unsettled")
    cells_ = [_within(ask, at_hospital(cell, hospital)) for cell in clear]
    held = [all(_holds(cell, claim) for claim in stated) for cell in cells_]
    if any(held) != all(held):
        return say("depends")
    lacking = "unlimited" in ask.cues and ask.verb == "has"  # 没有上限吧 holds: 没有
    verb = "is" if ask.verb == "will" else ask.verb  # 限额不会只有两千吧: 是
    return answered(verb, yes=all(held) != lacking)


def _wholly(ask: Ask, found: tuple[Benefit, ...]) -> str:
    """Whether all of it is paid (全报吗): what has a limit is so within it."""
    rates = {tier.percent for cell in found if cell.rate for tier in cell.rate.tiers}
    if not rates:
        return ""
    if rates != {100}:
        return answered("can" if ask.verb == "can" else "is", yes=False)
    limited = any(cell.limit and cell.limit.yuan for cell in found)
    return say("full_within") if limited else answered("is", yes=True)


def _own_share(ask: Ask, found: tuple[Benefit, ...]) -> str:
    """Whether somebody pays a part or, where that is asked, all of it: 要不要自己出钱, 全自费吗."""
    put = ask.stance
    asked = put is not None and (put.kind == "needs" or "own" in ask.cues)
    if put is None or not asked or "selfpay" not in ask.cues or "howmuch" in ask.cues:
        return ""
    paid = [t.percent for cell in found if cell.rate for t in cell.rate.tiers]
    if not paid and any(cell.offered for cell in found):
        return ""
    if paid and set(paid) == {100} and "own" not in ask.cues:
        return say("own_within")
    holds = not any(paid) if "own" in ask.cues else True
    verb = "is" if put.tagged or put.feared or put.kind == "is" else put.kind
    return answered(verb, yes=put.answer(holds=holds))


def _denies_pay(ask: Ask) -> bool:
    """Whether it is supposed that nothing is paid: 过了四万就一毛不报了吧."""
    return "cannot" in ask.cues or ("pay" in ask.cues and ask.negated)


def _is_bound(pack: Pack, cell: Benefit, stated: list[tuple[str, float]]) -> bool:
    """Whether the sums named only part the tiers of a rate: above them something is paid."""
    bounds = {float(tier.above) for tier in cell.rate.tiers if tier.above} if cell.rate else set()
    bounds |= {float(c.above) for c in pack.ceilings if c.scheme == cell.scheme and c.percent}
    return bool(bounds) and all(unit == "yuan" and value in bounds for unit, value in stated)


def _within(ask: Ask, cell: Benefit) -> Benefit:
    """The cell with only the tiers beyond or below a bound that was named: 四万以上报90%吧."""
    bounds = [(float(s.value), s.said) for s in ask.slots if s.name in MONEY and s.said]
    if cell.rate is None or len(bounds) != 1:
        return cell
    value, said = bounds[0]
    below = said in BELOW
    tiers = tuple(
        tier
        for tier in cell.rate.tiers
        if (tier.upto is not None and tier.upto <= value if below else (tier.above or 0) >= value)
    )
    if not tiers:
        return cell
    return structs.replace(cell, rate=structs.replace(cell.rate, tiers=tiers))


def _plain_claim(ask: Ask, found: tuple[Benefit, ...]) -> str:
    """Has it a limit, has it a deductible, has it anything at all: yes or no."""
    if not any(cell.offered for cell in found):
        return answered("has", yes=False)
    if all(cell.certainty == "ambiguous" for cell in found if cell.offered):
        return say("unsettled")
    if "deductible" in ask.cues:
        return answered("has", yes=True) if any(cell.deductible for cell in found) else ""
    if "limit" in ask.cues:
        limited = {not cell.limit.unlimited for cell in found if cell.limit}
        return answered("has", yes=limited == {True}) if len(limited) == 1 else say("depends")
    return ""


def _holds(cell: Benefit, claim: tuple[str, float]) -> bool:
    unit, value = claim
    if unit == "unlimited":
        return bool(cell.limit and cell.limit.unlimited)
    if unit == "yuan":
        figures = {cell.limit.yuan} if cell.limit else set()
        if cell.deductible:
            figures.add(cell.deductible.yuan)
        if cell.rate:
            figures |= {t.upto for t in cell.rate.tiers} | {t.above for t in cell.rate.tiers}
        return value in {float(figure) for figure in figures if figure}
    return bool(cell.rate and value in {float(tier.percent) for tier in cell.rate.tiers})
