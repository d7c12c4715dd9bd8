"""Traditional characters for who reads those: whether a request wants them, and a reply in them.

What is said to the service stays as it is: it reads both scripts.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol

from msgspec import structs

from bot.messages import Block, Cited, Items, Option, Reply, Spot, Steps, Sum, Table, Text

HANS, HANT = "zh-Hans", "zh-Hant"
_TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


class Converter(Protocol):
    """What opencc gives."""

    def convert(self, text: str) -> str:
        """A text in the other script."""


@cache
def _converter() -> Converter:
    """The opencc converter; slow to load, so only once, and only where it is wanted."""
    import opencc

    made: Converter = opencc.OpenCC("s2t")
    return made


def converted(text: str) -> str:
    """A text in traditional characters."""
    return _converter().convert(text)


def language_of(accepted: str) -> str:
    """The script that an Accept-Language header asks for: zh-Hant or, else, zh-Hans.

    Of the Chinese languages in it the one with the highest weight counts, the first of equals.
    """
    best, language = 0.0, HANS
    for one in accepted.lower().split(","):
        tag, _, parameter = one.strip().partition(";")
        tag = tag.strip()
        weight = _weight(parameter)
        if weight > best and (tag == "zh" or tag.startswith("zh-")):
            best = weight
            wanted = any(tag == name or tag.startswith(f"{name}-") for name in _TRADITIONAL)
            language = HANT if wanted else HANS
    return language


def _weight(parameter: str) -> float:
    """The weight in `q=0.8`; 1 without one, 0 for one that cannot be read."""
    name, _, value = parameter.partition("=")
    if not name.strip():
        return 1.0
    try:
        weight = float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0


def spoken(said: Reply, accepted: str) -> Reply:
    """The reply in the script that an Accept-Language header asks for."""
    return in_traditional(said) if language_of(accepted) == HANT else said


def in_traditional(said: Reply) -> Reply:
    """The reply with all that a person reads in traditional characters.

    Its ids, slots and what an option says stay as they are.
    """
    return structs.replace(
        said,
        text=converted(said.text),
        blocks=tuple(_block(block) for block in said.blocks),
        citations=tuple(_cited(one) for one in said.citations),
        options=tuple(Option(converted(one.label), one.say) for one in said.options),
    )


def _cited(one: Cited) -> Cited:
    issuer = converted(one.issuer) if one.issuer else one.issuer
    return structs.replace(
        one, title=converted(one.title), issuer=issuer, place=converted(one.place)
    )


def _block(block: Block) -> Block:
    match block:
        case Text(text):
            return Text(converted(text))
        case Steps(title, items):
            return Steps(converted(title), _all(items))
        case Items(items):
            return Items(_all(items))
        case Table(head, rows):
            return Table(_all(head), tuple(_all(row) for row in rows))
        case Spot(name, address, online, note):
            note = converted(note) if note else note
            return Spot(converted(name), converted(address), converted(online), note)
        case Sum(lines):
            return Sum(_all(lines))


def _all(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(converted(text) for text in texts)
