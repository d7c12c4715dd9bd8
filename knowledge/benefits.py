"""Look a cell up by its axes, and work out what a given expense is reimbursed, step by step.

All money is `Decimal` yuan. The rules are those of the Suzhou guide of October 2023: the tiers and
the 350 000 yuan ceiling count this year's inpatient and outpatient special costs together
(一（二）门诊特殊病待遇表 and note 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from knowledge.schema import Benefit, Ceiling, Hospital, Tier

_HUNDRED = Decimal(100)


class Portion(Struct, frozen=True):
    """A part of an expense, the percent it is reimbursed at, and what that comes to."""

    cost: Decimal
    percent: int
    paid: Decimal


class Calculation(Struct, frozen=True):
    """What an expense is reimbursed.

    `capped_cost` is the result if the cell's limit caps the cost, `capped_payment` if it caps the
    payment: the document leaves that open, so both are given; they are equal where it is no matter.
    """

    portions: tuple[Portion, ...]
    deducted: Decimal
    capped_cost: Decimal
    capped_payment: Decimal
    limit: int | None


def cells(
    benefits: Iterable[Benefit], disease: str, *, scheme: str | None, population: str | None
) -> tuple[Benefit, ...]:
    """The cells of a disease, of a scheme and a population where they are known."""
    found = cells_of(benefits, scheme=scheme, population=population)
    return tuple(cell for cell in found if cell.disease == disease)


def cells_of(
    benefits: Iterable[Benefit], *, scheme: str | None, population: str | None
) -> tuple[Benefit, ...]:
    """The cells of a scheme and a population where they are known."""
    return tuple(
        cell
        for cell in benefits
        if scheme in (None, cell.scheme) and (population is None or population in cell.population)
    )


def of_age(found: Iterable[Benefit], age: float | None) -> tuple[Benefit, ...]:
    """The cells whose age band holds this age in years; all where the age is not known."""
    return tuple(
        cell
        for cell in found
        if age is None
        or cell.ages is None
        or cell.ages.since <= int(age) <= (200 if cell.ages.through is None else cell.ages.through)
    )


def tiers_at(cell: Benefit, hospital: Hospital | None) -> tuple[Tier, ...]:
    """The tiers of a cell that hold at a hospital of this level."""
    if cell.rate is None:
        return ()
    return tuple(t for t in cell.rate.tiers if hospital is None or t.hospital in (None, hospital))


def reimburse(  # noqa: PLR0913 - a cell, a cost, and all that was spent before it
    cell: Benefit,
    ceiling: Ceiling | None,
    cost: Decimal,
    *,
    before: Decimal = Decimal(0),
    hospital: Hospital | None = None,
    used: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0)),
) -> Calculation:
    """What `cost` yuan of eligible cost are reimbursed under a cell of certain rates.

    `before` is what inpatient and outpatient special costs came to earlier this year, `used` what
    of the cell's own limit is used up: as cost if it caps the cost, as payment if it caps the
    payment. One settlement period is assumed where the cell has a deductible. Raises ValueError for
    a cell without a rate, or one whose rate depends on a hospital level that is not given.
    """
    tiers = tiers_at(cell, hospital)
    if not tiers or len({tier.hospital for tier in tiers}) > 1:
        msg = f"{cell.id}: no single rate to reckon with"
        raise ValueError(msg)
    deducted = min(cost, Decimal(cell.deductible.yuan)) if cell.deductible else Decimal(0)
    eligible = cost - deducted
    limit = cell.limit.yuan if cell.limit and not cell.limit.counts_inpatient else None
    portions = _portions(tiers, ceiling, before, before + eligible)
    paid = sum((portion.paid for portion in portions), Decimal(0))
    if limit is None or cost <= limit - used[0]:
        return Calculation(portions, deducted, paid, paid, limit)
    within = max(limit - used[0] - deducted, Decimal(0))
    by_cost = _portions(tiers, ceiling, before, before + within)
    capped = sum((portion.paid for portion in by_cost), Decimal(0))
    left = max(limit - used[1], Decimal(0))
    return Calculation(portions, deducted, capped, min(paid, left), limit)


def reimburse_in_turn(
    cell: Benefit,
    ceiling: Ceiling | None,
    costs: Iterable[tuple[Decimal, Hospital | None]],
    *,
    before: Decimal = Decimal(0),
) -> Calculation:
    """What several costs are reimbursed together, under the one limit that they share.

    They are taken in their order, each at its hospital and in a settlement period of its own.
    Raises ValueError as `reimburse` does.
    """
    total = Calculation((), Decimal(0), Decimal(0), Decimal(0), None)
    spent = Decimal(0)
    for cost, hospital in costs:
        used = (spent, total.capped_payment)
        done = reimburse(cell, ceiling, cost, before=before + spent, hospital=hospital, used=used)
        spent += cost
        total = Calculation(
            total.portions + done.portions,
            total.deducted + done.deducted,
            total.capped_cost + done.capped_cost,
            total.capped_payment + done.capped_payment,
            done.limit,
        )
    return total


def _portions(
    tiers: tuple[Tier, ...], ceiling: Ceiling | None, low: Decimal, high: Decimal
) -> tuple[Portion, ...]:
    """The stretch of the year's total from `low` to `high`, cut where the rate changes."""
    top = Decimal(ceiling.above) if ceiling else None
    bands = [(Decimal(t.above or 0), Decimal(t.upto) if t.upto else top, t.percent) for t in tiers]
    if ceiling and top is not None:
        bands.append((top, None, ceiling.percent))
    found = []
    for start, end, percent in bands:
        cost = (high if end is None else min(high, end)) - max(low, start)
        if cost > 0:
            found.append(Portion(cost, percent, cost * percent / _HUNDRED))
    return tuple(found)
