"""An expense → what it is reimbursed, each step as data: the calculator for programs."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from bot.catalogue import packs_on
from bot.compose.calculation import ceiling_of, levels_of
from bot.compose.part import cited
from bot.compose.wording import say
from bot.days import today
from bot.messages import Cited
from bot.naming import disease_named, region_named
from bot.problems import Problem
from bot.requests import json_response, record_of, resources_of
from bot.resources import Resources
from bot.web import word
from knowledge.benefits import Calculation, cells, of_age, reimburse
from knowledge.pack import Pack
from knowledge.schema import (
    POPULATIONS,
    Ages,
    Benefit,
    Citation,
    Hospital,
    Limit,
    Population,
    Scheme,
)

_FEN = Decimal("0.01")
# At most nine digits of yuan: no expense of a person has more, and no sum can overflow.
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,2})?")
# JSON does not tell 90 from 90.0.
Years = Annotated[float, Meta(ge=0, le=150, multiple_of=1)]
Amount = Annotated[str, Meta(pattern=f"^{_AMOUNT.pattern}$", max_length=12)]


class Expense(Struct, frozen=True, forbid_unknown_fields=True):
    """An expense of eligible cost in yuan, and whose it is.

    `spent_before` is what inpatient and outpatient special costs came to earlier this year.
    """

    region: str
    disease: str
    scheme: Scheme
    cost: Amount
    population: Population | None = None
    age: Years | None = None
    hospital: Hospital | None = None
    spent_before: Amount = "0"


class Step(Struct, frozen=True):
    """A part of the expense, the percent it is reimbursed at, and what that comes to in yuan."""

    cost: str
    percent: int
    paid: str


class Outcome(Struct, frozen=True):
    """What is paid and what is borne, in yuan, if the limit caps the cost or the payment.

    `limit_caps` is null where it makes no difference which of the two it caps.
    """

    limit_caps: Literal["cost", "payment"] | None
    paid: str
    own: str


class Reckoning(Struct, frozen=True):
    """One cell at one level of hospital: the steps, and what they come to.

    There are two outcomes where the document leaves open what the limit caps, and none where
    nothing is offered or the rate itself is open; `notes` say so.
    """

    benefit: str
    population: tuple[Population, ...]
    ages: Ages | None
    hospital: Hospital | None
    offered: bool
    limit: Limit | None
    deducted: str
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...]


class Calculated(Struct, frozen=True):
    """An expense reckoned by every cell that it may fall under."""

    region: str
    disease: str
    scheme: Scheme
    cost: str
    spent_before: str
    as_of: date
    reckonings: tuple[Reckoning, ...]
    notes: tuple[str, ...]
    citations: tuple[Cited, ...]


_expense = msgspec.json.Decoder(Expense)


async def calculate(request: Request) -> Response:
    """Work out what an expense is reimbursed."""
    expense = await record_of(request, _expense)
    return json_response(calculated(resources_of(request), expense))


def calculated(resources: Resources, expense: Expense) -> Calculated:
    """What an expense is reimbursed today. Raises Problem for one that cannot be reckoned."""
    cost, before = _amount(expense.cost, "cost"), _amount(expense.spent_before, "spent_before")
    library = resources.service.valid(today())
    region = region_named(library, expense.region)
    pack = next(one for one in packs_on(resources, today()) if one.region.id == region)
    disease = disease_named([pack, *library.packs], expense.disease)
    found = cells_under(pack, expense, disease)
    reckonings = tuple(
        one for cell in found for one in _reckoned(pack, cell, expense, (cost, before))
    )
    cites = [cite for cell in found for cite in (cell.cite, *_cites(cell))]
    notes = () if before else (say("calc_assume"),)
    return Calculated(
        region, disease, expense.scheme, _exact(cost), _exact(before), today(),
        reckonings, notes, cited(library, region, cites),
    )  # fmt: skip


def _amount(said: str, key: str) -> Decimal:
    """An amount in yuan. Raises Problem; $ of the schema's pattern lets a line break through."""
    if not _AMOUNT.fullmatch(said):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise Problem("body", status, key=key, why=word("wrong_amount", key=key))
    return Decimal(said)


def cells_under(pack: Pack, expense: Expense, disease: str) -> tuple[Benefit, ...]:
    """The cells that an expense may fall under. Raises Problem where there is none."""
    listed = cells(pack.benefits, disease, scheme=expense.scheme, population=expense.population)
    if found := of_age(listed, expense.age):
        return found
    hold_population(expense.scheme, expense.population)
    raise Problem(
        "no_benefit",
        HTTPStatus.NOT_FOUND,
        key="disease",
        region=pack.region.name,
        scheme=say(expense.scheme),
        disease=expense.disease,
    )


def hold_population(scheme: Scheme, population: Population | None) -> None:
    """Raises Problem for a population that belongs to another scheme."""
    if population and population not in POPULATIONS[scheme]:
        known = word("wrong_and").join(POPULATIONS[scheme])
        raise Problem(
            "population",
            HTTPStatus.NOT_FOUND,
            key="population",
            scheme=say(scheme),
            known=known,
        )


def _cites(cell: Benefit) -> list[Citation]:
    return [part.cite for part in (cell.limit, cell.rate, cell.deductible) if part]


def _reckoned(
    pack: Pack, cell: Benefit, expense: Expense, amounts: tuple[Decimal, Decimal]
) -> list[Reckoning]:
    asked = (expense.hospital,) if expense.hospital else ()
    levels = levels_of(cell, asked) if cell.offered else ()
    if not levels:
        return [_unreckoned(cell)]
    cost, before = amounts
    ceiling = ceiling_of(pack, cell)
    beyond = (ceiling.says,) if ceiling and cost + before > ceiling.above else ()
    made = []
    for level in levels:
        done = reimburse(cell, ceiling, cost, before=before, hospital=level)
        outcomes = _outcomes(cost, done)
        notes = [say("calc_open")] if len(outcomes) > 1 else []
        notes += [part.open for part in (cell.limit, cell.rate) if part and part.open]
        steps = tuple(Step(_exact(p.cost), p.percent, _exact(p.paid)) for p in done.portions)
        made.append(
            Reckoning(
                cell.id, cell.population, cell.ages, level, cell.offered, cell.limit,
                _exact(done.deducted), steps, outcomes, (*notes, *beyond),
            )
        )  # fmt: skip
    return made


def _unreckoned(cell: Benefit) -> Reckoning:
    """A cell that says 无此项目, or leaves the rate open: no figure, and why."""
    open_ = cell.rate.open if cell.rate and cell.rate.open else say("calc_rate_open")
    note = open_ if cell.offered else say("none")
    return Reckoning(
        cell.id, cell.population, cell.ages, None, cell.offered, cell.limit, "0", (), (), (note,)
    )


def _outcomes(cost: Decimal, done: Calculation) -> tuple[Outcome, ...]:
    if done.capped_cost == done.capped_payment:
        return (_outcome(None, cost, done.capped_cost),)
    return (
        _outcome("cost", cost, done.capped_cost),
        _outcome("payment", cost, done.capped_payment),
    )


def _outcome(caps: Literal["cost", "payment"] | None, cost: Decimal, paid: Decimal) -> Outcome:
    rounded = paid.quantize(_FEN)
    return Outcome(caps, _exact(rounded), _exact(cost - rounded))


def _exact(amount: Decimal) -> str:
    """40500.00 → 40500, 0.50 → 0.5: yuan without what says nothing."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
