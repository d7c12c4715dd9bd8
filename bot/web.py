"""The sentences of the pages and of the interface, by name, from web.yaml."""

from __future__ import annotations

from pathlib import Path

from bot.sentences import filled, sentences_of

FILE = Path(__file__).parent / "web.yaml"


def web_sentences() -> dict[str, str]:
    """Every sentence by its name."""
    return sentences_of(FILE)


def word(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(web_sentences()[name], fields)
