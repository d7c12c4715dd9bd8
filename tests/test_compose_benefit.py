"""What a disease is paid: only the cells that were asked for, and what they leave open."""

from __future__ import annotations

import pytest
from asking import Asker, figures, told


def first(text: str) -> str:
    """The first line of an answer."""
    return text.split("\n", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("职工透析限额多少", "无限额"),
        ("居民血友病限额多少", "10万元"),
        ("肾衰非透析报几成", "90%"),
        ("职工精神病限额", "5300元"),
        ("居民精神病限额", "4300元"),
        ("5岁苯丙酮尿症限额", "2.2万元"),
        ("10岁苯丙酮尿症限额", "2.9万元"),
        ("15岁苯丙酮尿症限额", "3.6万元"),
        ("三级医院居民高血压报几成", "35%"),
        ("社区医院居民高血压报几成", "55%"),
        ("家庭病床起付线多少", "400元"),
        ("家庭病床结算期多少天", "180天"),
    ],
)
def test_the_first_line_is_the_answer(ask: Asker, text: str, expected: str) -> None:
    """The figure stands in the first line."""
    assert expected in first(told(ask(text)))


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("职工透析限额多少", {"90%", "95%", "40000"}),
        ("职工精神病限额", {"4300"}),
        ("居民精神病限额", {"5300"}),
        ("5岁苯丙酮尿症限额", {"29000", "36000"}),
        ("三级医院居民高血压报几成", {"55%"}),
        ("血友病限额", {"90%"}),
        ("血友病报几成", {"100000"}),
    ],
)
def test_what_was_not_asked_is_not_told(ask: Asker, text: str, absent: set[str]) -> None:
    """A question about one cell gets that cell, not the table."""
    lines = [line for line in told(ask(text)).split("\n") if not line.startswith("· ")]

    assert not figures("\n".join(lines)) & absent


@pytest.mark.parametrize(
    "text", ["学生白内障限额多少", "职工自闭症限额多少", "居民家庭病床报几成", "职工PKU能报吗"]
)
def test_what_is_not_offered_is_said_to_be_so(ask: Asker, text: str) -> None:
    """无此项目 is a value of its own, and no figure stands beside it."""
    answer = told(ask(text))

    assert "无此项目" in answer
    assert not figures(answer) - {"60", "18"}


def test_what_no_table_lists_is_not_called_excluded(ask: Asker) -> None:
    """Employees are not in the chronic table, which is not the same as 无此项目."""
    answer = told(ask("职工医保高血压限额多少"))

    assert "没有写职工医保" in answer
    assert "无此项目" not in answer


@pytest.mark.parametrize(
    "text",
    [
        "高血压加糖尿病报几成",
        "类风湿报销比例",
        "帕金森能报百分之几",
        "慢阻肺报几成",
        "学生高血压报几成",
    ],
)
def test_what_the_document_leaves_open_is_said_to_be_open(ask: Asker, text: str) -> None:
    """The row is shown and what it leaves open is said."""
    answer = told(ask(text))

    assert "没有写清" in answer
    assert "原表" in answer


def test_the_printed_eighty_percent_is_not_given_as_a_rate(ask: Asker) -> None:
    """The 80 % of the row stands only where the row and its doubt stand."""
    lines = told(ask("高血压加糖尿病报几成")).split("\n")

    assert not [line for line in lines if "80%" in line and not line.startswith("· ")]


def test_the_eighteenth_year_is_left_open(ask: Asker) -> None:
    """PKU at exactly 18 is not settled by the text."""
    assert "没有写清" in told(ask("18岁苯丙酮尿症限额"))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("职工透析能报吗", "可以"), ("学生白内障能报吗", "不能"), ("白内障居民能报吗", "分情况"),
        ("职工透析有没有限额", "没有"), ("血友病有没有限额", "有"), ("家庭病床有没有起付线", "有"),
        ("血友病限额是10万吗", "是"), ("血友病限额是8万吗", "不是"), ("血友病报95%吗", "不是"),
    ],
)  # fmt: skip
def test_a_yes_or_no_question_begins_with_it(ask: Asker, text: str, word: str) -> None:
    """Yes, no or it depends is the first word."""
    assert told(ask(text)).startswith(word)


@pytest.mark.parametrize("text", ["职工透析限额", "职工透析超过35万报多少", "职工精神病报几成"])
def test_the_cliff_of_employees_is_mentioned_where_it_applies(ask: Asker, text: str) -> None:
    """Above 350 000 employees go on at 95 % without an end, 严重精神障碍 as well."""
    answer = told(ask(text))

    assert {"350000", "95%"} <= figures(answer)
    assert "不结付" not in answer


