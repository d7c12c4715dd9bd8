"""The sentences that only WeChat and WeCom say, from wechat.yaml and wecom.yaml."""

from __future__ import annotations

import re
from pathlib import Path

from bot.channels import wording
from bot.sentences import filled, sentences_of

_FILES = tuple(Path(__file__).parent / name for name in ("wechat.yaml", "wecom.yaml"))
_MARKS = re.compile(r"[\W_]+")


def line(name: str, /, **fields: object) -> str:
    """The sentence of this name; one of every channel where these two have none of it."""
    for file in _FILES:
        if sentence := sentences_of(file).get(name):
            return filled(sentence, fields)
    return wording.line(name, **fields)


def asks_for_more(text: str) -> bool:
    """Whether a message asks for the rest of an answer: 继续."""
    return bare(text) in line("words_for_more").split()


def bare(text: str) -> str:
    """A text without its blanks and its punctuation."""
    return _MARKS.sub("", text)


def is_unsupported(text: str) -> bool:
    """Whether a text is what the platform sends in the place of a sticker."""
    return text.strip() == line("words_for_unsupported")
