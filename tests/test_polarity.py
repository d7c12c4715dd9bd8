"""The first word says what is so, however a question is turned."""

from __future__ import annotations

import pytest
from asking import Asker, told

CASES = [
    ("suzhou", "职工透析有没有上限", "没有。"),
    ("suzhou", "职工透析没有上限吧", "没有。"),
    ("suzhou", "职工透析是不是不封顶", "是。"),
    ("suzhou", "居民透析有没有上限", "有。"),
    ("suzhou", "居民透析没有上限吧", "有。"),
    ("suzhou", "居民透析是不是不封顶", "不是。"),
    ("suzhou", "血友病职工没有限额吧", "有。"),
    ("suzhou", "换透析医院要重新登记吗", "需要。"),
    ("suzhou", "换透析医院不用重新登记吧", "需要。"),
    ("suzhou", "没有社保卡能办吗", "可以。"),
    ("suzhou", "没有医保卡就办不了吗", "不"),
    ("suzhou", "邮寄不能办吧", "可以。"),
    ("suzhou", "没去约定医院透析能报吗", "不能。"),
    ("suzhou", "学生没有家庭病床吧", "没有。"),
    ("suzhou", "备案了马上能报吗", "可以。"),
    ("beijing", "申报表要医生签字吗", "需要。"),
    ("beijing", "申报表不用医生签字吧", "需要。"),
    ("beijing", "外地看病要不要先异地备案", "需要。"),
    ("beijing", "就在北京看病要不要先异地备案", "不需要。"),
    ("beijing", "不用去医院现场吧", "不需要。"),
    ("beijing", "不能拍照上传吗", "可以。"),
    ("beijing", "能不能拍照上传", "可以。"),
    ("suzhou", "血透改成腹透，还是这家医院，就不必再登记一遍了吧", "需要。"),
    ("suzhou", "窗口会不会今天说缺这个明天说缺那个", "不会。"),
    ("suzhou", "医院太远想调到另一家透析，要再登记吗", "需要。"),
    ("beijing", "审核通过了要不要自己激活", "不需要。"),
    ("beijing", "换肝的排除在外吧", "不是。"),
    ("beijing", "teshu menzhen yao benren qu ma", "不需要。"),
    ("beijing", "shenhe mei tongguo hai neng zai jiao ma", "可以。"),
    ("beijing", "大夫是主治，多发性硬化开证明对医生级别有要求没有", "有。"),
    ("general", "确诊两个月了，现在申请晚了吗", "不晚。"),
    ("general", "查出来才两个月，还赶得上吗", "来得及。"),
]


@pytest.mark.parametrize(("region", "question", "first"), CASES, ids=[case[1] for case in CASES])
def test_the_first_word_says_what_is_so(ask: Asker, region: str, question: str, first: str) -> None:
    """A question put with a negation is not answered with the word for its contrary."""
    assert told(ask(question, region=region)).startswith(first)


@pytest.mark.parametrize("question", ["在外地看病能用门特吗", "外地能办吗"])
def test_what_some_cities_do_is_no_yes(ask: Asker, question: str) -> None:
    """The general article speaks of some cities, and not of this one."""
    assert told(ask(question)).startswith("部分城市")
    assert "通用说法" in told(ask(question)).splitlines()[0]


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("透析要自己全掏吗", "不需要。"),
        ("肺癌化疗是不是全自费", "不是。"),
        ("血友病还要自己出钱吗", "需要。"),
        ("精神分裂职工要自己出钱吗", "限额以内不需要。"),
        ("居民家庭病床得全自己掏吗", "需要。"),
    ],
)
def test_who_pays_is_told_first(ask: Asker, question: str, word: str) -> None:
    """A part of it or all of it; where there is no benefit, all."""
    assert told(ask(question)).startswith(word)


@pytest.mark.parametrize(
    "question",
    [
        "职工的特病，难道确诊之后拖过半年没去申请，就全作废了？",
        "各个城市的特病比例都一样吗",
    ],
)
def test_a_false_belief_in_general_is_denied_first(ask: Asker, question: str) -> None:
    """The rule follows, with the word that it is no city's."""
    first = told(ask(question, region=None)).splitlines()[0]

    assert first.startswith(("不", "没"))
    assert "通用说法" in first


def test_of_two_written_rates_neither_is_affirmed(ask: Asker) -> None:
    """4万以内90%, above it 95%: that one of them is written is no yes."""
    answer = told(ask("职工过了四万以后，是不是前面那四万也一并翻成95%重算"))

    assert not answer.startswith("是")


def test_who_is_late_is_told_the_rule(ask: Asker) -> None:
    """Late, and not too late: neither word is the whole of it."""
    answer = told(ask("确诊八个月了才去申请，是不是太晚了", region=None))

    assert answer.startswith("需在确诊后6个月内")


def test_what_is_told_of_others_is_no_yes_of_a_platform(ask: Asker) -> None:
    """That there are other platforms is no 可以 for one of another city."""
    answer = told(ask("苏周到能办北京特殊病吗", region=None))

    assert "没有写" in answer.splitlines()[0]
    assert "可以。" not in answer
