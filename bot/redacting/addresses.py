"""Addresses with the number of a door: 人民路100号3幢402室, 李家村3组12号."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.redacting.runs import Span
from bot.redacting.words import any_of, words

_NUMBER = (
    r"[0-9a-z零〇一二两三四五六七八九十百]{1,6}(?: ?[-之~] ?[0-9一二三四五六七八九十]{1,5}){0,3}"
)
_HAN = re.compile(r"[㐀-鿿]{1,8}$")
_DOOR = re.compile(r"[^号號]{1,20}[号號]")
_SIDES = frozenset("东東西南北中上下新老大前后")
_LONGEST = 8  # characters in front of 路 that are looked at


def addresses_in(text: str) -> Iterator[Span]:
    """The addresses in a plain form, left to right."""
    for found in _pattern().finditer(text):
        if not _is_home(found):
            continue
        place = "street" if found["street"] else "village" if found["village"] else None
        start = _name_of(text, found.start(place)) if place else found.start()
        yield start, found.end(), "address"


def door_of(text: str) -> str:
    """The street and the door of an address, without what stands behind: 平泷路251号."""
    found = _DOOR.match(text)
    return found.group() if found else text


@cache
def _pattern() -> re.Pattern[str]:
    found = words().addresses
    unit = any_of(found.units)
    gap = r"[ ,、\n·.-]?"
    never = any_of(found.never)
    chain = rf"(?:{gap}(?:第)?{_NUMBER} ?(?:{unit})(?!{never}))"
    rest = rf"{chain}{{0,6}}(?:{gap}[0-9]{{3,4}}(?![0-9元块万岁年月日%]))?"
    streets, villages = any_of(found.streets), any_of(found.villages)
    telling = any_of(found.telling)
    return re.compile(
        rf"(?:(?P<street>{streets})|(?P<village>{villages})){chain}{rest}"
        rf"|(?<![0-9a-z])(?:{_NUMBER} ?(?:{telling})){rest}"
    )


def _is_home(found: re.Match[str]) -> bool:
    """Whether a match leads to a door, and not only to a storey or a window of an office."""
    said = found.group()
    units = words().addresses
    chain = re.findall(any_of(units.units), said)
    if found["street"]:
        return any(unit[0] in "号號幢栋棟弄巷室" for unit in chain)
    telling = any(unit in units.telling for unit in chain)
    if found["village"]:
        return telling or len(chain) > 1 or (said[0] in "村庄屯" and chain[0][0] in "号號")
    # C栋二楼 is a storey, 3幢402 and 1单元501室 are somebody's door.
    return said[-1:].isdigit() or (len(chain) > 1 and chain[-1][0] in "室户戶房單单")


def _name_of(text: str, at: int) -> int:
    """Where the name of a street begins that ends before a place: behind 市, 区, 住, 在."""
    run = _HAN.search(text, max(0, at - _LONGEST), at)
    if run is None:
        return at
    name = run.group()
    cut = max((name.rfind(char, 0, -1) for char in words().addresses.before), default=-1)
    if cut >= 0:
        return run.start() + cut + 1
    return at - min(len(name), 3 if name[-1] in _SIDES else 2)
