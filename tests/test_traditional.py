"""Replies in traditional characters, for who asks for those."""

from __future__ import annotations

import pytest

from bot.answers import reply
from bot.messages import Answer, Cited, Items, Option, Spot, Steps, Sum, Table, Text
from bot.traditional import in_traditional, language_of, spoken

ANSWER = Answer(
    "answered",
    (
        Text("门诊慢特病"),
        Steps("办理", ("备案",)),
        Items(("材料", "医保")),
        Table(("区县", "地址"), (("吴江区", "开平路"),)),
        Spot("经办地址", "为民服务", "线上", "备注"),
        Sum(("4万元 × 90%", "合计")),
    ),
    (Cited("suzhou-guide-2023-10", "办理指南", "苏州医保", "2023-10", "official", "经办"),),
    (Option("退休", "退休"), Option("学生少儿", "学生少儿")),
    topic="materials",
    slots={"disease": "dialysis", "tumour": "肺癌"},
    as_of="2026-11-22",
    session="abc",
)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh-Hans"),
        ("zh-Hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-hk,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-CN,zh;q=0.9,zh-TW;q=0.8", "zh-Hans"),
        ("zh-CN;q=0.5, zh-TW;q=0.8", "zh-Hant"),
        ("en-US,en;q=0.9,zh-TW;q=0.1", "zh-Hant"),
        ("en", "zh-Hans"),
        ("*", "zh-Hans"),
        ("zh-TW;q=0", "zh-Hans"),
        ("zh-TW;q=nan", "zh-Hans"),
        ("zh-TW;q=x, zh-CN", "zh-Hans"),
        ("zh-twist", "zh-Hans"),
        (";,;;q=,", "zh-Hans"),
    ],
)
def test_the_header_names_the_script(accepted: str, language: str) -> None:
    """Of the Chinese languages of a header the heaviest decides; rubbish is simplified."""
    assert language_of(accepted) == language


def test_all_that_is_read_is_converted() -> None:
    """Text, every kind of block, options' labels and citations are in traditional characters."""
    said = in_traditional(reply(ANSWER))

    assert "門診慢特病" in said.text
    assert said.blocks == (
        Text("門診慢特病"),
        Steps("辦理", ("備案",)),
        Items(("材料", "醫保")),
        Table(("區縣", "地址"), (("吳江區", "開平路"),)),
        Spot("經辦地址", "爲民服務", "線上", "備註"),
        Sum(("4萬元 × 90%", "合計")),
    )
    assert [option.label for option in said.options] == ["退休", "學生少兒"]
    assert (said.citations[0].title, said.citations[0].issuer) == ("辦理指南", "蘇州醫保")


def test_what_programs_read_stays() -> None:
    """Ids, slots, dates and what an option says are the same in both scripts."""
    plain, said = reply(ANSWER), in_traditional(reply(ANSWER))

    assert said.understood == plain.understood
    assert (said.session, said.as_of, said.status) == (plain.session, plain.as_of, plain.status)
    assert [option.say for option in said.options] == ["退休", "学生少儿"]
    assert said.citations[0].source == plain.citations[0].source


def test_without_the_wish_nothing_changes() -> None:
    """A reply for a reader of simplified characters is the very same."""
    plain = reply(ANSWER)

    assert spoken(plain, "zh-CN") is plain
    assert spoken(plain, "zh-TW") == in_traditional(plain)
