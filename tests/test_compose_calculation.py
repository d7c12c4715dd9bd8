"""What an expense is reimbursed, each step shown."""

from __future__ import annotations

import pytest
from asking import Asker, Talk, figures, told


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


@pytest.mark.parametrize(
    ("text", "paid", "not_paid"),
    [
        (
            "我妈退休职工透析花了五万，我爸居民透析花了五万，各报多少",
            ("4.55万元", "4.5万元"),
            "9.3万元",
        ),
        (
            "居民高血压，他在二级医院花了1200，他老婆在三甲花了800，各自能报多少",
            ("660元", "280元"),
            "700元",
        ),
        ("职工血友病花3万，居民透析花4万，分别报多少", ("2.7万元", "3.6万元"), "6.3万元"),
        ("我妈花了2万我爸花了3万，都是职工透析，各报多少", ("1.8万元", "2.7万元"), "4.55万元"),
    ],
)
def test_the_sums_of_several_people_are_not_added(
    ask: Asker, text: str, paid: tuple[str, ...], not_paid: str
) -> None:
    """Each sum is reckoned for who was named before it."""
    answer = told(ask(text))

    assert all(f"能结付{one}" in answer or f"（{one}）" in answer for one in paid)
    assert not_paid not in answer


def test_the_sums_of_one_person_are_one_cost(ask: Asker) -> None:
    """住院 and 门特 of one person come under one yearly total; only 门特 is paid by this table."""
    answer = told(ask("职工透析住院花了2万门特3万报多少"))

    assert "2万元 × 90% = 1.8万元\n1万元 × 95% = 9500元" in answer
    assert "27500元" in answer
    assert "住院费用在这里只计入当年累计" in answer


@pytest.mark.parametrize(
    "text",
    [
        "居民没工作，高血压，社区医院花了1200，三级医院花了600，一共能报多少",
        "我妈居民医保非就业的高血压，今年在社区配药1200块，又去三级医院看了几次，花了600，总共报多少",
        "非就业居民高血压，1200块在社区看的，600块在三甲看的，能报回来多少",
    ],
)
def test_costs_at_hospitals_of_two_levels_are_added_up(ask: Asker, text: str) -> None:
    """Each at its own rate: 1200 × 55 % + 600 × 35 %."""
    answer = told(ask(text))

    assert "870" in figures(answer.split("\n")[0])
    assert {"660", "210"} <= figures(answer)


def test_costs_at_two_hospitals_have_one_limit(ask: Asker) -> None:
    """Above it both readings are shown: 2000 of the cost counts, or all of the payment."""
    answer = told(ask("非就业居民高血压，社区医院花了1200，三级医院花了1600，一共能报多少"))

    assert {"940", "1220"} <= figures(answer.split("\n")[0])


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        ("在职65岁家庭病床，两个结算期分别花了1500和1800，两期总共报多少", "2250"),
        ("家庭病床三个结算期，退休72岁，费用依次为900、1000、1100，报多少", "1620"),
    ],
)
def test_every_settlement_period_has_its_deductible(ask: Asker, text: str, paid: str) -> None:
    """400 yuan are taken off each of them."""
    assert paid in figures(told(ask(text)).split("\n")[0])


def test_what_two_people_are_paid_is_added_up(ask: Asker) -> None:
    """Unless it is asked what each is paid."""
    answer = told(ask("他在职血友病花了5万，她居民肿瘤康复期花了5000，两人加起来能报多少"))

    assert "49500" in figures(answer)


def test_a_bound_between_two_rates_was_not_spent(ask: Asker) -> None:
    """按累计4万分段 names the bound; the 3万 before it were spent."""
    answer = told(ask("职工透析，今年住院花了3万，门特又花5万，按累计4万分段能付多少"))

    assert "47000" in figures(answer.split("\n")[0])


def test_what_is_left_of_a_limit_is_told_from_what_was_used(talk: Talk) -> None:
    """Nobody's account is looked up: the sum was said before."""
    last = talk("居民严重精神障碍今年用掉四千了", "那还剩多少")[-1]

    assert "还差300元到限额" in told(last)


def test_what_was_paid_already_is_no_cost(talk: Talk) -> None:
    """It is taken from the limit, and nothing is reckoned from it as from an expense."""
    last = talk("居民严重精神障碍今年报掉四千了", "那还剩多少")[-1]

    assert "按结付金额算还剩300元" in told(last)
    assert "×" not in told(last)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("职工红斑狼疮今年报了4000，还能报多少", "还剩4000元"),
        ("职工红斑狼疮报了2000，后来又报了2000，还能报多少", "还剩4000元"),
        ("居民白内障已经报了3800，还能报多少", "已经到了限额3800元"),
        ("居民透析今年报了8万，还能报多少", "算不出还剩多少"),
        ("职工透析今年报了8万，还能报多少", "无限额"),
    ],
)
def test_how_much_more_is_paid(ask: Asker, question: str, said: str) -> None:
    """A limit on the yearly total of costs does not follow from what was paid."""
    assert said in told(ask(question))


def test_what_is_left_stays_private_without_a_sum(ask: Asker) -> None:
    """Where nothing was said of what was used, nobody can tell what is left."""
    assert ask("我的额度还剩多少").answer.status == "declined_personal"
