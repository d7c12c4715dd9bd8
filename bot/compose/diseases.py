"""Which diseases there are, for everybody or for one group."""

from __future__ import annotations

from msgspec import structs

from bot.compose import decline
from bot.compose.benefit import group
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
from knowledge.schema import Disease

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


def owners(ask: Ask) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is said to have what is asked for, and who not; where only the first is, all others."""
    has = tuple(sorted(c.removeprefix(HAS) for c in ask.cues if c.startswith(HAS)))
    lacks = tuple(sorted(c.removeprefix(LACKS) for c in ask.cues if c.startswith(LACKS)))
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
