"""The topic that a question comes down to: rules lead on, and never in a circle."""

from __future__ import annotations

import pytest
from asking import Talk, topics

from bot.compose.settling import settled
from bot.compose.settling.rules import RULES
from intents.stance import Stance
from intents.understanding import Ask, Slot


def test_two_rules_that_lead_back_take_each_other_back() -> None:
    """A doctor who writes a form and the form that he writes: neither rule has the last word."""
    slots = (Slot("title", "associate", "副主任", (0, 3), "exact"),)
    cues = frozenset({"of form", "of doctor", "form", "doctor"})
    ask = Ask("doctor", slots, cues, form="yes_no", stance=Stance("can"))

    assert settled(ask).topic in {"doctor", "form", "definition"}


def test_every_rule_leads_to_another_topic() -> None:
    """A rule that leads to a topic of its own would be without effect."""
    assert not [rule.topic for rule in RULES if rule.topics == {rule.topic}]


@pytest.mark.parametrize(
    ("region", "text", "topic"),
    [
        ("suzhou", "想换一家医院透析，直接过去就可以吗", "change"),
        ("suzhou", "透析签的是A医院，往后去家门口B医院透，一样报销的吧", "designated"),
        ("beijing", "懒得跑医院，手机上办特病都有哪几个口子能走", "platforms"),
        ("suzhou", "新区的也要老远跑到平泷路去吗", "address"),
        ("suzhou", "办门慢非得跑到开平路那个大厅去吗", "in_person"),
        ("suzhou", "“苏州医保”公众号管哪几个区", "shared_account"),
        ("suzhou", "焦虑症能不能按严重精神障碍那档全报", "definition"),
        (None, "职工特病确诊八个月了，是不是就办不了了", "deadline"),
    ],
)
def test_what_a_question_comes_down_to(
    talk: Talk, region: str | None, text: str, topic: str
) -> None:
    """What is asked decides, and not the words that it shares with another question."""
    assert topic in topics(talk(text, region=region)[-1])
