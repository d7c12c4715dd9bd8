"""Who is who in a conversation: each relative keeps what was told of them."""

from __future__ import annotations

import pytest
from asking import Talk, figures, told

from intents.persons import meant, relatives

BOTH = "爸爸职工退休，在透析；妈妈居民没工作，糖尿病"


@pytest.mark.parametrize(
    ("follow", "expected", "absent"),
    [
        (("妈妈的限额",), "2000元", "无限额"),
        (("妈妈的限额", "那爸爸的呢"), "无限额", "2000元"),
        (("妈妈的限额", "那他的呢"), "无限额", "2000元"),
        (("爸爸的限额", "她的呢"), "2000元", "无限额"),
    ],
)
def test_who_is_asked_about_brings_what_was_told(
    talk: Talk, follow: tuple[str, ...], expected: str, absent: str
) -> None:
    """By name or by the pronoun that stands for one of them only."""
    answer = told(talk(BOTH, *follow)[-1])

    assert expected in answer
    assert absent not in answer


def test_a_sum_stays_with_whom_it_was_told_of(talk: Talk) -> None:
    """外婆's cataract comes between; 外公's 5 万 are still his."""
    turns = talk(
        "外公退休职工，外婆居民",
        "外公在化疗，今年合规五万，没住院",
        "外婆白内障，一年限额多少",
        "外公那个五万，报下来多少",
    )

    assert "3800" in figures(told(turns[2]))
    assert "45500" in figures(told(turns[3]))


def test_what_is_said_of_both_holds_for_each(talk: Talk) -> None:
    """两个人都有糖尿病: the scheme of each was told before."""
    answer = told(talk("我爸职工，我妈居民没上班", "两个人都有糖尿病", "那妈的限额")[-1])

    assert "非就业居民" in answer
    assert "2000元" in answer


def test_a_new_relative_goes_on_with_what_was_spoken_of(talk: Talk) -> None:
    """Of whom nothing was told the disease is the one that was asked about."""
    answer = told(talk("我爸在职，血友病一年多少", "那我妈居民呢")[-1])

    assert "血友病，居民医保" in answer


def test_relatives_are_no_names_of_persons() -> None:
    """What is kept of them is the kinship alone."""
    assert relatives("老王说我爸在透析，那妈的限额呢") == (("father", 3), ("mother", 10))


def test_a_pronoun_stands_for_who_was_spoken_of() -> None:
    """For itself where nobody was; 其他 and 他们 stand for nobody."""
    assert meant("她的呢", ("father", "mother")) == {"mother"}
    assert meant("他的呢", ("spouse", "mother")) == {"spouse"}
    assert meant("他是职工", ()) == {"he"}
    assert meant("其他的呢，他们呢", ("father",)) == set()


def test_who_is_only_a_pronoun_keeps_what_was_told(talk: Talk) -> None:
    """他 and 她 are two people, whoever they are."""
    turns = talk("他是职工，肾移植", "她是居民，也是肾移植", "他一年多少")

    assert "无限额" in told(turns[-1])


def test_where_a_relative_is_insured_stays_with_them(talk: Talk) -> None:
    """爸爸's Beijing is none of 妈妈's."""
    turns = talk(
        "我妈在苏州职工退休，透析，限额多少",
        "我爸是北京医保，他肾移植怎么备案",
        "那我妈要准备啥材料",
        region=None,
    )

    assert "北京" in told(turns[1])
    assert "苏州" in told(turns[2])
    assert "北京" not in told(turns[2])


def test_a_bare_name_asks_the_same_of_them(talk: Talk) -> None:
    """爸爸报几成?妈妈呢: two answers, each by its own scheme."""
    story = "爸爸退休职工、妈妈居民医保，都在透析，今年累计超35万了。后面爸爸报几成？妈妈呢？"

    answer = told(talk(story)[-1])

    assert "95%" in answer
    assert "不结付" in answer


def test_several_relatives_are_reckoned_each_by_themselves(talk: Talk) -> None:
    """1000 × 55 % of the one and 1400 × 55 % of the other; neither is a child of the table."""
    turns = talk(
        "我爸高血压一年药费1000，我妈糖尿病一年1400",
        "都是苏州居民，社区看的，医保内的药",
        "两个人加起来报多少",
        region=None,
    )

    assert {"550", "770", "1320"} <= figures(told(turns[-1]))
    assert "学生少儿" not in told(turns[-1])


def test_limits_and_tiers_are_those_of_one_person(talk: Talk) -> None:
    """Two who are on dialysis begin each at 90 %: 4.55 and 5.5 万, and no 10.45 of 11 万."""
    answer = told(talk("我爸妈都透析，都是职工，我爸花了5万我妈花了6万，两个人一共报多少")[-1])

    assert {"45500", "55000", "100500"} <= figures(answer)


def test_who_is_asked_about_pays_no_bill_of_another(talk: Talk) -> None:
    """The father's 1 万 is no cost of the mother's."""
    answer = told(talk("我爸职工透析花了10000，我妈居民透析花了14000，我妈能报多少")[-1])

    assert {"14000", "12600"} <= figures(answer)
    assert "21600" not in figures(answer)


def test_whoever_only_tells_of_an_illness_gets_its_rule(talk: Talk) -> None:
    """Words that nothing explains do not hide the illness, where nothing is asked."""
    answer = told(talk("我妈糖尿病天天打针")[-1])

    assert "2000" in figures(answer)
