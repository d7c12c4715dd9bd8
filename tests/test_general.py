"""What is general, who and what is named in passing, and what a short word points at."""

from __future__ import annotations

import pytest
from asking import Asker, Talk, told, topics, understood

LABEL = "通用说法"
NAMED = "透析、血友病、红斑狼疮限额分别多少"


@pytest.mark.parametrize(
    "text",
    [
        "不在苏州也不在北京，怎么办门特",
        "既不在北京也不在苏州，怎么申请门特",
        "不在苏州也不在北京，要带什么材料",
    ],
)
def test_neither_here_nor_there_is_general_advice(ask: Asker, text: str) -> None:
    """Outside both cities the general article answers, and says that it is no city's rule."""
    turn = ask(text, region=None)

    assert turn.answer.status == "answered"
    assert LABEL in told(turn).splitlines()[0]
    assert understood(turn, "region") == {"general"}


def test_a_town_without_a_document_is_declined(talk: Talk) -> None:
    """Nobody gets general advice for Chengdu without asking for it."""
    last = talk("成都怎么办门慢特", region=None)[-1]

    assert last.answer.status == "declined_out_of_scope"
    assert LABEL not in told(last)


@pytest.mark.parametrize("follow", [(), ("要带什么材料",), ("去哪里办",)])
def test_general_advice_can_be_asked_for_and_goes_on(talk: Talk, follow: tuple[str, ...]) -> None:
    """那讲讲一般流程 is answered, and so is what is asked after it, each with the label."""
    last = talk("成都怎么办门慢特", "没有成都的？那讲讲一般流程", *follow, region=None)[-1]

    assert last.answer.status == "answered"
    assert LABEL in told(last).splitlines()[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("苏州医保，血友病限额多少", "10万元"),
        ("吴江医保，血友病限额多少", "10万元"),
    ],
)
def test_an_account_names_its_region(ask: Asker, text: str, expected: str) -> None:
    """Who speaks of 苏州医保 is not asked for the region."""
    turn = ask(text, region=None)

    assert turn.answer.status == "answered"
    assert expected in told(turn)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("主治医师能签字吗", "不能。"),
        ("副主任医师能签字吗", "可以。"),
        ("主任医师能填表吗", "可以。"),
        ("要副主任签字吗", "需要。"),
    ],
)
def test_a_rank_is_held_against_the_least(ask: Asker, text: str, word: str) -> None:
    """副主任 is the least that will do: below it no, from it on yes."""
    answer = told(ask(text))

    assert answer.startswith(word)
    assert "副主任及以上" in answer


def test_a_higher_rank_than_the_least_is_not_needed(ask: Asker) -> None:
    """要主任签字吗 is no 需要: the rule itself says that a lower one will do."""
    answer = told(ask("要主任签字吗"))

    assert not answer.startswith("需要")
    assert "副主任及以上" in answer


@pytest.mark.parametrize(
    ("text", "word"),
    [("多发性硬化主治医师能开证明吗", "不能。"), ("多发性硬化副主任能开证明吗", "可以。")],
)
def test_a_rank_counts_where_a_disease_sets_it(ask: Asker, text: str, word: str) -> None:
    """Beijing sets a rank for 多发性硬化."""
    assert told(ask(text, region="beijing")).startswith(word)


def test_no_rank_is_made_up_for_the_other_diseases(ask: Asker) -> None:
    """Beijing's document sets none for the others: neither yes nor no."""
    answer = told(ask("主治医师能签字吗", region="beijing"))

    assert not answer.startswith(("可以", "不能"))
    assert "没有写医师职级" in answer


@pytest.mark.parametrize(
    ("text", "region", "title", "issued"),
    [
        ("这是哪年的文件", "suzhou", "《苏州市门诊慢特病待遇享受、政策经办一本通》", "2023年10月"),
        ("政策依据在哪里", "beijing", "《2025年北京特殊门诊手机申请》", "2025年"),
    ],
)
def test_the_document_and_its_date_are_told(
    ask: Asker, text: str, region: str, title: str, issued: str
) -> None:
    """Where it is written is answered by the title and the day of issue."""
    first = told(ask(text, region=region)).split("\n", maxsplit=1)[0]

    assert title in first
    assert issued in first


