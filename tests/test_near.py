"""Names with one slip, and the slips that would make a twin."""

from __future__ import annotations

import pytest

from intents.lexicon import Lexicon, Name, build
from intents.near import MARKS, near_names


def near(lexicon: Lexicon, text: str) -> set[str]:
    """The values that are one slip away from some part of a text."""
    found, _ = near_names(lexicon, text, [(0, len(text))])
    return {lexicon.names[number].value for number, _, _ in found}


SMALL = build(
    [
        Name("disease", "treatment", "治疗期"),
        Name("disease", "recovery", "康复期"),
        Name("disease", "lupus", "红斑狼疮"),
        Name("disease", "pressure", "高血压"),
        Name("disease", "type-one", "一型糖尿病"),
        Name("disease", "sugar", "糖尿病"),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("治疔期", {"treatment"}),
        ("红斑狠疮", {"lupus"}),
        ("红狼疮", {"lupus"}),
        ("红斑斑狼疮", {"lupus"}),
        ("红狼斑疮", {"lupus"}),
    ],
)
def test_one_slip_is_forgiven(text: str, expected: set[str]) -> None:
    """A wrong, missing, extra or swapped character still leaves the name."""
    assert near(SMALL, text) == expected


@pytest.mark.parametrize("text", ["红斑", "红豆狼狗", "治好病期", "期", ""])
def test_two_slips_are_too_many(text: str) -> None:
    """What differs in two characters is another word."""
    assert near(SMALL, text) == set()


@pytest.mark.parametrize("text", ["高血脂", "高血糖"])
def test_a_word_of_its_own_is_no_slip(text: str) -> None:
    """高血脂 is a word, not a misspelt 高血压."""
    assert near(SMALL, text) == set()


@pytest.mark.parametrize("text", ["二型糖尿病", "非型糖尿病"])
def test_a_mark_of_a_twin_is_no_slip(text: str) -> None:
    """What would come or go with a mark is refused, and told."""
    found, refused = near_names(SMALL, text, [(0, len(text))])

    assert all(SMALL.names[number].value != "type-one" for number, _, _ in found)
    assert any("一型糖尿病" in one for one in refused)


def test_two_values_equally_near_cancel_each_other() -> None:
    """What is one slip from two names is neither."""
    made = build([Name("disease", "a", "甲乙丙"), Name("disease", "b", "甲丁丙")])
    found, refused = near_names(made, "甲戊丙", [(0, 3)])

    assert (found, refused) == ([], ("甲戊丙",))


def test_only_the_gaps_are_searched() -> None:
    """What is explained already is not searched for slips."""
    assert near_names(SMALL, "治疔期", []) == ([], ())


def test_the_marks_are_those_that_tell_twins_apart() -> None:
    """Negations, types and stages are marks."""
    assert set("非不没未一二儿童康治") <= MARKS


@pytest.mark.parametrize(
    ("said", "twin"),
    [
        ("非透析", "dialysis"),
        ("康复期", "cancer-treatment"),
        ("治疗期", "cancer-recovery"),
        ("一型糖尿病", "diabetes"),
        ("二型糖尿病", "child-diabetes"),
        ("没退休", "retired"),
    ],
)
def test_no_twin_of_the_packs_is_a_slip(lexicon: Lexicon, said: str, twin: str) -> None:
    """Searched as if nothing explained it, a name is never near its twin."""
    assert twin not in near(lexicon, said)
