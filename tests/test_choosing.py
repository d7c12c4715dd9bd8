"""Which topic a clause is about: regions, conditions, what fits and what lies outside."""

from __future__ import annotations

import pytest

from intents.building import Engine
from intents.choosing import Asked, Rules, explains, outside, region_of
from intents.understanding import Candidate, Slot, Token


@pytest.fixture
def rules(engine: Engine) -> Rules:
    """The rules of the project's own packs."""
    return engine.rules


def slot(name: str, value: str) -> Slot:
    """A slot as if it had just been said."""
    return Slot(name, value, value, (0, 1), "exact")


def beyond(value: str) -> Token:
    """A word for something that lies outside."""
    return Token("outside", value, value, 0, 1)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("region", "beijing", "beijing"),
        ("district", "kunshan", "suzhou"),
        ("landmark", "changshu", "suzhou"),
        ("platform", "suzhoudao", "suzhou"),
        ("platform", "jingtong", "beijing"),
        ("district", "atlantis", None),
        ("disease", "dialysis", None),
    ],
)
def test_a_place_or_platform_has_its_region(
    rules: Rules, name: str, value: str, expected: str | None
) -> None:
    """A district or platform that only one region has tells the region."""
    assert region_of(rules, (slot(name, value),)) == expected


def test_a_region_goes_before_a_district(rules: Rules) -> None:
    """What is said outright goes before what is implied."""
    assert region_of(rules, (slot("district", "kunshan"), slot("region", "beijing"))) == "beijing"


@pytest.mark.parametrize(
    ("score", "common", "alien", "expected"),
    [
        (0.9, 2.0, 0.0, True),
        (0.9, 2.0, 0.3, True),
        (0.9, 2.0, 5.0, False),
        (0.1, 2.0, 0.0, False),
        (0.9, 0.0, 0.5, False),
    ],
)
def test_a_candidate_must_explain_what_was_said(
    score: float, common: float, alien: float, *, expected: bool
) -> None:
    """A low score, or more unexplained than explained, is no understanding."""
    candidate = Candidate("benefit", score, "", None, common, alien)

    assert explains(candidate, Asked(frozenset({"cue:limit"}), frozenset(), (), None)) is expected


def test_what_lies_outside_is_proposed(rules: Rules) -> None:
    """Without a clear topic the matter outside decides."""
    matter = next(iter(rules.outside))

    assert [one.entry for one in outside(rules, (beyond(matter),), ())] == [matter]


def test_a_clear_topic_is_not_put_down_to_medical_advice(rules: Rules) -> None:
    """What only sounds medical does not stop a covered question, where a cue speaks for it."""
    paid = Token("cue", "pay", "报", 1, 2)
    medical = next(value for value, (reason, _) in rules.outside.items() if reason == "medical")
    clear = Candidate("benefit", 0.95, "", None, 2.0, 0.0)

    assert outside(rules, (beyond(medical), paid), (clear,)) == ()
    assert outside(rules, (beyond(medical),), (clear,)) != ()
    assert outside(rules, (beyond(medical),), ()) != ()
