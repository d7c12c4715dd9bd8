"""Long runs of digits in a text, taken apart: what in them is a number of a person, and what not.

A run may hold several numbers, amounts and days side by side, each of them in groups. A number is
told by its form; the weaker the form, the more it must stand by itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from bot.redacting.identity import (
    is_card_of_person,
    is_checked,
    is_day,
    is_like_card_of_person,
    is_old_card_of_person,
)
from bot.redacting.shape import DIGIT, GAP, digits_of

Span = tuple[int, int, str]  # from, to, kind
# As in behind.py, no possessive repetition within another.
_RUN = re.compile(rf"{DIGIT}(?:(?:{GAP}){{0,6}}{DIGIT}){{6,}}+")
_CHECK = re.compile(rf"(?:{GAP}){{0,3}}+[x×хχ叉](?![a-z])")
_DIGIT = re.compile(DIGIT)
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:(?:00)?86)?(?:0?(?:10|2\d)|0?[3-9]\d{2})[2-8]\d{6,7}")
_EXTENSION = re.compile(
    rf"(?: ?[-#转轉]| ?分机| ?ext\.?)[号:]?(?:{GAP}){{0,2}}+"
    rf"{DIGIT}(?:(?:{GAP})?{DIGIT}){{0,5}}(?!{DIGIT})"
)
_PASS = re.compile(r"(?:(?<![a-z0-9])[egpdshmc]|(?<![a-z0-9])e[a-hj-np-z])(?:[ -]){0,2}$")
_IDENTITY_OF_HONG_KONG = re.compile(r"(?<![a-z0-9])[a-z]{1,2}[0-9]{6} ?\([0-9a]\)")
_LONG = 12  # digits in a row that are never an amount, a day or a rule
_CARDS = range(19, 12, -1)  # digits of a bank card, the most first
_DATED = frozenset({(4, 2, 2), (4, 1, 2), (4, 2, 1), (4, 1, 1)})
_EVEN = frozenset({(3, 4, 4), (3, 8), (3, 3, 5), (7, 4), (2, 3, 4, 4)})


def numbers_in(text: str) -> Iterator[Span]:
    """The numbers of persons in a plain form that their form tells, left to right."""
    for found in _RUN.finditer(text):
        check = _CHECK.match(text, found.end())
        yield from _Run(text, found.start(), found.end(), check).spans()
    if "(" in text:
        for found in _IDENTITY_OF_HONG_KONG.finditer(text):
            yield found.start(), found.end(), "document"


class _Run:
    """One run: its digits, and where its groups begin and end."""

    def __init__(self, text: str, start: int, end: int, check: re.Match[str] | None) -> None:
        self.text = text
        self.at = [found.start() for found in _DIGIT.finditer(text, start, end)]
        self.digits = digits_of("".join(text[at] for at in self.at))
        self.check = check

    @cached_property
    def starts(self) -> list[int]:
        """The first digit of every group: behind a gap, or where the script changes."""
        at, text = self.at, self.text
        return [
            n
            for n in range(len(at))
            if not n or at[n] != at[n - 1] + 1 or text[at[n]].isascii() != text[at[n - 1]].isascii()
        ]

    @cached_property
    def ends(self) -> frozenset[int]:
        """One past the last digit of every group."""
        return frozenset([*self.starts[1:], len(self.digits)])

    def spans(self) -> Iterator[Span]:
        """What is a number of a person in it."""
        starts = frozenset(self.starts)
        n = 0
        while n < len(self.digits):
            found = self._person(n) or (self._aligned(n) if n in starts else None)
            if found is None:
                n += 1
                continue
            past, kind = found
            if kind:
                start, end = self._span(n, past, kind)
                yield start, end, kind
                while past < len(self.at) and self.at[past] < end:
                    past += 1
            n = past

    def _span(self, n: int, past: int, kind: str) -> tuple[int, int]:
        """Where a number stands, with what belongs to it on both sides."""
        start = self.at[n]
        end = self.at[past - 1] + 1 if past <= len(self.at) else self._checked()
        if kind == "phone" and (more := _EXTENSION.match(self.text, end)):
            end = more.end()
        if kind == "document":
            before = _PASS.search(self.text, max(0, start - 5), start)
            return (before.start() if before else start), end
        while start and self.text[start - 1] in "+(":
            start -= 1
        return start, end

    def _checked(self) -> int:
        return self.check.end() if self.check else self.at[-1] + 1

    def _person(self, n: int) -> tuple[int, str] | None:
        """A number of an identity card with its right check, wherever it begins."""
        number = self.digits[n : n + 18]
        if len(number) == 17 and self.check:
            number += "x"
        if len(number) == 18 and is_card_of_person(number):
            return n + 18, "id"
        return None

    def _aligned(self, n: int) -> tuple[int, str] | None:
        """What begins with a group: where it ends, and its kind; no kind for what is no number."""
        return (
            self._old_person(n)
            or self._mobile(n)
            or self._pass(n)
            or self._day(n)
            or self._card(n)
            or self._landline(n)
            or self._long(n)
        )

    def _old_person(self, n: int) -> tuple[int, str] | None:
        """The number of an identity card that is misspelt, or has 15 digits."""
        number = self.digits[n : n + 18]
        if len(number) == 17 and self.check:
            number += "x"
        past = n + len(number)
        ended = len(number) == 18 and (past in self.ends or number[17] == "x")
        if ended and is_like_card_of_person(number):
            return past, "id"
        if n + 15 in self.ends and is_old_card_of_person(self.digits[n : n + 15]):
            return None if self._is_round(n, n + 15) else (n + 15, "id")
        return None

    def _mobile(self, n: int) -> tuple[int, str] | None:
        found = _MOBILE.match(self.digits, n)
        if not found or found.end() not in self.ends:
            return None
        sizes = self._sizes(n, found.end())
        even = sizes in _EVEN and self._gaps(n, found.end()) <= {" ", "-"}
        if (not even and self._is_round(n, found.end())) or self._begins_with_day(n, found.end()):
            return None
        return found.end(), "mobile"

    def _begins_with_day(self, n: int, past: int) -> bool:
        """Whether 1965-03-12 500 is a day and an amount: what parts them parts no day."""
        return self._day(n) is not None and len(self._gaps(n, past)) > 1

    def _day(self, n: int) -> tuple[int, str] | None:
        """A day (2023-10-01, 20231001): no number of anybody."""
        for past in (n + 8, n + 7, n + 6):
            if past not in self.ends:
                continue
            sizes, digits = self._sizes(n, past), self.digits[n:past]
            if sizes == (8,):
                sizes = (4, 2, 2)
            if sizes not in _DATED or not 1900 <= int(digits[:4]) < 2050:
                continue
            month = digits[4 : 4 + sizes[1]]
            if is_day(int(digits[:4]), int(month), int(digits[4 + sizes[1] :])):
                return past, ""
        return None

    def _pass(self, n: int) -> tuple[int, str] | None:
        """A passport (E12345678, EA1234567) or a pass of Hong Kong and Macao (H1234567800)."""
        if not (before := _PASS.search(self.text, max(0, self.at[n] - 5), self.at[n])):
            return None
        letters = before.group().strip(" -")
        wanted = (7,) if len(letters) == 2 else (10, 8) if letters in "hm" else (8,)
        past = next((n + size for size in wanted if n + size in self.ends), None)
        return (past, "document") if past else None

    def _card(self, n: int) -> tuple[int, str] | None:
        """A bank card: checked by its last digit, or in groups of four that begin with 62."""
        for size in _CARDS:
            past = n + size
            if past not in self.ends:
                continue
            sizes, number = self._sizes(n, past), self.digits[n:past]
            solid = len(sizes) == 1
            if (
                is_checked(number)
                and (solid or number[0] in "34569")
                and not self._is_round(n, past)
            ):
                return past, "card"
            if number[:2] == "62" and set(sizes[:-1]) == {4} and size > 15:
                return past, "card"
        return None

    def _landline(self, n: int) -> tuple[int, str] | None:
        found = _LANDLINE.match(self.digits, n)
        if not found:
            return None
        zeroed = self.digits[n] == "0" or found.group().startswith("86")
        for past in (found.end(), found.end() - 1):
            local = self.digits[n:past].removeprefix("00").removeprefix("86").lstrip("0")
            fits = 9 <= len(local) <= 11
            if zeroed and fits and past in self.ends:
                return past, "phone"
        return None

    def _long(self, n: int) -> tuple[int, str] | None:
        """A group too long for anything else; and a number from abroad, behind its +."""
        after = bisect_right(self.starts, n)
        past = self.starts[after] if after < len(self.starts) else len(self.digits)
        if past - n >= _LONG:
            return past, "number"
        abroad = self.text[: self.at[n]].endswith("+")
        if abroad and 8 <= len(self.digits) - n <= 15:
            return len(self.digits), "phone"
        return None

    def _sizes(self, n: int, past: int) -> tuple[int, ...]:
        """How many digits the groups between two places have."""
        inside = self.starts[bisect_left(self.starts, n) : bisect_left(self.starts, past)]
        return tuple(b - a for a, b in pairwise([*inside, past]))

    def _gaps(self, n: int, past: int) -> set[str]:
        """What parts the digits between two places."""
        at = self.at[n:past]
        return {self.text[a + 1 : b] for a, b in pairwise(at) if b > a + 1}

    def _is_round(self, n: int, past: int) -> bool:
        """Whether the groups are amounts side by side: 1500、3000、500."""
        sizes = self._sizes(n, past)
        if len(sizes) < 2:
            return False
        at, groups = n, []
        for size in sizes:
            groups.append(self.digits[at : at + size])
            at += size
        return all(len(one) > 2 and one.endswith("00") for one in groups)
