"""What differs, by how much, and which diseases have a figure or are missing for somebody."""

from __future__ import annotations

import pytest
from asking import Asker, Talk, figures, told

ALL_8000 = (
    "肾衰非透析 恶性肿瘤康复期 再生障碍性贫血 系统性红斑狼疮 肺结核 "
    "儿童I型糖尿病 孤独症 生长激素缺乏症"
).split()


def line_of(text: str, start: str) -> str:
    """The first line of an answer that begins so; empty where none does."""
    return next((line for line in text.split("\n") if line.startswith(start)), "")


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("职工和居民精神病限额差多少", "1000元"),
        ("血友病和红斑狼疮限额差多少", "9.2万元"),
        ("5岁和10岁苯丙酮尿症限额差多少", "7000元"),
        ("苯丙酮尿症10岁比15岁少多少", "7000元"),
    ],
)
def test_a_gap_is_told_in_yuan(ask: Asker, text: str, gap: str) -> None:
    """差多少 between two limits is a sum, after both of them."""
    answer = told(ask(text))

    assert "不一样" in answer
    assert line_of(answer, "限额相差") == f"限额相差{gap}。"


@pytest.mark.parametrize("text", ["血友病和透析限额一样吗", "职工和居民透析限额差多少"])
def test_no_gap_is_told_where_a_side_has_not_one_limit(ask: Asker, text: str) -> None:
    """Between a sum and 无限额, or several limits, there is no difference in yuan."""
    answer = told(ask(text))

    assert "不一样" in answer
    assert "相差" not in answer


@pytest.mark.parametrize(
    "text",
    [
        "红斑狼疮和肺结核限额一样吗",
        "苯丙酮尿症3岁和5岁限额一样吗",
        "职工和居民红斑狼疮限额差多少",
    ],
)
def test_what_is_the_same_is_said_to_be_so(ask: Asker, text: str) -> None:
    """The verdict 一样 stands in the first line, and no gap anywhere."""
    answer = told(ask(text))
    first = answer.split("\n", maxsplit=1)[0]

    assert first.endswith("一样：") or first.startswith("一样。")
    assert "不一样" not in first
    assert "相差" not in answer


@pytest.mark.parametrize(
    "text", ["职工和居民透析报销比例一样吗", "学生和非就业居民白内障有什么区别"]
)
def test_what_differs_is_said_to_be_so(ask: Asker, text: str) -> None:
    """The verdict 不一样 stands in the first line."""
    first = told(ask(text)).split("\n", maxsplit=1)[0]

    assert first.endswith("不一样：") or first.startswith("不一样。")


@pytest.mark.parametrize("text", ["限额8000的有哪几个病", "8000限额的有几种"])
def test_the_diseases_of_a_figure_are_counted_and_named(ask: Asker, text: str) -> None:
    """All eight diseases with 8000, and no other."""
    line = line_of(told(ask(text)), "限额8000元的病种")

    assert "（8种）" in line
    assert line.partition("：")[2].rstrip("。").split("、") == ALL_8000


def test_a_figure_that_no_disease_has_is_said_to_be_none(ask: Asker) -> None:
    """No nearest figure is offered in its place."""
    assert told(ask("限额9000的有哪些病")).startswith("没有限额是9000元的病种")


@pytest.mark.parametrize("text", ["哪几项是学生没有的", "学生没有哪些病"])
def test_what_a_student_lacks_comes_first(ask: Asker, text: str) -> None:
    """Two diseases are 无此项目 for students, and they are the first line."""
    first = told(ask(text)).split("\n", maxsplit=1)[0]

    assert first == "居民医保（学生少儿）写明“无此项目”的有2种：白内障、家庭病床。"


def test_the_diseases_without_a_ceiling_are_those_of_employees(ask: Asker) -> None:
    """Three diseases for employees, none for residents."""
    answer = told(ask("哪些病没有限额"))

    assert line_of(answer, "职工") == "职工医保无限额的病种：恶性肿瘤治疗期、器官移植抗排异、透析。"
    assert line_of(answer, "居民") == "居民医保没有无限额的病种。"


@pytest.mark.parametrize(
    "text",
    ["职工能报而居民不能报的有哪些", "职工有居民没有的病种有哪些"],
)
def test_what_employees_have_and_residents_lack(ask: Asker, text: str) -> None:
    """家庭病床 is the one thing that residents lack outright."""
    first = told(ask(text)).split("\n", maxsplit=1)[0]

    assert first == "职工医保有、居民医保写明“无此项目”的病种（1种）：家庭病床。"


@pytest.mark.parametrize(
    "text",
    [
        "哪些病是学生有居民没有的",
        "只给学生少儿、职工和无业居民都没有的,是哪四个病",
        "学生独有的门特有哪些",
    ],
)
def test_what_students_alone_have(ask: Asker, text: str) -> None:
    """Four diseases are 无此项目 for everybody else; a column left open is not counted."""
    first = told(ask(text)).split("\n", maxsplit=1)[0]

    assert first.endswith("（4种）：苯丙酮尿症、儿童I型糖尿病、孤独症、生长激素缺乏症。")


