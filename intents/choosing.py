"""Which topic a clause is about: candidates weighed by slots, regions and what they leave open."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from msgspec import Struct, structs

from intents.beyond import Patterns
from intents.likeness import NOTHING_ALIKE, Alike
from intents.match import Bag, Index
from intents.normalise import normalise
from intents.scoring import candidates
from intents.topics import Phrasing, Topic
from intents.understanding import Candidate, Slot, Token

# Cues that go with any question: alone, after a question, they only change one of its slots.
SOFT = frozenset(
    {
        "switch",
        "both",
        "phase",
        "outpatient",
        "gate",
        "special-kind",
        "chronic-kind",
        "claimed",
        "anywhere",
        "money",
    }
)
# Without any of these a question may be about another field: 信用卡限额怎么提高.
_ANCHORS = frozenset(
    {"slot:disease", "slot:scheme", "slot:district", "slot:platform", "cue:gate",
     "slot:member", "slot:title", "slot:exempt", "slot:hotline", "slot:place",
     "slot:landmark",
     "cue:net-buy", "cue:relapse", "cue:diagnosis", "cue:form", "cue:stamp",
     "cue:exempt", "cue:refusal", "cue:phase", "cue:designated", "cue:scheme-rule", "cue:beyond",
     "cue:review", "slot:following"}
)  # fmt: skip
FOLLOWING = "slot:following"  # a feature of every question that follows another one
LITERAL = 2.0  # the score of a phrasing that is repeated word for word
_MARKS = re.compile(r"[\s,。!?;:、…~.]+")
FLOOR = 0.5  # below this score no topic is taken for what was asked
_ALIEN = 0.9  # unexplained words may weigh this much beside what a phrasing explains
_MORE = 0.02  # of two that score alike the one that explains more goes first
_LIKE = 0.3  # what it counts that a question looks like what is known to be asked
_MUCH, _LOW = 4.0, 0.45  # who explains this much may score a little lower
_ODD = 0.9  # what a character that belongs to nothing known weighs
_CONTEXT = 0.6  # a named disease counts this much among what a phrasing explains
_NEEDED = 1.06  # a topic whose slots are all there is the likelier
# A list of diseases is asked for, whatever disease was spoken of before: 学生有哪些病.
_LISTING = "diseases"
_ILL = frozenset({"disease", "other-disease", "tumour", "member"})
_GOES_ON = 1.2  # an entry of what was spoken of is the likelier to be asked about again
_OUTRIGHT = 0.97  # a question put in just these words
_FOREIGN = 0.86  # a topic that only the general pack speaks of
_AVOIDED = 0.7  # what a topic keeps of its score beside a slot that speaks against it
# 住院 beside one of these is the other benefit, unless the outpatient one is named, too.
_FIGURES = frozenset({"deductible", "limit", "rate", "pay"})
_OUTPATIENT = frozenset({"gate", "outpatient", "counted", "beyond", "special-kind", "chronic-kind"})
_OF_COVERED = frozenset({"yuan", "material", "disease", "member", "tumour"})
# Cues that a medical question has, too: 有没有偏方, 能吃什么.
_VAGUE = frozenset({"covered", "definition", "compare", "in-person"})
_OF_CELLS = frozenset({"benefit", "coverage", "ranking", "compare"})
_PLAIN = 0.7
_EXPLAINED = 0.9  # a covered topic this clear is not put down to medical advice


class Rules(Struct, frozen=True):
    """What choosing goes by.

    `outside` leads from a matter to its reason and label; `lineages` from a region to the regions
    that speak for it; `conditions` from a pack's entry to the slot values it is about; `homes` from
    a place or platform to its region; `always` are matters that decide wherever they are named.
    `spoken` leads from a region to the topics its own entries speak of; `told` are those of all.
    `patterns` are the ways in which a matter outside is asked about, `decisive` those of `always`.
    """

    topics: Mapping[str, Topic]
    outside: Mapping[str, tuple[str, str]]
    lineages: Mapping[str, frozenset[str]]
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]
    homes: Mapping[str, str]
    always: frozenset[str]
    spoken: Mapping[str, frozenset[str]]
    told: frozenset[str]
    patterns: Patterns
    decisive: Patterns


class Asked(Struct, frozen=True):
    """What a clause asks and what else was told, as features; the slots; the region if known.

    `odd` is how many characters of the clause belong to nothing known, `topic` what the question
    before was about, where this one names nothing else, `lacking` that it asks whether something
    can be done without a paper, which is no matter outside, however it was lost. `alike` is how it
    looks like what is known to be asked.
    """

    bag: Bag
    told: Bag
    slots: tuple[Slot, ...]
    region: str | None
    odd: int = 0
    topic: str = ""
    lacking: bool = False
    alike: Alike = NOTHING_ALIKE


def plain_text(text: str) -> str:
    """A text without marks and blanks, as phrasings are compared word for word."""
    return _bare(normalise(text).text)


def _bare(normal: str) -> str:
    return _MARKS.sub("", normal)


def verbatim(said: Iterable[Phrasing]) -> dict[str, Candidate]:
    """The phrasings without blanks for slots, by their plain text; the first one that says it."""
    found: dict[str, Candidate] = {}
    for one in said:
        if "{" not in one.text:
            polarity = f"{one.polarity}: " if one.polarity else ""
            candidate = Candidate(one.topic, LITERAL, polarity + one.text, one.entry, LITERAL)
            key = plain_text(one.text)
            if key not in found or (one.entry and not found[key].entry):
                found[key] = candidate
    return found


def literal(
    known: Mapping[str, Candidate], rules: Rules, asked: Asked, text: str
) -> Candidate | None:
    """The phrasing that a normalised clause repeats word for word, where its entry holds here."""
    candidate = known.get(_bare(text))
    if candidate is None:
        return None
    speaks = speaking(rules, asked.region, asked.slots)
    return candidate if speaks(candidate.entry) else None


def speaking(
    rules: Rules, region: str | None, slots: tuple[Slot, ...]
) -> Callable[[str | None], bool]:
    """What tells whether an entry holds in a region, or everywhere without one, and for slots."""
    lineage = rules.lineages.get(region or "") or rules.lineages.keys()
    return lambda entry: _speaks(rules, entry, lineage, slots)


def ranked(index: Index, rules: Rules, asked: Asked) -> tuple[Candidate, ...]:
    """The candidates, best first, without the entries of other regions or other conditions."""
    speaks = speaking(rules, asked.region, asked.slots)
    said = asked.bag | asked.told

    def allowed(one: Phrasing) -> bool:
        return _marked(rules, one.topic, said) and speaks(one.entry)

    found = candidates(index, asked.bag, asked.told, allowed=allowed)
    named = frozenset(f.removeprefix("slot:") for f in asked.bag if f.startswith("slot:"))
    weighed = [_weighed(c, _fitness(rules, c, asked, named)) for c in found]
    return tuple(sorted(weighed, key=lambda one: -_worth(one, asked)))


def _worth(one: Candidate, asked: Asked) -> float:
    """What a candidate goes by among others: its score, what it explains, and how it looks."""
    return one.score + _MORE * one.common + _LIKE * asked.alike.to(one.topic, one.entry)


def _weighed(candidate: Candidate, weight: float) -> Candidate:
    if weight == 1.0:
        return candidate
    return structs.replace(candidate, score=candidate.score * weight)


def _marked(rules: Rules, topic: str, said: Bag) -> bool:
    """Whether something was said without which a topic is not asked about."""
    known = rules.topics.get(topic)
    return known is None or not known.marks or not known.marks.isdisjoint(said)


def _speaks(
    rules: Rules, entry: str | None, lineage: Collection[str], slots: tuple[Slot, ...]
) -> bool:
    """Whether the entry of a phrasing, if it has one, holds in the region and for the slots."""
    if entry is None:
        return True
    return entry.partition("/")[0] in lineage and _fits(rules, entry, slots)


def _fits(rules: Rules, entry: str, slots: tuple[Slot, ...]) -> bool:
    """Whether no slot has another value than an entry is about."""
    conditions = rules.conditions.get(entry)
    for name, values in conditions.items() if conditions else ():
        said = {slot.value for slot in slots if slot.name == name}
        if said and said.isdisjoint(values):
            return False
    return True


def _fitness(rules: Rules, candidate: Candidate, asked: Asked, named: frozenset[str]) -> float:
    """What a topic keeps of its score: less beside a slot it avoids, more beside those it needs.

    `named` are the names of the slots of the question.
    """
    topic = rules.topics.get(candidate.topic)
    if topic is None:
        return 1.0
    if not (
        named.isdisjoint(topic.avoids)
        or _is_of_disease(rules, candidate.entry, asked.slots)
        or _is_listed(candidate, asked)
    ):
        return _AVOIDED
    needed = topic.needs and named.issuperset(topic.needs)
    weight = _NEEDED if needed and candidate.entry is None else 1.0
    if candidate.topic == asked.topic and candidate.entry:
        weight *= _GOES_ON
    return weight * (_FOREIGN if _is_foreign(rules, candidate, asked) else 1.0)


def _is_of_disease(rules: Rules, entry: str | None, slots: tuple[Slot, ...]) -> bool:
    """Whether an entry is about just the disease that was named, which no table lists."""
    conditions = rules.conditions.get(entry or "")
    about = conditions.get("other-disease") if conditions else None
    if not about:
        return False
    return any(slot.name == "other-disease" and slot.value in about for slot in slots)


def _is_listed(candidate: Candidate, asked: Asked) -> bool:
    """Whether a list of diseases is asked for, and no disease is named beside it."""
    listing = candidate.topic == _LISTING and "cue:disease-list" in asked.bag
    return listing and _ILL.isdisjoint(slot.name for slot in asked.slots)


def _is_foreign(rules: Rules, candidate: Candidate, asked: Asked) -> bool:
    """Whether only another pack than that of the region speaks of a topic."""
    spoken = rules.spoken.get(asked.region or "")
    if spoken is None or candidate.topic not in rules.told or candidate.topic in spoken:
        return False
    # 审核要几天, and nothing beside it, asks just that, also where the pack has no word on it.
    return candidate.score < _OUTRIGHT or asked.told > asked.bag


def explains(candidate: Candidate, asked: Asked) -> bool:
    """Whether a candidate is about what was said, and not only about the slots around it."""
    bag = asked.bag
    low = candidate.common >= _MUCH and candidate.score >= _LOW
    if candidate.score < FLOOR and not low:
        return False
    if candidate.common == 0.0:
        cues = {f.removeprefix("cue:") for f in bag if f.startswith("cue:")}
        return candidate.alien == 0.0 and cues <= SOFT and bool(bag & _ANCHORS)
    if not bag & _ANCHORS:
        alien = candidate.alien + _ODD * asked.odd
        return alien <= _ALIEN / 2 * candidate.common
    context = _CONTEXT if "slot:disease" in bag else 0.0
    return candidate.alien <= _ALIEN * (candidate.common + context)


def outside(
    rules: Rules, tokens: tuple[Token, ...], best: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """What lies outside, unless it only sounds medical and a covered topic explains the clause."""
    named = [token for token in tokens if token.kind == "outside"]
    cues = {token.value for token in tokens if token.kind == "cue"}
    stays = "inpatient" in cues and cues & _FIGURES and not cues & _OUTPATIENT
    if stays and not any(token.kind in _OF_COVERED for token in tokens):
        return (Candidate("outside", 1.0, "inpatient", "inpatient"),)
    if best and best[0].score >= LITERAL:
        return ()
    here = any(token.kind == "disease" for token in tokens)
    if best and _is_figure(best[0], tokens) and not any(t.value in rules.always for t in named):
        return ()
    topic = rules.topics.get(best[0].topic) if best else None
    filed = here or any(token.kind == "other-disease" for token in tokens)
    plain = (topic is not None and topic.anyway) or (filed and cues & {"gate", "chronic-kind"})
    enough = _PLAIN if plain else _EXPLAINED
    if named and best and best[0].score >= enough and (filed or best[0].common > 0.0):
        reasons = {rules.outside[token.value][0] for token in named}
        filing = filed and "chronic-kind" in cues  # 肾炎要申请慢病,哪个化验得是阳性的
        medical = reasons == {"medical"} and (filing or bool(cues - SOFT - _VAGUE))
        if medical or (topic is not None and topic.anyway):
            return ()
    return tuple(Candidate("outside", 1.0, token.said, token.value) for token in named)


def _is_figure(best: Candidate, tokens: tuple[Token, ...]) -> bool:
    """Whether a figure of a disease under a scheme is asked, whatever else is told beside it."""
    kinds = {token.kind for token in tokens}
    grouped = bool(kinds & {"scheme", "population"})
    insured = grouped and ("disease" in kinds or best.topic == "ranking")
    return insured and best.topic in _OF_CELLS and best.score >= _PLAIN and best.common > 1.0


def region_of(rules: Rules, slots: tuple[Slot, ...]) -> str | None:
    """The region that slots name or imply: a region, a district, a platform only one region has."""
    for kind in ("region", "district", "landmark", "account", "platform", "material"):
        for slot in slots:
            full = kind != "material" or slot.how == "exact"
            if slot.name == kind and full and (home := rules.homes.get(f"{kind}:{slot.value}")):
                return home
    return None
