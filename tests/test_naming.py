"""Pointing back at what a conversation named: the first one, the second, both."""

from __future__ import annotations

import pytest
from asking import Talk, told, understood


@pytest.mark.parametrize(
    ("turns", "disease"),
    [
        (("血友病一年限额", "那红斑狼疮呢", "回到最开始那个病，孩子的呢"), "hemophilia"),
        (("血友病一年限额", "白内障呢", "肺结核呢", "一开始说的那个报几成"), "hemophilia"),
        (("血友病和白内障的限额", "后面那个报几成"), "cataract"),
    ],
)
def test_a_disease_is_pointed_at(talk: Talk, turns: tuple[str, ...], disease: str) -> None:
    """By its place among those that were named, in one message or in several."""
    assert understood(talk(*turns)[-1], "disease") == {disease}


def test_a_district_is_pointed_at(talk: Talk) -> None:
    """After addresses the second one is the second district."""
    answer = told(talk("相城在哪办", "太仓的呢", "常熟的呢", "第二个")[-1])

    assert "十八港路29号" in answer


def test_two_diseases_named_apart_are_compared(talk: Talk) -> None:
    """两个比例一样吗 is about the last two."""
    answer = told(talk("血友病一年限额", "那红斑狼疮呢", "两个比例一样吗")[-1])

    assert answer.startswith("一样")
    assert "血友病" in answer
    assert "系统性红斑狼疮" in answer
