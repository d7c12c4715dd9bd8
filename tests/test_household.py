"""One question about several relatives: everybody's own rule under their name, and the total."""

from __future__ import annotations

import pytest
from asking import Talk, figures, told

from intents.persons import mentions


def lines(answer: str) -> list[str]:
    """The lines of an answer that begin with whose they are."""
    return [
        line for line in answer.splitlines() if line[:3] in {"爸爸：", "妈妈：", "奶奶：", "儿子："}
    ]


def test_each_has_the_row_of_their_own_disease(talk: Talk) -> None:
    """One has 高血压 and the other both: 2000 and 3000 yuan, 5000 together."""
    answer = told(
        talk(
            "爸妈都是居民医保。爸爸光是血压高，妈妈血压高再加糖尿病。两个人限额各是多少？合起来呢"
        )[-1]
    )

    father, mother = lines(answer)
    assert "2000" in figures(father)
    assert "3000" in figures(mother)
    assert "5000" in figures(answer)
    assert "学生少儿" not in answer


def test_a_whole_family_is_answered_one_by_one(talk: Talk) -> None:
    """Four people of three schemes, each with what the table has for them."""
    answer = told(
        talk(
            "爸爸在职职工有高血压，妈妈居民医保类风湿，奶奶70岁居民医保想建家庭病床，"
            "儿子学生医保有白内障。四个里头哪个有项目，额度多少？"
        )[-1]
    )

    father, mother, grandmother, son = lines(answer)
    assert "没有写职工医保" in father
    assert "2500" in figures(mother)
    assert "无此项目" in grandmother
    assert "无此项目" in son


def test_children_of_three_ages_have_three_limits(talk: Talk) -> None:
    """3.6, 2.9 and 2.2 万: 8.7 together; what holds for all is told before and behind."""
    answer = told(
        talk(
            "三个小孩都是苯丙酮尿症，大的15岁，老二11岁，小的5岁，都参加学生少儿医保。"
            "各人的限额是多少，三个合在一起呢？"
        )[-1]
    )

    assert {"36000", "29000", "22000", "87000"} <= figures(answer)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("妈妈退休职工透析，合规五万；爸爸居民透析，合规五万。两个人各报多少", {"45500", "45000"}),
        ("我爸职工透析，我妈居民化疗，他们两个都能报吗", {"95%", "90%"}),
        ("我妈居民高血压，我爸居民也是高血压还有糖尿病，一家人限额多少", {"2000", "3000"}),
    ],
)
def test_two_relatives_keep_what_was_told_of_each(
    talk: Talk, text: str, expected: set[str]
) -> None:
    """Neither's scheme, disease or bill goes to the other."""
    answer = told(talk(text)[-1])

    assert len(lines(answer)) == 2
    assert expected <= figures(answer)


def test_a_question_of_one_is_answered_for_one(talk: Talk) -> None:
    """Whoever else is told of, 妈妈 alone is asked about."""
    answer = told(talk("爸爸职工透析，妈妈居民糖尿病，妈妈限额多少")[-1])

    assert "2000" in figures(answer)
    assert not lines(answer)


def test_children_are_told_apart_by_what_they_are_called() -> None:
    """老二 and 小的 are two; 他们 is nobody of his own."""
    assert [one.name for one in mentions("大的15岁,老二11岁,小的5岁,他们三个")] == [
        "大的",
        "老二",
        "小的",
    ]


def test_bills_told_later_are_of_the_illnesses_told_before(talk: Talk) -> None:
    """8000 × 90 % of his dialysis, 300 × 55 or 35 % of her 高血压; neither bill is the other's."""
    turns = talk(
        "我爸退休职工，透析，我妈居民，高血压",
        "他俩一年限额各多少",
        "我爸上个月花了8000，我妈花了300",
        "他们俩一共能报多少",
    )

    assert len(lines(told(turns[1]))) == 2
    assert "270" not in figures(told(turns[2]))
    assert {"7200", "165", "105"} <= figures(told(turns[3]))