def test_without_a_region_no_document_is_picked(ask: Asker) -> None:
    """Which document it is depends on the region."""
    assert ask("这是哪年的文件", region=None).answer.status == "clarify_region"


def test_an_organ_that_is_not_named_is_not_promised(ask: Asker) -> None:
    """Beijing names kidney and liver: of another organ neither yes nor no is said."""
    answer = told(ask("心脏移植能办吗", region="beijing"))

    assert answer.startswith("不能确定")
    assert "“心脏移植”" in answer


@pytest.mark.parametrize("organ", ["肾", "肝"])
def test_an_organ_that_is_named_is_promised(ask: Asker, organ: str) -> None:
    """Kidney and liver stand in the list."""
    assert told(ask(f"{organ}移植能办吗", region="beijing")).startswith("可以")


@pytest.mark.parametrize(
    "text",
    [
        "我在另外一家医院做透析，为什么没报",
        "不是选定的医院做的透析，怎么不给报",
    ],
)
def test_dialysis_in_another_hospital_is_why_nothing_was_paid(ask: Asker, text: str) -> None:
    """Outside the chosen hospital dialysis is not paid, and how to change is said."""
    turn = ask(text)

    assert topics(turn) == ["designated"]
    assert "未在约定医院进行透析，不能享受待遇" in told(turn)
    assert "重新办理" in told(turn)


@pytest.mark.parametrize(
    ("follow", "expected"),
    [
        ("最后那个报几成", "lupus"),
        ("中间那个居民呢", "hemophilia"),
        ("第一个报几成", "dialysis"),
    ],
)
def test_one_of_several_diseases_is_pointed_at(talk: Talk, follow: str, expected: str) -> None:
    """最后那个 after three diseases is the third alone."""
    last = talk(NAMED, follow)[-1]

    assert understood(last, "disease") == {expected}


@pytest.mark.parametrize(
    ("choice", "expected", "absent"), [("1", "5300元", "4300元"), ("2", "4300元", "5300元")]
)
def test_a_number_after_both_schemes_is_one_of_them(
    talk: Talk, choice: str, expected: str, absent: str
) -> None:
    """Employees were told first, residents second."""
    answer = told(talk("精神病限额多少", choice)[-1])

    assert expected in answer
    assert absent not in answer


def test_a_number_after_neither_is_no_scheme(talk: Talk) -> None:
    """There is no third scheme to choose."""
    assert talk("精神病限额多少", "3")[-1].answer.status != "answered"


@pytest.mark.parametrize(
    "text", ["一般办特病要几张照片", "通常职工特病交几张照片", "一般来说照片要几张"]
)
def test_what_is_usual_is_told_without_a_city(ask: Asker, text: str) -> None:
    """Who asks what is usual is not asked where, and gets the rule of no city."""
    turn = ask(text, region=None)

    assert turn.answer.status == "answered"
    assert LABEL in told(turn).splitlines()[0]
    assert not turn.answer.options


def test_what_is_usual_in_a_city_is_its_own_rule(ask: Asker) -> None:
    """A city that is known goes before what holds anywhere."""
    assert LABEL not in told(ask("一般待遇从哪天开始享受", region="suzhou"))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("一般居民报得比职工多吗", "不是。"),
        ("通常职工医保比居民医保报得高一些对吗", "是。"),
        ("一般都得是两寸的照片吧", "不是。"),
        ("一般照片是1寸的吗", "是。"),
        ("重庆统一病种是2024年6月起的吧", "不是。"),
        ("重庆是2025年6月起统一病种的吧", "是。"),
    ],
)
def test_what_is_named_is_held_against_what_is_written(ask: Asker, text: str, word: str) -> None:
    """A scheme, a size and a month that are not those of the document are denied."""
    assert told(ask(text, region=None)).startswith(word)
