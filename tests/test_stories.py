"""Stories around a question: who is meant, what is put aside, and what a list asks."""

from __future__ import annotations

import pytest
from asking import Asker, figures, told, topics, understood


@pytest.mark.parametrize(
    ("text", "expected", "absent"),
    [
        ("我爸那点高血压先不管，我妈血友病限额多少", "血友病", "高血压"),
        ("别讲透析，血友病限额多少", "血友病", "透析"),
        ("透析怎么报就别讲了，血友病限额多少", "血友病", "透析"),
        ("不是问透析，是问血友病，限额多少", "血友病", "透析"),
        ("别给我讲昆山，太仓在哪里办", "太仓市", "昆山市经办地址"),
    ],
)
def test_what_is_put_aside_is_not_told(ask: Asker, text: str, expected: str, absent: str) -> None:
    """先不管, 别讲 and 不是问 name what is not asked about."""
    answer = told(ask(text))

    assert expected in answer
    assert absent not in answer


@pytest.mark.parametrize(
    ("text", "limit", "absent"),
    [
        ("我爸职工医保，我妈居民医保，我妈精神病限额多少", "4300元", "5300元"),
        ("我妈居民医保，我爸职工医保，我爸精神病限额多少", "5300元", "4300元"),
    ],
)
def test_who_is_asked_about_has_the_scheme(ask: Asker, text: str, limit: str, absent: str) -> None:
    """Of several people with a scheme, the scheme of the one asked about counts."""
    answer = told(ask(text))

    assert limit in answer
    assert absent not in answer


def test_one_disease_in_a_story_is_everybodys(ask: Asker) -> None:
    """我爸这病 is the disease that was told of the mother, under the father's own scheme."""
    turn = ask("我妈是居民，得了精神病，我爸是职工，我爸这病限额多少")

    assert understood(turn, "disease") == {"mental-disorder"}
    assert understood(turn, "scheme") == {"employee"}
    assert "5300元" in told(turn)


def test_every_question_of_a_story_has_its_disease(ask: Asker) -> None:
    """得了肺结核 is said once and holds for both questions."""
    answer = told(ask("我妈得了肺结核。限额多少？报几成？"))

    assert {"8000", "90%"} <= figures(answer)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("①透析限额多少②血友病限额多少③审核几天", ["benefit", "benefit", "review_time"]),
        ("问三件事：①审核几天②要带什么③昆山去哪办", ["review_time", "materials", "address"]),
        (
            "1. 血友病限额多少 2. 透析报几成 3. 审核几天",
            ["benefit", "benefit", "review_time"],
        ),
        ("1、血友病限额 2、要哪些材料", ["benefit", "materials"]),
    ],
)
def test_every_point_of_a_counted_list_is_answered(
    ask: Asker, text: str, expected: list[str]
) -> None:
    """Each point is a question, in the order of the list."""
    assert topics(ask(text)) == expected


def test_the_points_of_a_list_keep_their_diseases(ask: Asker) -> None:
    """The limit of the second point is that of its own disease."""
    lines = told(ask("①血友病限额②红斑狼疮限额③要带什么材料")).split("\n")

    assert lines[0].startswith("血友病")
    assert "10万元" in lines[0]
    assert lines[1].startswith("系统性红斑狼疮")
    assert "8000元" in lines[1]
    assert "3样材料" in lines[2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("血友病限额多少，红斑狼疮呢", {"10万元", "8000元"}),
        ("昆山在哪里办，太仓呢", {"前进西路1801号", "十八港路29号"}),
    ],
)
def test_a_short_clause_that_ends_in_a_particle_goes_on(
    ask: Asker, text: str, expected: set[str]
) -> None:
    """红斑狼疮呢 in the same message asks the same of another."""
    answer = told(ask(text))

    assert not {word for word in expected if word not in answer}


def test_a_clause_that_goes_on_keeps_the_scheme(ask: Asker) -> None:
    """透析呢 after a question about residents is about residents."""
    answer = told(ask("居民精神病限额多少，透析呢"))

    assert "35万元" in answer
    assert "职工" not in answer


def test_a_list_counted_in_chinese_is_answered_whole(ask: Asker) -> None:
    """一、…二、…三、… are three questions."""
    turn = ask("问三个事：一、太仓去哪办；二、要带什么；三、多久生效")

    assert topics(turn) == ["address", "materials", "effective"]


def test_a_reported_diagnosis_asks_nothing_of_the_doctor(ask: Asker) -> None:
    """医生写的是… tells; whether it counts is the question."""
    turn = ask("医生写的是癫痫所致精神障碍那这个算不算严重精神障碍")

    assert topics(turn) == ["definition"]
    assert told(turn).startswith("算。")


def test_then_is_no_some(ask: Asker) -> None:
    """然后报几成 asks how much, unlike 过几天."""
    assert {"8000", "90%"} <= figures(told(ask("再障居民没工作一年额度多少然后报几成")))


@pytest.mark.parametrize(
    "text",
    [
        "血友病限额多少，居民有这个待遇吗",
        "血友病一年多少限额？退休的能报吗",
    ],
)
def test_a_later_question_does_not_narrow_an_earlier_one(ask: Asker, text: str) -> None:
    """Only the second question names a scheme, so the first is answered for all."""
    first = ask(text).asks[0]

    assert not first.values("scheme")
    assert not first.values("population")


def test_what_a_neighbour_says_is_about_somebody_else(ask: Asker) -> None:
    """邻居说 tells hearsay; the disease stays that of the person before."""
    turn = ask("我老伴高血压糖尿病两样都有，交的居民的。邻居说一起办额度多点，真的吗，一年多少")

    assert understood(turn, "disease") == {"hypertension-diabetes"}
    assert "3000" in figures(told(turn))


def test_where_somebody_is_insured_is_no_question_of_contributions(ask: Asker) -> None:
    """园区交社保的 says which district; 怎么交社保 is another office's matter."""
    assert told(ask("我是园区交社保的，门特去哪办")).startswith("工业园区经办地址")
    assert ask("怎么交社保").answer.status == "declined_out_of_scope"


def test_any_hospital_is_no_premise_for_dialysis(ask: Asker) -> None:
    """随便找一家 is answered by the rule of the chosen hospital."""
    answer = told(ask("血透不限医院吧，随便找一家近的透就行了吧"))

    assert answer.startswith("不")
    assert "约定医院" in answer
