"""Which slots of a message belong to a clause: its own, and what was said nearest to it."""

from __future__ import annotations

import re
from collections import defaultdict

from intents.amounts import MONEY
from intents.clauses import SHORT, Clause, asks, is_hearsay
from intents.persons import about
from intents.reading import Reading
from intents.slots import CANCER
from intents.understanding import Slot

# Slots that belong to the whole message, not to the clause they stand nearest to.
_SHARED = frozenset(
    {"yuan", "spent", "inpatient", "paid", "alleged", "percent", "year", "outside", "talk"}
)
# Slots that are those of one person in a story.
_PERSONAL = frozenset(
    {
        "disease",
        "member",
        "tumour",
        "other-disease",
        "scheme",
        "population",
        "age",
        "born",
        "exempt",
    }
)
FIGURES = frozenset({"howmuch", "limit", "rate", "selfpay", "deductible"})
_JOINED = re.compile(r"[和跟与及同、比]|以及|还有|对比|(?:以后)?[长变升过]?[到成满]了?")
# Slots that narrow a question of figures to somebody or somewhere.
GROUPS = frozenset({"scheme", "population", "hospital", "age"})
# What only a later question names is not what an earlier one asks about.
_OF_NEXT = GROUPS | {"other-place", "place"}
# Who asks for several at once (各自限额多少, 两个人一样吗), and what is then meant of each.
_JOINTLY = re.compile(r"各自|分别|各[是多能]|[两俩三][个]?人|[他她我咱俺]俩|他们|她们")
_EACH = frozenset({"disease", "member", "scheme", "population", "other-place"})
# 跟1型糖尿病一样吗 compares with what was spoken of before.
COMPARED = re.compile(r"(?:那么?|它|这个|也|又|还?是)*[跟和与同比]")
_AGES = frozenset({"age", "born"})
PLACES = frozenset({"region", "district", "landmark", "other-place", "place"})
# What holds for everybody in a story that names only one of it.
_ALONE = PLACES | {"disease", "member", "exempt"}
# Another sum to try: 要是30万呢.
_SUPPOSING = re.compile(r"[,。;!? ]*(?:那|那么)?(?:要是|如果|假如|假设|若是|万一|换成|改成)")
# What comes after a bound that was told of before: 往后再做的还给不给报.
LATER = re.compile(r"往后|后面|之后|后续|再往下|接下来|余下|剩下|多出来|超出")
# What several people get, each of them: 两个人各报多少.
SEVERALLY = re.compile(
    r"各自|各(?:报|能|可|得|是|给|多少|要)|分别|分人|每个人|我们一家|[一全]家(?:人|三口|四口)"
)
_OF_ONE = frozenset({"hospital", "scheme", "population", "disease", "age", "district"})
# Two places of a story that are asked about at once: 两边的地址都给一下.
_BOTH_PLACES = re.compile("两边|两头|[两三四几](?:地|[个处]地[方址]|个区|处)")
_TOGETHER = 14  # characters within which values of one slot are named in one breath


def slots_in(reading: Reading, clause: Clause) -> tuple[Slot, ...]:
    """The slots that a clause names itself."""
    return tuple(s for s in reading.slots if clause.start <= s.span[0] and s.span[1] <= clause.end)


def slots_for(reading: Reading, clause: Clause) -> tuple[Slot, ...]:
    """The slots of a clause; what it does not say itself was said nearest before it, else after."""
    own = list(slots_in(reading, clause))
    rest: dict[str, list[Slot]] = defaultdict(list)
    for slot in reading.slots:
        if slot not in own:
            rest[slot.name].append(slot)
    own += [s for s in reading.slots if _is_insured_at(reading, s) and s not in own]
    taken = _taken(own)
    # 腹透在家做,也跟血透一样吗: what a clause begins to compare with stands before it.
    each = bool(SEVERALLY.search(clause.text))
    jointly = each or bool(_JOINTLY.search(clause.text) or COMPARED.match(clause.text))
    places = bool(_BOTH_PLACES.search(clause.text))
    stretches = None if jointly or places else about(reading.text, clause.start, clause.end)
    rest["yuan"] = _supposed(reading, clause, rest["yuan"])
    spent = _spent_by(reading, stretches or ())
    for name, said in rest.items():
        slots = _not_of_next(reading, clause, said) if name in _OF_NEXT else said
        if stretches and name in _PERSONAL | PLACES and not _is_only(name, said):
            slots = [s for s in slots if any(a <= s.span[0] < b for a, b in stretches)]
        if stretches and name in MONEY:
            slots = [s for s in slots if s.span in spent] if spent else slots
        both = name == "district" and places
        if (name in _EACH and jointly) or (name in _OF_ONE and each) or both:
            own += slots
        elif slots and name == "hospital" and (spent_at := _beside_sums(reading, said)):
            own += spent_at
        elif slots and (name in _SHARED or name not in taken):
            own += _of_rest(reading, clause, name, slots)
    first: dict[tuple[object, ...], Slot] = {}
    for slot in sorted(own, key=lambda slot: slot.span):
        first.setdefault((slot.name, slot.value if slot.name not in _SHARED else slot.span), slot)
    return tuple(first.values())


