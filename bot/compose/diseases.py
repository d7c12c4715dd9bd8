"""Which diseases there are, for everybody or for one group."""

from __future__ import annotations

from msgspec import structs

from bot.compose import decline
from bot.compose.cells import group
from bot.compose.entries import rule
from bot.compose.figures import joined
from bot.compose.part import Context, Part, cited
from bot.compose.wording import say
from bot.messages import Block, Text
from intents.owning import HAS, LACKS
from intents.slots import SCHEMES
from intents.understanding import Ask
from knowledge.benefits import cells
from knowledge.pack import Pack
from knowledge.schema import Citation, Disease

_GROUPS = frozenset({*SCHEMES, *SCHEMES.values()})
_COLUMNS = ("employee", "unemployed", "student")  # of the tables of benefits


def diseases(context: Context, ask: Ask) -> Part:
    """Which diseases there are, for everybody or for one scheme or population."""
    pack = context.pack
    if pack is None:
        return decline.clarify_region(context)
    if not pack.diseases:
        return rule(context, structs.replace(ask, topic="region_difference"))
    cites = cited(context.library, pack.region.id, [d.cite for d in firsts(pack)])
    if pack.benefits and (apart := owners(ask))[0]:
        return Part("answered", _of_some_only(pack, ask, *apart), cites)
    scheme, population = group(ask)
    both = len(ask.values("scheme")) > 1
    if both and pack.benefits:
        lines = [b for one in ask.values("scheme") for b in of_group(pack, ask, one, None)]
        return Part("answered", tuple(lines), cites)
    if scheme and pack.benefits:
        return Part("answered", of_group(pack, ask, scheme, population), cites)
    return Part("answered", _all(pack, ask), cites)


def of_regions(context: Context, ask: Ask, regions: tuple[str, ...]) -> Part:
    """Which diseases the documents of several regions have in common, and which only one has.

    What one has and another has not goes first where that is asked: 北京有苏州没有的.
    """
    packs = [context.library.pack(region) for region in regions]
    named = {pack.region.id: {d.id: d.short for d in pack.diseases} for pack in packs}
    common = set.intersection(*(set(own) for own in named.values()))
    shared = [short for one, short in named[regions[0]].items() if one in common]
    lines = {"": _listing("diseases_common", packs[0], shared)}
    for pack in packs:
        own = named[pack.region.id]
        others = set().union(*(named[other] for other in named if other != pack.region.id))
        alone = [own[one] for one in own if one not in others]
        lines[pack.region.id] = _listing("diseases_alone", pack, alone)
    has = _told(ask, HAS)
    ordered = sorted(lines, key=lambda region: region not in has)
    word = say("compare_differ_word") if ask.form == "yes_no" and "same" in ask.cues else ""
    texts = [lines[region] for region in ordered]
    remarks = [say("diseases_mainly", region=p.region.name) for p in packs if not p.benefits]
    cites = tuple(c for p in packs for c in cited(context.library, p.region.id, _places(p)))
    blocks = tuple(map(Text, (word + texts[0], *texts[1:], *remarks)))
    return Part("answered", blocks, cites)


def _listing(key: str, pack: Pack, names: list[str]) -> str:
    return say(key, region=pack.region.name, count=len(names), names=joined(names))


def _places(pack: Pack) -> list[Citation]:
    return [disease.cite for disease in firsts(pack)]


def _told(ask: Ask, how: str) -> tuple[str, ...]:
    """Who is said to have something, or not to have it."""
    return tuple(sorted(cue.removeprefix(how) for cue in ask.cues if cue.startswith(how)))


