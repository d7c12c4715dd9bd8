"""Money told message by message: further costs, the total, what a stay in hospital adds."""

from __future__ import annotations

import pytest
from asking import Talk, figures, told

YEAR = ("在职，透析，没住院", "第一季度花了3万", "第二季度又花了2万")


def test_all_costs_together_are_asked_about(talk: Talk) -> None:
    """3 万 and 2 万 are 5 万 of one year: 3.6 + 0.95 万."""
    turns = talk(*YEAR, "全年一共报多少")

    assert "18500" in figures(told(turns[2]))
    assert "45500" in figures(told(turns[3]))


def test_equal_costs_are_told_twice_and_count_twice(talk: Talk) -> None:
    """Two halves of a year may cost the same."""
    answer = told(talk("退休，透析", "上半年花了3万五", "下半年也是3万五", "加一块报多少")[-1])

    assert "64500" in figures(answer)


def test_the_total_is_not_counted_again(talk: Talk) -> None:
    """After the total the conversation goes on with it, not with it and its parts."""
    answer = told(talk(*YEAR, "全年一共报多少", "换成居民呢")[-1])

    assert "45000" in figures(answer)  # 5 万 × 90 %


def test_a_stay_in_hospital_comes_before_every_cost(talk: Talk) -> None:
    """It fills the lower tier, and is paid by other rules itself."""
    turns = talk("退休，透析，今年住院花了3万", "透析花了2万", "后来又花了1万", "加起来报多少")

    assert "18500" in figures(told(turns[1]))
    assert "9500" in figures(told(turns[2]))
    assert "28000" in figures(told(turns[3]))


def test_another_cost_begins_anew(talk: Talk) -> None:
    """要是花了8万呢 asks of that alone."""
    answer = told(talk(*YEAR, "要是一共就花了8万呢，报多少")[-1])

    assert "74000" in figures(answer)


@pytest.mark.parametrize("claim", ["一年8000对吗", "限额是8000吧"])
def test_a_figure_that_is_claimed_was_not_spent(talk: Talk, claim: str) -> None:
    """No calculation comes of what was only said to be the limit."""
    answer = told(talk("职工，癌症康复期", claim, "他下周要住院了")[-1])

    assert "能结付" not in answer


def test_a_remark_spends_nothing(talk: Talk) -> None:
    """What is said between two costs adds none of them again."""
    turns = talk(
        "学生，1型糖尿病，上半年花了5000，能报多少",
        "下半年又用了2000呢",
        "唉小囡罪过",
        "两笔总共报回来多少",
    )

    assert "6300" in figures(told(turns[-1]))


def test_costs_at_two_hospitals_are_paid_by_their_own_rates(talk: Talk) -> None:
    """The level told with a cost stays with it in the total."""
    turns = talk("居民高血压，在社区花了800，能报多少", "三甲还看了500，两边加起来报多少")

    assert "615" in figures(told(turns[-1]))


def test_every_settlement_period_has_its_own_deductible(talk: Talk) -> None:
    """400 yuan are deducted of each of the two."""
    turns = talk("退休职工家庭病床，这一期花了1400，报多少", "下一期要是900呢", "两期加一起报多少")

    assert "450" in figures(told(turns[1]))
    assert "1350" in figures(told(turns[2]))


def test_costs_that_are_only_told_are_kept_for_the_total(talk: Talk) -> None:
    """Without a word that one comes on top of the other: 2.4 and 1.6 万 are 4 万."""
    turns = talk("血友病，学生", "这个月2万4", "上个月是1万6", "就这两笔，一共能报多少")

    assert "36000" in figures(told(turns[-1]))


def test_what_was_spent_before_holds_for_what_comes_next(talk: Talk) -> None:
    """3 万 before it: 1 万 × 90 % + 1 万 × 95 %, also where the cost is named once more."""
    turns = talk(
        "职工医保，肺癌放疗",
        "今年住院加门特前面已经用了三万",
        "接下来门诊还要两万",
        "这两万能报多少",
    )

    assert "18500" in figures(told(turns[2]))
    assert "18500" in figures(told(turns[3]))


def test_months_of_the_year_are_no_monthly_cost(talk: Talk) -> None:
    """一月份 is January; the months come one on top of the other."""
    turns = talk(
        "职工透析", "一月份花了一万二", "二月份一万五", "三月份又是两万", "这几个月一共报多少"
    )

    assert "134800" not in figures(told(turns[1]))
    assert "42650" in figures(told(turns[-1]))


def test_a_bound_that_is_far_off_is_no_cost(talk: Talk) -> None:
    """过了4万 and not 35万: all of the 2 万 at 95 %."""
    answer = told(
        talk("职工在职，肺癌化疗，累计早就过了4万，不过离35万还远，这回门特2万整，能报多少")[-1]
    )

    assert "19000" in figures(answer)


def test_bills_by_the_month_are_taken_from_the_limit(talk: Talk) -> None:
    """350 + 420 + 380 of 4300: 3150 are left; 1月 is no month that comes again."""
    turns = talk(
        "居民医保，我妹妹精神分裂症已备案",
        "1月配药350",
        "2月420",
        "3月380，都是医保内的",
        "现在限额还剩多少",
    )

    assert "3150" in figures(told(turns[-1]))


@pytest.mark.parametrize(
    ("text", "word", "paid"),
    [
        ("在职职工放疗，没住院，门诊花了8万，就全部乘95%报7万6，对不对", "不是", "74000"),
        ("退休职工的家庭病床，一个结算期花2000就能报1800，真的吗", "不是", "1440"),
        ("退休职工透析花了2万，窗口说能报1万8，对吗", "是", "18000"),
    ],
)
def test_what_somebody_says_comes_back_is_reckoned_again(
    talk: Talk, text: str, word: str, paid: str
) -> None:
    """The sum that is said is neither spent nor added, and gets its yes or no."""
    answer = told(talk(text)[-1])

    assert answer.startswith(word)
    assert paid in figures(answer)


def test_visits_of_several_weeks_are_counted(talk: Talk) -> None:
    """3 × 13 visits of 400 yuan at 90 %."""
    answer = told(talk("居民血透，一次400元，一个星期3次，做了13个星期，总共能结付多少")[-1])

    assert {"15600", "14040"} <= figures(answer)
