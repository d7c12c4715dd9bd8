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
