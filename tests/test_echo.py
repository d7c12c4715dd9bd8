"""A yes or no begins with the verb of its question; no other question lends one."""

from __future__ import annotations

import pytest
from asking import Asker, told, understood

from intents.echo import Verb, echo
from intents.normalise import normalise


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("能不能寄", "can"),
        ("用不用去", "needs"),
        ("是不是还要盖章", "needs"),
        ("办好才能报吗", "needs"),
        ("这个批得下来吗", "can"),
        ("非得到窗口吗", "needs"),
        ("有没有起付线", "has"),
        ("算不算门特", "counts"),
        ("异地能直接结算吗", "can"),
        ("会不会短信通知", "will"),
        ("医保码顶用不", "is"),
        ("限额是10万吗", "is"),
        ("透析限额多少", "is"),
    ],
)
def test_a_question_has_its_verb(text: str, verb: Verb) -> None:
    """The verb that the particle or the 不 belongs to is the one an answer takes up."""
    assert echo(normalise(text).text) == verb


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("能寄吗", "可以。"),
        ("学生白内障能不能报", "不能。"),
        ("要不要表", "需要。"),
        ("要去现场吗", "不需要。"),
        ("家庭病床有起付线吗", "有。"),
        ("学生白内障有报销吗", "没有。"),
        ("化疗算不算治疗期", "算。"),
        ("血友病限额是10万吗", "是。"),
        ("血友病限额是不是8万", "不是。"),
        ("职工超过35万的部分是不是不给报了", "不是。"),
    ],
)
def test_an_answer_takes_up_the_verb(ask: Asker, text: str, word: str) -> None:
    """能 is answered 可以 or 不能, 要 需要 or 不需要, 有 有 or 没有, 算 算, 是 是 or 不是."""
    assert told(ask(text)).startswith(word)


@pytest.mark.parametrize("text", ["用不用邮寄", "用不用网上办", "用不用手机办"])
def test_what_can_be_done_is_no_yes_to_whether_it_must(ask: Asker, text: str) -> None:
    """用不用邮寄 is answered by the rule, never by the yes of 可以邮寄吗."""
    turn = ask(text)

    assert turn.answer.status == "answered"
    assert not told(turn).startswith(("可以。", "需要。", "是。", "能。"))


def test_only_lends_no_verdict_to_a_plain_question(ask: Asker) -> None:
    """That not only 京通 will do does not say that 京通 will not."""
    turn = ask("京通能用吗", region="beijing")

    assert understood(turn, "platform") == {"jingtong"}
    assert not told(turn).startswith(("不能", "不是"))


def test_a_plain_yes_is_no_yes_to_only(ask: Asker) -> None:
    """只能去现场办吗 does not get the 可以 of 能去现场办吗."""
    turn = ask("只能去现场办吗")

    assert not told(turn).startswith(("可以。", "是。"))
    assert "网上、掌上、邮寄都能办理" in told(turn)
