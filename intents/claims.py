"""What entries say to yes-or-no questions: a phrasing with a yes or no is a claim.

It holds or does not. A question is settled by the nearest claim of its entry that is about the
same, however either of them is put.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping

from msgspec import Struct

from intents.match import Bag, Index
from intents.normalise import normalise
from intents.quantities import days
from intents.stance import (
    Kind,
    Stance,
    comparable,
    is_exclusive,
    is_of_any,
    is_universal,
    opposed,
    stance,
)
from intents.understanding import Ask, Candidate, Slot

# Cues that only put a question, or belong to all of them.
_FRAME = frozenset(
    {"must", "claimed", "cannot", "every", "policy", "general", "told", "at-once", "any"}
)
# What one goes to, which is all the same to whether one has to go.
_SAME = {
    "cue:window": "cue:office",
    "cue:in-person": "cue:office",
    "cue:moved": "cue:change",
    "cue:elsewhere": "cue:change",
}
# Slots of which another value is another matter.
_VALUED = frozenset("material yuan percent days age title hospital".split())
_RANKED = frozenset({"hospital", "title"})  # 三甲的算数 says nothing of 卫生院, however near it is
_MARRED = frozenset({"illegible"})  # what a paper suffers from: 能传照片吗 says nothing of 糊的
_ENDING = 3  # characters by which a paper is known: 申报表, 申请表
_NEAR = 0.5  # a phrasing this close to the question lends its yes or no
_WORDED = 0.2  # and may be this much behind the nearest of its entry
_COVERED = 0.75  # how much of what a claim speaks of must be asked about
_ASKED = 0.6  # how much of what is asked the claim must speak of
_PLAIN = 0.75  # the same, where no modal verb or nothing known says what is asked
# How near a phrasing must come to a question that holds words which nobody knows.
_UNKNOWN: dict[Kind, float] = {"is": _PLAIN, "will": _PLAIN, "can": _ASKED}
_PRESUPPOSED = 0.1  # how much what the entry speaks of elsewhere counts against a claim
_MEANT = 0.25  # the same, where no modal verb says what is asked
_SIDED = 0.9  # how near a claim of one of two sides comes to a question of either
_MARGIN = 0.1  # how far behind a claim must be that says the contrary


class Claim(Struct, frozen=True):
    """A yes or no: what it is about with the weight of each feature, and whether that holds.

    `timed` is that it names a stretch of time.
    """

    text: str
    stance: Stance
    holds: bool
    about: dict[str, float]
    timed: bool = False


Claims = Mapping[str, tuple[Claim, ...]]
Weights = Mapping[str, float]
Said = tuple[float, bool, Kind]


def claims(index: Index) -> dict[str, tuple[Claim, ...]]:
    """The claims of every entry."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for row in index.rows:
        phrasing = row.phrasing
        if phrasing.polarity and phrasing.entry:
            text = normalise(phrasing.text).text
            put = stance(text)
            holds = put.told(yes=phrasing.polarity == "yes")
            timed = bool(days(text)) or "几" in text
            about = _weighed(row.bag, index.weights)
            found[phrasing.entry].append(Claim(phrasing.text, put, holds, about, timed))
    return {entry: tuple(rows) for entry, rows in found.items()}


def settled(
    known: Claims, weights: Weights, entry: str, ask: Ask, nearest: Candidate | None
) -> bool | None:
    """Whether the verb of a question is affirmed by what an entry claims; None where nothing is.

    `nearest` is the entry's phrasing that came nearest to the question.
    """
    put = ask.stance
    if put is None:
        return None
    asked = _weighed(_features(ask), weights)
    ranks = {one.why.partition(": ")[2]: one.score for one in worded_of(entry, ask)}
    own = frozenset(feature for claim in known.get(entry, ()) for feature in claim.about)
    said = [_said(claim, put, ask, (asked, ranks, own), nearest) for claim in known.get(entry, ())]
    near = [one for one in said if one is not None]
    best, holds, kind = max(near, default=(0.0, False, put.kind))
    against = [score for score, other, of in near if other != holds and of == kind]
    if not best or max(against, default=0.0) > best - _MARGIN:
        return None
    return put.answer(holds=holds)


def _said(
    claim: Claim,
    put: Stance,
    ask: Ask,
    known: tuple[Weights, Mapping[str, float], Bag],
    nearest: Candidate | None,
) -> Said | None:
    """What one claim says to a question: how near it comes, what holds, and of which kind it is.

    `known` is what is asked about, by weight, and how near phrasings came.
    """
    if (contrary := opposed(claim.stance, put)) is not None:  # 马上能用吗 and 要等下个月吗
        return _SIDED, claim.holds != contrary, put.kind
    if claim.stance.side and not put.side and put.kind == "is":
        return None  # 即时开通吗 says nothing of 从申请那天开始吗
    if (
        "any" in ask.cues
        and is_of_any(claim.text)
        and comparable(claim.stance.subject, put.subject)
    ):
        return _SIDED, claim.holds, put.kind
    if not _is_about(claim, put, ask) or _is_of_other(claim, ask, _RANKED):
        return None
    asked, ranks, own = known
    score = 0.0 if put.feared else ranks.get(claim.text, 0.0)
    if ask.strange and score < _UNKNOWN.get(put.kind, 0.0):
        score = 0.0  # 会自动续上吧: what is so, in words that nobody knows
    if claim.stance.subject == put.subject:
        if not _is_of_other(claim, ask, _VALUED):
            strange = ask.strange or put.feared
            score = max(score, _score(claim.about, asked, put.kind, own, strange=strange))
    elif not (nearest and nearest.why.endswith(claim.text)):
        return None  # 还能报吗 speaks for 自动停吗 only where nothing else comes nearer
    return score, claim.holds, claim.stance.kind