def test_the_cliff_of_residents_is_mentioned_where_it_applies(ask: Asker) -> None:
    """Above 350 000 residents are paid nothing further."""
    answer = told(ask("居民透析限额"))

    assert "不结付" in answer
    assert "95%" not in answer


@pytest.mark.parametrize("text", ["职工红斑狼疮限额", "居民高血压报几成", "居民肺结核限额"])
def test_no_cliff_is_mentioned_where_a_low_limit_stands(ask: Asker, text: str) -> None:
    """Who gets 8000 at most does not come near 350 000."""
    assert "350000" not in figures(told(ask(text)))


@pytest.mark.parametrize("text", ["痛风能报吗", "冠心病限额多少", "乙肝报几成", "哮喘怎么报销"])
def test_a_disease_that_is_not_listed_is_declined_by_its_name(ask: Asker, text: str) -> None:
    """No listed disease is stretched over one that is not."""
    turn = ask(text)

    assert turn.answer.kind == "declined"
    assert not figures(told(turn))


def test_a_disease_that_beijing_lists_can_be_filed(ask: Asker) -> None:
    """Beijing's document has a list without figures: yes, and nothing more."""
    turn = ask("多发性硬化能办特殊门诊吗", region="beijing")

    assert turn.answer.status == "answered"
    assert told(turn).startswith("可以")
    assert not figures(told(turn))


def test_a_disease_that_beijing_does_not_list_is_not_refused_outright(ask: Asker) -> None:
    """The list says 主要包括: what is not in it is not known to be excluded."""
    turn = ask("糖尿病能办特殊门诊吗", region="beijing")

    assert turn.answer.kind == "declined"
    assert "主要包括" in told(turn)


def test_two_diseases_are_both_answered(ask: Asker) -> None:
    """Each disease named has its own lines."""
    answer = told(ask("血友病和红斑狼疮限额分别多少"))

    assert {"100000", "8000"} <= figures(answer)
    assert "血友病" in answer
    assert "红斑狼疮" in answer


def test_a_name_of_two_diseases_shows_both_labelled(ask: Asker) -> None:
    """Listing two short cases is kinder than asking which."""
    answer = told(ask("职工尿毒症限额多少"))

    assert "无限额" in answer
    assert "8000元" in answer


def test_an_age_outside_the_bands_is_said_to_be_so(ask: Asker) -> None:
    """At 20 there is no cell, and no other band's figure is given as the answer."""
    assert "20岁不在" in first(told(ask("20岁学生苯丙酮尿症限额多少")))
    assert not figures(first(told(ask("20岁苯丙酮尿症限额多少")))) & {"22000", "29000", "36000"}


def test_a_child_is_a_resident_student(ask: Asker) -> None:
    """Who is eight years old needs no scheme."""
    answer = told(ask("8岁孩子白内障能报吗"))

    assert "无此项目" in answer
    assert "职工" not in answer


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("高血压三级医院报55%对吧", "不是。"),
        ("高血压社区医院报55%对吧", "是。"),
        ("学生高血压社区医院报55%对吗", "文件没有写清。"),
        ("类风湿居民报80%吗", "文件没有写清。"),
        ("帕金森是不是报55%", "文件没有写清。"),
    ],
)
def test_a_stated_rate_is_judged_by_its_hospital_and_never_where_it_is_open(
    ask: Asker, text: str, word: str
) -> None:
    """The tier of the hospital named decides; a rate that is left open is neither yes nor no."""
    assert told(ask(text)).startswith(word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("职工透析四万以上报90%对吧", "不是。"),
        ("职工透析超过4万报95%吧", "是。"),
        ("职工透析4万以内报95%是吧", "不是。"),
        ("职工透析4万以内报90%是吧", "是。"),
    ],
)
def test_a_stated_rate_is_judged_in_its_tier(ask: Asker, text: str, word: str) -> None:
    """90 % holds below 40 000 yuan only, 95 % above it only."""
    assert told(ask(text)).startswith(word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("透析是不是全报", "不是。"),
        ("精神分裂症门诊拿药全报吗", "限额以内是。"),
        ("居民精神残疾证，一年药费3200，是不是一分不用出", "是。"),
        ("职工精神分裂花了8000是不是全报", "不是。"),
        ("居民高血压去三甲，难道不是一样报55%么", "不是。"),
    ],
)
def test_whether_all_of_it_is_paid_comes_first(ask: Asker, text: str, word: str) -> None:
    """100 % with a limit is all of it only within the limit."""
    assert told(ask(text)).startswith(word)
