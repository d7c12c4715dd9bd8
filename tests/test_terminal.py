"""The sentences of the command line: all there, all used, aligned where they stand in columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.terminal import aligned, tell, terminal_sentences, wide

BOT = Path(__file__).parents[1] / "bot"
# Names that are put together: one a group, a figure or a column.
MADE = re.compile(r"(score|bench|setting|serve|forgot)_\w+|no_(pack|folder)")


def told() -> set[str]:
    """Every name that the code gives to tell()."""
    code = "\n".join(file.read_text("utf-8") for file in BOT.rglob("*.py"))
    return set(re.findall(r"""\btell\(\s*["'](\w+)["']""", code))


def test_every_sentence_is_there() -> None:
    """No code asks for a sentence that terminal.yaml does not have."""
    assert told() <= terminal_sentences().keys()


def test_every_sentence_is_used() -> None:
    """terminal.yaml has no sentence that nobody asks for."""
    left = terminal_sentences().keys() - told()

    assert [name for name in left if not MADE.fullmatch(name)] == []


def test_an_unknown_name_is_an_error() -> None:
    """A sentence that is not there is a fault of the code."""
    with pytest.raises(KeyError):
        tell("no such sentence")


def test_columns_count_chinese_characters_twice() -> None:
    """Columns meet, whether their cells are Chinese or not."""
    assert aligned([("病种", "数"), ("a", "10")]) == "病种  数\na     10"
    assert wide("a病（") == 5
