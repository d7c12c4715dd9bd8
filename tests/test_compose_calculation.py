"""What an expense is reimbursed, each step shown."""

from __future__ import annotations

import pytest
from asking import Asker, figures, told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在职，透析，今年门特医保内5万，没住院，能报多少", "45500"),
        ("退休透析花了4万能报多少", "36000"),
        ("职工血友病花了2万能报多少", "18000"),
        ("居民透析花了10万能报多少", "90000"),
        ("职工精神病花了5000能报多少", "5000"),
        ("学生1型糖尿病花了3000元能报多少", "2700"),
        ("在职65岁家庭病床花了1400元能报多少", "900"),
        ("居民高血压在社区医院花了1000能报多少", "550"),
        ("居民高血压在三级医院花了1000能报多少", "350"),
        ("5岁苯丙酮尿症花了1万能报多少", "7000"),
    ],
)
def test_an_expense_comes_to_its_sum(ask: Asker, text: str, expected: str) -> None:
    """The sum stands in the first line."""
    turn = ask(text)

    assert turn.answer.topic == "calculate"
    assert expected in figures(told(turn).split("\n")[0])


def test_each_step_is_shown(ask: Asker) -> None:
    """4万 × 90 % + 1万 × 95 %, and what is left to bear."""
    answer = told(ask("在职透析花了5万能报多少"))

    assert "4万元 × 90% = 3.6万元" in answer
    assert "1万元 × 95% = 9500元" in answer
    assert "自己承担4500元" in answer


def test_what_was_spent_before_counts(ask: Asker) -> None:
    """Inpatient costs of the year move the expense up the tiers."""
    answer = told(ask("职工透析住院已经花了3万，门特又花2万，能报多少"))

    assert "1万元 × 90% = 9000元" in answer
    assert "1万元 × 95% = 9500元" in answer


def test_the_ceiling_of_residents_is_reckoned_with(ask: Asker) -> None:
    """Of 10 万 after 30 万 only half is paid for."""
    answer = told(ask("居民透析住院已经花了30万，门特又花10万，能报多少"))

    assert "45000" in figures(answer.split("\n")[0])
    assert "55000" in figures(answer)


def test_above_the_limit_both_readings_are_shown(ask: Asker) -> None:
    """Whether the limit caps cost or payment is left open: both figures stand."""
    answer = told(ask("居民红斑狼疮花了1万能报多少"))

    assert {"7200", "8000"} <= figures(answer.split("\n")[0])
    assert "没有写清" in answer


def test_below_the_limit_there_is_one_figure(ask: Asker) -> None:
    """Where it does not matter, nothing is left open."""
    assert "没有写清" not in told(ask("居民红斑狼疮花了5000能报多少"))


def test_the_deductible_is_shown(ask: Asker) -> None:
    """家庭病床: 400 first."""
    assert "400元" in told(ask("在职65岁家庭病床花了1400元能报多少"))


def test_without_a_scheme_each_is_reckoned(ask: Asker) -> None:
    """Two short sums are kinder than a question."""
    answer = told(ask("透析花了5万能报多少"))

    assert {"45500", "45000"} <= figures(answer)
    assert "职工医保" in answer
    assert "居民医保" in answer


@pytest.mark.parametrize("text", ["类风湿花了2000能报多少", "学生高血压花了1000能报多少"])
def test_no_sum_is_made_of_an_open_rate(ask: Asker, text: str) -> None:
    """What the document leaves open cannot be reckoned with."""
    answer = told(ask(text))

    assert "没有写清" in answer
    assert "×" not in answer


def test_no_sum_is_made_of_what_is_not_offered(ask: Asker) -> None:
    """无此项目 pays nothing."""
    answer = told(ask("学生白内障花了3000能报多少"))

    assert "无此项目" in answer
    assert "×" not in answer


def test_a_missing_disease_is_asked_for(ask: Asker) -> None:
    """Without a disease there is nothing to reckon with."""
    turn = ask("花了5万能报多少")

    assert turn.answer.kind == "clarify"


def test_a_region_without_figures_makes_no_sum(ask: Asker) -> None:
    """Beijing's document has no rates."""
    turn = ask("透析花了5万能报多少", region="beijing")

    assert turn.answer.kind == "declined"
    assert not figures(told(turn)) - {"50000"}


@pytest.mark.parametrize("digits", [9, 15, 30, 100, 400])
def test_an_absurd_amount_is_survived(ask: Asker, digits: int) -> None:
    """However long the number, there is an answer."""
    assert told(ask("在职透析花了" + "9" * digits + "元能报多少"))


def test_a_claimed_amount_is_no_expense(ask: Asker) -> None:
    """透析限额是8000对吗 asks about the limit, not for a sum."""
    assert "×" not in told(ask("透析限额是8000对吗"))


def test_a_sum_that_is_tried_is_reckoned_for_itself(ask: Asker) -> None:
    """报多少,要是30万呢: 5.5万 and 28.3万, never both sums together."""
    answer = told(ask("职工化疗今年门特医保内6万，没住院，报多少？要是30万呢"))

    assert "5.5万元" in answer
    assert "28.3万元" in answer


def test_an_allowance_is_no_expense(ask: Asker) -> None:
    """四千块额度 is what may be spent, 两千四 what was."""
    answer = told(ask("退休职工家庭病床四千块额度，一个周期合规费用两千四，能报几块"))

    assert "1800元" in answer
