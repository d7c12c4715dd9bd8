"""Find names in a text: as written, as they sound, by their initials, or with one slip.

The text is a lattice: a Chinese character is one step, a run of letters is every syllable that
can be spelled from it. Names are walked along it, and of all that is found the cover of the text
that explains most of it with the fewest pieces is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate

from intents.hearing import (
    PIECE,
    WEIGHTS,
    Found,
    initial_names,
    lattice,
    sounding_names,
)
from intents.lexicon import END, Lexicon, Trie
from intents.near import near_names
from intents.normalise import is_han
from intents.tokenise import segmenter
from intents.understanding import How, Token

_WHOLE = frozenset({"other-place", "place", "other-disease", "outside", "talk"})
# Parts of speech of words that say what a question is about: nouns, verbs, names.
_TELLING = frozenset("nvjs")
# With these a name may begin, which a word that ends in one would swallow.
_BEGINS_NAME = frozenset("非未")
# A word that the dictionary takes for a place counts as one only where somebody is insured in it.
_PLACED = re.compile(r"(?:市|县|那边|这边)?(?:的)?(?:职工|居民|医保|参保|交的|缴)")
# Any verb before and after its Cantonese negation, whether or not it is known: 攞唔攞到.
_TWICE = re.compile(r"(?P<verb>[\u4e00-\u9fff])唔(?P=verb)")
_WEAK = frozenset({"filler", "neg", "word", "loose", "plain"})
_LETTER = re.compile("[A-Za-z]")
_NEAR = 0.72  # what a unit of a name with one slip weighs


def _boundary(text: str, start: int, end: int) -> bool:
    """Whether a name in letters stands alone, not inside a longer word of letters."""
    before = start and text[start].isascii() and text[start - 1].isascii()
    after = end < len(text) and text[end - 1].isascii() and text[end].isascii()
    return not (before and (text[start - 1] + text[start]).isalpha()) and not (
        after and (text[end - 1] + text[end]).isalpha()
    )


def exact_names(lexicon: Lexicon, text: str) -> Iterator[Found]:
    """Names as they are written; a blank inside a name is passed over."""
    lettered = _LETTER.search(text)
    ascii_before = list(accumulate(map(str.isascii, text), initial=0))
    for start in range(len(text)):
        for end, units, numbers in _written(lexicon.exact, text, start):
            if lettered and not _boundary(text, start, end):
                continue
            letters = ascii_before[end] - ascii_before[start]
            measure = _measure(units, letters) if letters else units
            for number in numbers:
                filler = lexicon.names[number].kind == "filler"
                weight = measure * WEIGHTS["filler" if filler else "exact"] - PIECE
                yield Found(number, start, end, "exact", weight)


def _written(trie: Trie, text: str, start: int) -> list[tuple[int, int, list[int]]]:
    """The names written at a place: where they end, of how many characters, and which they are."""
    found = []
    node: Trie = trie
    units = 0
    for at in range(start, len(text)):
        char = text[at]
        if char not in node:
            if char == " " and units:
                continue
            break
        node = node[char]
        units += 1
        if END in node:
            found.append((at + 1, units, node[END]))
    return found


def _measure(units: int, letters: int) -> float:
    """How many units a written name counts: letters count a third of a character."""
    return max(units - letters * 0.67, 0.6)


def plain_words(text: str) -> Iterator[Found]:
    """Words of the dictionary, so that an ordinary word is not taken for a name it sounds like."""
    at = 0
    words = segmenter()
    for word, flag in words.tag(text):
        cut = word[-1] in _BEGINS_NAME  # 就是非透析: 是非 would swallow the 非 of a name
        if len(word) > 1 and is_han(word[0]) and not cut and words.has_word(word):
            weight = len(word) * WEIGHTS["word"] - PIECE
            place = flag == "ns" and bool(
                _PLACED.match(text[at + len(word) :]) or word[-1] in "市县"
            )
            loose = flag[:1] not in _TELLING
            yield Found(None, at, at + len(word), "exact", weight, weak=loose, place=place)
        at += len(word)


def _whole(lexicon: Lexicon, found: Found, inside: frozenset[int]) -> bool:
    """Whether a name of what is not covered stands alone: 上医保 in 线上医保 does not."""
    kind = lexicon.names[found.number or 0].kind
    return kind not in _WHOLE or found.start not in inside


def _inside(words: list[Found]) -> frozenset[int]:
    """Where a name that begins or ends runs through a word: 家县 in 老家县城 does."""
    return frozenset(at for word in words for at in range(word.start + 1, word.end))


def cover(size: int, found: Iterable[Found]) -> list[tuple[Found, ...]]:
    """The pieces, left to right, that weigh most together without overlapping."""
    ending: dict[int, list[Found]] = defaultdict(list)
    for one in found:
        ending[one.end].append(one)
    best: list[tuple[float, Found | None]] = [(0.0, None)] * (size + 1)
    for end in range(1, size + 1):
        best[end] = (best[end - 1][0], None)
        for one in ending[end]:
            score = best[one.start][0] + one.weight
            if score > best[end][0]:
                best[end] = (score, one)
    pieces: list[tuple[Found, ...]] = []
    at = size
    while at > 0:
        chosen = best[at][1]
        if chosen is None:
            at -= 1
            continue
        same = [o for o in ending[at] if o.start == chosen.start and o.weight == chosen.weight]
        pieces.append(tuple(dict.fromkeys(same) if len(same) > 1 else same))
        at = chosen.start
    return pieces[::-1]


def _gaps(text: str, pieces: list[tuple[Found, ...]]) -> list[tuple[int, int]]:
    """The stretches of two and more characters that no name of the lexicon explains well."""
    firm = [p[0] for p in pieces if p[0].number is not None and p[0].how == "exact"]
    marks = [0, *(x for p in firm if p.end - p.start > 1 for x in (p.start, p.end)), len(text)]
    return [(a, b) for a, b in zip(marks[::2], marks[1::2], strict=True) if b - a > 1]


def spot(lexicon: Lexicon, text: str) -> tuple[tuple[Token, ...], tuple[str, ...]]:
    """The names in a normalised text, left to right, and the near twins that were refused."""
    edges = lattice(text)
    words = list(plain_words(text))
    inside = _inside(words)
    exact = [f for f in exact_names(lexicon, text) if _whole(lexicon, f, inside)]
    found = [
        *exact,
        *sounding_names(lexicon, text, edges, inside | _inside(exact)),
        *initial_names(lexicon, text, edges),
        *words,
    ]
    pieces = cover(len(text), found)
    near, refused = near_names(lexicon, text, _gaps(text, pieces))
    if near:
        found += [
            Found(number, start, end, "near", (end - start) * _NEAR - PIECE)
            for number, start, end in near
            if start not in inside
        ]
        pieces = cover(len(text), found)
    kept = _with_company(pieces)
    return _polar(text, tuple(_tokens(lexicon, text, kept))), refused


def _polar(text: str, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens, a verb before and after its negation taken for the question it is: 攞唔攞到."""
    found = [m for m in _TWICE.finditer(text) if not any(_asks(t, m) for t in tokens)]
    for one in found:
        inside = [t for t in tokens if t.start < one.end() and one.start() < t.end]
        if all(one.start() <= t.start or t.kind in _WEAK for t in inside):
            asked = Token("ask", "yn", one.group(), one.start(), one.end(), "exact")
            kept = [t for t in tokens if t not in inside or t.kind not in _WEAK]
            tokens = tuple(sorted((*kept, asked), key=lambda t: t.start))
    return tokens


def _asks(token: Token, found: re.Match[str]) -> bool:
    return token.kind == "ask" and token.start < found.end() and found.start() < token.end


def _with_company(pieces: list[tuple[Found, ...]]) -> list[tuple[Found, ...]]:
    """A common word that merely sounds like a name counts only beside names that are certain."""
    firm = any(
        p[0].number is not None and not p[0].weak and p[0].end - p[0].start > 1 for p in pieces
    )
    return [p for p in pieces if firm or not p[0].weak or p[0].number is None]


def _tokens(lexicon: Lexicon, text: str, pieces: list[tuple[Found, ...]]) -> Iterator[Token]:
    for piece in pieces:
        for one in piece:
            said = text[one.start : one.end]
            if one.number is None:
                kind = "other-place" if one.place else "loose" if one.weak else "word"
                yield Token(kind, said, said, one.start, one.end, one.how, one.weight)
                continue
            name = lexicon.names[one.number]
            how: How = "alias" if one.how == "exact" and name.alias else one.how
            yield Token(name.kind, name.value, said, one.start, one.end, how, one.weight)
