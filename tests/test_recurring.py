"""Costs that come again and again are added up over what is asked about."""

from __future__ import annotations

import pytest
from asking import Talk, figures, told

from intents.quantities import quantities
from intents.recurring import Recurrence, recurrence


@pytest.mark.parametrize(
    ("text", "turn", "times"),
    [
        ("透析每个月花5000,一年报多少", "month", 12),
        ("一个月自己要花6000,一年下来报多少", "month", 12),
        ("每月2000,半年能报多少", "month", 6),
        ("5000块一个月,全年报多少", "month", 12),
        ("每月3000,做了4个月", "month", 4),
        ("每次400,一周三次,一年报多少", "time", 156),
        ("打针2000一次,一年打10次", "time", 10),
        ("每次300,去了5次", "time", 5),
        ("做了两期,每期1400", "settlement", 2),
        ("每个月5000,能报多少", "month", 0),
        ("透析一年了,每个月5000,能报多少", "month", 0),
    ],
)
def test_how_often_a_cost_comes(text: str, turn: str, times: int) -> None:
    """By the turn that it is told of, and what counts these turns or bounds them."""
    one = next(q for q in quantities(text) if q.unit == "yuan")

    assert recurrence(one, text) == Recurrence(turn, times)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["这次花了5000", "上个月花了5000", "花了5000,报多少", "每年限额5000,够不够", "每个月最多5000"],
)
def test_what_comes_but_once(text: str) -> None:
    """A cost of one time, and a sum that is no cost."""
    one = next(q for q in quantities(text) if q.unit == "yuan")

    assert recurrence(one, text) is None


def test_a_year_of_dialysis_is_paid_in_two_tiers(talk: Talk) -> None:
    """12 × 5000 yuan: 4 万 × 90 % + 2 万 × 95 %."""
    answer = told(talk("职工透析每个月花5000，一年能报多少", region="suzhou")[-1])

    assert "55000" in figures(answer)
    assert "每月5000元 × 12" in answer


def test_a_month_is_told_with_its_year(talk: Talk) -> None:
    """Who asks of a month learns what twelve of them come to."""
    answer = told(talk("职工透析一个月花5000能报多少", region="suzhou")[-1])

    assert {"4500", "55000"} <= figures(answer)


def test_each_settlement_period_has_its_deductible(talk: Talk) -> None:
    """2 × (1400 - 400) yuan × 90 %."""
    turns = talk("我妈退休职工，家庭病床做了两期，每期1400，一共报多少", region="suzhou")

    assert "1800" in figures(told(turns[-1]))


def test_a_year_at_home_is_two_settlement_periods(talk: Talk) -> None:
    """2 × 180 days, 400 yuan off each; whether the limit of 4000 caps cost or payment is open."""
    turns = talk("家庭病床一个月600，退休职工72岁，一年报多少", region="suzhou")

    assert {"2880", "4000"} <= figures(told(turns[-1]))


def test_what_was_added_up_is_not_told_of_the_next_sum(talk: Talk) -> None:
    """A sum of its own was not added up of anything."""
    turns = talk("职工透析每个月花5000，一年能报多少", "那要是花了2万呢", region="suzhou")

    assert "18000" in figures(told(turns[-1]))
    assert "每月" not in told(turns[-1])
