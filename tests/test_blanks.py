"""Blanks that stand for commas, and those that do not."""

from __future__ import annotations

import pytest

from intents.blanks import punctuated
from intents.understanding import Token


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("外婆住在昆山 医保是姑苏的 门特去哪办", "外婆住在昆山,医保是姑苏的,门特去哪办"),
        ("在职 透析 今年医保内花了5万", "在职 透析,今年医保内花了5万"),
        ("居民做腹透的 没住院 基金一共付几何", "居民做腹透的,没住院,基金一共付几何"),
        ("几天出结果?到时候上哪看 要带啥", "几天出结果?到时候上哪看,要带啥"),
    ],
)
def test_a_blank_between_clauses_is_a_comma(typed: str, read: str) -> None:
    assert punctuated(typed, ()) == read


@pytest.mark.parametrize(
    "typed",
    [
        "门特 备案 昆山",
        "职工医保 透析 限额",
        "pku 15岁 少儿 额度",
        "kidney failure 怎么报销",
        "透析",
    ],
)
def test_a_blank_between_keywords_stays(typed: str) -> None:
    assert punctuated(typed, ()) == typed


def test_a_blank_within_a_name_stays() -> None:
    typed = "你好我想问一下就是居 保透析限额多少啊"
    assert punctuated(typed, [Token("scheme", "resident", "居 保", 9, 12)]) == typed
