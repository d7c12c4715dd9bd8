"""A question about several relatives: the answer for each, under their name, and the total."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from bot.compose.calculation import total_of
from bot.compose.cells import every_cell
from bot.compose.figures import yuan
from bot.compose.part import Context, Part
from bot.compose.wording import known, say
from bot.messages import Block, Text
from intents.family import PERSONAL
from intents.understanding import Ask, Person
from knowledge.pack import Pack

_TOPICS = frozenset({"benefit", "calculate", "coverage"})
Composer = Callable[[Context, Ask], Part]


def are_asked(context: Context, ask: Ask) -> bool:
    """Whether a question is about several relatives, in a region that has figures."""
    figures = context.pack is not None and bool(context.pack.benefits)
    return bool(ask.people) and ask.topic in _TOPICS and figures


def of_people(context: Context, ask: Ask, compose: Composer) -> Part:
    """What one question comes to for each of its relatives; `compose` answers it for one."""
    shared = tuple(slot for slot in ask.slots if slot.name not in PERSONAL)
    asks = [
        structs.replace(ask, slots=(*shared, *person.slots), people=()) for person in ask.people
    ]
    parts = [compose(context, one) for one in asks]
    blocks: list[Block] = []
    for person, part in zip(ask.people, parts, strict=True):
        own = _headed(person, part)
        # What is said of one holds for the next; what is reckoned for one does not.
        blocks += [block for block in own if not (isinstance(block, Text) and block in blocks)]
    if context.pack:
        blocks += _total(context.pack, ask, asks)
    cites = tuple(dict.fromkeys(cite for part in parts for cite in part.citations))
    answered = next((part for part in parts if part.status == "answered"), parts[0])
    return structs.replace(answered, blocks=tuple(blocks), citations=cites)


def _headed(person: Person, part: Part) -> tuple[Block, ...]:
    """The blocks of one relative, the first of them with their name."""
    key = f"kin_{person.name}"
    name = say(key) if known(key) else person.name
    first, *rest = part.blocks
    if not isinstance(first, Text):
        return (Text(say("kin_head", name=name, text="")), *part.blocks)
    return (structs.replace(first, text=say("kin_head", name=name, text=first.text)), *rest)


def _total(pack: Pack, ask: Ask, asks: list[Ask]) -> tuple[Block, ...]:
    """What all of them have together, where that is asked and the documents leave one sum each."""
    if ask.topic == "calculate":
        return total_of(pack, asks)
    limits = [_limit(pack, one) for one in asks]
    known_limits = [one for one in limits if one is not None]
    if len(known_limits) < len(limits) or "counted" not in ask.cues:
        return ()
    return (Text(say("people_limit", paid=yuan(sum(known_limits)))),)


def _limit(pack: Pack, ask: Ask) -> int | None:
    """The limit of one person's disease in yuan; None where it is not one figure."""
    found = every_cell(pack, ask)
    limits = {cell.limit.yuan if cell.offered and cell.limit else None for cell in found}
    return limits.pop() if len(limits) == 1 else None