def owners(ask: Ask) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is said to have what is asked for, and who not; where only the first is, all others."""
    has = tuple(one for one in _told(ask, HAS) if one in _GROUPS)
    lacks = tuple(one for one in _told(ask, LACKS) if one in _GROUPS)
    if "student" in has:  # 学生有、居民没有: the other residents
        lacks = tuple("unemployed" if one == "resident" else one for one in lacks)
    schemes = {SCHEMES.get(one, one) for one in has}
    rest = (c for c in _COLUMNS if c not in has and SCHEMES.get(c) not in has and c not in schemes)
    return has, lacks or tuple(rest)


def _of_some_only(
    pack: Pack, ask: Ask, has: tuple[str, ...], lacks: tuple[str, ...]
) -> tuple[Block, ...]:
    """The diseases that each of some groups has, and for which the others are written to have none.

    A disease of which the document leaves the column open is not counted.
    """
    wanted = kinds_of(ask)
    found = [
        disease.short
        for disease in pack.diseases
        if disease.kind in wanted
        and all(_offered(pack, disease, one) is True for one in has)
        and all(_offered(pack, disease, one) is False for one in lacks)
    ]
    names = {"has": joined(map(say, has)), "lacks": joined(map(say, lacks))}
    key = "diseases_only" if found else "diseases_only_none"
    lines = [say(key, count=len(found), names=joined(found), **names)]
    if "employee" in lacks and "chronic" in wanted:
        lines.append(say("chronic_not_employee"))
    return tuple(Text(line) for line in lines)


def _offered(pack: Pack, disease: Disease, group: str) -> bool | None:
    """Whether a group has anything for a disease; None where the document does not settle it."""
    scheme = SCHEMES.get(group, group)
    population = group if group in SCHEMES else None
    found = cells(pack.benefits, disease.id, scheme=scheme, population=population)
    if not found or all(cell.certainty == "ambiguous" for cell in found):
        return None
    return any(cell.offered for cell in found)


def firsts(pack: Pack) -> list[Disease]:
    """One disease a table, to cite the table."""
    return list({disease.cite.place: disease for disease in pack.diseases}.values())


def _all(pack: Pack, ask: Ask) -> tuple[Block, ...]:
    kinds = {
        kind: [d for d in pack.diseases if d.kind == kind]
        for kind in ("special", "chronic", "filing")
    }
    if kinds["filing"]:
        names = joined(d.name for d in kinds["filing"])
        return (Text(say("diseases_filing", region=pack.region.name, names=names)),)
    lines: list[Block] = []
    wanted = kinds_of(ask)
    if len(wanted) == 2:
        counts = {kind: len(kinds[kind]) for kind in ("special", "chronic")}
        lines.append(Text(say("diseases_total", count=len(pack.diseases), **counts)))
    for kind in ("special", "chronic"):
        if kind in wanted:
            names = joined(d.name for d in kinds[kind])
            lines.append(Text(say(f"diseases_{kind}", count=len(kinds[kind]), names=names)))
    return tuple(lines)


def kinds_of(ask: Ask) -> set[str]:
    """Which of the two tables is asked about; both where it is not said."""
    if "compare" in ask.cues:
        return {"special", "chronic"}
    only = {"special-kind": "special", "chronic-kind": "chronic"}
    return {only[cue] for cue in ask.cues if cue in only} or {"special", "chronic"}


def of_group(pack: Pack, ask: Ask, scheme: str, population: str | None) -> tuple[Block, ...]:
    """What one group has, and what it has not."""
    offered: dict[bool, list[str]] = {True: [], False: []}
    wanted = kinds_of(ask)
    for disease in pack.diseases:
        found = cells(pack.benefits, disease.id, scheme=scheme, population=population)
        if found and disease.kind in wanted:
            offered[any(cell.offered for cell in found)].append(disease.short)
    name = say(scheme) + (f"（{say(population)}）" if population else "")
    has = say("diseases_for", who=name, count=len(offered[True]), names=joined(offered[True]))
    has_not = say(
        "diseases_not_for", who=name, count=len(offered[False]), names=joined(offered[False])
    )
    lines = [has_not, has] if ask.negated or "cannot" in ask.cues else [has, has_not]
    if scheme == "employee":
        lines.append(say("chronic_not_employee"))
    return tuple(Text(line) for line in lines)