def worded_of(entry: str, ask: Ask) -> tuple[Candidate, ...]:
    """The phrasings of an entry with a yes or no that are near to a question, nearest first."""
    own = [one for one in ask.ranked if one.entry == entry]
    least = max(_NEAR, max((one.score for one in own), default=0.0) - _WORDED)
    worded = (one for one in own if one.why.startswith(("yes: ", "no: ")))
    return tuple(one for one in worded if one.score >= least)


def _features(ask: Ask) -> Bag:
    """What an ask is about, as features."""
    slots = {f"slot:{slot.name}" for slot in ask.slots}
    values = {f"is:{slot.name}={slot.value}" for slot in ask.slots}
    return frozenset({f"cue:{cue}" for cue in ask.cues} | slots | values)


def _weighed(bag: Bag, weights: Weights) -> dict[str, float]:
    """What a bag is about, with what it weighs."""
    content = {_SAME.get(f, f) for f in bag if _is_content(f)}
    return {f: weights[f] for f in sorted(content) if f in weights}


def _is_content(feature: str) -> bool:
    kind, _, value = feature.partition(":")
    return kind in {"cue", "slot", "word", "is"} and value not in _FRAME


def _is_about(claim: Claim, put: Stance, ask: Ask) -> bool:
    """Whether a claim is of a kind with a question, and denies no more than is asked."""
    if not comparable(claim.stance.subject, put.subject):
        return False
    if claim.timed and not ask.values("days"):
        return False  # 一个星期之内能审好吗 says nothing of 当天能批吗
    if any(f"cue:{cue}" not in claim.about for cue in _MARRED & ask.cues):
        return False
    if put.sole and not claim.stance.sole and not (claim.stance.only or is_exclusive(claim.text)):
        return False  # 能用社保卡登吗 says nothing of 光认社保卡吗
    if "is" in {claim.stance.kind, put.kind} and claim.stance.denied != put.denied:
        return False  # with no modal verb another one may stand for what is denied
    # 每个地方都要两张吗 is denied, 要两张吗 is not; nor is 要去吗 by a no to 只能去吗.
    # Whether it can be left undone is answered by both: 不扫描可以吗, 必须扫描吗.
    only = put.only or put.without or "must" in ask.cues
    exclusive = not claim.holds and is_exclusive(claim.text) and not only
    universal = is_universal(claim.text) != ("all" in ask.cues)
    universal = universal and not (put.denied and claim.holds)  # 都不能再申请了吗, and one can
    # 都要两张吗 is denied by no 要两张吗, nor affirmed by it.
    return not (exclusive or (universal and is_universal(claim.text) != claim.holds))


def _is_of_other(claim: Claim, ask: Ask, valued: frozenset[str]) -> bool:
    """Whether a claim is about another paper, sum or rank: 要身份证吗 says nothing of 病理报告."""
    return any(
        _called(slot) not in claim.text and (valued is _VALUED or slot.said[:2] not in claim.text)
        for slot in ask.slots
        if slot.name in valued and f"slot:{slot.name}" in claim.about
    )


def _called(slot: Slot) -> str:
    """What a claim must hold to be about the same: of a paper, how its name ends: 备案申报表."""
    return slot.said[-_ENDING:] if slot.name == "material" else slot.said


def _score(claim: Weights, asked: Weights, kind: Kind, own: Bag, *, strange: bool) -> float:
    """How near a claim comes to what is asked; 0 where it is about something else.

    What else its entry speaks of (`own`) is presupposed: 血透改成腹透还要再登记吗.
    """
    least = _PLAIN if strange or kind == "is" else _ASKED
    part = _MEANT if kind == "is" else _PRESUPPOSED
    alien = {f: w * (part if f in own and f not in claim else 1) for f, w in asked.items()}
    for one, other, enough in ((claim, asked, _COVERED), (alien, claim, least)):
        cues = {f: weight for f, weight in one.items() if f.startswith(("cue:", "word:"))}
        if any(_shared(side, other) < enough * _shared(side, side) for side in (cues, one)):
            return 0.0
    return 2 * _shared(claim, asked) / (_shared(claim, claim) + _shared(asked, asked))


def _shared(one: Weights, other: Container[str]) -> float:
    return sum(weight for feature, weight in one.items() if feature in other)
