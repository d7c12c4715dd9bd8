"""The sentences a person reads, by name, from wording.yaml."""

from __future__ import annotations

from pathlib import Path

from bot.sentences import filled, sentences_of
from intents.echo import Verb

FILE = Path(__file__).parent / "wording.yaml"


def sentences() -> dict[str, str]:
    """Every sentence by its name."""
    return sentences_of(FILE)


def say(name: str, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(sentences()[name], fields)


def answered(verb: Verb, *, yes: bool) -> str:
    """The first word of the answer to a yes-or-no question put with a verb."""
    return say(f"yes_{verb}" if yes else f"no_{verb}")


def known(name: str) -> bool:
    """Whether there is a sentence of this name."""
    return name in sentences()
