"""Whole-pack checks: what no single file can show to be wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple, get_args

from knowledge.cells import check_cell, check_overlaps, days_in_common
from knowledge.errors import (
    ClaimedTwice,
    Fault,
    NotOneOf,
    NoWords,
    RepeatedId,
    TwinNotMutual,
    UnknownId,
    YesAndNo,
)
from knowledge.fitting import hint_of
from knowledge.loader import Entry, Loaded, joined, read_folder, read_packs
from knowledge.pack import GENERAL, parts
from knowledge.schema import (
    Benefit,
    Citation,
    Definition,
    Disease,
    District,
    Faq,
    Hospital,
    Office,
    Platform,
    Population,
    Procedure,
    Record,
    Region,
    Scheme,
    Source,
)

# Which key of which record names a record of another kind.
REFERENCES: tuple[tuple[type[Record], str, type[Record]], ...] = (
    (Benefit, "disease", Disease),
    (Definition, "disease", Disease),
    (Office, "district", District),
    (Procedure, "platform", Platform),
    (Region, "parent", Region),
    (Region, "default_source", Source),
)
# Which slots of a Faq's `when` name records, and which take one of a few values.
SLOT_KINDS: dict[str, type[Record]] = {
    "disease": Disease,
    "district": District,
    "platform": Platform,
}
SLOT_VALUES: dict[str, tuple[str, ...]] = {
    "scheme": get_args(Scheme),
    "population": get_args(Population),
    "hospital": get_args(Hospital),
    "care": ("local",),  # treated where one is insured, and not elsewhere
}
PHRASINGS = ("asks", "yes", "no")


class Shelf(NamedTuple):
    """For each region and kind, every id that the region may refer to, its own first."""

    known: dict[tuple[str, type[Record]], dict[str, Entry]]

    def ids(self, region: str, kind: type[Record]) -> dict[str, Entry]:
        """Return the entries of a kind that a region may refer to, by id."""
        return self.known.get((region, kind), {})


def check(folder: Path) -> tuple[Fault, ...]:
    """Return every fault of a folder of packs, or of one region's folder, in order of place."""
    if (folder / "pack.yaml").is_file():
        folder = folder.resolve()
        faults = check_loaded(read_siblings(folder))
        faults = tuple(fault for fault in faults if fault.file.startswith(f"{folder.name}/"))
    else:
        faults = check_loaded(read_packs(folder))
    return tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.key)))


def read_siblings(folder: Path) -> Loaded:
    """Read one region with the regions beside it, which it may refer to."""
    beside = sorted(path.parent for path in folder.parent.glob("*/pack.yaml"))
    return joined([read_folder(path) for path in beside])


def check_loaded(loaded: Loaded) -> tuple[Fault, ...]:
    """Return the loader's faults and those of every check."""
    shelf = shelve(loaded)
    found = [*loaded.faults, *repeated_ids(loaded.entries)]
    for entry in loaded.entries:
        found += unknown_ids(entry, shelf)
        found += no_words(entry)
        found += check_cell(entry)
    for region in loaded.versions:
        own = [entry for entry in loaded.entries if entry.region == region]
        found += twins_not_mutual(own)
        found += yes_and_no(own)
        found += claimed_twice(own)
        found += check_overlaps(own)
    return tuple(found)


def shelve(loaded: Loaded) -> Shelf:
    """Sort the entries by the regions that may refer to them."""
    known: dict[tuple[str, type[Record]], dict[str, Entry]] = {}
    for region, line in lineages(loaded).items():
        near = (entry for ancestor in line for entry in loaded.entries if entry.region == ancestor)
        for entry in near:
            known.setdefault((region, entry.kind), {}).setdefault(entry.id, entry)
    return Shelf(known)


def lineages(loaded: Loaded) -> dict[str, tuple[str, ...]]:
    """Return for each region itself, its parents and general; general may refer to them all."""
    heads = {entry.region: entry.record for entry in loaded.entries if entry.kind is Region}
    lines: dict[str, tuple[str, ...]] = {}
    for region in loaded.versions:
        line = [region]
        while isinstance(head := heads.get(line[-1]), Region) and head.parent not in {None, *line}:
            line.append(str(head.parent))
        rest = loaded.versions if region == GENERAL else (GENERAL,)
        lines[region] = tuple(dict.fromkeys([*line, *rest]))
    return lines


def repeated_ids(entries: tuple[Entry, ...]) -> Iterator[Fault]:
    """An id once per kind and region; of a source once in all packs, since citations name it."""
    seen: dict[tuple[str, str, str], Entry] = {}
    for entry in entries:
        scope = "" if entry.kind is Source else entry.region
        first = seen.setdefault((scope, entry.kind.__name__, entry.id), entry)
        if entry.id and first is not entry:
            yield RepeatedId(
                entry.spot("id", entry.id), kind=entry.kind.__name__, first=where(first)
            )
        yield from repeated_places(entry)


def repeated_places(entry: Entry) -> Iterator[Fault]:
    """A place id once in a source."""
    if not isinstance(entry.record, Source):
        return
    seen: dict[str, int] = {}
    for index, place in enumerate(entry.record.places):
        key = f"places[{index}].id"
        first = seen.setdefault(place.id, index)
        if first != index:
            spot = entry.spot(key, place.id)
            yield RepeatedId(spot, kind="Place", first=where(entry, f"places[{first}].id"))


def where(entry: Entry, key: str = "id") -> str:
    """Say where an entry stands, as file:line."""
    spot = entry.spot(key)
    return f"{spot.file}:{spot.line}"


