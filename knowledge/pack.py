"""A region's pack and the library of all packs: frozen, dated, in order of precedence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from knowledge.errors import UnknownRegion
from knowledge.schema import (
    Benefit,
    Ceiling,
    Definition,
    Disease,
    District,
    Faq,
    Hotline,
    Material,
    Office,
    Platform,
    Procedure,
    Record,
    Region,
    Source,
    Term,
)

PACKS = Path(__file__).parent / "packs"
GENERAL = "general"

# The field of a Pack that holds each kind of record.
FIELDS: dict[type[Record], str] = {
    Source: "sources",
    District: "districts",
    Disease: "diseases",
    Benefit: "benefits",
    Ceiling: "ceilings",
    Office: "offices",
    Platform: "platforms",
    Procedure: "procedures",
    Material: "materials",
    Definition: "definitions",
    Hotline: "hotlines",
    Faq: "faqs",
    Term: "terms",
}

Kind = TypeVar("Kind", bound=Record)
Dated = TypeVar("Dated", Benefit, Ceiling, Office, Procedure, Material, Faq)


class Pack(Record, kw_only=True):
    """Everything one region's documents say."""

    region: Region
    version: str
    sources: tuple[Source, ...] = ()
    districts: tuple[District, ...] = ()
    diseases: tuple[Disease, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    offices: tuple[Office, ...] = ()
    platforms: tuple[Platform, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    materials: tuple[Material, ...] = ()
    definitions: tuple[Definition, ...] = ()
    hotlines: tuple[Hotline, ...] = ()
    faqs: tuple[Faq, ...] = ()
    terms: tuple[Term, ...] = ()

    def at(self, day: date) -> Pack:
        """Return the pack with only what is valid on that day."""
        return Pack(
            region=self.region,
            version=self.version,
            sources=self.sources,
            districts=self.districts,
            diseases=self.diseases,
            benefits=valid(self.benefits, day),
            ceilings=valid(self.ceilings, day),
            offices=valid(self.offices, day),
            platforms=self.platforms,
            procedures=valid(self.procedures, day),
            materials=valid(self.materials, day),
            definitions=self.definitions,
            hotlines=self.hotlines,
            faqs=valid(self.faqs, day),
            terms=self.terms,
        )


class Library(Record, kw_only=True):
    """All packs by region id, and a fingerprint that changes when any of their contents does."""

    packs: tuple[Pack, ...]
    fingerprint: str

    @property
    def regions(self) -> tuple[str, ...]:
        """The ids of the regions that have a pack."""
        return tuple(pack.region.id for pack in self.packs)

    @property
    def local(self) -> tuple[Pack, ...]:
        """The packs of places that have rules of their own, without general advice."""
        return tuple(pack for pack in self.packs if pack.region.id != GENERAL)

    def pack(self, region: str) -> Pack:
        """Return the pack of a region; UnknownRegion where there is none."""
        for pack in self.packs:
            if pack.region.id == region:
                return pack
        raise UnknownRegion(region, self.regions)

    def at(self, day: date) -> Library:
        """Return the library with only what is valid on that day; the fingerprint stays."""
        return Library(
            packs=tuple(pack.at(day) for pack in self.packs),
            fingerprint=self.fingerprint,
        )

    def lineage(self, region: str) -> tuple[Pack, ...]:
        """Return the packs that speak for a region, nearest first: itself, parents, general."""
        found = [self.pack(region)]
        known = self.regions
        while (parent := found[-1].region.parent or GENERAL) in known:
            if any(pack.region.id == parent for pack in found):
                break
            found.append(self.pack(parent))
        return tuple(found)

    def entries(self, region: str, kind: type[Kind]) -> tuple[Kind, ...]:
        """Return the records of a kind that speak for a region, its own first, general last."""
        packs = self.lineage(region)
        return tuple(record for pack in packs for record in getattr(pack, FIELDS[kind]))


def valid(records: tuple[Dated, ...], day: date) -> tuple[Dated, ...]:
    """Keep what is valid on a day: from `since` on, no longer on `until`."""
    return tuple(
        record
        for record in records
        if record.since <= day and (record.until is None or day < record.until)
    )


def records(pack: Pack) -> Iterator[Record]:
    """Return every record of a pack, the region first."""
    yield pack.region
    for field in FIELDS.values():
        yield from getattr(pack, field)


def parts(record: Record, key: str = "") -> Iterator[tuple[str, Record]]:
    """Return a record and every record within it, each with its key."""
    yield key, record
    for name in record.__struct_fields__:
        value = getattr(record, name)
        path = f"{key}.{name}" if key else name
        if isinstance(value, Record):
            yield from parts(value, path)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Record):
                    yield from parts(item, f"{path}[{index}]")


def load(folder: Path = PACKS) -> Library:
    """Read every pack of a folder from its YAML files; PackError with all faults otherwise.

    This is the slow and strict way; `knowledge.snapshot.load` gives the same library quickly.
    """
    # Imported here so that who takes the snapshot never pays for YAML.
    from knowledge.loader import build

    return build(folder)
