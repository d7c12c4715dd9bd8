"""Money told message by message: 年初一万五, then 五月又花一万, then 这几笔一共报多少."""

from __future__ import annotations

import re

from msgspec import structs

from intents.amounts import COSTS, MONEY
from intents.understanding import Ask, Slot

# What asks of all the costs together that were told one by one.
TOGETHER = re.compile(
    "[一总拢统]共|共计|合计|加(?:起来|一块|一起|在一起)|合起来|全年|整年|[这前]几[笔次回]|统统|都算上"
)
# Topics of which a message may name a cost, and those that all of them together matter to.
_OF_COSTS = frozenset({"calculate", "benefit"})
_TOTALS = frozenset({"calculate", "exceeding"})
_MOST = 50  # costs of one reckoning: nobody tells more, one by one

# Sums, and before a sum the level of hospital at which it was spent, where that was told.
Costs = tuple[Slot, ...]
_PAIRED = COSTS | {"hospital"}


def costs_in(asks: tuple[Ask, ...]) -> Costs:
    """The expenses that the asks of a message name, in their order."""
    every = [slot for ask in asks for slot in ask.slots if slot.name in _PAIRED]
    if not any(slot.name in COSTS for slot in every):
        return ()
    named = {(slot.name, slot.value, slot.span): slot for slot in every}.values()
    return tuple(sorted(named, key=lambda slot: (slot.span, slot.name != "hospital")))


def reckoned_on(
    costs: Costs, own: Costs, asks: tuple[Ask, ...], slots: Costs, *, told: bool
) -> Costs:
    """The expenses of one reckoning after a message with `own` ones; `asks` are complete.

    A further one (又花一万) comes on top, and so does one that is only `told` (上个月是一万六) and
    was not before; any other begins anew. Without any the reckoning lasts as long as the
    conversation, of which `slots` are remembered, has a sum.
    """
    if not own or asks[-1].topic not in _OF_COSTS:
        return costs if any(slot.name in COSTS for slot in slots) else ()
    if "more" in asks[-1].cues:
        return (*costs, *own)[-_MOST:]
    had = {slot.value for slot in costs}
    again = all(slot.value in had for slot in own)
    if not told:
        return own
    return costs if again else (*costs, *own)[-_MOST:]


def is_summed(text: str, costs: Costs, own: Costs, asks: tuple[Ask, ...]) -> bool:
    """Whether a normalised message asks of all the expenses that were told, before it and in it."""
    more = not own or "more" in asks[-1].cues
    told = sum(slot.name in COSTS for slot in (*costs, *own))
    left = any(ask.topic == "exceeding" for ask in asks)  # 现在限额还剩多少
    return bool(costs) and told > 1 and more and (left or bool(TOGETHER.search(text)))


def summed(costs: Costs, ask: Ask) -> Ask:
    """What all the costs come to that were told one after the other, each at its own hospital."""
    if ask.topic not in _TOTALS:
        return ask
    apart = len({slot.value for slot in costs if slot.name == "hospital"}) > 1
    replaced = (MONEY - {"inpatient"}) | ({"hospital"} if apart else set())
    kept = tuple(s for s in ask.slots if s.name not in replaced)
    each = apart or "periods" in ask.cues  # what is one cost is reckoned as one
    every = (
        structs.replace(
            slot,
            name="hospital" if slot.name == "hospital" else "yuan",
            how="exact" if each else "carried",
            span=(at, at),
        )
        for at, slot in enumerate(costs)
        if apart or slot.name in COSTS
    )
    return structs.replace(ask, slots=(*kept, *every))


def stays(slots: tuple[Slot, ...]) -> Costs:
    """What a stay in hospital cost, which counts before all that is reckoned: 住院花了3万."""
    return tuple(structs.replace(s, how="carried") for s in slots if s.name == "inpatient")
