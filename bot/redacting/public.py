"""Numbers and addresses that stand in the packs: they are the public's, and nobody's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from bot.redacting.shape import shape_of
from knowledge.pack import Library

_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){4,20}")

_PARTED = re.compile(r"(.{2,}?)([路街巷弄道])([^路街巷弄道]+)$")


class Public(Struct, frozen=True):
    """What is published: every text in its plain form, and the digits of the numbers in them."""

    text: str = ""
    numbers: frozenset[str] = frozenset()

    def has_door(self, door: str) -> bool:
        """Whether a street and a door stand in it, also with a slip: 平龙路251号, not 平泷路."""
        parted = _PARTED.match(door)
        if parted is None:
            return False
        name, street, number = parted.groups()
        at = self.text.find(street + number)
        while at >= 0:
            before = self.text[max(0, at - 2) : at]
            if any(a == b for a, b in zip(before, name[-2:], strict=False)):
                return True
            at = self.text.find(street + number, at + 1)
        return False


_NOTHING = Public()


def nothing() -> Public:
    """Where no packs are at hand nothing is public."""
    return _NOTHING


def public_of(library: Library) -> Public:
    """What the packs of a library publish."""
    text = shape_of("\n".join(_texts(msgspec.to_builtins(library.packs)))).text
    numbers = (re.sub("[ -]", "", found) for found in _NUMBER.findall(text))
    return Public(text, frozenset(number for number in numbers if len(number) > 6))


def _texts(value: object) -> Iterator[str]:
    """Every text in a structure."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
