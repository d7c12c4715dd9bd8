"""How like a question is to what is known to be asked."""

from __future__ import annotations

import pytest

from intents.building import engine
from intents.likeness import Likeness, alike, likeness, masked
from intents.topics import Phrasing
from intents.understanding import Token
from knowledge.snapshot import load

LEXICON = engine(load()).lexicon
SAID = (
    Phrasing("本人要不要亲自跑一趟", "in_person", "suzhou/in-person"),
    Phrasing("是不是得自己跑一趟窗口", "in_person", "beijing/in-person"),
    Phrasing("{disease}一年限额多少", "benefit"),
    Phrasing("申请表在哪里领", "form", "suzhou/form"),
    *(Phrasing(one + other, "other") for one in "甲乙丙丁戊己庚" for other in "子丑寅卯辰巳午未申"),
)


def _known() -> Likeness:
    return likeness(LEXICON, SAID)


def test_what_shares_rare_pairs_is_alike() -> None:
    """跑一趟 speaks for whether one has to come, whatever stands around it."""
    found = alike(_known(), "用得着我本人跑一趟不", lambda _: True)
    assert max(found.topics, key=found.topics.__getitem__) == "in_person"
    assert found.to("in_person", "suzhou/in-person") > found.topics["in_person"]
    assert 0.0 < found.topics["in_person"] <= 1.0


def test_what_does_not_speak_for_the_region_counts_for_nothing() -> None:
    found = alike(_known(), "本人跑一趟", lambda entry: entry != "suzhou/in-person")
    assert "suzhou/in-person" not in found.entries
    assert found.topics["in_person"] == found.entries["beijing/in-person"]


def test_a_name_is_one_character_whatever_it_is() -> None:
    """A phrasing with a blank for a disease is as near to one name as to another."""
    scores = [
        alike(
            _known(),
            masked(f"{name}一年限额多少", [Token("disease", "", name, 0, len(name))]),
            bool,
        )
        for name in ("透析", "再生障碍性贫血")
    ]
    assert scores[0] == scores[1]


def test_the_same_words_are_as_alike_as_can_be() -> None:
    found = alike(_known(), "申请表在哪里领", lambda _: True)
    assert found.entries["suzhou/form"] == pytest.approx(
        1 / 3
    )  # the mean of three, of which one is


def test_what_shares_nothing_is_like_nothing() -> None:
    assert alike(_known(), "xyz", lambda _: True).topics == {}
