"""Who is who in a conversation: what was told of each relative, so that one may come back to them.

爸爸职工透析, 妈妈居民糖尿病, 那爸爸的限额: what is carried on is what was told of him.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import structs

from intents.amounts import MONEY
from intents.persons import meant, relatives, several
from intents.slots import SCHEMES
from intents.understanding import Ask, Slot, Understanding

# What is told of a person, and changes with the person.
PERSONAL = frozenset({"disease", "scheme", "population", "age", "exempt", "hospital", *MONEY})
_PLACES = frozenset({"region", "district", "other-place"})
_NOT_SAID = frozenset({"carried", "inferred"})
_ALL = re.compile("都|两个人?|[他她]们|三个人|一家")
# Relatives who are no 学生少儿: what they have as 居民 is what the table gives 非就业居民.
_GROWN = frozenset(
    {
        "father",
        "mother",
        "grandfather",
        "grandmother",
        "mother's father",
        "mother's mother",
        "father-in-law",
        "mother-in-law",
        "husband",
        "wife",
        "spouse",
        "uncle",
        "aunt",
    }
)
_FIGURES = frozenset({"benefit", "calculate"})

# What was told of each relative.
Family = tuple[tuple[str, tuple[Slot, ...]], ...]


def person_of(text: str, family: Family, before: str) -> str:
    """The relative whom a normalised message is about; `before` was spoken of, empty is nobody."""
    named = {who for who, _ in relatives(text)} or meant(text, dict(family))
    if len(named) == 1:
        return named.pop()
    return "" if named else before


def recalled(slots: tuple[Slot, ...], family: Family, person: str, before: str) -> tuple[Slot, ...]:
    """The slots of a conversation, those of a person replaced by what was told of another one."""
    told = dict(family).get(person)
    if person == before or told is None:
        return slots
    names = {slot.name for slot in told}
    left = set(PERSONAL) if "disease" in names else PERSONAL - {"disease"}
    left |= _PLACES if names & _PLACES else set()
    # Of whom no disease or no place was told has the one that was spoken of.
    return (*(slot for slot in slots if slot.name not in left), *told)


def told_of(
    family: Family, understanding: Understanding, person: str, slots: Iterable[Slot]
) -> Family:
    """What is known of everybody after a message; `slots` are those of the conversation then."""
    text = understanding.normalised.text
    named = relatives(text)
    known = dict(family)
    own = _own(understanding)
    if person:
        known[person] = tuple(slot for slot in slots if slot.name in PERSONAL | _PLACES)
    elif named:
        ends = [at for _, at in named[1:]] + [len(text)]
        for (who, at), until in zip(named, ends, strict=True):
            inside = [slot for slot in own if at <= slot.span[0] < until]
            again = _again(understanding, own, at, until)
            known[who] = _with(known.get(who, ()), (*inside, *again))
    if not named and own and _ALL.search(text):  # 两个人都有糖尿病
        known = {who: _with(had, own) for who, had in known.items()}
    return tuple(known.items())


def _own(understanding: Understanding) -> list[Slot]:
    """What a message itself tells of persons."""
    every = (*understanding.told, *(slot for ask in understanding.asks for slot in ask.slots))
    own = (slot for slot in every if slot.name in PERSONAL | _PLACES and slot.how not in _NOT_SAID)
    return list(dict.fromkeys(own))


def _again(understanding: Understanding, own: list[Slot], start: int, end: int) -> Iterable[Slot]:
    """What was said of one person before and is said of another: 妈妈居民也是肾移植."""
    meant = {(slot.name, slot.value) for slot in own}
    for token in understanding.tokens:
        for value in token.value.split("+") if start <= token.start < end else ():
            if (token.kind, value) in meant:
                yield Slot(token.kind, value, token.said, (token.start, token.end), token.how)


def _with(had: tuple[Slot, ...], told: Iterable[Slot]) -> tuple[Slot, ...]:
    """What was known of a person with what is told now; another scheme ends the population."""
    told = tuple(told)
    names = {slot.name for slot in told}
    schemes = {slot.value for slot in told if slot.name == "scheme"}
    kept = (
        slot
        for slot in had
        if slot.name not in names
        and not (slot.name == "population" and schemes and SCHEMES[slot.value] not in schemes)
    )
    first = {(slot.name, slot.value): slot for slot in reversed((*kept, *told))}
    return tuple(reversed(first.values()))


def grown(ask: Ask, person: str, text: str) -> Ask:
    """An ask of a relative who is no child: whoever of them is a resident is no 学生少儿."""
    if ask.topic not in _FIGURES or several(text):
        return ask
    return structs.replace(ask, slots=(*ask.slots, *population(person, ask.slots)))


def population(person: str, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """What follows for a relative who is a resident and no child; nothing where that is told."""
    told = {slot.name for slot in slots}
    schemes = [slot for slot in slots if slot.name == "scheme"]
    if person not in _GROWN or told & {"population", "age", "born"}:
        return ()
    if len(schemes) != 1 or schemes[0].value != "resident":
        return ()
    return (structs.replace(schemes[0], name="population", value="unemployed", how="inferred"),)
