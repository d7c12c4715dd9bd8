"""Questions over many cells: lists, extremes, comparisons, definitions."""

from __future__ import annotations

import pytest
from asking import Asker, figures, told

from knowledge.pack import Pack


def test_all_diseases_are_listed_and_counted(ask: Asker, suzhou: Pack) -> None:
    """The list has all 22, parted into special and chronic ones."""
    answer = told(ask("门诊慢特病一共有哪些病"))

    assert {"22", "16", "6"} <= figures(answer)
    assert all(disease.name in answer for disease in suzhou.diseases)


@pytest.mark.parametrize(
    ("text", "kind"), [("门诊特殊病有哪几种", "special"), ("门诊慢性病有哪几种", "chronic")]
)
def test_one_kind_is_listed_alone(ask: Asker, suzhou: Pack, text: str, kind: str) -> None:
    """Who asks for the chronic ones gets no special ones."""
    answer = told(ask(text))

    for disease in suzhou.diseases:
        if disease.kind == kind:
            assert disease.name in answer
    assert "血友病" not in answer or kind == "special"


def test_what_a_student_cannot_have_is_listed_first(ask: Asker) -> None:
    """白内障 and 家庭病床 are 无此项目 for students."""
    first = told(ask("学生不能办哪些病")).split("\n")[0]

    assert "白内障" in first
    assert "家庭病床" in first
    assert "透析" not in first


def test_what_an_employee_cannot_have_is_listed(ask: Asker) -> None:
    """The four of children are 无此项目 for employees, the chronic ones are not listed at all."""
    answer = told(ask("职工不能办哪些病"))
    first = answer.split("\n")[0]

    assert all(name in first for name in ("苯丙酮尿症", "I型糖尿病", "孤独症", "生长激素缺乏症"))
    assert "高血压" not in first
    assert "慢性病" in answer


@pytest.mark.parametrize(
    ("text", "expected", "absent"),
    [
        ("哪个病限额最高", "10万元", "8000元"),
        ("哪个病限额最低", "2000元", "8000元"),
        ("哪个病报销比例最高", "100%", "35%"),
        ("居民医保哪个病报销比例最低", "35%", "100%"),
        ("哪些病不封顶", "透析", "肺结核"),
        ("限额2500的病有哪些", "帕金森", "红斑狼疮"),
        ("报70%的病有哪些", "苯丙酮尿症", "透析"),
        ("哪些病有起付线", "家庭病床", "白内障"),
        ("报100%的病有哪些", "严重精神障碍", "透析"),
    ],
)
def test_extremes_and_shares_are_found(ask: Asker, text: str, expected: str, absent: str) -> None:
    """The highest, the lowest, and all with one figure."""
    turn = ask(text)

    assert turn.answer.topic == "ranking"
    assert expected in told(turn)
    assert absent not in told(turn)


def test_an_open_rate_is_not_ranked(ask: Asker) -> None:
    """Rates that the document leaves open are not compared, and that is said."""
    answer = told(ask("哪个病报销比例最低"))

    assert "80%" not in answer
    assert "没有写清" in answer


def test_no_disease_has_a_figure_that_stands_nowhere(ask: Asker) -> None:
    """Asked for a figure that is in no cell, none is named."""
    assert "没有" in told(ask("限额9000的病有哪些"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("透析职工和居民有什么区别", {"350000", "90%", "95%"}),
        ("精神病职工和居民限额差多少", {"5300", "4300"}),
        ("透析和非透析限额有什么区别", {"350000", "8000"}),
        ("白内障非就业居民和学生少儿一样吗", {"3800"}),
    ],
)
def test_a_comparison_shows_both_sides(ask: Asker, text: str, expected: set[str]) -> None:
    """Both figures stand, and that they differ is said first."""
    answer = told(ask(text))

    assert expected <= figures(answer)
    assert "不一样" in answer.split("\n")[0]


@pytest.mark.parametrize(
    "text", ["肺结核和红斑狼疮限额一样吗", "在职和退休待遇一样吗", "透析在职和退休一样吗"]
)
def test_what_is_the_same_is_said_to_be_the_same(ask: Asker, text: str) -> None:
    """Two sides with one cell are the same."""
    first = told(ask(text)).split("\n")[0]

    assert "一样" in first
    assert "不一样" not in first


def test_two_regions_are_told_apart(ask: Asker) -> None:
    """Each region's part carries its name."""
    answer = told(ask("苏州和北京透析报销有什么区别", region=None))

    assert "苏州：" in answer
    assert "北京：" in answer


@pytest.mark.parametrize("text", ["治疗期包括哪些", "哪些治疗算治疗期"])
def test_a_definition_lists_its_members(ask: Asker, text: str) -> None:
    """The treatments of note 2."""
    answer = told(ask(text))

    assert all(one in answer for one in ("放疗", "化疗", "介入", "靶向", "内分泌"))


@pytest.mark.parametrize(
    ("text", "word"), [("放疗算治疗期吗", "算"), ("双相情感障碍算严重精神障碍吗", "算")]
)
def test_a_member_is_in(ask: Asker, text: str, word: str) -> None:
    """What the definition names is in it, said first."""
    assert told(ask(text)).startswith(word)


def test_a_stranger_is_not_said_to_be_in(ask: Asker) -> None:
    """What the definition does not name is not put into it."""
    assert not told(ask("焦虑症算严重精神障碍吗")).startswith(("算", "是", "能"))


def test_a_region_without_figures_ranks_nothing(ask: Asker) -> None:
    """Beijing has no figures to compare."""
    turn = ask("哪个病限额最高", region="beijing")

    assert turn.answer.kind == "declined"
    assert not figures(told(turn))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("居民高血压二级和三级医院差几个百分点", "两级医院"),
        ("糖尿病二级跟三级医院报得一样吗", "不一样。"),
    ],
)
def test_hospitals_differ_by_points(ask: Asker, text: str, word: str) -> None:
    """55 and 35 percent are 20 points apart."""
    answer = told(ask(text))

    assert answer.startswith(word)
    assert "相差20个百分点" in answer


@pytest.mark.parametrize("text", ["肝硬化跟肝移植一样算特病吧", "高血脂跟高血压一样能办吗"])
def test_what_a_disease_is_held_against_is_not_asked_about(ask: Asker, text: str) -> None:
    """Neither document lists the first of them."""
    answer = told(ask(text, region="beijing" if "肝" in text else "suzhou"))

    assert not answer.startswith(("算", "可以", "能", "是"))


def test_two_places_are_not_said_to_differ(ask: Asker) -> None:
    """Whether 无锡 is like 苏州 nobody can say; what holds in 苏州 is told."""
    answer = told(ask("无锡的透析限额跟苏州一样吗"))

    assert not answer.startswith(("不一样", "一样"))
    assert "无锡" in answer
