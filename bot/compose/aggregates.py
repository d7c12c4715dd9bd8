"""Questions over many cells: which diseases, the highest, how two differ, what a term means."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import structs

from bot.compose import decline
from bot.compose.benefit import benefit, coverage, facets, group, listed, unlisted_members
from bot.compose.entries import rule
from bot.compose.figures import described, joined, limit_text, rate_text, who, yuan
from bot.compose.part import Context, Part, cited
from bot.compose.wording import answered, say
from bot.messages import Block, Items, Text
from intents.understanding import Ask
from knowledge.benefits import cells, cells_of
from knowledge.pack import GENERAL, Pack
from knowledge.schema import Benefit, Disease


def diseases(context: Context, ask: Ask) -> Part:
    """Which diseases there are, for everybody or for one scheme or population."""
    pack = context.pack
    if pack is None:
        return decline.clarify_region(context)
    if not pack.diseases:
        return rule(context, structs.replace(ask, topic="region_difference"))
    scheme, population = group(ask)
    cites = cited(context.library, pack.region.id, [d.cite for d in _firsts(pack)])
    if scheme and pack.benefits:
        return Part("answered", _for(pack, ask, scheme, population), cites)
    return Part("answered", _all(pack, ask), cites)


def _firsts(pack: Pack) -> list[Disease]:
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
    wanted = _kinds(ask)
    if len(wanted) == 2:
        counts = {kind: len(kinds[kind]) for kind in ("special", "chronic")}
        lines.append(Text(say("diseases_total", count=len(pack.diseases), **counts)))
    for kind in ("special", "chronic"):
        if kind in wanted:
            names = joined(d.name for d in kinds[kind])
            lines.append(Text(say(f"diseases_{kind}", count=len(kinds[kind]), names=names)))
    return tuple(lines)


def _kinds(ask: Ask) -> set[str]:
    """Which of the two tables is asked about; both where it is not said."""
    only = {"special-kind": "special", "chronic-kind": "chronic"}
    return {only[cue] for cue in ask.cues if cue in only} or {"special", "chronic"}


def _for(pack: Pack, ask: Ask, scheme: str, population: str | None) -> tuple[Block, ...]:
    """What one group has, and what it has not."""
    offered: dict[bool, list[str]] = {True: [], False: []}
    for disease in pack.diseases:
        found = cells(pack.benefits, disease.id, scheme=scheme, population=population)
        if found:
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


def ranking(context: Context, ask: Ask) -> Part:
    """The highest, the lowest, or all with one figure."""
    pack = context.pack
    if pack is None:
        return decline.clarify_region(context)
    if not pack.benefits:
        text = say("no_figures", region=pack.region.name, what=say("figures"))
        return Part("declined_unknown", (Text(text + decline.pointer(pack)),))
    scheme, population = group(ask)
    kinds = _kinds(ask)
    of_kind = {disease.id for disease in pack.diseases if disease.kind in kinds}
    found = [
        cell
        for cell in cells_of(pack.benefits, scheme=scheme, population=population)
        if cell.offered and cell.disease in of_kind
    ]
    if not found:
        return Part("declined_unknown", (Text(say("chronic_not_employee")),))
    lines = _ranked(pack, ask, found)
    return Part(
        "answered",
        tuple(Text(line) for line in lines),
        cited(context.library, pack.region.id, [d.cite for d in _firsts(pack)]),
    )


def _ranked(pack: Pack, ask: Ask, found: list[Benefit]) -> list[str]:
    short = {disease.id: disease.short for disease in pack.diseases}

    def names(some: Iterable[Benefit]) -> str:
        return joined(short[cell.disease] for cell in some)

    lines: list[str] = []
    for value in ask.values("percent"):
        some = [c for c in found if c.rate and any(t.percent == float(value) for t in c.rate.tiers)]
        key = "ranking_percent" if some else "ranking_percent_none"
        lines.append(say(key, what=f"{value}%", names=names(some)))
    for value in ask.values("yuan"):
        some = [c for c in found if c.limit and c.limit.yuan == float(value)]
        key = "ranking_amount" if some else "ranking_amount_none"
        lines.append(say(key, what=yuan(float(value)), names=names(some)))
    if lines:
        return lines
    if "deductible" in ask.cues:
        some = [c for c in found if c.deductible]
        what = described(some[0], frozenset({"deductible"})) if some else ""
        return [say("ranking_deductible", names=names(some), what=what)]
    schemes = sorted({c.scheme for c in found})
    for scheme in schemes:
        of_scheme = [c for c in found if c.scheme == scheme]
        lines += _extreme(ask, say(scheme), of_scheme, names)
    return lines


def _extreme(
    ask: Ask, name: str, found: list[Benefit], names: Callable[[Iterable[Benefit]], str]
) -> list[str]:
    if "unlimited" in ask.cues:
        some = [c for c in found if c.limit and c.limit.unlimited]
        key = "ranking_unlimited" if some else "ranking_unlimited_none"
        return [say(key, who=name, names=names(some))]
    low = "lowest" in ask.cues
    if "rate" in ask.cues:
        return _extreme_rate(name, found, names, low=low)
    sized = [c for c in found if c.limit]
    edge = (min if low else max)(map(_size, sized))
    best = [c for c in sized if _size(c) == edge]
    key = "ranking_lowest" if low else "ranking_highest"
    lines = [say(key, who=name, names=names(best), what=limit_text(best[0].limit))]
    if edge == float("inf"):
        rest = [c for c in sized if _size(c) < edge]
        top = max(map(_size, rest))
        some = [c for c in rest if _size(c) == top]
        lines.append(say("ranking_next", names=names(some), what=limit_text(some[0].limit)))
    return lines


def _size(cell: Benefit) -> float:
    """The limit of a cell in yuan, infinite where there is none."""
    if cell.limit is None:
        return 0.0
    return float("inf") if cell.limit.unlimited else float(cell.limit.yuan or 0)


def _extreme_rate(
    name: str, found: list[Benefit], names: Callable[[Iterable[Benefit]], str], *, low: bool
) -> list[str]:
    pick = min if low else max
    rated = [c for c in found if c.rate and c.rate.tiers]

    def order(cell: Benefit) -> float:
        return pick(tier.percent for tier in cell.rate.tiers) if cell.rate else 0.0

    edge = pick(map(order, rated))
    best = [c for c in rated if order(c) == edge]
    key = "ranking_rate_lowest" if low else "ranking_rate_highest"
    lines = [say(key, who=name, names=names(best), what=rate_text(best[0].rate))]
    if any(c.rate and c.rate.certainty == "ambiguous" for c in found):
        lines.append(say("ranking_rate_open"))
    return lines


def compare(context: Context, ask: Ask) -> Part:
    """How two things differ: diseases, schemes, populations, hospitals or regions."""
    pack = context.pack
    if pack is None:
        return rule(context, structs.replace(ask, topic="scheme_difference"))
    if ask.ranked and ask.ranked[0].entry and not pack.benefits:
        return rule(context, ask)
    if not pack.benefits:
        return (
            benefit(context, ask) if ask.values("disease") else _no_comparison(context, pack, ask)
        )
    named = listed(pack, ask)
    if len(named) > 1:
        return _verdict(context, ask, _texts_by_disease(pack, ask, named))
    if named:
        return _groups(context, pack, ask, named[0])
    return _schemes(context, pack, ask)


def _no_comparison(context: Context, pack: Pack, ask: Ask) -> Part:
    """A region without figures: the general remark on the schemes, labelled as such."""
    if pack.region.id == GENERAL or set(ask.values("scheme")) == {"employee", "resident"}:
        return rule(context, structs.replace(ask, topic="scheme_difference"))
    text = say("no_figures", region=pack.region.name, what=say("figures"))
    return Part("declined_unknown", (Text(text + decline.pointer(pack)),))


def _verdict(context: Context, ask: Ask, texts: dict[str, str]) -> Part:
    same = len(set(texts.values())) == 1
    lead = say("compare_same" if same else "compare_differ", what=joined(texts))
    part = benefit(context, ask)
    return Part(part.status, (Text(lead), *part.blocks), part.citations)


def _texts_by_disease(pack: Pack, ask: Ask, named: Iterable[Disease]) -> dict[str, str]:
    scheme, population = group(ask)
    return {
        one.short: "；".join(
            who(c) + described(c, facets(ask)) + str(c.rate and c.rate.row)
            for c in cells(pack.benefits, one.id, scheme=scheme, population=population)
        )
        for one in named
    }


def _groups(context: Context, pack: Pack, ask: Ask, disease: Disease) -> Part:
    """One disease under two schemes or for two populations."""
    populations = ask.values("population")
    found = cells(pack.benefits, disease.id, scheme=None, population=None)
    if len(populations) > 1:
        texts = {
            say(p): described(c, facets(ask))
            for p in populations
            for c in found
            if p in c.population
        }
    else:
        texts = {say(c.scheme): described(c, facets(ask)) for c in found}
    return _verdict(context, ask, texts)


def _schemes(context: Context, pack: Pack, ask: Ask) -> Part:
    """Two populations or two schemes over all diseases."""
    if part := _populations(context, pack, ask):
        return part
    rows = []
    for disease in pack.diseases:
        texts = {
            s: joined(
                described(c, facets(ask))
                for c in cells(pack.benefits, disease.id, scheme=s, population=None)
            )
            for s in ("employee", "resident")
        }
        if texts["employee"] and texts["employee"] != texts["resident"]:
            rows.append(say("schemes_limits", disease=disease.short, **texts))
    notes = [one.says for one in pack.ceilings]
    blocks = (Text(say("schemes_differ")), Items((*rows, *notes, say("chronic_not_employee"))))
    return Part(
        "answered", blocks, cited(context.library, pack.region.id, [d.cite for d in _firsts(pack)])
    )


def _populations(context: Context, pack: Pack, ask: Ask) -> Part | None:
    """Two populations of one scheme over all diseases; None where no such two are compared."""
    named = set(ask.values("population"))
    if named == {"working", "retired"}:
        cites = cited(context.library, pack.region.id, [_firsts(pack)[0].cite])
        word = answered("is", yes=True) if ask.form == "yes_no" else ""
        return Part("answered", (Text(word + say("population_same")),), cites)
    if named == {"unemployed", "student"}:
        lines = [
            block for p in ("student", "unemployed") for block in _for(pack, ask, "resident", p)
        ]
        cites = cited(context.library, pack.region.id, [d.cite for d in _firsts(pack)])
        return Part("answered", tuple(lines), cites)
    return None


def ceiling(context: Context, ask: Ask) -> Part:
    """What happens above the yearly total, for the schemes asked about."""
    pack = context.pack
    if pack is None or not pack.ceilings:
        return rule(context, ask) if pack else decline.clarify_region(context)
    if ask.ranked and ask.ranked[0].entry and ask.form == "yes_no":
        return rule(context, ask)
    scheme, _ = group(ask)
    found = [one for one in pack.ceilings if scheme in (None, one.scheme)]
    lines = tuple(Text(one.says) for one in found)
    return Part("answered", lines, cited(context.library, pack.region.id, [c.cite for c in found]))


def definition(context: Context, ask: Ask) -> Part:
    """What a term includes; whether one thing is in it, yes or no first."""
    pack = context.pack
    if pack is None:
        return decline.clarify_region(context)
    if ask.ranked and ask.ranked[0].entry:
        return rule(context, ask)
    members = [value.partition(":") for value in ask.values("member")]
    wanted = {disease for disease, _, _ in members} | set(ask.values("disease"))
    found = next((d for d in pack.definitions if d.disease in wanted), None)
    if found is None:
        return coverage(context, ask) if ask.values("disease") else rule(context, ask)
    named = [name for disease, _, name in members if disease == found.disease]
    lines: list[Block] = []
    if missing := unlisted_members(pack, ask, found.disease):
        lines.append(Text(say("definition_no", member=joined(missing), name=found.name)))
    elif stranger := ask.slot("other-disease"):
        part = next((m.name for m in found.members if stranger[-2:] in m.name), None)
        key, member = ("definition_part", part) if part else ("definition_no", stranger)
        lines.append(Text(say(key, member=member, name=found.name)))
    elif named and ask.form == "yes_no":
        lines.append(
            Text(
                answered("counts", yes=True)
                + say("definition_yes", member=joined(named), name=found.name)
            )
        )
    names = joined(member.name for member in found.members)
    lines.append(Text(say("definition_lead", name=found.name, members=names)))
    return Part("answered", tuple(lines), cited(context.library, pack.region.id, [found.cite]))
