"""What a tool found, in the words of an answer to the same question."""

from __future__ import annotations

from msgspec import Struct

from bot.answers import plain
from bot.channels.mcp_records import Named
from bot.compose.part import Context, Part
from bot.days import today
from bot.messages import Answer
from bot.resources import Resources
from bot.service import confirm, context_of
from intents.understanding import Ask, Slot
from knowledge.pack import Pack
from knowledge.schema import Disease


class Case(Struct, frozen=True):
    """What every look-up needs: the packs of today, and the one of the region in question."""

    resources: Resources
    context: Context
    pack: Pack

    @property
    def region(self) -> Named:
        """The region in question."""
        return named_region(self.pack)


def case_of(resources: Resources, region: str) -> Case:
    """A look-up in a region, by the rules of today."""
    context = context_of(resources.service, region, today())
    return Case(resources, context, context.library.pack(region))


def asking(topic: str, **slots: str | None) -> Ask:
    """The question that a look-up stands for, its slots as sure as an id can be."""
    found = ((name.replace("_", "-"), value) for name, value in slots.items())
    return Ask(topic, tuple(Slot(n, v, "", (0, 0), "exact") for n, v in found if v is not None))


def text_of(case: Case, part: Part) -> str:
    """A part as plain text with its sources, and a word where a document is old."""
    old = confirm(case.resources.service, part.citations, case.context.day)
    answer = Answer(part.status, (*part.blocks, *old), part.citations)
    return plain(answer)


def named_region(pack: Pack) -> Named:
    """A region, named."""
    return Named(pack.region.id, pack.region.name)


def named_disease(disease: Disease) -> Named:
    """A disease, named as people say it."""
    return Named(disease.id, disease.short)
