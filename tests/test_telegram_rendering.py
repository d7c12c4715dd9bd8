"""An answer in Telegram's HTML: the same facts, every message whole, none too long."""

from __future__ import annotations

import re

import pytest
from asking import Asker, figures
from hypothesis import given
from hypothesis import strategies as st
from telegram_api import parsed, units

from bot.answers import plain as plain_text
from bot.channels.telegram_rendering import MOST, Line, messages, plain, rendered, told
from bot.messages import Answer, Block, Cited, Items, Spot, Steps, Sum, Table, Text
from bot.terminal import wide

CITED = Cited("s", "一本通<1>", "医保", "2023-10", "official", "一（二）")
SMALL = Table(("医院", "比例"), (("二级", "90%"), ("三级及以上", "85%")))
WIDE = Table(
    ("", ""), (("姑苏区", "平泷路251号城市生活广场六楼社保就业医保服务大厅"), ("相城区", "x"))
)
NAMED = Table(
    ("病种", "职工医保的限额和比例", "居民医保的限额和比例"),
    (("透析", "无限额，4万元以内90%", "35万元以内90%"), ("肺结核", "8000元", "")),
)


def answer(*blocks: Block) -> Answer:
    """An answer of these blocks, with a source."""
    return Answer("answered", blocks, (CITED,))


def shown(*blocks: Block) -> str:
    """What a person sees of it, in one message."""
    (html,) = rendered(answer(*blocks))
    return parsed(html)[0]


def test_the_first_line_is_bold_and_the_source_small() -> None:
    """Escaped both."""
    (html,) = rendered(answer(Text("限额<8万>&\n其他")))

    assert html.startswith("<b>限额&lt;8万&gt;&amp;</b>\n其他\n<i>来源：")
    assert html.endswith("</i>")


def test_a_small_table_stands_in_columns() -> None:
    """Each line as wide as the next, and no wider than a phone."""
    (html,) = rendered(answer(Text("比例"), SMALL))
    table = re.findall(r"<pre>(.*?)</pre>", html, re.DOTALL)[0].split("\n")

    assert [wide(row) for row in table] == [16, 16, 16]


def test_a_wide_table_is_a_list() -> None:
    """Each row under its first cell, each cell behind its column, empty cells left out."""
    assert "<pre>" not in rendered(answer(Text("地址"), WIDE))[0]
    assert "姑苏区\n· 平泷路251号" in shown(Text("地址"), WIDE)
    assert shown(Text("待遇"), NAMED).split("\n")[1:6] == [
        "透析",
        "· 职工医保的限额和比例：无限额，4万元以内90%",
        "· 居民医保的限额和比例：35万元以内90%",
        "肺结核",
        "· 职工医保的限额和比例：8000元",
    ]


def test_steps_are_numbered_and_the_result_of_a_sum_stands_out() -> None:
    """A place has its address."""
    steps, spot = Steps("网上：", ("登录", "提交")), Spot("昆山", "前进西路", "公众号")
    (html,) = rendered(answer(Text("办"), steps, spot, Sum(("1 × 90%", "合计0.9")), Items(("甲",))))

    assert "网上：\n1. 登录\n2. 提交\n昆山：前进西路\n公众号\n1 × 90%\n<b>合计0.9</b>\n· 甲" in html


QUESTIONS = (
    "透析报多少 糖尿病限额 各区经办地址 要带什么材料 透析怎么备案 5万元透析职工报多少 有哪些病种"
)


@pytest.mark.parametrize("text", QUESTIONS.split())
def test_the_facts_are_those_of_the_plain_answer(ask: Asker, text: str) -> None:
    """Every figure, and every word of the sources."""
    found = ask(text).answer
    seen = "\n".join(parsed(html)[0] for html in rendered(found))

    assert figures(seen) >= figures(plain_text(found))
    assert all(cited.title in seen for cited in found.citations)


TEXTS = st.text(st.sampled_from("透析。，<>&;amp\n😀a1 "), max_size=300)
LINES = st.builds(Line, TEXTS.map(lambda t: t.replace("\n", "")), st.sampled_from(["", "b", "i"]))


@given(st.lists(st.lists(LINES, max_size=4).map(tuple), max_size=6), st.integers(1, 60))
def test_every_message_is_whole_and_fits(pieces: list[tuple[Line, ...]], times: int) -> None:
    """Telegram reads its tags, counts no more than it takes, and no character is lost."""
    made = messages(pieces * times)
    texts = [parsed(html)[0] for html in made]
    expected = "".join(line.text for _ in range(times) for piece in pieces for line in piece)

    assert all(units(html) <= MOST for html in made)
    assert "".join("".join(texts).split()) == "".join(expected.split())


def test_a_line_without_end_is_parted_with_its_tag() -> None:
    """Each part is bold for itself; an escape is never cut."""
    made = rendered(Answer("answered", (Text("&" * 3000),)))

    assert len(made) == 4
    assert all(html.startswith("<b>") and html.endswith("</b>") for html in made)
    assert "".join(parsed(html)[0] for html in made) == "&" * 3000


def test_blocks_stay_together() -> None:
    """A message ends where a block does, if it can."""
    blocks = [Text(f"{number}" + "长" * 1500) for number in range(4)]

    assert [html.count("长") for html in rendered(Answer("answered", tuple(blocks)))] == [3000] * 2


def test_without_tags_it_is_the_same_text() -> None:
    """For when Telegram takes no markup."""
    assert [plain(html) for html in told("a <b> & c\nd")] == ["a <b> & c\nd"]
    assert plain("<b>限额&lt;8&gt;</b>\n<i>来源</i>") == "限额<8>\n来源"
