"""Where to find a person: the numbers of a region with their hours, as far as documents say."""

from __future__ import annotations

from collections.abc import Iterator

from bot.compose.decline import pointer
from bot.compose.part import Context, Part, cited
from bot.compose.wording import say
from bot.messages import Block, Cited, Items, Text
from knowledge.pack import GENERAL, Pack
from knowledge.schema import Hotline


def handover(context: Context) -> Part:
    """The numbers of the region; of an unknown one those of every region, each by its name."""
    own = context.pack
    here = own is not None and own.region.id != GENERAL
    packs = [own] if own is not None and here else list(context.library.local)
    elsewhere = [pack for pack in context.library.packs if pack.region.id == GENERAL]
    lead = say("handover", pointer=pointer(own)) if here else say("handover_where")
    lines = [line for pack in packs for line in _lines(pack, alone=here)]
    lines += [line for pack in elsewhere for line in _advised(pack, everywhere=not here)]
    numbers = [one for pack in packs for one in pack.hotlines]
    numbers += [one for pack in elsewhere for one in _wider(pack, everywhere=not here)]
    blocks: list[Block] = [Text(lead), *([Items(tuple(lines))] if lines else [])]
    if any(one.hours is None for one in numbers):
        blocks.append(Text(say("handover_no_hours")))
    return Part("handover", tuple(blocks), tuple(_cited(context, numbers)))


def _lines(pack: Pack, *, alone: bool) -> Iterator[str]:
    """A line a number of a pack; where it has none, that it has none."""
    yield from (_line(one) for one in pack.hotlines)
    region = pack.region.name
    if not pack.hotlines and alone:
        yield say("handover_own_none", region=region)
    elif not pack.hotlines:
        yield say("handover_region", region=region, pointer=pack.region.pointer.says)


def _advised(pack: Pack, *, everywhere: bool) -> Iterator[str]:
    """A line a number of general advice; one that belongs to no place is said to."""
    for one in _wider(pack, everywhere=everywhere):
        line = _line(one)
        yield say("handover_general", line=line) if _is_own(pack, one) else line


def _line(hotline: Hotline) -> str:
    line = say("handover_line", number=hotline.number, name=hotline.name, use=hotline.use)
    return say("handover_hours", line=line, hours=hotline.hours) if hotline.hours else line


def _wider(pack: Pack, *, everywhere: bool) -> list[Hotline]:
    """The numbers of general advice; with `everywhere` the first of each place it speaks of too."""
    found: list[Hotline] = []
    for one in pack.hotlines:
        seen = any(one.cite.source == other.cite.source for other in found)
        if _is_own(pack, one) or (everywhere and not seen):
            found.append(one)
    return found


def _is_own(pack: Pack, hotline: Hotline) -> bool:
    """Whether a number stands in the pack's own document, not in one that speaks of a place."""
    return hotline.cite.source == pack.region.default_source


def _cited(context: Context, numbers: list[Hotline]) -> Iterator[Cited]:
    for one in numbers:
        yield from cited(context.library, one.region, [one.cite])
