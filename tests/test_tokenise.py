"""Words of a text: rjieba cuts like jieba, and jieba can take its place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intents.match import PLACEHOLDER
from intents.tokenise import Jieba, Segmenter, segmenter
from intents.topics import phrasings, topics
from knowledge.pack import Library

PLAIN = (
    "门诊慢特病备案怎么办理",
    "我来到北京清华大学",
    "帕金森氏综合症报销比例",
    "xuetou 怎么报 3.5w",
    "",
)


@pytest.fixture(scope="module")
def oracle() -> Iterator[Jieba]:
    """The fallback, which is jieba itself."""
    made = Jieba()
    yield made
    made._folder.cleanup()


@pytest.mark.parametrize("text", PLAIN)
def test_words_joined_are_the_text(text: str) -> None:
    """Nothing is lost in cutting."""
    assert "".join(segmenter().cut(text)) == text
    assert "".join(word for word, _ in segmenter().tag(text)) == text


def test_the_segmenter_cuts_like_jieba(oracle: Segmenter, library: Library) -> None:
    """On all the project's own phrasings both cut alike."""
    texts = {PLACEHOLDER.sub("", one.text) for one in phrasings(library, topics())}
    differing = [t for t in sorted(texts) if segmenter().cut(t) != oracle.cut(t)]

    assert len(texts) > 1000
    assert not differing, differing[:10]


def test_the_segmenter_knows_the_words_that_jieba_knows(
    oracle: Segmenter, library: Library
) -> None:
    """On all words of the phrasings both agree whether the dictionary has them."""
    texts = {PLACEHOLDER.sub("", one.text) for one in phrasings(library, topics())}
    words = {word for text in texts for word in oracle.cut(text)}
    differing = [w for w in sorted(words) if segmenter().has_word(w) != oracle.has_word(w)]

    assert not differing, differing[:10]


@pytest.mark.parametrize(
    ("word", "expected"), [("透析", True), ("透吸", False), ("高血压", True), ("", False)]
)
def test_a_word_is_known_or_not(oracle: Segmenter, word: str, *, expected: bool) -> None:
    """Both segmenters know the words of the dictionary and no others."""
    assert segmenter().has_word(word) is expected
    assert oracle.has_word(word) is expected


def test_a_place_is_tagged(oracle: Segmenter) -> None:
    """Both tag the name of a city as a place."""
    assert ("南京", "ns") in segmenter().tag("我在南京参保")
    assert ("南京", "ns") in oracle.tag("我在南京参保")


@pytest.mark.parametrize("text", PLAIN)
def test_the_fallback_cuts_and_tags(oracle: Jieba, text: str) -> None:
    """The fallback loses nothing either."""
    assert "".join(oracle.cut(text)) == text
    assert "".join(word for word, _ in oracle.tag(text)) == text


def test_the_segmenter_is_made_once() -> None:
    """Loading costs a tenth of a second and more, so there is one."""
    assert segmenter() is segmenter()
