"""What was spent beside the limit: over, not over, or as one reads the limit."""

from __future__ import annotations

import pytest
from asking import Asker, told


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("血友病职工今年用了12万，超没超限额", "超了。"),
        ("红斑狼疮居民今年用了7000，额度超了吗", "没有超。"),
        ("白内障花了4500，限额够不够", "不够。"),
        ("糖尿病居民一年2000够用吗", "够。"),
        ("职工透析今年40万了，超没超封顶", "没有超。"),
    ],
)
def test_the_verdict_comes_first(ask: Asker, question: str, first: str) -> None:
    """It is given in the words of the question: over or not, enough or not."""
    assert told(ask(question)).startswith(first)


def test_where_the_readings_of_the_limit_differ_both_are_told(ask: Asker) -> None:
    """8500 is over 8000, what is paid of it at 90 % is not; which counts is left open."""
    answer = told(ask("红斑狼疮居民用了8500超没超"))

    assert answer.startswith("要看限额怎么算")
    assert "按费用算超出500元，按结付金额算还没有超" in answer


def test_the_calculation_stands_below(ask: Asker) -> None:
    """Who asks whether it is over also wants to know what comes back."""
    assert "能结付1.4万元" in told(ask("PKU女儿9岁，特食今年两万整，能给我多少，超没超额度"))


def test_without_a_sum_it_is_no_question_of_money(ask: Asker) -> None:
    """How often a week is enough is for a doctor to say."""
    assert ask("透析一个礼拜做两次够不够").answer.kind != "answered"
