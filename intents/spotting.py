"""Find names in a text: as written, as they sound, by their initials, or with one slip.

The text is a lattice: a Chinese character is one step, a run of letters is every syllable that
can be spelled from it. Names are walked along it, and of all that is found the cover of the text
that explains most of it with the fewest pieces is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from intents.lexicon import END, Lexicon, Name, Trie
from intents.near import MARKS, near_names
from intents.normalise import is_han
from intents.pinyin import folded, readings, sounds, spellings
from intents.tokenise import segmenter
from intents.understanding import How, Token

# Kinds so numerous that a homophone in characters proves nothing: only pinyin counts.
_LITERAL = frozenset(
    {"other-place", "place", "other-disease", "tumour", "outside", "talk", "account"}
)
_PLACES = frozenset({"other-place", "place"})
# Kinds for which a word of its own that sounds like a name (县城 like 相城) is never that name.
_PLAIN_ONLY = frozenset(
    {"district", "region", "scheme", "population", "hospital", "landmark", "material"}
)
# Kinds whose misspelt names must not run through a word of the text.
_ALIGNED = frozenset({"other-place", "place", "district", "region"})
_WHOLE = frozenset({"other-place", "place", "other-disease", "outside", "talk"})
# Parts of speech of words that say what a question is about: nouns, verbs, names.
_TELLING = frozenset("nvjs")
_ASKING = frozenset("怎么什哪谁几吗了的着过在")
_FRAME = frozenset({"filler", "ask", "neg"})
# A word that the dictionary takes for a place counts as one only where somebody is insured in it.
_BEGINS_NAME = frozenset("非未")
_PLACED = re.compile(r"(?:市|县|那边|这边)?(?:的)?(?:职工|居民|医保|参保|交的|缴)")
_LETTERS = re.compile(r"[a-z]+(?:'[a-z]+)*")
# What a unit (a character, a syllable) of a name weighs by how it was written.
_WEIGHTS = {
    "exact": 1.0, "sound": 0.78, "near sound": 0.66, "typed": 0.9, "near typed": 0.75,
    "initial": 0.55, "word": 0.5, "filler": 0.75, "far": 0.7,
}  # fmt: skip
_PIECE = 0.3  # what every piece of a cover costs, so that one long name beats two short ones
_SINGLE = 0.75  # a name of one syllable, typed
_NEAR = 0.72  # what a unit of a name with one slip weighs


class Found(Struct, frozen=True):
    """A name found in the text: its number in the lexicon (None for a plain word), and how.

    `weak` is a common word that merely sounds like the name, `place` a plain word that is a place.
    """

    number: int | None
    start: int
    end: int
    how: How
    weight: float
    weak: bool = False
    place: bool = False


class Edges(Struct, frozen=True):
    """The steps of the lattice from each position: (end, sounds, typed in letters)."""

    steps: dict[int, tuple[tuple[int, tuple[str, ...], bool], ...]]
    abbreviations: tuple[tuple[int, int], ...]


def lattice(text: str) -> Edges:
    """The steps through a text by sound, and the runs of letters that spell nothing."""
    steps: dict[int, list[tuple[int, tuple[str, ...], bool]]] = defaultdict(list)
    for at, char in enumerate(text):
        heard = sounds(char) if is_han(char) else (char,) if char.isalnum() or char == "+" else ()
        if heard:
            steps[at].append((at + 1, heard, False))
    short = []
    for run in _LETTERS.finditer(text):
        spelled = spellings(run.group().replace("'", "")) if "'" not in run.group() else ()
        for start, end in spelled:
            syllable = folded(run.group()[start:end])
            steps[run.start() + start].append((run.start() + end, (syllable,), True))
        if not spelled:
            short.append(run.span())
    return Edges({at: tuple(found) for at, found in steps.items()}, tuple(short))


def _boundary(text: str, start: int, end: int) -> bool:
    """Whether a name in letters stands alone, not inside a longer word of letters."""
    before = start and text[start].isascii() and text[start - 1].isascii()
    after = end < len(text) and text[end - 1].isascii() and text[end].isascii()
    return not (before and (text[start - 1] + text[start]).isalpha()) and not (
        after and (text[end - 1] + text[end]).isalpha()
    )


def exact_names(lexicon: Lexicon, text: str) -> Iterator[Found]:
    """Names as they are written; a blank inside a name is passed over."""
    size = len(text)
    for start in range(size):
        node: Trie | None = lexicon.exact
        at = start
        units = 0
        while at < size:
            char = text[at]
            if char == " " and at > start and node is not None and " " not in node:
                at += 1
                continue
            node = node.get(char) if node else None
            if node is None:
                break
            at += 1
            units += 1
            if END in node and _boundary(text, start, at):
                size_of = _measure(text[start:at], units)
                for number in node[END]:
                    filler = lexicon.names[number].kind == "filler"
                    weight = size_of * _WEIGHTS["filler" if filler else "exact"] - _PIECE
                    yield Found(number, start, at, "exact", weight)


def _measure(said: str, units: int) -> float:
    """How many units a written name counts: letters count a third of a character."""
    letters = sum(char.isascii() for char in said)
    return max(units - letters * 0.67, 0.6)


def _skip_blank(text: str, at: int) -> int:
    return at + 1 if at < len(text) and text[at] in " '" else at


def sounding_names(
    lexicon: Lexicon, text: str, edges: Edges, inside: frozenset[int]
) -> Iterator[Found]:
    """Names as they sound: typed in pinyin, or written with other characters of the same sound."""
    for start in edges.steps:
        stack: list[tuple[Trie, tuple[tuple[int, int, bool], ...]]] = [(lexicon.sound, ())]
        while stack:
            node, units = stack.pop()
            if END in node:
                for found in _heard(lexicon, text, units, node[END]):
                    name = lexicon.names[found.number or 0]
                    aligned = inside.isdisjoint((found.start, found.end))
                    if aligned or name.kind not in _ALIGNED or text[found.start].isascii():
                        yield found
            here = units[-1][1] if units else start
            here = here if here in edges.steps or not units else _skip_blank(text, here)
            for end, heard, letters in edges.steps.get(here, ()):
                for sound in heard:
                    if sound in node:
                        stack.append((node[sound], (*units, (here, end, letters))))


def _heard(
    lexicon: Lexicon, text: str, units: tuple[tuple[int, int, bool], ...], numbers: Iterable[int]
) -> Iterator[Found]:
    start, end = units[0][0], units[-1][1]
    said = text[start:end]
    typed = sum(letters for _, _, letters in units)
    for number in numbers:
        name = lexicon.names[number]
        if said == name.text or (len(units) == 1 and not typed):
            continue
        if len(units) == 2 and not typed and not _plainly_sounds(name.text, said):
            continue
        if name.kind in _LITERAL and not _convincing(
            lexicon, name, said, text[max(0, start - 1) : end + 1]
        ):
            continue
        if typed < len(units) and _guarded(name.text, said):
            continue
        weights = (
            _unit_weight(char, text[a:b], letters)
            for char, (a, b, letters) in zip(name.text, units, strict=True)
        )
        if len(units) == 1:
            weights = (one for one in (_SINGLE,))
        weight = sum(weights) * (_WEIGHTS["far"] if name.kind in _LITERAL else 1.0) - _PIECE
        if len(units) == 2 and typed and not _spelled(name.text, text, units):
            continue
        weak = not typed and len(units) <= 2 and segmenter().has_word(said)
        if weak and name.kind in _PLAIN_ONLY:
            continue
        if not typed and name.kind == "ask" and "不" in said:
            continue
        plain = name.kind == "cue" or len(units) < 3
        if not typed and plain and _only_function(lexicon, name, said):
            continue
        if weak:
            weight = len(units) * _WEIGHTS["word"] - _PIECE + 0.05
        yield Found(number, start, end, "pinyin", weight, weak)


def _only_function(lexicon: Lexicon, name: Name, said: str) -> bool:
    """Whether all that differs from the name are words of the frame: 在化疗 is not 再化疗."""
    differing = [b for a, b in zip(name.text, said, strict=False) if a != b]
    if (
        name.kind == "cue"
        and len(said) == 2
        and len(differing) == 1
        and differing[0] not in _ASKING
    ):
        return False
    return all(_is_function(lexicon, char) for char in differing or said)


def _is_function(lexicon: Lexicon, char: str) -> bool:
    """Whether a character by itself is a filler or frame word: 也是 is no misspelt 医师."""
    numbers = lexicon.exact.get(char, {}).get(END, ())
    return any(lexicon.names[number].kind in _FRAME for number in numbers)


def _convincing(lexicon: Lexicon, name: Name, said: str, around: str) -> bool:
    """Whether a name of a numerous kind is meant: a whole word of letters, or a misspelt place."""
    if any(char.isascii() for char in said):
        return said.isascii() and not any(
            c.isascii() and c.isalpha() for c in around.replace(said, "")
        )
    if name.kind not in _PLACES or len(said) != len(name.text) or segmenter().has_word(said):
        return False
    wrong = [(a, b) for a, b in zip(name.text, said, strict=True) if a != b]
    if len(wrong) != 1 or _is_function(lexicon, wrong[0][1]):
        return False
    return len(said) < 4 and readings(wrong[0][0])[:1] == readings(wrong[0][1])[:1]


def _plainly_sounds(name: str, said: str) -> bool:
    """Whether a short name keeps a character, or both sound alike in their usual reading."""
    alike = all(
        folded(readings(a)[0]) == folded(readings(b)[0])
        for a, b in zip(name, said, strict=False)
        if readings(a) and readings(b)
    )
    return _kept(name, said) or alike


def _kept(name: str, said: str) -> bool:
    return any(a == b for a, b in zip(name, said, strict=False))


def _spelled(name: str, text: str, units: tuple[tuple[int, int, bool], ...]) -> bool:
    """Whether the letters of a short name are its very pinyin; near sounds need a longer one."""
    return all(
        not letters or text[a:b] in readings(char)
        for char, (a, b, letters) in zip(name, units, strict=True)
    )


def _unit_weight(char: str, said: str, letters: bool) -> float:
    """What one unit of a name weighs, heard as `said`: the same sound more than a near one."""
    if char == said:
        return _WEIGHTS["exact"]
    if letters:
        return _WEIGHTS["typed" if said in readings(char) else "near typed"]
    same = not set(readings(char)).isdisjoint(readings(said))
    return _WEIGHTS["sound" if same else "near sound"]


def _guarded(name: str, said: str) -> bool:
    """A sound never brings in a character that tells twins apart (非, 不, 一型 …)."""
    return any(b in MARKS and a != b for a, b in zip(name, said, strict=False))


def initial_names(lexicon: Lexicon, text: str, edges: Edges) -> Iterator[Found]:
    """Runs of letters that spell nothing, as the first letters of names: tnb, txxe."""
    for start, end in edges.abbreviations:
        if end - start < 2:
            continue
        for piece in _abbreviated(lexicon.initials, text[start:end]):
            for number in piece[2]:
                weight = (piece[1] - piece[0]) * _WEIGHTS["initial"] - _PIECE
                yield Found(number, start + piece[0], start + piece[1], "pinyin", weight)


def _abbreviated(trie: Trie, letters: str) -> list[tuple[int, int, list[int]]]:
    """The fewest names whose initials make up the letters; nothing where none do."""
    best: list[list[tuple[int, int, list[int]]] | None] = [[], *([None] * len(letters))]
    for start in range(len(letters)):
        before = best[start]
        if before is None:
            continue
        node: Trie = trie
        for end in range(start + 1, len(letters) + 1):
            node = node.get(letters[end - 1], {})
            if not node:
                break
            now = best[end]
            if END in node and (now is None or len(before) + 1 < len(now)):
                best[end] = [*before, (start, end, node[END])]
    return best[-1] or []


def plain_words(text: str) -> Iterator[Found]:
    """Words of the dictionary, so that an ordinary word is not taken for a name it sounds like."""
    at = 0
    for word, flag in segmenter().tag(text):
        cut = word[-1] in _BEGINS_NAME  # 就是非透析: 是非 would swallow the 非 of a name
        if len(word) > 1 and is_han(word[0]) and not cut and segmenter().has_word(word):
            weight = len(word) * _WEIGHTS["word"] - _PIECE
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
        same = (o for o in ending[at] if o.start == chosen.start and o.weight == chosen.weight)
        pieces.append(tuple(dict.fromkeys(same)))
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
    found = [
        *(f for f in exact_names(lexicon, text) if _whole(lexicon, f, inside)),
        *sounding_names(lexicon, text, edges, inside),
        *initial_names(lexicon, text, edges),
        *words,
    ]
    pieces = cover(len(text), found)
    near, refused = near_names(lexicon, text, _gaps(text, pieces))
    if near:
        found += [
            Found(number, start, end, "near", (end - start) * _NEAR - _PIECE)
            for number, start, end in near
            if start not in inside
        ]
        pieces = cover(len(text), found)
    kept = _with_company(pieces)
    return tuple(_tokens(lexicon, text, kept)), refused


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


def neighbours(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, Token]]:
    """Tokens side by side."""
    return pairwise(tokens)
