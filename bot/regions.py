"""Which regions there are, and which one a person names."""

from __future__ import annotations

from bot.errors import InputError
from bot.redact import redacted
from bot.terminal import tell
from knowledge.pack import Library
from knowledge.schema import Region


def region_id(library: Library, said: str) -> str:
    """The id of the region of this id, name or nickname. Raises InputError that lists the known."""
    wanted = said.strip().casefold()
    for pack in library.packs:
        if wanted in _names(pack.region):
            return pack.region.id
    shown = redacted(said.strip()).text[:40]
    raise InputError(tell("unknown_region", region=shown, known=known_regions(library)))


def _names(region: Region) -> set[str]:
    names = (region.id, region.name, f"{region.name}市", *region.aliases)
    return {name.casefold() for name in names}


def known_regions(library: Library) -> str:
    """Every region with its id: 苏州（suzhou）、北京（beijing）."""
    return "、".join(region_label(pack.region) for pack in library.packs)


def region_label(region: Region) -> str:
    """A region as it is shown: 苏州（suzhou）."""
    return f"{region.name}（{region.id}）"
