"""A part of an answer: what one question comes to, before parts become an Answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from msgspec import Struct

from bot.messages import Block, Cited, Option, Status
from intents.slots import SCHEMES
from intents.understanding import Ask, Candidate
from knowledge.pack import GENERAL, Library, Pack
from knowledge.schema import Citation


class Part(Struct, frozen=True):
    """The answer to one question: how it ended, its blocks, its citations, what may be chosen."""

    status: Status
    blocks: tuple[Block, ...]
    citations: tuple[Cited, ...] = ()
    options: tuple[Option, ...] = ()
    asking: str | None = None


class Context(Struct, frozen=True):
    """What composing needs: the library as of the day, the region if known, and the settings.

    `confirm_after` is the age of a document in days from which an answer asks to confirm; `settles`
    says whether what an entry claims affirms a yes-or-no question, None where it claims nothing.
    """

    library: Library
    region: str | None
    day: date
    confirm_after: int
    outside: Mapping[str, tuple[str, str]]
    silent: Mapping[str, str]
    settles: Callable[[str, Ask, Candidate | None], bool | None]

    @property
    def pack(self) -> Pack | None:
        """The pack of the region, where the region is known."""
        return self.library.pack(self.region) if self.region else None


def cited(library: Library, region: str, citations: Iterable[Citation]) -> tuple[Cited, ...]:
    """Citations as a reader sees them; each source and place once."""
    sources = {source.id: source for source in library.pack(region).sources}
    found = []
    for citation in citations:
        source = sources[citation.source]
        place = next(place.name for place in source.places if place.id == citation.place)
        if citation.row:
            place += f"“{citation.row}”行"
        found.append(
            Cited(source.id, source.title, source.issuer, source.issued, source.authority, place)
        )
    return tuple(dict.fromkeys(found))


def is_general(part: Part) -> bool:
    """Whether only the general pack is cited, not a region's own document."""
    return all(one.source.startswith(GENERAL) for one in part.citations)


def schemes(ask: Ask) -> set[str]:
    """The schemes an ask names, or that its populations belong to."""
    return set(ask.values("scheme")) | {SCHEMES[one] for one in ask.values("population")}


def joint(parts: list[Part]) -> Part:
    """Parts put together, what they share said once."""
    blocks = tuple(dict.fromkeys(block for part in parts for block in part.blocks))
    cites = tuple(dict.fromkeys(cite for part in parts for cite in part.citations))
    return Part(parts[0].status, blocks, cites, parts[0].options, parts[0].asking)
