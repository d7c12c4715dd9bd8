"""The sentences of the desk, by name, from desk.yaml."""

from __future__ import annotations

from pathlib import Path

from bot.sentences import filled, sentences_of

FILE = Path(__file__).parent / "desk.yaml"


def phrases() -> dict[str, str]:
    """Every sentence by its name."""
    return sentences_of(FILE)


def phrase(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(phrases()[name], fields)
