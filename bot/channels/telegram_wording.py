"""The sentences that only Telegram says, by name, from telegram.yaml."""

from __future__ import annotations

from pathlib import Path

from bot.sentences import filled, sentences_of

FILE = Path(__file__).with_name("telegram.yaml")
# The commands, in the order of the menu.
COMMANDS = ("start", "help", "region", "reset", "human", "sources")


def phrase(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(sentences_of(FILE)[name], fields)
