"""One question about several relatives: 爸爸在职高血压,妈妈居民类风湿,两个人限额各多少.

Each of them is asked about with what was told of them, and with what holds for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import structs

from intents.amounts import COSTS, MONEY
from intents.family import PERSONAL, Family, population
from intents.persons import Mention, mentions
from intents.slots import BOTH, PAIR, united
from intents.spending import TOGETHER
from intents.understanding import Ask, Person, Slot, Understanding

_TOPICS = frozenset({"benefit", "calculate", "coverage", "age", "compare"})
# Who asks of all of them, and not of all the bills of one: 两个人加起来报多少.
_PEOPLE = re.compile(
    "[两俩三四五几][个]?(?:人|老(?!人家)|(?:孩子|娃|小孩)?(?:里头|里面|当中)|合|加|一[共起])|老两口|两口子|夫妻"
    "|[我他她咱]们?俩|[他她]们|[一全]家|爸妈|父母|加起来|合起来|合计|各人|各自|分别|各[是多能用要]"
)
_BREAK = re.compile("[,。;!?]")
_ALL = re.compile("[都均全侪]")
_OF_DISEASE = frozenset({"member", "tumour"})
_INSURED = frozenset({"scheme", "population"})


def of_all(ask: Ask, family: Family, understanding: Understanding) -> Ask:
    """An ask with the relatives whom it is about, where these are several; else as it is.

    They may be told of before: 我爸花了1000, 我妈花了1400, and then 两个人加起来报多少.
    """
    if ask.topic not in _TOPICS:
        return ask
    text = understanding.normalised.text
    named = mentions(text)
    if named:
        people = _told_now(text, named, _told(understanding), family)
    else:
        people = _told_before(ask, family, text)
    if len(people) < 2:
        return ask
    shared = tuple(slot for slot in ask.slots if slot.name not in PERSONAL | _OF_DISEASE)
    every = tuple(slot for person in people for slot in person.slots)
    spent = all(any(s.name in COSTS for s in person.slots) for person in people)
    limited = not ask.cues.isdisjoint({"limit", "rate", "deductible"})
    topic = "calculate" if spent and not limited else _FIGURE.get(ask.topic, ask.topic)
    total = {"counted"} if TOGETHER.search(text) else set()
    slots = (*shared, *every)
    return structs.replace(ask, topic=topic, slots=slots, cues=ask.cues | total, people=people)


# What a question of one person's age, or of two who are compared, is of several.
_FIGURE = {"age": "coverage", "compare": "benefit", "calculate": "benefit"}


def _told(understanding: Understanding) -> tuple[Slot, ...]:
    """What a message tells, 高血压 and 糖尿病 each where it stands: of whom is not known yet."""
    ill = [token for token in understanding.tokens if token.kind == "disease"]
    both = any(slot.value == BOTH for slot in understanding.told)
    if not both or any(token.value == BOTH for token in ill):
        return understanding.told
    kept = (slot for slot in understanding.told if slot.value != BOTH)
    pair = (t for t in ill if t.value in PAIR)
    return (*kept, *(Slot("disease", t.value, t.said, (t.start, t.end), t.how) for t in pair))


def _told_before(ask: Ask, family: Family, text: str) -> tuple[Person, ...]:
    """The relatives of whom costs were told in the messages before, or else diseases."""
    if not _PEOPLE.search(text):
        return ()
    ill = [(who, slots) for who, slots in family if any(s.name == "disease" for s in slots)]
    spent = [(who, slots) for who, slots in family if any(s.name in COSTS for s in slots)]
    common = [slot for slot in ask.slots if slot.name in _INSURED | {"hospital"}] if spent else []
    return tuple(_person(who, slots, common) for who, slots in spent or ill)


def _told_now(
    text: str, named: tuple[Mention, ...], told: tuple[Slot, ...], family: Family
) -> tuple[Person, ...]:
    """The relatives of whom a message tells before it asks about all of them.

    So do bills of each that are only told (爸爸花了8000,妈妈花了300); what somebody is ill with
    may have been told before.
    """
    last = named[-1].end
    sums = sum(slot.name == "yuan" for slot in told)
    plural = _PEOPLE.search(text, last) or (TOGETHER.search(text, last) if sums > 1 else None)
    asked = len(text)
    if plural:
        breaks = _BREAK.finditer(text, last, plural.start())
        asked = max((found.end() for found in breaks), default=last)
    personal = [slot for slot in told if slot.name in PERSONAL]
    common = [s for s in personal if _is_of_all(text, named, asked, s)]
    until = [*(one.start for one in named[1:]), asked]
    own: dict[str, list[Slot]] = {}
    billed = True
    for one, end in zip(named, until, strict=True):
        own_of = (s for s in personal if s not in common)
        inside = [slot for slot in own_of if one.start <= slot.span[0] < end]
        billed = billed and any(slot.name in COSTS for slot in inside)
        own.setdefault(one.name, []).extend(inside)
    if not (plural or billed):
        return ()
    known = dict(family)
    before = {name: [s for s in known.get(name, ()) if s.name not in MONEY] for name in own}
    told_of = [_person(name, s, (*common, *before[name])) for name, s in own.items() if s]
    return tuple(one for one in told_of if any(s.name == "disease" for s in one.slots))


def _is_of_all(text: str, named: tuple[Mention, ...], asked: int, slot: Slot) -> bool:
    """Whether something is told of all relatives: before any is named, or 都参加学生少儿医保."""
    at = slot.span[0]
    start = max((found.end() for found in _BREAK.finditer(text, 0, at)), default=0)
    end = next((found.start() for found in _BREAK.finditer(text, at)), len(text))
    here = [one for one in named if start <= one.start < end]
    of_all = bool(_ALL.search(text, start, end)) and len(here) != 1
    return at < named[0].start or at >= asked or of_all


def _person(name: str, slots: Iterable[Slot], common: Iterable[Slot]) -> Person:
    """A relative with what was told of them, and with what holds for all and not otherwise."""
    own = united(_added(tuple(slots)))
    names = {slot.name for slot in own}
    names |= _INSURED if names & _INSURED else set()
    every = (*own, *(s for s in common if s.name not in names and s.name not in MONEY))
    return Person(name, (*every, *population(name, every)))


def _added(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """What was told of one person, with all the costs as one sum."""
    costs = [slot for slot in slots if slot.name in COSTS and not slot.said]
    if len(costs) < 2:
        return slots
    total = f"{sum(float(slot.value) for slot in costs):.10g}"
    kept = tuple(slot for slot in slots if slot not in costs)
    return (*kept, structs.replace(costs[0], name="yuan", value=total))
