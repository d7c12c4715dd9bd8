"""What phrasings and questions are compared by: bags of what their words hint at.

A phrasing and a question are both reduced to features: cues, question words, kinds of slots, words.
A feature weighs the more, the fewer topics use it.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_

from msgspec import Struct, structs

from intents.lexicon import Lexicon
from intents.normalise import normalise
from intents.quantities import Quantity, quantities
from intents.spotting import spot
from intents.stance import Stance, stance
from intents.topics import Phrasing
from intents.understanding import Token

# Slots that by themselves say what is asked.
_DECISIVE = frozenset({"slot:exempt", "slot:hotline", "slot:landmark", "slot:account"})
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# How much a kind of feature counts beside the rarity of its value.
_FACTORS = {"cue": 1.0, "ask": 0.35, "neg": 0.5, "slot": 0.25, "is": 0.15, "word": 0.5}
# Slots that say much about the topic: with a district one asks where, with an amount how much.
_ASKING = {"howlong": 1.5, "when": 1.3, "where": 1.3, "who": 1.2, "howmuch": 0.6, "why": 0.5,
           "how": 0.45, "which": 0.35, "what": 0.3, "yn": 0.2, "or": 0.2,
           "request": 0.0}  # fmt: skip
_TELLING = {"district": 0.9, "landmark": 0.9, "platform": 0.8, "member": 0.6, "material": 0.7,
            "yuan": 0.5, "percent": 0.6, "age": 0.5, "place": 0.8, "disease": 0.8,
            "hotline": 0.9, "exempt": 1.6,
            "account": 0.7}  # fmt: skip
SLOTS = frozenset(
    "disease scheme population hospital age yuan percent region district place platform member "
    "material stage landmark hotline exempt account title".split()
)
_VALUED = frozenset(
    {
        "disease",
        "district",
        "scheme",
        "population",
        "place",
        "platform",
        "stage",
        "member",
        "other-disease",
        "title",
    }
)
# A phrasing about one of these is not about another one.
BINDING = ("is:disease=", "is:district=", "is:place=", "is:platform=", "is:member=", "is:title=")
_UNITS = {"born": "age"}
_PLACEHOLDERS = {"amount": "yuan", "address": "address"}
# Cues that go with any question of this field.
_COMMON_CUES = dict.fromkeys(("gate", "special-kind", "chronic-kind", "outpatient", "money"), 0.4)
_MANNER = frozenset({"general", "anywhere"})  # that what is usual is asked says not what is asked
_BY_KIND = {"slot": _TELLING, "ask": _ASKING, "cue": _COMMON_CUES}
_RANK = re.compile("[一二三]级|[二三]甲|社区|卫生|诊所")
Bag = frozenset[str]


class Indexed(Struct, frozen=True):
    """A phrasing and what its words hint at; `telling` features say what it is about."""

    phrasing: Phrasing
    bag: Bag
    telling: tuple[tuple[str, float], ...]


class Index(Struct, frozen=True):
    """All phrasings, the weight of every feature, and which phrasings have a feature.

    Of the phrasing with the same number `totals` has the weight of all features, `groups` the
    number of its topic, entry and polarity together; `order` are all numbers, the lightest first.
    A set of phrasings is a row of bits, the lowest for the first of `order`: `having` has the set
    of every feature, `kin` that of every group, `bound` those that name a disease, a place and so
    on.
    """

    rows: tuple[Indexed, ...]
    weights: dict[str, float]
    totals: tuple[float, ...]
    groups: tuple[int, ...]
    order: tuple[int, ...]
    having: dict[str, bytes]
    kin: tuple[bytes, ...]
    bound: dict[str, bytes]


def bag_of(tokens: Iterable[Token], amounts: Iterable[Quantity] = ()) -> Bag:
    """The features of recognised tokens and quantities; fillers have none."""
    found: set[str] = {f"slot:{_UNITS.get(one.unit, one.unit)}" for one in amounts}
    for token in tokens:
        if token.kind in SLOTS:
            found.add(f"slot:{token.kind}")
            if token.kind in _VALUED:
                found.update(f"is:{token.kind}={value}" for value in token.value.split("+"))
            if token.kind == "member":
                found.update(("slot:disease", f"is:disease={token.value.partition(':')[0]}"))
        elif token.kind in {"cue", "ask", "neg"} and token.value not in _MANNER:
            found.add(f"{token.kind}:{token.value}")
        elif token.kind == "word":
            found.add(f"word:{token.value}")
        elif token.kind in {"tumour", "other-disease"}:
            found.update(("slot:disease", f"is:{token.kind}={token.value}"))
    return frozenset(found)


def _phrasing_bag(lexicon: Lexicon, text: str) -> Bag:
    slots = {_PLACEHOLDERS.get(name, name) for name in PLACEHOLDER.findall(text)}
    plain = normalise(PLACEHOLDER.sub("。", text)).text
    amounts = quantities(plain)
    tokens = [
        token
        for token in spot(lexicon, plain)[0]
        if not any(q.start < token.end and token.start < q.end for q in amounts)
    ]
    # Without it 医保卡丢了能办门特吗 would come to 能办门特吗, as people ask for many other things.
    beyond = {f"word:{token.value}" for token in tokens if token.kind == "outside"}
    return bag_of(tokens, amounts) | {f"slot:{name}" for name in slots} | beyond


def weigh(feature: str, spread: float) -> float:
    """The weight of a feature of which `spread` is the inverse share of topics that use it."""
    kind, _, value = feature.partition(":")
    telling = _BY_KIND.get(kind, {})
    factor = telling.get(value, _FACTORS[kind])
    return factor * math.log1p(spread)


def index(lexicon: Lexicon, phrasings: Iterable[Phrasing]) -> Index:
    """The phrasings, reduced and weighed."""
    bags = _undecided(_owned([(p, _phrasing_bag(lexicon, p.text)) for p in phrasings]))
    users: dict[str, set[str]] = defaultdict(set)
    for phrasing, bag in bags:
        for feature in bag:
            users[feature].add(phrasing.topic)
    size = len({phrasing.topic for phrasing, _ in bags})
    weights = {f: _exact(weigh(f, size / len(users[f]))) for f in sorted(users)}
    return _index(_distinct(bags), weights)


def _exact(weight: float) -> float:
    """A weight in so few binary places that sums of weights are exact, whatever their order."""
    return round(weight * 2**20) / 2**20


def _index(bags: list[tuple[Phrasing, Bag]], weights: dict[str, float]) -> Index:
    groups: dict[tuple[object, ...], int] = {}
    for phrasing, _ in bags:
        groups.setdefault(_group(phrasing), len(groups))
    totals = tuple(math.fsum(weights[feature] for feature in bag) for _, bag in bags)
    order = tuple(sorted(range(len(bags)), key=lambda number: (totals[number], number)))
    sets: dict[str, int] = defaultdict(int)
    kin = [0] * len(groups)
    for place, number in enumerate(order):
        kin[groups[_group(bags[number][0])]] |= 1 << place
        for feature in bags[number][1]:
            sets[feature] |= 1 << place
    return Index(
        tuple(Indexed(phrasing, bag, _telling(bag, weights)) for phrasing, bag in bags),
        weights,
        totals,
        tuple(groups[_group(phrasing)] for phrasing, _ in bags),
        order,
        {feature: _packed(sets[feature]) for feature in weights if feature in sets},
        tuple(map(_packed, kin)),
        {prefix: _packed(_naming(prefix, sets)) for prefix in BINDING},
    )


def _packed(rows: int) -> bytes:
    """A set as a snapshot can hold it, which knows no integers as long as this."""
    return rows.to_bytes((rows.bit_length() + 7) // 8, "little")


def _group(phrasing: Phrasing) -> tuple[object, ...]:
    return phrasing.topic, phrasing.entry, phrasing.polarity, _put(phrasing)


def _telling(bag: Bag, weights: dict[str, float]) -> tuple[tuple[str, float], ...]:
    told = (f for f in sorted(bag) if f.startswith(("cue:", "word:")) or f in _DECISIVE)
    return tuple((feature, weights[feature]) for feature in told)


def _naming(prefix: str, sets: dict[str, int]) -> int:
    return reduce(or_, (rows for feature, rows in sets.items() if feature.startswith(prefix)), 0)


def _content(bag: Bag) -> Bag:
    telling = {"ask:howlong", "ask:when", "ask:where", "ask:who"}
    return frozenset(
        f for f in bag if f.startswith(("cue:", "word:", "slot:", "neg:")) or f in telling
    )


def _owned(bags: list[tuple[Phrasing, Bag]]) -> list[tuple[Phrasing, Bag]]:
    """Without phrasings that come to the same as those of a topic that says it more often.

    办好了会不会告诉我 comes to 办 and a yes-or-no, which is how people ask for many other things.
    """
    users: dict[Bag, Counter[str]] = defaultdict(Counter)
    for phrasing, bag in bags:
        users[_content(bag)][phrasing.topic] += 1
    return [
        (phrasing, bag)
        for phrasing, bag in bags
        if users[_content(bag)][phrasing.topic] == max(users[_content(bag)].values())
    ]


def _undecided(bags: list[tuple[Phrasing, Bag]]) -> list[tuple[Phrasing, Bag]]:
    """Without the yes or no of phrasings that claim the contrary of the same thing."""
    said: dict[tuple[object, ...], set[bool]] = defaultdict(set)
    for phrasing, bag in bags:
        if put := _put(phrasing):
            said[_claimed(phrasing, put), bag].add(put.told(yes=phrasing.polarity == "yes"))
    return [
        (structs.replace(p, polarity=None), bag)
        if (put := _put(p)) and len(said[_claimed(p, put), bag]) > 1
        else (p, bag)
        for p, bag in bags
    ]


def _put(phrasing: Phrasing) -> Stance | None:
    """How a phrasing with a yes or no is put."""
    return stance(normalise(phrasing.text).text) if phrasing.polarity else None


def _claimed(phrasing: Phrasing, put: Stance) -> tuple[object, ...]:
    return phrasing.topic, phrasing.entry, put.subject


def _distinct(bags: list[tuple[Phrasing, Bag]]) -> list[tuple[Phrasing, Bag]]:
    """One row for phrasings that come to the same: topic, entry, how it is put, and features.

    Of two claims about another rank each (二级医院, 三级医院) neither stands for the other.
    """
    kept: dict[tuple[object, ...], tuple[Phrasing, Bag]] = {}
    for phrasing, bag in bags:
        ranks = tuple(_RANK.findall(phrasing.text)) if phrasing.polarity else ()
        kept.setdefault((*_group(phrasing), bag, ranks), (phrasing, bag))
    return list(kept.values())
