"""What an answer offers to choose from, and what choosing by number, ordinal or sound says."""

from __future__ import annotations

import re

from bot.compose.wording import say
from bot.messages import Answer, Items, Text
from intents.clauses import items
from intents.dialogue import State
from intents.normalise import normalise
from intents.pinyin import sounds
from intents.understanding import Ask

Offer = tuple[tuple[str, str], ...]

_ORDINAL = re.compile(
    r"^[那就先再说讲回答看来]{0,6}(?:第|选|选择|我选)?([1-9]\d?|[一二三四五六七八九十])(?:个|项|种|号|条|吧|呢|\.|、|。)*$"
)
# The same with more behind it: 第二个怎么找.
_ORDERED = re.compile(
    r"^[那就先再]{0,2}(?:第([1-9]|[一二三四五六七八九十])|最后一)[个项种条样]"
    r"(?!问题|月|星期|疗程|孩子|小孩|人|老人|儿子|女儿)(.{2,})$"
)
_LONGEST_HEAD = 14  # characters of a platform's name before the colon of its point
_NUMERALS = "一二三四五六七八九十"


def offered(asks: tuple[Ask, ...], answer: Answer, text: str) -> Offer:
    """What may be chosen after an answer to a normalised message, each with what it says."""
    return (
        tuple((option.label, option.say) for option in answer.options)
        or tuple((item, item) for item in items(text))
        or _columns(asks, answer)
        or _platforms(asks, answer)
    )


def meant(state: State, text: str) -> str:
    """What a message says after what was offered: the option that it names, else the message."""
    return _sounding(state, _chosen(state, text))


def _columns(asks: tuple[Ask, ...], answer: Answer) -> Offer:
    """The two schemes, where both were answered without being asked for: 1 is the first of them."""
    if any(ask.values("scheme") or ask.values("population") for ask in asks):
        return ()
    names = [say(scheme) for scheme in ("employee", "resident")]
    lines = [block.text for block in answer.blocks if isinstance(block, Text)]
    told = all(any(name in line[:20] for line in lines) for name in names)
    return tuple((name, name) for name in names) if told else ()


def _platforms(asks: tuple[Ask, ...], answer: Answer) -> Offer:
    """The platforms that an answer tells of, point by point: 2 is the second of them."""
    lists = [block for block in answer.blocks if isinstance(block, Items)]
    if not lists or asks[-1].topic not in {"platforms", "account"}:
        return ()
    heads = [point.partition("：") for point in lists[-1].items]
    named = all(behind and len(head) <= _LONGEST_HEAD for head, _, behind in heads)
    return tuple((head, head) for head, _, _ in heads) if named and len(heads) > 1 else ()


def _chosen(state: State, text: str) -> str:
    """What choosing an option by number or ordinal says; any other text as it is."""
    plain = normalise(text).text.strip() if state.options else ""
    several = len({s.value for s in state.slots if s.name == "disease"}) > 1  # 第一个报几成
    found = _ORDINAL.match(plain) or (None if several else _ORDERED.match(plain))
    if found is None:
        return text
    number = found[1] or str(len(state.options))
    index = int(number) if number.isdigit() else _NUMERALS.index(number) + 1
    if index > len(state.options):
        return text
    return state.options[index - 1][1] + (found[2] if found.re is _ORDERED else "")


def _sounding(state: State, text: str) -> str:
    """The region that was asked for, of which an answer has the sound: 背景 for 北京."""
    plain = normalise(text).text.strip(" ,。!?") if state.asking == "region" else ""
    for label, say_ in state.options:
        alike = len(plain) == len(label) and all(
            set(sounds(a)) & set(sounds(b)) for a, b in zip(plain, label, strict=True)
        )
        if alike:
            return say_
    return text
