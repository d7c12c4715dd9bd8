"""Names with one slip: a wrong, missing, extra or swapped character. A twin is never a slip.

A near name is only proposed where the slip cannot change what is meant: no mark that tells twins
apart may come or go, the text must not be a word of its own (高血脂 is no slip of 高血压), and two
values that are equally near cancel each other.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA, LCSseq

from intents.lexicon import END, Lexicon, Name, pair_of, written
from intents.normalise import is_han
from intents.pinyin import sounds
from intents.tokenise import segmenter

# Characters whose coming or going turns a name into its twin.
MARKS = frozenset("非不没未无ⅠⅡi12一二儿童康治高低")
_SHORTEST = 3
_LENIENT = 4  # from this length on a missing or an extra character is forgiven, too


def near_names(
    lexicon: Lexicon, text: str, gaps: list[tuple[int, int]]
) -> tuple[list[tuple[int, int, int]], tuple[str, ...]]:
    """(name, start, end) of the names that are one slip away, and the twins that were refused."""
    best: dict[tuple[int, int], tuple[int, set[str], int]] = {}
    refused: set[str] = set()
    names = lexicon.names
    windows = _windows(lexicon, text, gaps)
    slips = [(n, a, b) for n, a, b in windows if _one_slip(names[n], text[a:b])]
    for number, start, end in sorted(slips):
        name = names[number]
        said = text[start:end]
        if _is_framed(lexicon, name.text, said) or not _is_plain(name, said):
            continue
        if _cuts(name.text, text, start, end):
            continue
        if _is_twin(name.text, said) or _holds_another(lexicon, name, said):
            refused.add(f"{said}≠{name.text}")
            continue
        _, values, _ = best.setdefault((start, end), (number, set(), 0))
        values.add(f"{name.kind}:{name.value}")
    near = [(number, *span) for span, (number, values, _) in best.items() if len(values) == 1]
    refused.update(text[a:b] for (a, b), (_, values, _) in best.items() if len(values) > 1)
    return near, tuple(sorted(refused))


def _windows(lexicon: Lexicon, text: str, gaps: list[tuple[int, int]]) -> set[tuple[int, int, int]]:
    """Stretches of a gap (and its edges) that share two characters with a name, aligned with it."""
    found: set[tuple[int, int, int]] = set()
    for begins, ends in gaps:
        low, high = max(0, begins - 2), min(len(text), ends + 2)
        aligned: set[tuple[int, int, int]] = set()
        for at in range(low, high - 1):
            for number, place, size in lexicon.pairs.get(pair_of(text[at], text[at + 1]), ()):
                aligned.add((number, at - place, size))
            for number in lexicon.framed.get(text[at] + text[at + 2], ()) if at + 3 <= high else ():
                found.add((number, at, at + 3))
        stretch = text[low:high]
        for number, first, size in aligned:
            if low <= first and first + size <= high:
                found.add((number, first, first + size))
            if size >= _LENIENT and _is_like(lexicon.names[number], stretch, first - low):
                found.update(_beside(number, first, first + size, low, high))
    return found


def _is_like(name: Name, text: str, first: int) -> bool:
    """Whether a name, laid on a text at `first`, may have lost or got a character there.

    All but one of its characters then stand there still, in their order.
    """
    if name.kind == "cue":
        return False  # 我自己 has lost the very word of 我自己付
    size = len(name.text)
    around = text[max(0, first - 1) : first + size + 1]
    return LCSseq.similarity(name.text, around) >= size - 1


def _beside(number: int, first: int, last: int, low: int, high: int) -> list[tuple[int, int, int]]:
    """The stretches with a character too much or too little before or behind."""
    spans = [(first + 1, last), (first - 1, last), (first, last - 1), (first, last + 1)]
    return [(number, a, b) for a, b in spans if low <= a and b <= high]


def _one_slip(name: Name, said: str) -> bool:
    """Whether one character is wrong, missing, too much or swapped, and all are ideographs."""
    size = len(name.text)
    if size != len(said) and size < _LENIENT:
        return False
    return OSA.distance(name.text, said, score_cutoff=1) == 1 and all(map(is_han, said))


def _holds_another(lexicon: Lexicon, name: Name, said: str) -> bool:
    """Whether the text holds a name whole: 透析完 is no slip of 透析前, 太仓分 none of 太仓市."""
    for start in range(len(said) - 1):
        node = lexicon.exact
        for char in said[start:]:
            node = node.get(char, {})
            held = [lexicon.names[number] for number in node.get(END, ())]
            if any(one.kind == name.kind and len(one.text) > 1 for one in held):
                return True
            if len(said) == _SHORTEST and any(one.kind == "region" for one in held):
                return True
    return False


def _is_plain(name: Name, said: str) -> bool:
    """Whether a short name of the numerous other diseases still sounds: no 乳腺炎 in 乳腺切."""
    if name.kind != "other-disease" or len(name.text) > _SHORTEST:
        return True
    return all(set(sounds(a)) & set(sounds(b)) for a, b in zip(name.text, said, strict=False))


def _is_framed(lexicon: Lexicon, name: str, said: str) -> bool:
    """Whether what differs is a word of the frame: 证明要 is no slip of 证明表."""
    new = set(said) - set(name)
    names = (name for char in new for name in written(lexicon, char))
    return any(name.kind in {"filler", "ask"} for name in names)


def _cuts(name: str, text: str, start: int, end: int) -> bool:
    """Whether what differs belongs to a word that goes on: 自个儿网上 is no slip of 自个儿出."""
    last = text[end - 1] != name[-1] and segmenter().has_word(text[end - 1 : end + 1])
    first = (
        start > 0 and text[start] != name[0] and segmenter().has_word(text[start - 1 : start + 1])
    )
    return (last and end < len(text)) or first


def _is_twin(name: str, said: str) -> bool:
    differing = set(name) ^ set(said)
    return bool(differing & MARKS) or segmenter().has_word(said)
