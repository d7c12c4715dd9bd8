"""Small talk: short and kind, and back to the matter."""

from __future__ import annotations

import pytest
from asking import Asker, told

from bot.compose.wording import known
from intents.names import vocabulary

ROWS = [row for row in vocabulary() if row["kind"] == "talk"]


@pytest.mark.parametrize("row", ROWS, ids=[row["value"] for row in ROWS])
def test_every_kind_of_talk_has_a_sentence(row: dict[str, str]) -> None:
    """What can be recognised can be answered."""
    assert known(row["value"])


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "您好！",
        "在吗",
        "谢谢",
        "谢谢你啊",
        "再见",
        "你是谁",
        "哈哈哈",
        "你真棒",
        "讲个笑话",
        "好的",
    ],
)
def test_small_talk_is_small_talk(ask: Asker, text: str) -> None:
    """Greetings, thanks and chatter have an answer of their own, without sources."""
    turn = ask(text)

    assert turn.answer.status == "smalltalk"
    assert turn.answer.citations == ()
    assert len(told(turn)) < 120


@pytest.mark.parametrize("text", ["你真笨", "垃圾客服", "什么破东西"])
def test_insults_are_met_kindly(ask: Asker, text: str) -> None:
    """Nobody is scolded back, and a way on is shown."""
    turn = ask(text)

    assert turn.answer.status == "smalltalk"
    assert "抱歉" in told(turn)


@pytest.mark.parametrize("text", ["转人工", "我要找人工客服", "人工", "叫个真人来", "转接人工服务"])
def test_who_wants_a_person_is_handed_over(ask: Asker, text: str) -> None:
    """A wish for a person is a handover, with where to ask meanwhile."""
    turn = ask(text)

    assert turn.answer.status == "handover"
    assert "窗口" in told(turn)


@pytest.mark.parametrize(
    "text",
    [
        "你好，透析限额多少",
        "谢谢，那透析限额多少呢",
        "在吗？透析限额多少",
        "你好笨啊，透析限额到底多少",
    ],
)
def test_a_question_beside_small_talk_is_answered(ask: Asker, text: str) -> None:
    """Politeness does not hide the question."""
    assert "无限额" in told(ask(text))
