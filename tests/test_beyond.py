"""Matters outside that are known by how a question is put."""

from __future__ import annotations

import re

import pytest

from intents.beyond import matter_of, patterns_of
from intents.names import vocabulary

ROWS = (
    {"kind": "part", "value": "doctor", "names": ["医生", "大夫"]},
    {"kind": "outside", "value": "best", "names": ["名医"], "patterns": ["哪个{doctor}好"]},
    {"kind": "outside", "value": "sharing", "names": ["共济"], "patterns": ["卡.*给我用"]},
)
PATTERNS = patterns_of(ROWS)
OWN = patterns_of(vocabulary())


def test_a_part_stands_for_any_of_its_names() -> None:
    """One pattern finds a doctor however he is called."""
    assert matter_of(PATTERNS, "看狼疮哪个大夫好") == "best"
    assert matter_of(PATTERNS, "看狼疮哪个医生好") == "best"


def test_another_question_is_none_of_the_matters() -> None:
    """What no pattern finds is left to the other steps."""
    assert matter_of(PATTERNS, "哪个医生填表") is None


def test_what_was_told_before_may_begin_a_pattern() -> None:
    """A card that was told of is the one that is asked about."""
    assert matter_of(PATTERNS, "能给我用吗", "老公卡里有钱,") == "sharing"


def test_what_was_told_before_is_not_asked() -> None:
    """A matter that is only told, all of it, decides nothing."""
    assert matter_of(PATTERNS, "限额多少", "哪个医生好我知道,") is None


def test_an_earlier_question_is_not_told() -> None:
    """What stands before a question mark belongs to another question."""
    assert matter_of(PATTERNS, "给我用吗", "卡带着?") is None


@pytest.mark.parametrize(
    "row", [row for row in vocabulary() if row.get("patterns")], ids=lambda row: row["value"]
)
def test_every_pattern_compiles_and_finds_no_empty_text(row: dict[str, list[str]]) -> None:
    """A pattern of the vocabulary is a regular expression that needs something said."""
    for _, pattern in OWN.of[str(row["value"])]:
        assert re.compile(pattern).search("") is None


@pytest.mark.parametrize(
    "text",
    [
        "哪家医院看红斑狼疮最好",
        "雷珠单抗和康柏西普选哪个",
        "京通上健康宝弹窗怎么去掉",
        "精神残疾证在哪个部门领",
        "我妈的卡一刷就显示锁定",
    ],
)
def test_a_matter_of_others_is_known_by_how_it_is_put(text: str) -> None:
    """The vocabulary knows these without having them word for word."""
    assert matter_of(OWN, text)


@pytest.mark.parametrize(
    "text",
    [
        "哪家医院能开诊断证明",
        "吃他克莫司职工报几成",
        "京通上备案从哪里点",
        "有精神残疾证门特能报多少",
        "三级医院和社区医院看高血压哪个报得多",
        "透析医院能换吗",
    ],
)
def test_its_covered_counterpart_is_left_alone(text: str) -> None:
    """What sounds like it and is covered is none of the matters."""
    assert matter_of(OWN, text) is None
