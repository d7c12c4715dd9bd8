"""A text as redaction looks at it: one form for every way of writing a digit, a blank, a letter.

What cannot be seen is taken out; where each character stood in the text is kept.
"""

from __future__ import annotations

import unicodedata

from msgspec import Struct

GONE = "\u200b"  # in the place of a character that nobody sees
# Blanks that Unicode counts among letters and symbols.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_HIDDEN = frozenset({"Cf", "Mn", "Me", "Cc", "Cs", "Co", "Cn"})
_ROUND = frozenset("○◯⭕〇")
# How people write digits in characters; 洞, 幺, 两, 拐, 勾 are said on the telephone.
_SAID = (
    *("零〇洞", "一壹幺弌", "二贰貳两兩弍", "三叁參叄弎", "四肆"),
    *("五伍", "六陆陸", "七柒拐", "八捌", "九玖勾"),
)
HAN_DIGITS = {char: str(value) for value, chars in enumerate(_SAID) for char in chars}
DIGIT = f"[0-9{''.join(HAN_DIGITS)}]"
# What may stand between two digits of one number: marks and blanks of every kind.
GAP = r"[^\w\u0080-\U0010ffff]|[_\u0080-\u00bf·•‧・。、…—–‘’“”《》〈〉「」『』【】]"
_DIGITS = str.maketrans(HAN_DIGITS)


class Shape(Struct, frozen=True):
    """A text in its plain form; `offsets` is where each character stood, None where all stayed."""

    text: str
    offsets: tuple[int, ...] | None = None

    def raw(self, start: int, end: int, size: int) -> tuple[int, int]:
        """A stretch of the plain form as one of the text, which has `size` characters.

        What cannot be seen behind its last character goes with it.
        """
        if self.offsets is None:
            return start, end
        after = self.offsets[end] if end < len(self.offsets) else size
        return self.offsets[start], after


class _Folding(dict[int, str]):
    """The plain form of every character met so far."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _fold(chr(code))
        return found


def _fold(char: str) -> str:
    """One character for one: a digit of any script, a letter in lower case, a mark, a blank."""
    if char in HAN_DIGITS or char in "\t\r\n":
        return char
    category = unicodedata.category(char)
    if category in _HIDDEN or char in _BLANK:
        return GONE
    if (value := _value(char, category)) is not None:
        return str(value)
    return _mark(char, category)


def _value(char: str, category: str) -> int | None:
    """What a digit counts, in whatever script and ring it is written."""
    if char in _ROUND:
        return 0
    value = unicodedata.numeric(char, -1.0) if category[0] == "N" else -1.0
    return int(value) if value in range(10) else None


def _mark(char: str, category: str) -> str:
    """A letter in lower case; one dash, one blank and one dot for all there are."""
    if category[0] == "Z" or category == "Pd":
        return " " if category[0] == "Z" else "-"
    folded = unicodedata.normalize("NFKC", char).lower()
    symbol = category[0] == "S" and not folded.isascii()
    return folded if len(folded) == 1 and not symbol else "·" if symbol else char


_FOLD = _Folding()


def shape_of(text: str) -> Shape:
    """The plain form of a text."""
    folded = text.translate(_FOLD)
    if GONE not in folded:
        return Shape(folded)
    kept = tuple(at for at, char in enumerate(folded) if char != GONE)
    return Shape(folded.replace(GONE, ""), kept)


def digits_of(text: str) -> str:
    """A text of the plain form with its characters for digits as digits."""
    return text.translate(_DIGITS)
