"""Sums of money: which are a medical bill, which a bound, and which belong to something else."""

from __future__ import annotations

import pytest
from asking import Asker, Talk, figures, told, topics, understood


@pytest.mark.parametrize(
    "text",
    [
        "退休金三千，血友病报多少",
        "一小时十八块，透析报多少",
        "肌酐600，透析限额多少",
        "大伯出了八万，血友病报多少",
        "透析和血友病加一块报多少",
    ],
)
def test_a_sum_that_is_no_bill_is_not_reckoned_with(ask: Asker, text: str) -> None:
    """Income, premiums, laboratory values, gifts and 加一块 are nobody's medical bill."""
    turn = ask(text)

    assert topics(turn) == ["benefit"]
    assert not understood(turn, "yuan") | understood(turn, "spent")
    assert "合计可结付" not in told(turn)


@pytest.mark.parametrize(
    ("text", "spent", "paid"),
    [
        ("我爸职工透析，大伯出了八万，花了十万能报多少", "100000", "93000"),
        ("挣三千块，居民透析花了2万能报多少", "20000", "18000"),
    ],
)
def test_the_bill_beside_another_sum_is_the_bill(
    ask: Asker, text: str, spent: str, paid: str
) -> None:
    """Of a gift or a wage and a bill only the bill is reckoned with."""
    turn = ask(text)

    assert understood(turn, "yuan") == {spent}
    assert paid in figures(told(turn))


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("职工透析四万以内报多少", "90%"),
        ("职工透析四万以上报几成", "95%"),
        ("居民血友病10万以内报几成", "90%"),
    ],
)
def test_a_bound_is_a_tier_of_the_rate(ask: Asker, text: str, rate: str) -> None:
    """四万以内报多少 asks for the rate below, not for a bill of 40 000."""
    turn = ask(text)

    assert topics(turn) == ["benefit"]
    assert rate in figures(told(turn))
    assert "合计可结付" not in told(turn)


def test_a_bill_is_no_bound(ask: Asker) -> None:
    """The same figure with 花了 is reckoned through."""
    turn = ask("职工透析花了四万能报多少")

    assert topics(turn) == ["calculate"]
    assert "36000" in figures(told(turn))


@pytest.mark.parametrize(
    ("story", "paid"),
    [
        ("职工透析，花了5万", "45500"),
        ("居民透析一年花了6万", "54000"),
        ("血友病花了三万", "27000"),
    ],
)
def test_a_sum_told_before_is_the_sum_asked_about(talk: Talk, story: str, paid: str) -> None:
    """能报多少 after a bill means that bill."""
    last = talk(story, "能报多少")[-1]

    assert topics(last) == ["calculate"]
    assert paid in figures(told(last))


def test_a_sum_told_after_a_figure_is_the_bill(talk: Talk) -> None:
    """花了5万 after the limit asks what comes back of it."""
    assert "45500" in figures(told(talk("职工透析限额多少", "花了5万")[-1]))


def test_a_limit_asked_after_a_bill_is_the_limit(talk: Talk) -> None:
    """A question of its own is not bent to the bill."""
    last = talk("血友病花了三万", "限额多少")[-1]

    assert "10万元" in told(last)
    assert "合计可结付" not in told(last)


@pytest.mark.parametrize(
    "text",
    [
        "我今年化疗加住院门特已经过了四万了，在职的，后面报多少",
        "换肾职工退休的住院门诊加起来已经超过四万了超了那部分报多少",
    ],
)
def test_a_sum_that_was_exceeded_is_no_bill(ask: Asker, text: str) -> None:
    """已经过了四万 names the tier; the rate beyond it is asked for."""
    answer = told(ask(text))

    assert "95%" in figures(answer)
    assert "合计" not in answer


def test_beyond_the_ceiling_of_residents(ask: Asker) -> None:
    """后面还能报不, after 35万, is answered no before how the sum is counted."""
    answer = told(ask("居民医保，住院跟门特加起来过了35万，后面的门特还能报不"))

    assert answer.startswith("不")


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        ("苏州职工退休血透今年医保内花了6万，我哥说一共给5万4，到底能报多少", "5.5万元"),
        ("家庭病床职工退休68岁，一个结算期花了3000，护士说报2700，能报多少", "2340元"),
    ],
)
def test_what_somebody_says_is_paid_was_not_spent(ask: Asker, text: str, paid: str) -> None:
    """A sum that is said to be reimbursed is no second bill."""
    assert f"能结付{paid}" in told(ask(text))


def test_a_sum_half_forgotten_is_asked_for(ask: Asker) -> None:
    """五千多少来着 is the question, and no bill of 5000 yuan."""
    answer = told(ask("精神分裂症退休职工一年限额五千多少来着"))

    assert "5300" in answer
    assert "合计" not in answer
