"""An answer as plain text, complete in itself, and as data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import DAY, Asker, text_of
from msgspec import to_builtins

from bot.answers import block_text, options_text, plain, reply, source_lines
from bot.compose.figures import month
from bot.messages import (
    Answer,
    Block,
    Cited,
    Items,
    Option,
    Spot,
    Steps,
    Sum,
    Table,
    Text,
)

GUIDE = Cited("guide", "一本通", "苏州医保", "2023-10", "official", "一（二）")
ARTICLE = Cited("article", "怎么办", None, "2025", "media", "正文")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Text("能。"), "能。"),
        (Steps("怎么办：", ("填表", "交表")), "怎么办：\n1. 填表\n2. 交表"),
        (Steps("", ("填表",)), "1. 填表"),
        (Items(("甲", "乙")), "· 甲\n· 乙"),
        (
            Table(("", "限额"), (("透析", "无"), ("血友病", "10万元"))),
            "· 透析：限额无\n· 血友病：限额10万元",
        ),
        (Spot("昆山", "前进西路", "公众号"), "昆山：前进西路\n公众号"),
        (Spot("昆山", "前进西路", "公众号", "到镇上办"), "昆山：前进西路\n公众号\n到镇上办"),
        (Sum(("1 × 90%", "合计0.9元")), "1 × 90%\n合计0.9元"),
    ],
)
def test_every_block_has_a_plain_form(block: Block, expected: str) -> None:
    """Text, steps, lists, tables, places and sums can all be read without a screen."""
    assert block_text(block) == expected


def test_blocks_come_first_then_sources_then_choices() -> None:
    """The answer itself is the first line, where it is written follows."""
    answer = Answer("answered", (Text("能。"),), (GUIDE,), (Option("退休", "退休"),))
    lines = plain(answer).split("\n")

    assert lines[0] == "能。"
    assert lines[1].startswith("来源：《一本通》")
    assert lines[2] == "1. 退休"


def test_a_document_is_named_once_with_its_places() -> None:
    """Two places of one document are one line."""
    other = Cited("guide", "一本通", "苏州医保", "2023-10", "official", "三")
    lines = source_lines((GUIDE, other, GUIDE))

    assert len(lines) == 1
    assert lines[0].endswith("一（二）、三")


def test_a_source_tells_issuer_day_and_how_far_it_is_trusted() -> None:
    """An article without an issuer says so, and is called an article."""
    official, media = source_lines((GUIDE, ARTICLE))

    assert "苏州医保" in official
    assert "2023年10月" in official
    assert "媒体文章" in media
    assert "未署发布机构" in media


@pytest.mark.parametrize(
    ("issued", "expected"),
    [("2023-10", "2023年10月"), ("2025", "2025年"), ("2024-03", "2024年3月")],
)
def test_a_day_of_issue_is_as_exact_as_the_document(issued: str, expected: str) -> None:
    """A year stays a year."""
    assert month(issued) == expected


def test_choices_are_numbered() -> None:
    """A choice can be made by its number."""
    assert options_text((Option("北京", "北京"), Option("苏州", "苏州"))) == "1. 北京　2. 苏州"


@pytest.mark.parametrize(
    "text",
    ["透析限额多少", "昆山在哪里办", "门特怎么办理", "生育津贴", "你好", "转人工", "qwrt", ""],
)
def test_a_reply_has_every_field(ask: Asker, text: str) -> None:
    """Whatever was asked, a reply has the same fields and can be written as JSON."""
    data: dict[str, Any] = to_builtins(reply(ask(text).answer))

    assert list(data) == [
        "kind", "status", "text", "blocks", "citations", "options", "understood",
        "as_of", "session", "packs",
    ]  # fmt: skip
    assert list(data["understood"]) == ["topic", "slots", "confidence"]
    assert list(json.loads(json.dumps(data, ensure_ascii=False))) == list(data)


def test_a_reply_says_what_it_understood(ask: Asker) -> None:
    """Topic, slots, confidence and day are told."""
    data = to_builtins(reply(ask("职工透析限额多少").answer))

    assert (data["kind"], data["status"]) == ("answered", "answered")
    assert data["understood"]["topic"] == "benefit"
    assert data["understood"]["slots"] == {"disease": "dialysis", "scheme": "employee"}
    assert 0 < data["understood"]["confidence"] <= 1
    assert data["as_of"] == DAY.isoformat()


def test_a_citation_has_what_a_reader_needs(ask: Asker) -> None:
    """A citation names source, title, issuer, day, authority and place."""
    cited = to_builtins(reply(ask("透析限额多少").answer))["citations"][0]

    assert cited["source"] == "suzhou-guide-2023-10"
    assert (cited["issuer"], cited["issued"], cited["authority"]) == (
        "苏州医保",
        "2023-10",
        "official",
    )
    assert "待遇表" in cited["place"]


def test_a_block_says_what_it_is(ask: Asker) -> None:
    """Each block has its kind as data."""
    blocks = to_builtins(reply(ask("昆山在哪里办").answer))["blocks"]

    assert blocks[0]["kind"] == "place"
    assert "前进西路1801号" in blocks[0]["address"]


def test_the_kind_is_the_group_of_the_status() -> None:
    """declined_medical is declined, clarify_region is clarify."""
    assert Answer("declined_medical", ()).kind == "declined"
    assert Answer("clarify_region", ()).kind == "clarify"
    assert Answer("answered", ()).kind == "answered"


@pytest.mark.parametrize(
    "text",
    [
        "透析限额多少",
        "门特怎么办理",
        "昆山在哪里办",
        "哪个病限额最高",
        "治疗期包括哪些",
        "审核要几天",
    ],
)
def test_what_is_answered_is_cited(ask: Asker, text: str) -> None:
    """No citation, no answer: the text names the document."""
    turn = ask(text)

    assert turn.answer.status == "answered"
    assert turn.answer.citations
    assert "来源：《" in text_of(turn)


def test_an_old_document_asks_to_confirm(ask: Asker) -> None:
    """A rule older than the deployment allows carries its day."""
    assert "2023年10月的规定" in text_of(ask("透析限额多少"))
