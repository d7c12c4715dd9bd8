"""Which of the places in a message is where the person is insured.

People name several: where they work, where they fell ill, where their family lives. The rules of
a place apply to who is insured there, so a place with 参保 or 医保 behind it goes before one where
somebody was merely treated, and what is asked about goes before what is told on the way.
"""

from __future__ import annotations

import re

from intents.understanding import Token

HOME = frozenset({"region", "district", "landmark"})
AWAY = frozenset({"other-place", "place"})
# What follows a place in which somebody is insured.
_INSURED = re.compile(r"^[^,。;!?]{0,5}?(参保|交的|交医保|缴|医保|社保|职工|居民|新农合)")
# What stands around a place that is only part of the story.
_PASSING = re.compile(r"^(市|省|那边|那里|这边|人)?(户口|户籍|住院|看病|看的病|就医|手术|开刀|确诊|查出|旅游|出差|来的|老家|的医院|大医院|医院|生活|退下来)")
_ORIGIN = re.compile(r"(户口|户口在|户籍|户籍在|老家|老家在|籍贯|来自|离|从前|以前|原来|嫁到)$")
_LIVING = re.compile(r"^[^,。;!?]{0,3}?(上班|工作|打工|做工|做生活|住|租房|带孩子|带孙)")
_DENIED = re.compile(r"(不是|不在|非|除了|没在|又不是|也不是|并非)$")
_JOINT = re.compile(r"^[^,。;!?]{0,4}(和|跟|与|同|还有|、|以及)[^,。;!?]{0,3}$")


def insured_places(text: str, tokens: tuple[Token, ...], asked: tuple[int, int]) -> tuple[Token, ...]:
    """The tokens without the places that do not count; `asked` is where the question stands."""
    places = [t for t in tokens if t.kind in HOME | AWAY]
    if not any(token.kind in AWAY for token in places):
        return tuple(t for t in tokens if not (t.kind in HOME and _denied(text, t))) or tokens
    kept = [t for t in places if not _denied(text, t) and not _part_of_away(t, places)]
    weights = {id(t): _weight(text, t, asked) for t in kept}
    home = max((weights[id(t)] for t in kept if t.kind in HOME), default=-9.0)
    away = max((weights[id(t)] for t in kept if t.kind in AWAY), default=-9.0)
    lost = _losers(text, kept, home, away)
    dropped = {id(t) for t in places} - {id(t) for t in kept if t.kind not in lost}
    return tuple(t for t in tokens if id(t) not in dropped)


def _losers(text: str, kept: list[Token], home: float, away: float) -> frozenset[str]:
    if away < 0 and home < 0:
        return AWAY
    if _joined(text, kept) and min(home, away) >= 0:
        return frozenset()
    return AWAY if home >= away else HOME


def _joined(text: str, kept: list[Token]) -> bool:
    """Whether a covered place and another are named in one breath: 南京和苏州."""
    ordered = sorted(kept, key=lambda t: t.start)
    return any(
        (one.kind in HOME) != (two.kind in HOME) and _JOINT.match(text[one.end : two.start])
        for one, two in zip(ordered, ordered[1:], strict=False)
    )


def _denied(text: str, token: Token) -> bool:
    before = text[: token.start]
    return bool(_DENIED.search(before)) and not before.endswith("是不是")


def _part_of_away(token: Token, places: list[Token]) -> bool:
    """高新区 in 西安高新区 is not the district of that name here."""
    return token.kind == "district" and any(
        other.kind in AWAY and 0 <= token.start - other.end <= 1 for other in places
    )


def _weight(text: str, token: Token, asked: tuple[int, int]) -> float:
    after, before = text[token.end :], text[: token.start]
    weight = 1.0 + token.start / 10_000
    if _INSURED.match(after):
        weight += 3
    elif _PASSING.match(after) or _ORIGIN.search(before):
        weight -= 3
    elif _LIVING.match(after):
        weight -= 0.6
    if asked[0] <= token.start < asked[1]:
        weight += 1
    if token.how in {"pinyin", "near"} and token.kind in HOME and not token.said.isascii():
        weight -= 1.5
    return weight