def _spent_by(reading: Reading, stretches: tuple[tuple[int, int], ...]) -> set[tuple[int, int]]:
    """Where the sums stand that are told of a person; what others say of theirs is none."""
    told = [c for c in reading.clauses if not is_hearsay(c.text)]
    sums = [slot.span for slot in reading.slots if slot.name in MONEY]
    own = {span for span in sums if any(a <= span[0] < b for a, b in stretches)}
    return {span for span in own if any(c.start <= span[0] < c.end for c in told)}


def _is_insured_at(reading: Reading, slot: Slot) -> bool:
    """Whether a slot is where somebody is said to be insured, in a message that is no story."""
    placed = slot.name == "district" and slot.value in reading.insured
    return placed and len(reading.clauses) <= SHORT


def _taken(own: list[Slot]) -> set[str]:
    """The kinds of slots that a clause needs no more, for it names such a one itself."""
    taken = {slot.name for slot in own}
    if taken & (PLACES - {"landmark"}):  # 住新区的,也要跑到平泷路吗 is asked of both
        taken |= PLACES
    ill = {slot.value for slot in own if slot.name == "disease"}
    if ill and ill.isdisjoint(CANCER):  # 狼疮限额多少,白血病呢
        taken |= {"tumour"}
    return taken


def _supposed(reading: Reading, clause: Clause, sums: list[Slot]) -> list[Slot]:
    """Without sums that a later clause tries, and for one that tries its own without others."""
    tried = [c for c in reading.clauses if _SUPPOSING.match(c.text) and slots_in(reading, c)]
    if clause in tried and any(slot.name == "yuan" for slot in slots_in(reading, clause)):
        return []
    later = [c for c in tried if c.start > clause.start]
    return [s for s in sums if not any(c.start <= s.span[0] < c.end for c in later)]


def _beside_sums(reading: Reading, hospitals: list[Slot]) -> list[Slot]:
    """The hospitals at which something was spent each: 社区配药1200,又去三级医院花了600."""
    places = [slot for slot in reading.slots if slot.name == "hospital"]
    sums = [one.start for one in reading.amounts if one.unit == "yuan"]
    paid = [c for c in reading.clauses if any(c.start <= at < c.end for at in sums)]
    found = {s.value for s in places if any(c.start <= s.span[0] < c.end for c in paid)}
    before = [[s.value for s in places if s.span[1] <= at] for at in sums]
    found |= {values[-1] for values in before if values}
    return hospitals if len(found) > 1 else []


def _of_rest(reading: Reading, clause: Clause, name: str, slots: list[Slot]) -> list[Slot]:
    """Which of the values said elsewhere in a message a clause takes over."""
    if name in _SHARED:  # 要是超过35万了,后面还报吗 asks of what is above it
        above = bool(LATER.search(clause.text))
        return [slot for slot in slots if above or not (slot.name == "yuan" and slot.said)]
    ill = [s for s in reading.slots if s.name == "disease"] if name in _AGES else []
    return _of_patient(slots, ill[0], reading.text) if ill else _nearest(slots, clause)


def _not_of_next(reading: Reading, clause: Clause, slots: list[Slot]) -> list[Slot]:
    """Without the values that only a later question names: 限额多少,居民有吗 asks for all first."""
    later = [c for c in reading.clauses if c.start >= clause.end and _asks_more(c)]
    return [slot for slot in slots if not any(c.start <= slot.span[0] < c.end for c in later)]


def _asks_more(clause: Clause) -> bool:
    """Whether a later clause asks, or wants a figure: 济南那边报销比例给我查一下."""
    wanted = any(t.kind == "cue" and t.value in FIGURES for t in clause.tokens)
    return any(map(asks, clause.tokens)) or wanted


def _is_only(name: str, said: list[Slot]) -> bool:
    """Whether a story names one disease or one place only, whoever it is said of: 儿子这病."""
    return name in _ALONE and len({slot.value for slot in said}) == 1


def _of_patient(ages: list[Slot], disease: Slot, text: str) -> list[Slot]:
    """Of the ages in a story the one said nearest to the disease, and those joined to it."""
    first = min(ages, key=lambda s: max(s.span[0] - disease.span[1], disease.span[0] - s.span[1]))
    runs: list[list[Slot]] = []
    for age in sorted(ages, key=lambda slot: slot.span):
        if runs and _JOINED.fullmatch(text[runs[-1][-1].span[1] : age.span[0]]):
            runs[-1].append(age)
        else:
            runs.append([age])
    return next(run for run in runs if first in run)


def _nearest(slots: list[Slot], clause: Clause) -> list[Slot]:
    """Of the values of a slot those said together, last before the clause, else first after it."""
    earlier = [slot for slot in slots if slot.span[1] <= clause.start]
    pivot = earlier[-1] if earlier else slots[0]
    return [slot for slot in slots if abs(slot.span[0] - pivot.span[0]) <= _TOGETHER]
