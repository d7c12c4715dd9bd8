"""Checks of the cells: one benefit by itself, and records that must not hold at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from typing import Protocol

from knowledge.errors import (
    AgesInverted,
    Fault,
    LimitTwice,
    NeverValid,
    NoLimit,
    NoRate,
    NoRow,
    NotAPercent,
    NotOffered,
    NotOpen,
    Overlap,
    TierGap,
    TierTwice,
    WrongPopulation,
)
from knowledge.loader import Entry
from knowledge.pack import parts
from knowledge.schema import (
    POPULATIONS,
    Ages,
    Benefit,
    Ceiling,
    Limit,
    Office,
    Rate,
    Record,
    Tier,
)


class Dated(Protocol):
    """A record that holds from a day on, until another."""

    @property
    def since(self) -> date:
        """The first day."""

    @property
    def until(self) -> date | None:
        """The first day no longer; None is still open."""


def check_cell(entry: Entry) -> Iterator[Fault]:
    """Check one record by itself."""
    record = entry.record
    if record is None:
        return
    yield from never_valid(entry)
    if isinstance(record, Benefit):
        yield from check_benefit(entry, record)
    if isinstance(record, Ceiling) and not 0 <= record.percent <= 100:
        yield NotAPercent(entry.spot("percent", record.percent))
    for key, part in parts(record):
        if isinstance(part, Limit | Rate) and part.certainty == "ambiguous" and not part.open:
            yield NotOpen(entry.spot(f"{key}.certainty", part.certainty))
        if isinstance(part, Rate):
            yield from check_rate(entry, part, key)


def never_valid(entry: Entry) -> Iterator[Fault]:
    """A validity ends after it begins."""
    since, until = (getattr(entry.record, key, None) for key in ("since", "until"))
    if since and until and until <= since:
        yield NeverValid(entry.spot("until", until), since=since)


def check_benefit(entry: Entry, benefit: Benefit) -> Iterator[Fault]:
    """A cell has populations of its scheme, ages in order, and figures only where offered."""
    allowed = POPULATIONS[benefit.scheme]
    for population in benefit.population or ("",):
        if population not in allowed:
            spot = entry.spot("population", population)
            yield WrongPopulation(spot, scheme=benefit.scheme, allowed=", ".join(allowed))
    ages = benefit.ages
    if ages and (ages.since < 0 or (ages.through is not None and ages.through < ages.since)):
        yield AgesInverted(entry.spot("ages"), since=ages.since, through=ages.through)
    yield from check_offer(entry, benefit) if benefit.offered else check_absence(entry, benefit)


def check_absence(entry: Entry, benefit: Benefit) -> Iterator[Fault]:
    """What is not offered has no figures."""
    for key in ("limit", "rate", "deductible"):
        if getattr(benefit, key) is not None:
            yield NotOffered(entry.spot(key), key=key)


def check_offer(entry: Entry, benefit: Benefit) -> Iterator[Fault]:
    """What is offered has a limit and a rate, or says what is open about them."""
    limit, rate = benefit.limit, benefit.rate
    if limit is None or (limit.yuan is None and not limit.unlimited and not limit.open):
        yield NoLimit(entry.spot("limit", benefit.id))
    elif limit.yuan is not None and limit.unlimited:
        yield LimitTwice(entry.spot("limit.unlimited", "true"))
    if rate is None or (not rate.tiers and rate.certainty != "ambiguous"):
        yield NoRate(entry.spot("rate", benefit.id))
    if benefit.certainty == "ambiguous" and not any(part and part.open for part in (limit, rate)):
        yield NotOpen(entry.spot("certainty", benefit.certainty))


def check_rate(entry: Entry, rate: Rate, key: str) -> Iterator[Fault]:
    """Percentages are percentages, tiers follow each other, and an open rate shows its row."""
    if rate.certainty == "ambiguous" and not rate.row:
        yield NoRow(entry.spot(f"{key}.certainty", rate.certainty))
    for index, tier in enumerate(rate.tiers):
        if not 0 <= tier.percent <= 100:
            yield NotAPercent(entry.spot(f"{key}.tiers[{index}].percent", tier.percent))
    hospitals = {tier.hospital for tier in rate.tiers}
    if None in hospitals and len(hospitals) > 1:
        yield TierTwice(entry.spot(f"{key}.tiers"))
    for hospital in sorted(hospitals, key=str):
        yield from tier_gaps(entry, key, [t for t in rate.tiers if t.hospital == hospital])


def tier_gaps(entry: Entry, key: str, tiers: list[Tier]) -> Iterator[Fault]:
    """Tiers of one hospital begin at nothing and leave no gap and no overlap."""
    ordered = sorted(tiers, key=lambda tier: tier.above or 0)
    begin = Tier(percent=0, upto=0)
    for before, tier in pairwise([begin, *ordered]):
        if (tier.above or 0) != before.upto:
            spot = entry.spot(f"{key}.tiers", f"{tier.percent} %")
            upto = "any total" if before.upto is None else before.upto
            yield TierGap(spot, above=tier.above or 0, upto=upto)
        elif tier.upto is not None and tier.upto <= (tier.above or 0):
            spot = entry.spot(f"{key}.tiers", f"{tier.percent} %")
            yield TierGap(spot, above=tier.above or 0, upto=tier.upto)


def check_overlaps(entries: list[Entry]) -> Iterator[Fault]:
    """No two records of a region answer the same question on the same day."""
    for kind in (Benefit, Ceiling, Office):
        for first, second in combinations((e for e in entries if e.kind is kind), 2):
            axes = axes_in_common(first.record, second.record)
            if axes and first.id != second.id:
                spot = second.spot("since", getattr(second.record, "since", ""))
                at = first.spot("id")
                place = f"{at.file}:{at.line}"
                yield Overlap(spot, other=first.id, first=place, axes=axes)


def axes_in_common(first: Record | None, second: Record | None) -> str:
    """Name the axes on which two records meet; nothing where they do not."""
    if isinstance(first, Benefit) and isinstance(second, Benefit):
        same = (first.disease, first.scheme) == (second.disease, second.scheme)
        people = bool(set(first.population) & set(second.population))
        meets = same and people and ages_meet(first.ages, second.ages)
        axes = "disease, scheme, population and ages"
    elif isinstance(first, Ceiling) and isinstance(second, Ceiling):
        meets, axes = first.scheme == second.scheme, "scheme"
    elif isinstance(first, Office) and isinstance(second, Office):
        meets, axes = first.district == second.district, "district"
    else:
        return ""
    return axes if meets and days_in_common(first, second) else ""


def ages_meet(first: Ages | None, second: Ages | None) -> bool:
    """Tell whether two age bands share a year; no band is every age."""
    if first is None or second is None:
        return True
    after = first.through is not None and first.through < second.since
    before = second.through is not None and second.through < first.since
    return not after and not before


def days_in_common(first: Dated, second: Dated) -> bool:
    """Tell whether two records hold on some same day."""
    after = first.until is not None and first.until <= second.since
    before = second.until is not None and second.until <= first.since
    return not after and not before
