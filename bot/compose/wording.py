"""The sentences a person reads, by name, from wording.yaml."""

from __future__ import annotations

from pathlib import Path

from bot.sentences import filled, sentences_of

FILE = Path(__file__).parent / "wording.yaml"


def sentences() -> dict[str, str]:
    """Every sentence by its name."""
    return sentences_of(FILE)


def say(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(sentences()[name], fields)


def known(name: str) -> bool:
    """Whether there is a sentence of this name."""
    return name in sentences()
