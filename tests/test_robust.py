"""No text and no sequence of messages raises, hangs or leaves the list of statuses."""

from __future__ import annotations

import json
import time
from typing import get_args

import pytest
from asking import DAY, Asker, text_of
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import to_builtins

from bot.answers import reply
from bot.messages import Status
from bot.reasons import why
from bot.service import Service, Turn, turn
from intents.dialogue import State

STATUSES = set(get_args(Status))
REGIONS = st.sampled_from(["suzhou", "beijing", "general", None])
# Words that mean something here, so that generated messages reach every part of the code.
WORDS = st.sampled_from(
    "透析 非透析 癌症 肝癌 糖尿病 高血压 和 儿童 I型 PKU 痛风 "
    "职工 居民 退休 学生 65岁 18岁 5万 8000元 90% 三甲 "
    "限额 比例 怎么办 材料 在哪里 多少 吗 能不能 ？ ， 。 苏州 "
    "北京 南京 昆山 吴江 苏周到 京通 公众号 花了 住院 超过35万 "
    "最高 区别 哪些病 不是 说错了 谢谢 你好 转人工 重新开始 第二个 "
    "2 呢 换成 生育 余额 会死吗 2020年 2024年3月 "
    "xuetou tnb touxi xiane 審核 ＰＫＵ 😭 都有 "
    "起付线 累计 邮寄 身份证 复发 电话".split()
)
MESSAGES = st.one_of(
    st.text(max_size=80),
    st.lists(WORDS, max_size=12).map("".join),
    st.lists(st.one_of(WORDS, st.text(max_size=4)), max_size=8).map(" ".join),
)
NASTY = {
    "lone surrogate": "透析\ud83d限额\udc00",
    "nul": "透析\x00限额\x00多少",
    "100 kB": "透析限额多少，" * 15_000,
    "100 kB of one letter": "a" * 100_000,
    "only emoji": "😭🙏🏻👨‍👩‍👧‍👦🇨🇳" * 20,
    "only punctuation": "？！。，、；：“”‘’（）《》…—" * 20,
    "right to left": "\u202e透析限额多少\u202c\u200f",
    "zero width": "透\u200b析\u200c限\u200d额\ufeff",
    "only zero width": "\u200b\u200c\u200d\ufeff\u2060",
    "digits only": "1234567890",
    "very long digits": "9" * 3900,
    "very long amount": "透析花了" + "9" * 3000 + "元能报多少",
    "very long numeral": "透析花了" + "九千万" * 1000 + "元能报多少",
    "tiny amount": "在职透析花了0元能报多少",
    "fraction": "在职透析花了0.0000001元能报多少",
    "sql": "'; DROP TABLE benefits; -- 透析限额",
    "html": "<script>alert('透析')</script><b>限额</b>多少",
    "template": "{who}{disease}限额{0}{}%s %(x)s ${x} {{7*7}}",
    "path": "../../etc/passwd 透析限额",
    "combining": "透" + "\u0301" * 500 + "析限额",
    "line breaks": "透析\r\n\r\n限额\u2028多少\u2029\x0b\x0c\x85",
    "private use": "\ue000\uf8ff透析\U0010ffff",
    "blanks": " \t\u3000\xa0" * 50,
    "empty": "",
    "mathematical": "𝕡𝕜𝕦 𝟙𝟠岁 限额",
    "circled": "①透析②限额③㊙㊗",
    "brackets": "（" * 2000 + "透析" + "）" * 2000,
    "annotations": "透(tòu)析(xī)" * 300,
    "syllables": "xianexianexianexianexianexiane" * 60,
    "initials": "tnbtnbtnbksdztxxe" * 100,
    "negations": "不是不是不是不没有没有非非透析" * 30,
    "corrections": "说错了" * 300 + "透析限额",
    "ages": "-5岁透析999岁透析限额",
    "days": "9999年99月透析限额2024-13",
    "option": "999999999999999999999999",
    "ordinal": "第九十九个",
}  # fmt: skip


def check(found: Turn) -> None:
    """A turn is a complete reply that can be written down."""
    data = to_builtins(reply(found.answer))

    assert data["status"] in STATUSES
    assert data["text"].strip()
    assert 0 <= data["understood"]["confidence"] <= 1
    json.dumps(data, ensure_ascii=False).encode("utf-8")
    assert isinstance(why(found), tuple)


@pytest.mark.parametrize("region", ["suzhou", "beijing", "general", None])
@pytest.mark.parametrize("kind", list(NASTY))
def test_no_nasty_text_breaks_a_turn(ask: Asker, kind: str, region: str | None) -> None:
    """Whatever is sent, a reply comes back, and soon."""
    begun = time.perf_counter()
    check(ask(NASTY[kind], region))

    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("kind", list(NASTY))
def test_a_nasty_text_in_a_conversation_is_survived(served: Service, kind: str) -> None:
    """After it the conversation goes on."""
    state = turn(served, State(), "透析限额多少", day=DAY).state
    after = turn(served, state, NASTY[kind], day=DAY)
    check(after)
    check(turn(served, after.state, "苏州", day=DAY))


@pytest.mark.parametrize("kind", ["lone surrogate", "nul", "right to left", "zero width"])
def test_a_question_is_read_through_invisible_characters(ask: Asker, kind: str) -> None:
    """What cannot be seen does not hide the question."""
    assert ask(NASTY[kind]).answer.status == "answered"
    assert "无限额" in text_of(ask(NASTY[kind]))


@pytest.mark.parametrize("kind", ["sql", "html", "template"])
def test_nothing_typed_is_given_back_as_code(ask: Asker, kind: str) -> None:
    """A reply never repeats markup."""
    assert "<script" not in text_of(ask(NASTY[kind]))
    assert "49" not in text_of(ask(NASTY["template"]))


@settings(deadline=None, derandomize=True, max_examples=250)
@given(MESSAGES, REGIONS)
def test_no_text_breaks_a_turn(served: Service, text: str, region: str | None) -> None:
    """Any text in any region has a reply with a status of the list."""
    check(turn(served, State(), text, day=DAY, region=region))


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.lists(MESSAGES, min_size=2, max_size=6), REGIONS)
def test_no_conversation_breaks(served: Service, texts: list[str], region: str | None) -> None:
    """Any sequence of messages has a reply to each."""
    state = State()
    for number, text in enumerate(texts, 1):
        found = turn(served, state, text, day=DAY, region=region)
        check(found)
        state = found.state
        assert state.turns <= number


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.lists(WORDS, max_size=6).map("".join), min_size=1, max_size=4))
def test_a_conversation_is_deterministic(served: Service, texts: list[str]) -> None:
    """The same messages in the same order have the same answers."""

    def hold() -> list[Turn]:
        state, turns = State(), []
        for text in texts:
            turns.append(turn(served, state, text, day=DAY, region="suzhou"))
            state = turns[-1].state
        return turns

    assert hold() == hold()
