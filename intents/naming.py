"""What a conversation has named, in order, so that one may point back at it: 第二个."""

from __future__ import annotations

import re

from msgspec import structs

from intents.understanding import Ask, Slot

# One thing that was named; a word for several rows (尿毒症) is one thing.
Named = tuple[tuple[Slot, ...], ...]

_KINDS = ("disease", "district")
_OF_DISTRICT = frozenset({"address", "account", "hours", "hotline", "online"})
_BOTH = re.compile("两[个种样者]|俩|它们")


def named_after(named: Named, asks: tuple[Ask, ...]) -> Named:
    """What was named after a message; what is named again keeps its place."""
    for ask in asks:
        for kind in _KINDS:
            own = [s for s in ask.slots if s.name == kind and s.how not in {"carried", "inferred"}]
            for at in dict.fromkeys(slot.span for slot in own):
                thing = tuple(slot for slot in own if slot.span == at)
                if _values(thing) not in map(_values, named):
                    named = (*named, thing)
    return named


def pointed(named: Named, ask: Ask, carried: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """What is carried on into an ask, with the one thing of several that it points at."""
    which = ask.slot("nth")
    if which is None:
        return carried
    kind = "district" if ask.topic in _OF_DISTRICT else "disease"
    if kind == "disease" and not any(one[0].name == kind for one in named):
        kind = "district"
    here = tuple((slot,) for slot in carried if slot.name == kind)
    things = here if len(here) > 1 else tuple(one for one in named if one[0].name == kind)
    at = {"last": len(things) - 1, "middle": len(things) // 2}.get(which)
    at = int(which) - 1 if at is None else at
    if len(things) < 2 or at >= len(things):
        return carried
    return (*_as_carried(things[at]), *(slot for slot in carried if slot.name != kind))


def compared(named: Named, ask: Ask, carried: tuple[Slot, ...], text: str) -> tuple[Slot, ...]:
    """What is carried on, with the two diseases named last where they are compared: 两个一样吗."""
    diseases = [one for one in named if one[0].name == "disease"]
    had = [slot for slot in carried if slot.name == "disease"]
    if "compare" not in ask.cues or len(had) != 1 or len(diseases) < 2 or not _BOTH.search(text):
        return carried
    both = tuple(slot for one in diseases[-2:] for slot in _as_carried(one))
    return (*both, *(slot for slot in carried if slot.name != "disease"))


def _values(thing: tuple[Slot, ...]) -> frozenset[tuple[str, str]]:
    return frozenset((slot.name, slot.value) for slot in thing)


def _as_carried(thing: tuple[Slot, ...]) -> tuple[Slot, ...]:
    return tuple(structs.replace(slot, how="carried") for slot in thing)
