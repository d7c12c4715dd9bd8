"""The sheet to take along: papers, steps and office of one case, put together of answers."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from bot.answers import reply
from bot.messages import Block, Cited
from bot.service import Service, turn
from bot.traditional import HANS, HANT, in_traditional
from bot.widget.wording import say
from intents.choosing import region_of
from intents.dialogue import State
from intents.gone import without_gone
from intents.understanding import Slot
from knowledge.pack import Pack

# What of a conversation belongs on paper.
_TAKEN = ("disease", "scheme", "population", "district", "platform", "channel")


class Case(Struct, frozen=True):
    """What a sheet is for: the id of its region, and the slots that are known of the person."""

    region: str | None = None
    slots: tuple[Slot, ...] = ()

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a slot."""
        return tuple(slot.value for slot in self.slots if slot.name == name)


class Sheet(Struct, frozen=True):
    """What is printed: three parts, what holds for all of them, and the documents.

    `office` is empty where there are offices and no district is known.
    """

    region: str
    diseases: tuple[str, ...]
    materials: tuple[Block, ...]
    steps: tuple[Block, ...]
    office: tuple[Block, ...]
    notes: tuple[Block, ...]
    citations: tuple[Cited, ...]


def case_of(served: Service, state: State, region: str | None) -> Case:
    """The case that a conversation has come to; `region` counts where it names none."""
    state = without_gone(state, served.known)
    found = region_of(served.engine.rules, state.slots) or region or served.region
    return Case(found, tuple(slot for slot in state.slots if slot.name in _TAKEN))


def told(region: str, *, disease: str | None, district: str | None) -> Case:
    """The case of a region, a disease and a district by their ids."""
    named = (("disease", disease), ("district", district))
    slots = tuple(Slot(name, value, "", (0, 0), "carried") for name, value in named if value)
    return Case(region, slots)


def sheet(served: Service, pack: Pack, case: Case, *, day: date, language: str = HANS) -> Sheet:
    """The sheet of a case whose region has a pack, by the rules of a day."""
    state = State(slots=case.slots)
    asked = [say("ask_materials"), say("ask_steps")]
    names = {one.id: one.name for one in pack.districts}
    asked += [say("ask_office", HANS, district=names[d]) for d in _districts(pack, case)]
    asked += [] if pack.offices else [say("ask_where")]  # what its documents say instead
    taken = [turn(served, state, text, day=day, region=pack.region.id) for text in asked]
    answers = [reply(one.answer) for one in taken]
    if language == HANT:
        answers = [in_traditional(one) for one in answers]
    cited = [set(answer.blocks) for answer in answers if answer.citations]
    shared = set.intersection(*cited) if len(cited) > 1 else set()
    parts = [tuple(b for b in answer.blocks if b not in shared) for answer in answers]
    materials, steps, *offices = parts
    return Sheet(
        region=pack.region.name,
        diseases=tuple(d.short for d in pack.diseases if d.id in case.values("disease")),
        materials=materials,
        steps=steps,
        office=tuple(block for blocks in offices for block in blocks),
        notes=tuple(block for block in answers[0].blocks if block in shared),
        citations=tuple(dict.fromkeys(one for answer in answers for one in answer.citations)),
    )


def _districts(pack: Pack, case: Case) -> list[str]:
    """The districts of the case that the region has an office for."""
    housed = {office.district for office in pack.offices}
    return [one for one in dict.fromkeys(case.values("district")) if one in housed]
