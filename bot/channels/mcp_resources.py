"""The packs as resources of the protocol: JSON at an address, with its citations."""

from __future__ import annotations

import msgspec

from bot.catalogue import record_of_source
from bot.channels.mcp_records import NothingAsked
from bot.channels.mcp_tools import list_regions
from bot.days import today
from bot.resources import Resources
from knowledge.pack import Pack

MEDIA_TYPE = "application/json"
REGIONS = "yiwentong://regions"
PACK = "yiwentong://packs/{region}"
PART = "yiwentong://packs/{region}/{part}"
ADDRESSES = (REGIONS, PACK, PART)
_PACKS = "yiwentong://packs/"
# What a pack is asked for by, and the field that holds it; general vocabulary is no knowledge.
PARTS = {
    "sources": "sources",
    "districts": "districts",
    "diseases": "diseases",
    "benefits": "benefits",
    "ceilings": "ceilings",
    "offices": "offices",
    "platforms": "platforms",
    "procedures": "procedures",
    "materials": "materials",
    "definitions": "definitions",
    "hotlines": "hotlines",
    "entries": "faqs",
}


def read(resources: Resources, uri: str) -> str | None:
    """What is at an address, as JSON; None where there is nothing."""
    if uri == REGIONS:
        return _encoded(list_regions(resources, NothingAsked()))
    region, _, part = uri.removeprefix(_PACKS).partition("/")
    packs = {pack.region.id: pack for pack in resources.service.valid(today()).packs}
    if not uri.startswith(_PACKS) or region not in packs or part not in {"", *PARTS}:
        return None
    names = [part] if part else list(PARTS)
    return _encoded(_record(resources, packs[region], names))


def addresses(resources: Resources) -> dict[str, str]:
    """The address of each pack by the name of its region."""
    packs = resources.service.library.packs
    return {pack.region.name: PACK.format(region=pack.region.id) for pack in packs}


def _record(resources: Resources, pack: Pack, names: list[str]) -> dict[str, object]:
    found: dict[str, object] = {
        "region": pack.region,
        "version": pack.version,
        "packs": resources.packs,
        "as_of": today(),
    }
    for name in names:
        records = getattr(pack, PARTS[name])
        sources = tuple(record_of_source(pack, one) for one in pack.sources)
        found[name] = sources if name == "sources" else records
    return found


def _encoded(record: object) -> str:
    return msgspec.json.encode(record).decode()
