"""Candidates for what is asked: phrasings compared as bags of what their words hint at.

A phrasing and a question are both reduced to features: cues, question words, kinds of slots, words.
A feature weighs the more, the fewer topics use it. The score of a phrasing is what both have in
common against what either has alone, so a phrase that is contained in a long story still scores.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from msgspec import Struct

from intents.lexicon import Lexicon
from intents.normalise import normalise
from intents.quantities import Quantity, quantities
from intents.spotting import spot
from intents.topics import Phrasing
from intents.understanding import Candidate, Token

# Slots that by themselves say what is asked.
_DECISIVE = frozenset({"slot:exempt", "slot:hotline", "slot:landmark", "slot:account"})
_TOLD = 0.75  # what a feature counts that was told and not asked
PLACEHOLDER = re.compile(r"\{(\w+)\}")
# How much a kind of feature counts beside the rarity of its value.
_FACTORS = {"cue": 1.0, "ask": 0.35, "neg": 0.5, "slot": 0.25, "is": 0.15, "word": 0.5}
# Slots that say much about the topic: who names a district asks where, who names an amount how much.
_ASKING = {"howlong": 1.5, "when": 1.3, "where": 1.3, "who": 1.2, "howmuch": 0.6, "why": 0.5,
           "how": 0.45, "which": 0.35, "what": 0.3, "yn": 0.2, "or": 0.2, "request": 0.0}  # fmt: skip
_TELLING = {"district": 0.9, "landmark": 0.9, "platform": 0.8, "member": 0.6, "material": 0.7,
            "yuan": 0.5, "percent": 0.6, "age": 0.5, "place": 0.8, "disease": 0.5, "hotline": 0.9, "exempt": 1.6,
            "account": 0.7}  # fmt: skip
SLOTS = frozenset(
    "disease scheme population hospital age yuan percent region district place platform member "
    "material stage landmark hotline exempt account".split()
)
_VALUED = frozenset({"disease", "scheme", "population", "place", "platform", "stage", "member", "other-disease"})
# A phrasing about one of these is not about another one.
_BINDING = ("is:disease=", "is:place=", "is:platform=", "is:member=")
_PLACEHOLDERS = {"amount": "yuan", "address": "address"}
# Cues that go with any question of this field.
_COMMON_CUES = dict.fromkeys(("gate", "special-kind", "chronic-kind", "outpatient", "money"), 0.4)
_BY_KIND = {"slot": _TELLING, "ask": _ASKING, "cue": _COMMON_CUES}
Bag = frozenset[str]


class Indexed(Struct, frozen=True):
    """A phrasing and what its words hint at; `total` is the weight of all of it."""

    phrasing: Phrasing
    bag: Bag
    total: float


class Index(Struct, frozen=True):
    """All phrasings, the weight of every feature, and which phrasings have a feature."""

    rows: tuple[Indexed, ...]
    weights: dict[str, float]
    postings: dict[str, tuple[int, ...]]


def bag_of(tokens: Iterable[Token], amounts: Iterable[Quantity] = ()) -> Bag:
    """The features of recognised tokens and quantities; fillers have none."""
    found: set[str] = {f"slot:{one.unit}" for one in amounts}
    for token in tokens:
        if token.kind in SLOTS:
            found.add(f"slot:{token.kind}")
            if token.kind in _VALUED:
                found.update(f"is:{token.kind}={value}" for value in token.value.split("+"))
            if token.kind == "member":
                found.update(("slot:disease", f"is:disease={token.value.partition(':')[0]}"))
        elif token.kind in {"cue", "ask", "neg"}:
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
    return bag_of(tokens, amounts) | {f"slot:{name}" for name in slots}


def weigh(feature: str, spread: float) -> float:
    """The weight of a feature of which `spread` is the inverse share of topics that use it."""
    kind, _, value = feature.partition(":")
    telling = _BY_KIND.get(kind, {})
    factor = telling.get(value, _FACTORS[kind])
    return factor * math.log1p(spread)


def index(lexicon: Lexicon, phrasings: Iterable[Phrasing]) -> Index:
    """The phrasings, reduced and weighed."""
    bags = _owned([(p, _phrasing_bag(lexicon, p.text)) for p in phrasings])
    users: dict[str, set[str]] = defaultdict(set)
    for phrasing, bag in bags:
        for feature in bag:
            users[feature].add(phrasing.topic)
    size = len({phrasing.topic for phrasing, _ in bags})
    weights = {feature: weigh(feature, size / len(topics)) for feature, topics in users.items()}
    rows = tuple(
        Indexed(phrasing, bag, sum(weights[feature] for feature in bag))
        for phrasing, bag in _distinct(bags)
    )
    postings: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for feature in row.bag:
            if feature.startswith(("cue:", "word:", "slot:")):
                postings[feature].append(number)
    return Index(rows, weights, {feature: tuple(found) for feature, found in postings.items()})


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


def _distinct(bags: list[tuple[Phrasing, Bag]]) -> list[tuple[Phrasing, Bag]]:
    """One row for phrasings that come to the same thing: topic, entry, polarity and features."""
    kept: dict[tuple[object, ...], tuple[Phrasing, Bag]] = {}
    for phrasing, bag in bags:
        kept.setdefault((phrasing.topic, phrasing.entry, phrasing.polarity, bag), (phrasing, bag))
    return list(kept.values())


def _elsewhere(phrasing: Bag, asked: Bag) -> bool:
    """Whether a phrasing names a disease, a place, a platform, and the question another one."""
    for prefix in _BINDING:
        named = {feature for feature in phrasing if feature.startswith(prefix)}
        if named and named.isdisjoint(asked) and any(f.startswith(prefix) for f in asked):
            return True
    return False


def _unknown(feature: str, size: float) -> float:
    return 0.0 if feature.startswith(("slot:", "is:")) else 0.6 * weigh(feature, size)


def candidates(
    index: Index, bag: Bag, context: Bag = frozenset(), *, limit: int = 15
) -> tuple[Candidate, ...]:
    """The best phrasing of each topic (and of each entry), best first; scores from 0 to 1.

    `bag` is what was asked; `context`, what else was told, can only speak for a phrasing.
    """
    weights = index.weights
    asked = sum(
        weights.get(feature) or _unknown(feature, 20)
        for feature in bag
        if not feature.startswith("is:")
    )
    shared: dict[int, float] = defaultdict(float)
    told: dict[int, float] = defaultdict(float)
    for features, found in ((bag, shared), (context - bag, told)):
        for feature in sorted(features):
            weight = weights.get(feature, 0.0)
            for number in index.postings.get(feature, ()):
                found[number] += weight
    rest = [f for f in bag if f.startswith(("ask:", "neg:", "is:")) and f in weights]
    best: dict[tuple[str, str | None, str | None], tuple[float, int]] = {}
    for number, common in shared.items():
        row = index.rows[number]
        if _elsewhere(row.bag, bag):
            continue
        common += sum(weights[feature] for feature in rest if feature in row.bag)
        more = _TOLD * told.get(number, 0.0)
        whole = row.total + asked + more
        score = 2 * (common + more) / whole if whole else 0.0
        key = (row.phrasing.topic, row.phrasing.entry, row.phrasing.polarity)
        if score > best.get(key, (0.0, 0))[0]:
            best[key] = (score, number)
    ranked = sorted(best.values(), key=lambda one: (-one[0], one[1]))[: limit * 2]
    return tuple(_candidate(index, bag, context, (number, score)) for score, number in ranked)


def _candidate(index: Index, bag: Bag, context: Bag, ranked: tuple[int, float]) -> Candidate:
    number, score = ranked
    row = index.rows[number]
    phrasing = row.phrasing
    polarity = f"{phrasing.polarity}: " if phrasing.polarity else ""
    told = (f for f in (bag | context) & row.bag if f.startswith(("cue:", "word:")) or f in _DECISIVE)
    alien = [f for f in bag - row.bag if f.startswith("word:")]
    return Candidate(
        phrasing.topic,
        round(min(score, 1.0), 4),
        polarity + phrasing.text,
        phrasing.entry,
        sum(index.weights[feature] for feature in told),
        sum(index.weights.get(f) or _unknown(f, 20) for f in alien),
    )
