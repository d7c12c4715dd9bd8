"""What a conversation names that the packs have no more: it is dropped, the rest goes on."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from intents.dialogue import State
from intents.understanding import Slot
from knowledge.pack import Library

Known = Mapping[str, frozenset[str]]


def known(library: Library) -> Known:
    """The values that a slot may have, for each slot whose values come from the packs alone."""
    packs = library.packs
    return {
        "region": frozenset(library.regions),
        "district": frozenset(one.id for pack in packs for one in pack.districts),
        "disease": frozenset(one.id for pack in packs for one in pack.diseases),
        "platform": frozenset(one.id for pack in packs for one in pack.platforms),
        "material": frozenset(one.name for pack in packs for one in pack.materials),
        "hotline": frozenset(one.id for pack in packs for one in pack.hotlines),
        "account": frozenset(one.account.name for pack in packs for one in pack.offices),
    }


def without_gone(state: State, there: Known) -> State:
    """A state that names only what there is; the same state where all of it is there."""
    asks = state.pending
    told = all(_all_there(slots, there) for _, slots in state.family)
    if told and _all_there(state.slots, there) and all(_all_there(a.slots, there) for a in asks):
        return state
    pending = tuple(ask for ask in asks if _all_there(ask.slots, there))
    return structs.replace(
        state,
        slots=_there(state.slots, there),
        family=tuple((who, _there(slots, there)) for who, slots in state.family),
        pending=pending,
        # What was asked back of a question that is gone is not waited for any more.
        asking=state.asking if pending == asks else None,
        options=state.options if pending == asks else (),
    )


def _there(slots: tuple[Slot, ...], there: Known) -> tuple[Slot, ...]:
    return tuple(one for one in slots if _is_there(one, there))


def _all_there(slots: tuple[Slot, ...], there: Known) -> bool:
    return all(_is_there(one, there) for one in slots)


def _is_there(slot: Slot, there: Known) -> bool:
    values = there.get(slot.name)
    return values is None or slot.value in values
