"""Words of a text: rjieba where it is installed, jieba (same dictionary, same cuts) otherwise.

Only here is a segmenter named. The segmenter is never changed while it serves: the words of the
lexicon are matched by the lexicon itself, so nothing is added to its dictionary.
"""

from __future__ import annotations

import tempfile
from functools import cache
from typing import Protocol, cast


class Segmenter(Protocol):
    """What a segmenter must do: cut a text, tag its words, and know which words exist."""

    def cut(self, text: str) -> list[str]:
        """The words of a text, in order; joined they are the text again."""

    def tag(self, text: str) -> list[tuple[str, str]]:
        """Words with their part of speech (`ns` is a place)."""

    def has_word(self, word: str) -> bool:
        """Whether the dictionary has this word."""


class Jieba:
    """The fallback: jieba with an own instance and a private cache folder."""

    def __init__(self) -> None:
        import jieba
        from jieba import posseg

        # jieba loads a marshal file from the shared temporary folder: never trust that one.
        self._folder = tempfile.TemporaryDirectory(prefix="yiwentong-jieba-")
        self._cutter = jieba.Tokenizer()
        self._cutter.tmp_dir = self._folder.name
        self._tagger = posseg.POSTokenizer(self._cutter)
        self._cutter.initialize()

    def cut(self, text: str) -> list[str]:
        """The words of a text, in order."""
        return list(self._cutter.cut(text))

    def tag(self, text: str) -> list[tuple[str, str]]:
        """Words with their part of speech."""
        return [(pair.word, pair.flag) for pair in self._tagger.cut(text)]

    def has_word(self, word: str) -> bool:
        """Whether the dictionary has this word."""
        return bool(self._cutter.FREQ.get(word))


@cache
def segmenter() -> Segmenter:
    """The segmenter of this process; it costs 0.1 s (rjieba) or 0.6 s (jieba) to load.

    Importing rjieba loads an instance; another one of our own would cost as much time and memory
    again. Nothing here adds words to it.
    """
    try:
        import rjieba
    except ImportError:
        return Jieba()
    # Its stubs leave `has_word` of the module out.
    return cast("Segmenter", rjieba)