def unknown_ids(entry: Entry, shelf: Shelf) -> Iterator[Fault]:
    """Every id that an entry refers to exists."""
    record = entry.record
    if record is None:
        return
    for owner, key, kind in REFERENCES:
        value = getattr(record, key) if isinstance(record, owner) else None
        if value is not None:
            yield from unknown_id(entry, key, value, shelf.ids(entry.region, kind))
    if isinstance(record, Disease):
        for index, twin in enumerate(record.twins):
            known = shelf.ids(entry.region, Disease)
            yield from unknown_id(entry, f"twins[{index}]", twin, known)
    if isinstance(record, Faq):
        yield from unknown_slots(entry, record, shelf)
    for key, part in parts(record):
        if isinstance(part, Citation):
            yield from unknown_citation(entry, key, part, shelf)


def unknown_id(entry: Entry, key: str, value: str, known: dict[str, Entry]) -> Iterator[Fault]:
    """One id exists among the known ones."""
    if value not in known:
        kind = key.partition("[")[0].rpartition(".")[2].rstrip("s").removeprefix("default_")
        yield UnknownId(entry.spot(key, value), kind=kind, hint=hint_of(value, known))


def unknown_slots(entry: Entry, faq: Faq, shelf: Shelf) -> Iterator[Fault]:
    """Every value in a Faq's `when` exists."""
    for slot, values in faq.when.items():
        for index, value in enumerate(values):
            key = f"when.{slot}[{index}]"
            if slot in SLOT_KINDS:
                known = shelf.ids(entry.region, SLOT_KINDS[slot])
                yield from unknown_id(entry, key, value, known)
            elif value not in SLOT_VALUES.get(slot, (value,)):
                allowed = SLOT_VALUES[slot]
                hint = hint_of(value, allowed)
                yield NotOneOf(entry.spot(key, value), allowed=", ".join(allowed), hint=hint)


def unknown_citation(entry: Entry, key: str, cite: Citation, shelf: Shelf) -> Iterator[Fault]:
    """The source and the place of a citation exist."""
    sources = shelf.ids(entry.region, Source)
    yield from unknown_id(entry, f"{key}.source", cite.source, sources)
    source = sources[cite.source].record if cite.source in sources else None
    if isinstance(source, Source):
        places = {place.id: entry for place in source.places}
        yield from unknown_id(entry, f"{key}.place", cite.place, places)


def no_words(entry: Entry) -> Iterator[Fault]:
    """Every citation has words to look for."""
    for key, part in parts(entry.record) if entry.record else ():
        if isinstance(part, Citation) and not any(word.strip() for word in part.words):
            yield NoWords(entry.spot(key, part.place))


def twins_not_mutual(entries: list[Entry]) -> Iterator[Fault]:
    """A disease that names a twin is named by it."""
    diseases = {entry.id: entry.record for entry in entries if isinstance(entry.record, Disease)}
    for entry in entries:
        if not isinstance(entry.record, Disease):
            continue
        for index, twin in enumerate(entry.record.twins):
            other = diseases.get(twin)
            if other is not None and entry.id not in other.twins:
                spot = entry.spot(f"twins[{index}]", twin)
                yield TwinNotMutual(spot, twin=twin, disease=entry.id)


def fold(phrasing: str) -> str:
    """Fold what a matcher folds: width, case, space and the marks at the end."""
    return "".join(unicodedata.normalize("NFKC", phrasing).casefold().split()).rstrip("?!.。,;~")


def phrasings(entry: Entry) -> Iterator[tuple[str, str]]:
    """Return each phrasing of a Faq, folded, with its key."""
    for field in PHRASINGS:
        for index, phrasing in enumerate(getattr(entry.record, field, ())):
            yield fold(phrasing), f"{field}[{index}]"


def yes_and_no(entries: list[Entry]) -> Iterator[Fault]:
    """No phrasing of one Faq is to be answered both with yes and with no."""
    for entry in entries:
        if isinstance(entry.record, Faq):
            yes = {fold(phrasing) for phrasing in entry.record.yes}
            for index, phrasing in enumerate(entry.record.no):
                if fold(phrasing) in yes:
                    yield YesAndNo(entry.spot(f"no[{index}]", phrasing))


def claimed_twice(entries: list[Entry]) -> Iterator[Fault]:
    """No phrasing belongs to two Faqs of a region that can hold at once."""
    claims: dict[str, dict[str, tuple[Entry, str]]] = {}
    for entry in entries:
        for folded, key in phrasings(entry):
            claims.setdefault(folded, {}).setdefault(entry.id, (entry, key))
    for claim in claims.values():
        for (first, first_key), (entry, key) in combinations(claim.values(), 2):
            if together(first.record, entry.record):
                spot = entry.spot(key, phrasing_at(entry, key))
                yield ClaimedTwice(spot, other=first.id, first=where(first, first_key))


def phrasing_at(entry: Entry, key: str) -> str:
    """Return a phrasing as written, by its key."""
    field, index = key.rstrip("]").split("[")
    return str(getattr(entry.record, field)[int(index)])


def together(first: Record | None, second: Record | None) -> bool:
    """Tell whether two Faqs can hold for the same slots on the same day."""
    if not isinstance(first, Faq) or not isinstance(second, Faq):
        return False
    shared = first.when.keys() & second.when.keys()
    apart = any(not set(first.when[slot]) & set(second.when[slot]) for slot in shared)
    return not apart and days_in_common(first, second)
