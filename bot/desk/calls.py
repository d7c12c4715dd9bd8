"""One call: what is asked in it, with what is known of the caller, and what an expense comes to."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from msgspec import Struct, structs

from bot.answers import reply, source_lines
from bot.compose.calculation import calculate
from bot.conversing import turned
from bot.desk.entries import value_name
from bot.desk.phrases import phrase, phrases
from bot.desk.shapes import Field
from bot.desk.sheets import Caller
from bot.messages import Block, Message, Reply
from bot.resources import Resources
from bot.search import Hit, find, index_of
from bot.service import Service, context_of
from intents.dialogue import State
from intents.understanding import Ask, Slot
from knowledge.pack import GENERAL
from knowledge.schema import Hospital, Population, Scheme

_AMOUNT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,4})?)(万?)(?:元)?")
_MOST = Decimal(100_000_000)  # yuan: more is a slip of the finger
_SPAN = (0, 0)


class Answered(Struct, frozen=True):
    """The reply to a question of a call, what the question was taken for, a line a document."""

    reply: Reply
    reading: tuple[Field, ...]
    sources: tuple[str, ...]


class Expense(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be reckoned; `cost` and `spent` as they were typed."""

    region: str
    disease: str
    scheme: Scheme
    cost: str
    spent: str = ""
    population: Population | None = None
    age: int | None = None
    hospital: Hospital | None = None


class Reckoned(Struct, frozen=True):
    """What an expense comes to: the blocks that an answer would have."""

    blocks: tuple[Block, ...]


class NotAnAmount(ValueError):
    """Something that is no amount of money; `key` is the field it was typed in."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def hits(served: Service, text: str, caller: Caller, *, day: date, limit: int) -> tuple[Hit, ...]:
    """What a text may stand for, in the caller's region.

    A facet alone (限额) is first that of the caller's disease.
    """
    made, region = index_of(served, day), caller.region or None
    plain = find(made, text, region=region, limit=limit)
    if not caller.disease or any(hit.kind == "disease" for hit in plain[:1]):
        return plain
    own = [
        one for pack in served.library.packs for one in pack.diseases if one.id == caller.disease
    ]
    if not own or not text.strip():
        return plain
    joint = find(made, f"{own[0].short} {text}", region=region, limit=limit)
    facets = tuple(hit for hit in joint if hit.id == caller.disease and hit.facet)
    return tuple(dict.fromkeys((*facets, *plain)))[:limit]


def answered(resources: Resources, question: Message, caller: Caller, *, day: date) -> Answered:
    """A question as a turn of the call; what is known of the caller goes with it.

    What the question says itself goes before what is known of the caller. Raises StoreError.
    """
    done = turned(
        resources,
        question,
        region=caller.region or None,
        told=lambda state: known(state, caller),
        day=lambda: day,
    )
    said = reply(done.answer)
    sources = tuple(source_lines(said.citations))
    return Answered(said, reading(resources.service, said.understood.slots), sources)


def known(state: State, caller: Caller) -> State:
    """A state that knows of the caller what the agent set; the rest of it stays."""
    told = {name: value for name, value in structs.asdict(caller).items() if value}
    if not told:
        return state
    settled = set(told) | ({"population"} if "scheme" in told else set())
    kept = tuple(slot for slot in state.slots if slot.name not in settled)
    added = tuple(Slot(name, value, "", _SPAN, "carried") for name, value in told.items())
    return structs.replace(state, slots=kept + added)


def reading(served: Service, slots: dict[str, str]) -> tuple[Field, ...]:
    """What a question was taken for, in the names of the packs."""
    packs = {pack.region.id: pack for pack in served.library.packs}
    pack = packs.get(slots.get("region", ""), packs[served.region or served.library.regions[0]])
    found = []
    for name, value in slots.items():
        if f"slot_{name}" not in phrases():
            continue
        places = [one for one in (pack, *packs.values()) if one.region.id != GENERAL]
        named = (value_name(one, name, value) for one in places)
        shown = next((one for one in named if one != value), value)
        found.append(
            Field(phrase(f"slot_{name}"), phrase("age", age=shown) if name == "age" else shown)
        )
    return tuple(found)


def reckoned(served: Service, expense: Expense, *, day: date) -> Reckoned:
    """What an expense comes to, by the code of the answers.

    Raises NotAnAmount, and UnknownRegion for a region that there is not.
    """
    cost = amount(expense.cost, "cost")
    slots = {
        "disease": expense.disease,
        "scheme": expense.scheme,
        "population": expense.population,
        "age": expense.age,
        "hospital": expense.hospital,
        "yuan": cost,
        "spent": amount(expense.spent, "spent") if expense.spent.strip() else None,
    }
    told = tuple(
        Slot(name, str(value), "", _SPAN, "exact")
        for name, value in slots.items()
        if value is not None
    )
    served.valid(day).pack(expense.region)
    context = context_of(served, expense.region, day)
    return Reckoned(calculate(context, Ask("calculate", told)).blocks)


def amount(text: str, key: str) -> Decimal:
    """Yuan as they are typed: 60000, 6万, 1,234.50元. Raises NotAnAmount."""
    plain = text.strip().replace(",", "").replace("，", "")
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise NotAnAmount(key)
    value = Decimal(found[1]) * (10_000 if found[2] else 1)
    if value > _MOST:
        raise NotAnAmount(key)
    return value
