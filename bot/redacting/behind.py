"""Numbers that a word tells to be a person's: what stands behind 社保卡号, 病历号, 微信, 手机."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.redacting.runs import Span
from bot.redacting.shape import DIGIT, GAP, digits_of
from bot.redacting.words import any_of, words

_JOIN = r"(?:[号号码碼是为為叫就的:=>→\"“”'(\[【 \n,.-]|尾号|后四位|后六位){0,8}+"
# No possessive repetition within another: in CPython 3.11 it keeps what a failed turn consumed.
_DIGITS = rf"{DIGIT}(?:(?:{GAP}){{0,6}}{DIGIT}){{3,40}}+"
_GROUP = re.compile(rf"{DIGIT}+")
_MIXED = r"(?=[a-z]{0,6}[0-9])[a-z0-9](?:[ -]?[a-z0-9]){3,24}+"
_DATED = frozenset({"id", "insurance"})  # 医保卡 20231001 is when it was given
_LETTER = re.compile(r"[a-z]")
# What stands behind an amount, an age or a year.
_UNIT = re.compile(r" ?[元块塊万萬千亿%岁歲年月日天次个個毛角]|0?多?[元块万]")
_WECHAT = re.compile(r"[a-z][a-z0-9_-]{5,19}")


def told_numbers(text: str) -> Iterator[Span]:
    """The numbers in a plain form that stand behind their word, left to right."""
    pattern, kinds = _pattern()
    for found in pattern.finditer(text):
        kind = kinds[found["word"]]
        start, end = found.span("value")
        if kind == "wechat" and (own := _wechat(text, found)):
            yield own
        elif found["mixed"]:
            yield from _mixed(text, start, end, kind)
        else:
            yield from _cut(text, start, end, kind)


@cache
def lead_of(kind: str) -> re.Pattern[str]:
    """What of a word, and of what joins it to its number, stands right before a number."""
    return re.compile(rf"(?:{any_of(words().words[kind])})(?:号码|号|[是为為:= ]){{0,4}}$")


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    kinds = {word: kind for kind, several in words().words.items() for word in several}
    plain = rf"(?:[a-z]{{1,3}}[ -]?)?{_DIGITS}(?![a-wyz@]|x[a-z])"
    mixed = rf"(?P<mixed>{_MIXED})(?![a-z0-9@])"
    value = rf"(?:{plain}|{mixed}|{_WECHAT.pattern})"
    pattern = rf"(?P<word>{any_of(tuple(kinds))}){_JOIN}(?P<value>{value})"
    return re.compile(pattern), kinds


def _wechat(text: str, found: re.Match[str]) -> Span | None:
    """An id of letters; behind 微信 alone one that is no word: with a digit or a line in it."""
    start = found.start("value")
    own = _WECHAT.match(text, start)
    if own is None or text[own.end() : own.end() + 1] == "@":
        return None
    certain = found["word"].endswith(("号", "號", "id", "码", "vx", "wx")) or "_" in own.group()
    digits = sum(char.isdigit() for char in own.group())
    return (start, own.end(), "wechat") if certain or digits else None


def _mixed(text: str, start: int, end: int, kind: str) -> Iterator[Span]:
    """Letters and digits in one; digits alone are cut as others are."""
    said = text[start:end]
    if not _LETTER.search(said):
        yield from _cut(text, start, end, kind)
        return
    least, most = words().lengths[kind]
    digits = sum(char.isdigit() for char in said)
    if min(least, 6) - 1 <= digits and len(said.replace(" ", "").replace("-", "")) <= most + 4:
        yield start, end, kind


def _cut(text: str, start: int, end: int, kind: str) -> Iterator[Span]:
    """The groups of digits that make up the number, without amounts and years behind them."""
    least, most = words().lengths[kind]
    dated = kind in _DATED and text[max(0, start - 3) : start].strip(" :：")[-1:] not in "号號码"
    past, count = start, 0
    for group in _GROUP.finditer(text, start, end):
        size = len(group.group())
        if count + size > most or _UNIT.match(text, group.end()):
            break
        if count >= least and _is_amount(text, past, group):
            break
        past, count = group.end(), count + size
    if count >= least and not (dated and _is_day(digits_of(text[start:past]))):
        yield start, past, kind


def _is_amount(text: str, past: int, group: re.Match[str]) -> bool:
    """Whether a group behind a whole number is one of its own: what parts them ends a clause."""
    return (
        any(mark in ",。;!?、\n" for mark in text[past : group.start()]) and len(group.group()) > 1
    )


def _is_day(digits: str) -> bool:
    """Whether eight digits are a day of this century: 医保卡 20231001."""
    return len(digits) == 8 and digits[:2] == "20" and digits[4:6] <= "12" and digits[6:] <= "31"
