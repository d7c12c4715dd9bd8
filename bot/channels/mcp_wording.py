"""The sentences that an assistant reads, by name, from mcp.yaml."""

from __future__ import annotations

from pathlib import Path

from bot.sentences import filled, sentences_of

FILE = Path(__file__).parent / "mcp.yaml"


def phrase(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(sentences_of(FILE)[name], fields)


def phrase_of(name: str) -> str | None:
    """The sentence of this name as it stands, if there is one."""
    return sentences_of(FILE).get(name)
