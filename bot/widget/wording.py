"""The sentences of the widget and of its pages, by name, in the script that the reader wants."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.sentences import filled, sentences_of
from bot.traditional import HANS, HANT, converted

FILE = Path(__file__).parent / "widget.yaml"
_BROWSER = "widget_"


@cache
def sentences(language: str = HANS) -> dict[str, str]:
    """Every sentence by its name, in simplified (zh-Hans) or traditional (zh-Hant) characters."""
    found = sentences_of(FILE)
    if language != HANT:
        return found
    return {name: converted(sentence) for name, sentence in found.items()}


def say(name: str, language: str = HANS, /, **fields: object) -> str:
    """The sentence of this name with its blanks filled. Raises KeyError for an unknown name."""
    return filled(sentences(language)[name], fields)


def browser_sentences(language: str) -> dict[str, str]:
    """What widget.js says, by the names that it uses."""
    found = sentences(language).items()
    return {name.removeprefix(_BROWSER): said for name, said in found if name.startswith(_BROWSER)}
