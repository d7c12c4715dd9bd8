"""What understanding needs, built once from the packs and the vocabulary."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from msgspec import Struct

from intents.beyond import patterns_of
from intents.choosing import Rules, verbatim
from intents.claims import Claim, claims
from intents.lexicon import Lexicon, build
from intents.likeness import Likeness, likeness
from intents.match import Index, index
from intents.names import all_names, vocabulary
from intents.topics import phrasings, topics
from intents.understanding import Candidate
from knowledge.pack import Library

# Topics that cells and lists answer, with or without an entry.
_COMPOSED = frozenset({"filing", "materials", "definition", "ceiling", "hotline", "scope"})


class Engine(Struct, frozen=True):
    """Everything that understanding needs, built once from the packs and the vocabulary."""

    lexicon: Lexicon
    index: Index
    rules: Rules
    verbatim: dict[str, Candidate]
    claims: dict[str, tuple[Claim, ...]]
    likeness: Likeness


def engine(library: Library) -> Engine:
    """Build the engine of a library."""
    rows = vocabulary()
    lexicon = build(all_names(library, rows))
    own = topics()
    said = tuple(phrasings(library, own))
    indexed = index(lexicon, said)
    return Engine(
        lexicon,
        indexed,
        _rules(library, rows),
        verbatim(said),
        claims(indexed),
        likeness(lexicon, said),
    )


def _rules(library: Library, rows: tuple[dict[str, Any], ...]) -> Rules:
    return Rules(
        {topic.id: topic for topic in topics()},
        {row["value"]: (row["reason"], row["label"]) for row in rows if row["kind"] == "outside"},
        {r: frozenset(p.region.id for p in library.lineage(r)) for r in library.regions},
        {f"{p.region.id}/{faq.id}": faq.when for p in library.packs for faq in p.faqs if faq.when},
        _homes(library),
        frozenset(row["value"] for row in rows if row.get("always")),
        {p.region.id: frozenset(faq.topic for faq in p.faqs) for p in library.packs},
        frozenset(faq.topic for p in library.packs for faq in p.faqs) - _COMPOSED,
        patterns_of(rows),
        patterns_of(row for row in rows if row.get("always") or not row.get("patterns")),
    )


def _homes(library: Library) -> dict[str, str]:
    """The region of every region, district and platform, where only one region has it."""
    owners: dict[str, set[str]] = defaultdict(set)
    for pack in library.packs:
        region = pack.region.id
        owners[f"region:{region}"].add(region)
        for district in pack.districts:
            owners[f"district:{district.id}"].add(region)
            owners[f"landmark:{district.id}"].add(region)
        for office in pack.offices:
            owners[f"account:{office.account.name}"].add(region)
        for platform in pack.platforms:
            owners[f"platform:{platform.id}"].add(region)
        for material in pack.materials:
            owners[f"material:{material.name}"].add(region)
    return {name: regions.pop() for name, regions in owners.items() if len(regions) == 1}
