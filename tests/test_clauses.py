"""Which part of a message asks, and which only tells."""

from __future__ import annotations

import pytest

from intents.clauses import Clause, asks, clauses, focus, items
from intents.lexicon import Lexicon
from intents.normalise import normalise
from intents.spotting import spot
from intents.understanding import Token


def parted(lexicon: Lexicon, raw: str) -> tuple[Clause, ...]:
    """The clauses of a raw text."""
    text = normalise(raw).text
    return clauses(text, spot(lexicon, text)[0])


def texts(found: tuple[Clause, ...]) -> list[str]:
    """The texts of clauses, without the signs at their ends."""
    return [clause.text.strip(",。?;! ") for clause in found]


@pytest.mark.parametrize(
    "raw",
    [
        "我爸退休了，透析限额多少",
        "我爸退休了。透析限额多少？",
        "我爸退休了\n透析限额多少",
        "我爸退休了；透析限额多少",
    ],
)
def test_a_message_is_parted_at_its_signs(lexicon: Lexicon, raw: str) -> None:
    """Commas, stops, semicolons and line breaks part clauses."""
    assert texts(parted(lexicon, raw)) == ["我爸退休了", "透析限额多少"]


def test_a_number_keeps_its_point(lexicon: Lexicon) -> None:
    """A point within a number does not end a clause."""
    assert texts(parted(lexicon, "花了3.5万能报多少")) == ["花了3.5万能报多少"]


def test_numbered_questions_are_parted(lexicon: Lexicon) -> None:
    """1. … 2. … and ①②, with or without signs between, are questions of their own."""
    assert len(parted(lexicon, "1.透析限额多少2.要带什么材料")) == 2
    assert len(parted(lexicon, "①透析限额多少②要带什么材料")) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三个事:1昆山地址 2要带的材料", ("昆山地址", "要带的材料")),
        ("1、透析限额;2、材料。", ("透析限额", "材料")),
        ("透析限额多少", ()),
        ("1个月要2次透析", ()),
    ],
)
def test_what_is_counted_up_has_items(text: str, expected: tuple[str, ...]) -> None:
    """The numbers must count from one, each in front of an item."""
    assert items(text) == expected


def test_what_is_only_taken_up_again_asks_nothing(lexicon: Lexicon) -> None:
    """属于吗?属于的话… asks the second time for what follows."""
    _, second = parted(lexicon, "这个病属于门特吗?属于的话职工报多少")

    assert "covered" not in {token.value for token in second.tokens}


def test_only_what_asks_is_in_focus(lexicon: Lexicon) -> None:
    """A story tells before it asks: the part that asks is the question."""
    found = parted(lexicon, "我妈糖尿病好多年了，一直吃药，门特怎么办理？")

    assert texts(focus(found)) == ["门特怎么办理"]


def test_all_is_in_focus_where_nothing_asks(lexicon: Lexicon) -> None:
    """Key words have no question word: then all of them count."""
    found = parted(lexicon, "透析，限额")

    assert focus(found) == found


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (Token("ask", "how", "怎么", 0, 2), True),
        (Token("cue", "materials", "带什么", 0, 3), True),
        (Token("cue", "limit", "限额", 0, 2), False),
        (Token("disease", "dialysis", "透析", 0, 2), False),
    ],
)
def test_a_token_asks_or_does_not(token: Token, *, expected: bool) -> None:
    """A question word asks, and so does a cue that holds one."""
    assert asks(token) is expected


def test_a_question_mark_alone_asks(lexicon: Lexicon) -> None:
    """透析？ is a question without a question word."""
    assert [clause.asking for clause in parted(lexicon, "透析？")] == [True]


def test_a_clause_without_tokens_is_left_out() -> None:
    """What nothing was found in is no clause."""
    assert clauses("……。，", ()) == ()


def test_a_clause_knows_whether_it_has_a_cue(lexicon: Lexicon) -> None:
    """Slots alone are no cue."""
    assert [clause.has_cue for clause in parted(lexicon, "透析，限额")] == [False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("备案到哪里办然后三级医院能报几成", 2),
        ("地址在哪还有要带什么材料", 2),
        ("化疗做完了嘛然后现在限额多少", 1),
        ("我去备案了然后能报多少", 1),
    ],
)
def test_a_word_leads_on_to_another_question(lexicon: Lexicon, text: str, expected: int) -> None:
    """Speech has no marks: what asks before 然后 and behind it are two questions."""
    assert len([clause for clause in parted(lexicon, text) if clause.asking]) == expected
