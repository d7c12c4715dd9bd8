"""How characters sound: toneless syllables, folded so that accents and near sounds agree.

The readings are pypinyin's single-character table; its phrase table is not loaded (it costs
200 ms and 50 MB), so every reading of a character is kept instead of the likeliest one.
"""

from __future__ import annotations

import os
import unicodedata
from functools import cache, lru_cache

# Read by pypinyin at import: leave the phrase table out, do not copy the character table.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

_INITIALS = "b p m f d t n l g k h j q x zh ch sh r z c s y w".split()
_FINALS = (
    "a o e ai ei ao ou an en ang eng ong er i ia ie iao iu ian in iang ing iong "
    "u ua uo uai ui uan un uang ueng v ve van vn ue"
).split()
# Southern and Wu speakers, and input methods set to fuzzy sounds, do not keep these apart.
_FOLDS_HEAD = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_FOLDS_TAIL = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def _table() -> dict[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict

    table: dict[int, str] = pinyin_dict
    return table


def _plain(reading: str) -> str:
    """A syllable with tone marks → plain letters, ü as v."""
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(char for char in letters if not unicodedata.combining(char))


@lru_cache(maxsize=20_000)
def readings(char: str) -> tuple[str, ...]:
    """The toneless syllables of a character, likeliest first; none for what is no ideograph."""
    found = _table().get(ord(char), "")
    return tuple(dict.fromkeys(_plain(part) for part in found.split(",") if part))


@lru_cache(maxsize=4_000)
def folded(syllable: str) -> str:
    """A syllable with the differences gone that people do not hear: zh/z, n/l, ing/in …"""
    for long, short in _FOLDS_HEAD:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
            break
    for long, short in _FOLDS_TAIL:
        if syllable.endswith(long):
            return syllable[: -len(long)] + short
    return syllable


@lru_cache(maxsize=20_000)
def sounds(char: str) -> tuple[str, ...]:
    """The folded syllables of a character."""
    return tuple(dict.fromkeys(folded(reading) for reading in readings(char)))


@cache
def syllables() -> frozenset[str]:
    """Every syllable that a character of the table has, as typed on a keyboard."""
    marked = set(",".join(_table().values()).split(","))
    known = {_plain(reading) for reading in marked}
    shaped = {head + tail for head in ["", *_INITIALS] for tail in _FINALS}
    return frozenset(known & shaped)


def spellings(letters: str) -> tuple[tuple[int, int], ...]:
    """The syllables (start, end) of every full spelling of a run of letters; none if it has none.

    `xiane` is both xian-e and xia-ne, so all spellings are kept as one lattice. A run that is one
    syllable (bao) is not parted into it and a vowel (ba-o), but xian may be xi-an.
    """
    known = syllables()
    size = len(letters)
    least = 2 if letters in known and size > 1 else 1
    edges = [
        (start, end)
        for start in range(size)
        for end in range(start + least, min(start + 6, size) + 1)
        if letters[start:end] in known
    ]
    reached = {0}
    for start, end in edges:
        if start in reached:
            reached.add(end)
    closing = {size}
    for start, end in reversed(edges):
        if end in closing:
            closing.add(start)
    return tuple((start, end) for start, end in edges if start in reached and end in closing)
