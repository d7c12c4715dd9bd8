"""Raw text → text fit for matching: width, case, script, tone marks, invisible characters.

Every character of the result knows where it stood in the raw text, so that a slot can be shown
as the person typed it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Protocol

from intents.understanding import Normalised

# 透(tòu)析(xī): a reading aid after a character, as in the Beijing document.
ANNOTATION = re.compile(r"(?<=[㐀-鿿])[(（][a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,7}[)）]", re.IGNORECASE)
# What stands in the place of a number or a name of a person: 〔身份证号〕.
MARK = re.compile(r"〔[㐀-鿿A-Za-z]{2,8}〕")
# A mark says nothing, nor does what leads up to it at the head of a clause: 我叫〔姓名〕，
_LEADING = "[我俺本人他她的叫是姓名字家住在地址号码联系加:： ]{0,8}"
_ENDING = r"[，,。；;、\s]{0,8}"
_MARKED = re.compile(
    rf"(?:[，,、\s]{{1,8}}{_LEADING}|我的?)?{MARK.pattern}{_ENDING}$"
    rf"|(?P<head>(?<![^\s，。,.;；:：!！?？〕]){_LEADING}{MARK.pattern}{_ENDING})"
    rf"|(?:我的?)?{MARK.pattern}"
)
HAN = re.compile(r"[㐀-鿿\uf900-\ufaff]")
# ① to ⑳ begin a new question.
_COUNTED = frozenset(map(chr, range(0x2460, 0x2474)))
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}
_SPACED = re.compile(
    r"(?:(?<=[㐀-鿿]) )?(?<!\S)(?:[㐀-鿿\da-z+] ){2,}[㐀-鿿\da-z+](?!\S)(?: (?=[㐀-鿿]))?"
)
_SYMBOL = {"So", "Sk"}


class Converter(Protocol):
    """Traditional → simplified, character for character."""

    def convert(self, text: str) -> str:
        """The same text in simplified characters."""


@cache
def converter() -> Converter:
    """The opencc converter; 9 ms to load, so only once."""
    import opencc

    made: Converter = opencc.OpenCC("t2s")
    return made


def is_han(char: str) -> bool:
    """Whether a character is a Chinese ideograph."""
    return "㐀" <= char <= "鿿" or "\uf900" <= char <= "\ufaff"


@lru_cache(maxsize=20_000)
def _fold(char: str) -> str:
    """One raw character → what stands for it: folded width and case, a space for a symbol."""
    if char in "\t\r\n":
        return "。" if char == "\n" else " "
    if unicodedata.category(char) == "Cs":
        return ""
    if char in _COUNTED:  # ② counts like 2、
        number = unicodedata.normalize("NFKC", char)
        return f"{number}、" if number in "123456789" else "。"
    folded = unicodedata.normalize("NFKC", char)
    return "".join(_letter(part) for part in folded)


def _letter(char: str) -> str:
    category = unicodedata.category(char)
    if category in _DROPPED:
        return ""
    if category in _SYMBOL:
        return " "
    if char.isascii() or HAN.match(char):
        return char.lower()
    if char in "üǖǘǚǜÜ":
        return "v"
    base = unicodedata.normalize("NFD", char)[0]
    return base.lower() if base.isascii() and base.isalpha() else char


def _simplify(text: str) -> str:
    """Simplified text of the same length: by the whole where lengths agree, else one by one."""
    convert = converter().convert
    whole = convert(text)
    if len(whole) == len(text):
        return whole
    return "".join(one if len(one := convert(char)) == 1 else char for char in text)


def _read(raw: str) -> list[tuple[int, str]]:
    """The characters of a text that are read; a blank for a mark within a clause."""
    if "〔" not in raw:
        return _without_annotations(raw)
    marked = list(_MARKED.finditer(raw))
    passed = {at for found in marked for at in range(*found.span())}
    within = {found.start() for found in marked if not found["head"] and found.end() < len(raw)}
    read = ((at, char) for at, char in _without_annotations(raw) if at not in passed - within)
    return [(at, " " if at in within else char) for at, char in read]


def _without_annotations(raw: str) -> list[tuple[int, str]]:
    if "(" not in raw and "（" not in raw:
        return list(enumerate(raw))
    dropped = {at for found in ANNOTATION.finditer(raw) for at in range(*found.span())}
    return [(at, char) for at, char in enumerate(raw) if at not in dropped]


def _closed_up(chars: list[str], offsets: list[int]) -> tuple[list[str], list[int]]:
    """Without the blanks of text that is spaced out character by character: 透 析 报 多 少."""
    if " " not in chars:
        return chars, offsets
    spaced = {at for run in _SPACED.finditer("".join(chars)) for at in range(*run.span())}
    kept = [at for at, char in enumerate(chars) if not (char == " " and at in spaced)]
    return [chars[at] for at in kept], [offsets[at] for at in kept]


def normalise(raw: str) -> Normalised:
    """Any text → its normal form: NFKC, lower case, simplified, without invisible characters."""
    chars: list[str] = []
    offsets: list[int] = []
    for at, char in _read(raw):
        for part in _fold(char):
            if part == " " and chars and chars[-1] == " ":
                continue
            chars.append(part)
            offsets.append(at)
    chars, offsets = _closed_up(chars, offsets)
    text = "".join(chars)
    if not text.isascii():
        text = _simplify(text)
    return Normalised(raw, text, tuple(offsets))
