"""What a clause asks, as features, with what the message and the talk before it tell."""

from __future__ import annotations

from msgspec import Struct

from intents.asking import uncovered
from intents.belonging import slots_for, slots_in
from intents.building import Engine
from intents.choosing import FOLLOWING, Asked, region_of, speaking
from intents.clauses import Clause, focus
from intents.likeness import NOTHING_ALIKE, Alike, alike, masked
from intents.match import bag_of
from intents.reading import Reading
from intents.slots import SLOTTED
from intents.understanding import Slot
from intents.whereabouts import AWAY, HOME
from knowledge.pack import GENERAL

USUALLY = "general"  # the cue of who asks what is usual, not what holds in a place
# Cues that are a question by themselves, whatever was spoken of: 地址给我.
_WHOLE = frozenset({"cue:address", "cue:phone", "cue:hours", "cue:fee", "cue:photo"})
_OF_TIME_OR_PLACE = frozenset(
    {"ask:when", "ask:where", "ask:who", "ask:howlong", "cue:effective", "cue:days", "cue:address"}
)


_LEAST = 8  # characters of a clause that looks like a question of its own


class Before(Struct, frozen=True):
    """What the conversation brings along: its region, its slots, the cues of the last question."""

    region: str | None = None
    slots: tuple[Slot, ...] = ()
    cues: frozenset[str] = frozenset()
    topic: str = ""


NOTHING = Before()


def asked_by(engine: Engine, reading: Reading, clause: Clause, before: Before) -> Asked:
    """The features of a clause; what disease and money the rest names, or was said, is context."""
    slots = slots_for(reading, clause)
    if before.region is None and region_of(engine.rules, slots) is None:
        slots += _only_home(engine, reading)
    amounts = [
        q
        for q in reading.amounts
        if clause.start <= q.start
        and q.end <= clause.end
        and (q.unit != "yuan" or any(slot.span == (q.start, q.end) for slot in reading.slots))
    ]
    context = [t for t in reading.tokens if t.kind in {"disease", "tumour", "other-disease"}]
    bag = bag_of(clause.tokens, amounts) | bag_of(context)
    if not bag & _OF_TIME_OR_PLACE:  # 从哪一天算起, after a story with sums, is no calculation
        meant = {slot.span for slot in reading.slots}
        money = [q for q in reading.amounts if q.unit in {"yuan", "percent"}]
        bag |= bag_of((), [q for q in money if (q.start, q.end) in meant])
    if any(slot.name == "disease" for slot in before.slots):
        bag |= {"slot:disease"}
    if before.topic:
        bag |= {FOLLOWING}
    told = bag_of(reading.tokens)
    told |= {f"slot:{slot.name}" for slot in before.slots if slot.name != "exempt"}
    told |= {f"is:{slot.name}={slot.value}" for slot in before.slots}
    if len([f for f in bag if f.startswith(("cue:", "word:"))]) < 2 and not bag & _WHOLE:
        told |= {f"cue:{cue}" for cue in before.cues}
    region = region_of(engine.rules, slots) or before.region or _usually(reading)
    named = any(slot.name in SLOTTED for slot in slots_in(reading, clause))
    looks = NOTHING_ALIKE if before.topic else _looks(engine, reading, clause, region, slots)
    topic = "" if named else before.topic
    return Asked(bag, told, slots, region, uncovered(clause), topic, alike=looks)


def _looks(
    engine: Engine, reading: Reading, clause: Clause, region: str | None, slots: tuple[Slot, ...]
) -> Alike:
    """How the one question of a message looks with what leads up to it; one of several alone."""
    if clause.end - clause.start < _LEAST:
        return NOTHING_ALIKE  # 对不, 那边收不收 ask of what was told before
    several = len(focus(reading.clauses)) > 1
    start, end = (clause.start, clause.end) if several else (0, len(reading.text))
    text = masked(reading.text, reading.tokens, start, end)
    return alike(engine.likeness, text, speaking(engine.rules, region, slots))


def _only_home(engine: Engine, reading: Reading) -> tuple[Slot, ...]:
    """The one region that all places of a story belong to, whoever of the family lives there."""
    places = [slot for slot in reading.slots if slot.name in HOME]
    away = any(slot.name in AWAY for slot in reading.slots)
    homes = {region_of(engine.rules, (place,)) for place in places}
    home = homes.pop() if len(homes) == 1 and not away else None
    return (Slot("region", home, "", (0, 0), "inferred"),) if home else ()


def _usually(reading: Reading) -> str | None:
    """The pack that speaks of no place, where it is asked what is usual: 一般要几张照片."""
    usual = any(token.kind == "cue" and token.value == USUALLY for token in reading.tokens)
    return GENERAL if usual else None