def test_a_list_without_figures_says_whether_it_lists(ask: Asker) -> None:
    """Beijing lists both: yes, each by its name, and no figure."""
    answer = told(ask("再障和血友病名单里都有吗", region="beijing"))

    assert answer.startswith(("有。", "都有。"))
    assert "“再生障碍性贫血”" in answer
    assert "“血友病”" in answer
    assert not figures(answer)


@pytest.mark.parametrize("text", ["再障和血友病限额差多少", "再障和血友病报销比例一样吗"])
def test_a_list_without_figures_compares_none(ask: Asker, text: str) -> None:
    """Where a document has no figures, none are compared, and none of Suzhou are lent."""
    turn = ask(text, region="beijing")

    assert turn.answer.status == "declined_unknown"
    assert not figures(told(turn))


@pytest.mark.parametrize(
    "text",
    [
        "居民高血压跟高血压加糖尿病限额各是多少",
        "居民高血压和高血压加糖尿病限额差多少",
        "居民只有高血压，和高血压加糖尿病都有，限额差多少",
    ],
)
def test_one_disease_beside_the_pair_that_holds_it(ask: Asker, text: str) -> None:
    """高血压 and 高血压+糖尿病 are two rows where they are compared."""
    assert {"2000", "3000"} <= figures(told(ask(text)))


@pytest.mark.parametrize(
    "text", ["居民医保看白内障大人和小孩待遇差在哪", "学生白内障待遇和大人有区别吗"]
)
def test_one_population_is_compared_with_the_other(ask: Asker, text: str) -> None:
    """With 学生 named the other side is the other population of the scheme."""
    answer = told(ask(text))

    assert "非就业居民" in answer
    assert "无此项目" in answer
    assert "90%" in figures(answer)
    assert "职工" not in answer


def test_a_comparison_keeps_the_figures_asked_before_it(ask: Asker) -> None:
    """各自限额多少？比例一不一样？ wants both figures."""
    answer = told(ask("学生8岁的I型糖尿病和4岁的孤独症，各自限额多少？比例一不一样？"))

    assert "8000" in figures(answer)
    assert "90%" in figures(answer)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("在职和退休透析一样吗", "一样。"),
        ("职工和居民透析报销有区别吗", "有。"),
        ("苯丙酮尿症5岁和10岁额度一样吗", "不一样。"),
    ],
)
def test_a_yes_or_no_comparison_begins_with_its_word(ask: Asker, text: str, word: str) -> None:
    """一样吗 is answered 一样 or 不一样, 有区别吗 有 or 没有."""
    assert told(ask(text)).startswith(word)


def test_a_comparison_goes_on_with_the_disease_before(talk: Talk) -> None:
    """跟1型糖尿病一样吗 compares with what was spoken of."""
    after = talk("孤独症限额多少", "跟1型糖尿病的小孩一样吗")[-1]

    assert "孤独症" in told(after)
    assert told(after).startswith("一样。")


def test_a_comparison_with_sides_of_its_own_leaves_the_disease_before(talk: Talk) -> None:
    """白内障大人小孩差在哪 names both sides; the dialysis spoken of before is none."""
    after = talk("职工透析怎么报", "居民白内障大人小孩差在哪")[-1]

    assert "透析" not in told(after)
    assert "非就业居民" in told(after)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("职工透析比居民报得多吗", "是。"),
        ("居民透析限额高于职工吧", "不是。"),
        ("血友病的限额比白内障高吗", "是。"),
        ("白内障报得比血友病多吧", "不是。"),
        ("居民精神病的额度比职工低对吗", "是。"),
    ],
)
def test_who_has_more_is_answered_by_yes_or_no(ask: Asker, text: str, word: str) -> None:
    """It is not enough to say that two differ where one was said to have more."""
    assert told(ask(text)).startswith(word)


def test_what_two_hospitals_pay_is_subtracted(ask: Asker) -> None:
    """500 yuan: 275 at 55 %, 175 at 35 %."""
    assert "两级医院相差100元。" in told(ask("居民高血压花了500块，社区和三甲报下来差几块"))


@pytest.mark.parametrize(
    ("text", "names", "count"),
    [
        ("限额2500的有哪些", {"类风湿", "帕金森", "慢阻肺"}, 3),
        ("2000块那一档的慢性病是哪两样", {"高血压", "糖尿病"}, 2),
    ],
)
def test_a_figure_leads_back_to_its_diseases(
    ask: Asker, text: str, names: set[str], count: int
) -> None:
    """哪些 beside a figure asks who has it, and not what the figure means."""
    answer = told(ask(text))

    assert f"（{count}种）" in answer
    assert all(name in answer for name in names)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("苏州和北京都能办的门特病种有哪些", "几地的文件都列出的病种（5种）"),
        ("北京有苏州没有的病种是哪些", "只有北京的文件列出的病种（2种）"),
        ("哪些病苏州能办北京不能办", "只有苏州的文件列出的病种（17种）"),
        ("苏州北京的特病病种一样吗", "不一样。"),
    ],
)
def test_the_lists_of_two_regions_are_set_side_by_side(ask: Asker, text: str, first: str) -> None:
    """What both list, and what only one does, the part that was asked for first."""
    turn = ask(text, region=None)

    assert told(turn).startswith(first)
    assert "没列出的能不能办没有写" in told(turn)
    assert {cited.source.partition("-")[0] for cited in turn.answer.citations} == {
        "suzhou",
        "beijing",
    }
