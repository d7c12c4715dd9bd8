"""Figures as a person reads them, in the words of the documents: 8000元, 2.2万元, 90%."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bot.compose.wording import say
from knowledge.schema import POPULATIONS, Benefit, Limit, Rate, Tier

Facets = frozenset[str]
ALL: Facets = frozenset({"limit", "rate", "deductible"})


def yuan(amount: Decimal | float) -> str:
    """8000 → 8000元, 22000 → 2.2万元, 45500 → 45500元（4.55万元）."""
    value = Decimal(str(amount)).quantize(Decimal("0.01"))
    if value < 10_000:
        return f"{_short(value)}元"
    in_wan = _short(value / 10_000)
    return f"{in_wan}万元" if value % 1000 == 0 else f"{_short(value)}元（{in_wan}万元）"


def exact_yuan(amount: Decimal) -> str:
    """40000 → 4万元, 45500 → 45500元: one form each, for a line of a calculation."""
    wan = amount >= 10_000 and amount % 1000 == 0
    return f"{_short(amount / 10_000)}万元" if wan else f"{_short(amount)}元"


def _short(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def who(cell: Benefit, population: str | None = None) -> str:
    """Whom a cell is for: 职工医保, 居民医保（学生少儿）, with the age band where it has one."""
    shown = (population,) if population else cell.population
    name = say(cell.scheme)
    if population or set(shown) != set(POPULATIONS[cell.scheme]):
        name += f"（{say('joint_populations').join(say(one) for one in shown)}）"
    return name


def ages(cell: Benefit) -> str:
    """The age band of a cell in years, empty where it has none."""
    if cell.ages is None:
        return ""
    if cell.ages.through is None:
        return say("ages_open", since=cell.ages.since)
    if cell.ages.through == cell.ages.since:
        return say("ages_last", since=cell.ages.since)
    return say("ages", since=cell.ages.since, through=cell.ages.through)


def described(cell: Benefit, facets: Facets) -> str:
    """What a cell says of the facets asked: 限额8000元，结付比例90%."""
    if not cell.offered:
        return say("none")
    parts = []
    if "limit" in facets:
        parts.append(limit_text(cell.limit))
    if "rate" in facets:
        parts.append(rate_text(cell.rate))
    if cell.deductible and facets & {"deductible", "period", "rate"}:
        fields = {"days": cell.deductible.days, "yuan": yuan(cell.deductible.yuan)}
        parts.append(say("deductible", **fields))
    elif "deductible" in facets and not facets >= ALL:
        parts.append(say("no_deductible"))
    elif "period" in facets:
        parts.append(say("no_period"))
    return "，".join(part for part in parts if part)


def limit_text(limit: Limit | None) -> str:
    """无限额, 限额8000元, 限额35万元以内（按当年住院和门特累计）."""
    if limit is None:
        return say("limit", yuan=say("no_figure"))
    if limit.unlimited:
        return say("unlimited")
    name = "limit_total" if limit.counts_inpatient else "limit"
    return say(name, yuan=yuan(limit.yuan or 0))


def rate_text(rate: Rate | None) -> str:
    """The tiers of a rate in words; nothing for an ambiguous one, whose row is shown instead."""
    if rate is None or rate.certainty == "ambiguous" or not rate.tiers:
        return ""
    return "，".join(tier_text(tier) for tier in rate.tiers)


def tier_text(tier: Tier) -> str:
    """One tier: 结付比例90%, 累计4万元以上的部分95%, 三级医疗机构就诊结付35%."""
    percent = f"{tier.percent}%"
    if tier.hospital:
        return say("rate_at", hospital=say(tier.hospital), percent=percent)
    if tier.upto:
        return say("rate_upto", upto=yuan(tier.upto).removesuffix("元") + "元", percent=percent)
    if tier.above:
        return say("rate_above", above=yuan(tier.above), percent=percent)
    return say("rate_flat", percent=percent)


def joined(names: Iterable[str]) -> str:
    """Names in a row: 甲、乙、丙."""
    return "、".join(dict.fromkeys(names))


def month(issued: str) -> str:
    """2023-10 → 2023年10月, 2025 → 2025年."""
    year, _, number = issued.partition("-")
    return f"{year}年{int(number)}月" if number else f"{year}年"
