"""How two things differ: diseases, schemes, populations, ages, or two whole schemes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from math import inf

from msgspec import structs

from bot.compose import decline
from bot.compose.benefit import benefit, coverage
from bot.compose.cells import chosen, facets, group, listed
from bot.compose.diseases import firsts, of_group
from bot.compose.entries import more_of, rule
from bot.compose.figures import ALL, Facets, described, joined, who, yuan
from bot.compose.figures import ages as ages_of
from bot.compose.part import Context, Part, cited, schemes
from bot.compose.wording import answered, say
from bot.messages import Items, Text
from intents.slots import SCHEMES
from intents.understanding import Ask, Slot
from knowledge.benefits import cells
from knowledge.pack import GENERAL, Pack
from knowledge.schema import Benefit, Disease

_FIGURES = frozenset({"limit", "rate", "pay", "howmuch", "deductible", "selfpay"})
Sides = dict[str, tuple[Benefit, ...]]


def compare(context: Context, ask: Ask) -> Part:
    """How two things differ, the verdict first, then each of them, then by how much."""
    pack = context.pack
    if pack is None:
        return rule(context, structs.replace(ask, topic="scheme_difference"))
    if not pack.benefits:
        return _without_figures(context, pack, ask)
    named = listed(pack, ask)
    if len(named) > 1:
        return _verdict(context, ask, _by_disease(pack, ask, named))
    return _of_one(context, pack, ask, named[0]) if named else _schemes(context, pack, ask)


def _of_one(context: Context, pack: Pack, ask: Ask, disease: Disease) -> Part:
    """How one disease differs by what counts as it, by hospital, or by who has it."""
    if len({*ask.values("member")}) > 1 and not _grouped(ask):
        lead = say("compare_members", disease=disease.short)
        part = benefit(context, structs.replace(ask, form="open"))
        return structs.replace(part, blocks=(Text(_same_word(ask) + lead), *part.blocks))
    if by_hospital := _by_hospital(context, pack, ask, disease):
        return by_hospital
    ask = _with_other(ask)
    sides = _by_group(pack, ask, disease)
    return _verdict(context, _of_all(ask) if len(sides) > 1 else ask, sides)


def _by_hospital(context: Context, pack: Pack, ask: Ask, disease: Disease) -> Part | None:
    """By how many percentage points the hospitals that were named differ; None where not known."""
    levels = ask.values("hospital")
    if len(levels) < 2 or _grouped(ask):
        return None
    rates = [cell.rate for cell in chosen(pack, ask, disease) if cell.rate and cell.offered]
    clear = [rate for rate in rates if rate.certainty != "ambiguous"]
    told = [{t.hospital: t.percent for t in rate.tiers if t.hospital in levels} for rate in clear]
    gaps = {max(one.values()) - min(one.values()) for one in told if len(one) == len(set(levels))}
    if len(gaps) != 1:
        return None
    part = benefit(context, structs.replace(ask, form="open"))
    word = _word(ask, same=False) if ask.form == "yes_no" else ""
    lead = word + say("compare_points", points=gaps.pop())
    return structs.replace(part, blocks=(Text(lead), *part.blocks))


def _grouped(ask: Ask) -> bool:
    """Whether two schemes, populations or ages are named that can differ."""
    return len(schemes(ask)) > 1 or any(len(ask.values(n)) > 1 for n in ("population", "age"))


def _with_other(ask: Ask) -> Ask:
    """With one population named it is compared with the other one of its scheme: 学生和大人."""
    named = ask.values("population")
    if len(named) != 1 or len(schemes(ask)) > 1 or named[0] not in SCHEMES:
        return ask
    others = (p for p, s in SCHEMES.items() if s == SCHEMES[named[0]] and p != named[0])
    added = tuple(Slot("population", p, "", (0, 0), "inferred") for p in others)
    return structs.replace(ask, slots=(*ask.slots, *added))


def _of_all(ask: Ask) -> Ask:
    """Without the one scheme that was said or carried on: what is compared is shown whole."""
    several = any(len(ask.values(name)) > 1 for name in ("population", "age"))
    dropped = () if several else ("scheme", "population")
    return structs.replace(ask, slots=tuple(s for s in ask.slots if s.name not in dropped))


def _without_figures(context: Context, pack: Pack, ask: Ask) -> Part:
    """In a region whose document has no figures: an entry of its own, or the list of diseases."""
    if ask.ranked and ask.ranked[0].entry:
        return rule(context, ask)
    if ask.values("disease"):
        figures = ask.cues & _FIGURES or ask.values("percent") or ask.values("yuan")
        return (benefit if figures else coverage)(context, ask)
    if pack.region.id == GENERAL or set(ask.values("scheme")) == {"employee", "resident"}:
        return rule(context, structs.replace(ask, topic="scheme_difference"))
    text = say("no_figures", region=pack.region.name, what=say("figures"))
    return Part("declined_unknown", (Text(text + decline.pointer(pack)),))


def _verdict(context: Context, ask: Ask, sides: Sides) -> Part:
    if len(sides) < 2:
        return benefit(context, ask)
    wanted = facets(ask)
    if wanted == ALL and any(_is_open(cell) for found in sides.values() for cell in found):
        wanted = frozenset({"limit"})  # of a rate that is left open nobody can say that it is alike
    texts = {
        "；".join(
            who(cell) * (len(cells_) > 1) + described(cell, wanted) + _row(cell, wanted)
            for cell in cells_
        )
        for cells_ in sides.values()
    }
    what = joined(sides)
    if len(texts) == 1 and wanted != ALL and ask.form == "open":  # alike in what was asked about
        what = say(
            "compare_part", what=what, part="、".join(say(f"fact_{one}") for one in sorted(wanted))
        )
    lead = _lead(ask, what, same=len(texts) == 1)
    if len(texts) > 1 and (higher := _higher(context, ask, sides)):
        lead = higher + say("compare_each", what=what)
    part = benefit(context, structs.replace(ask, form="open"))  # the verdict is given already
    gap = _gap(list(sides.values())) if "limit" in wanted else ""
    blocks = (Text(lead), *part.blocks, *((Text(gap),) if gap else ()))
    return Part(part.status, blocks, part.citations)


def _higher(context: Context, ask: Ask, sides: Sides) -> str:
    """Whether it is so that one side has more, as was said: 职工透析比居民报得多吧."""
    claimed = more_of(ask)
    if not claimed or ask.form != "yes_no" or ask.negated or len(sides) != 2:
        return ""
    shorts = {d.id: d.short for d in context.pack.diseases} if context.pack else {}
    name = shorts.get(claimed) or say(claimed)
    wanted = facets(ask)
    own = [_sizes(cell, wanted) for cell in sides.get(name, ()) if cell.offered]
    other = [
        _sizes(cell, wanted)
        for side, found in sides.items()
        for cell in found
        if side != name and cell.offered
    ]
    pairs = [
        (one, two) for mine in own for theirs in other for one, two in zip_longest(mine, theirs)
    ]
    if not pairs or any(None in pair for pair in pairs):
        return ""
    if all(one >= two for one, two in pairs):
        return answered("is", yes=True)
    return answered("is", yes=False) if all(one <= two for one, two in pairs) else ""


def _sizes(cell: Benefit, wanted: Facets) -> list[float]:
    """How much a cell gives of what is asked about; less of it where the document is open."""
    sizes: list[float] = []
    if "limit" in wanted and (limit := cell.limit) and limit.certainty != "ambiguous":
        sizes.append(inf if limit.unlimited else float(limit.yuan or 0))
    if "rate" in wanted and (rate := cell.rate) and rate.certainty != "ambiguous":
        percents = [tier.percent for tier in rate.tiers]
        sizes += [float(min(percents)), float(max(percents))]
    return sizes


def _lead(ask: Ask, what: str, *, same: bool) -> str:
    """The verdict; 一样吗 is answered by its own word, 有区别吗 by 有 or 没有."""
    if ask.form != "yes_no":
        return say("compare_same" if same else "compare_differ", what=what)
    return _word(ask, same=same) + say("compare_both" if same else "compare_each", what=what)


def _word(ask: Ask, *, same: bool) -> str:
    """The first word: 没有 to 有区别吗 where two are alike, 一样 to 一样吗 and 不一样吧."""
    if ask.verb == "has":
        return answered("has", yes=not same)
    return say("compare_same_word" if same else "compare_differ_word")


def _same_word(ask: Ask) -> str:
    return _word(ask, same=True) if ask.form == "yes_no" else ""


def _is_open(cell: Benefit) -> bool:
    return cell.rate is not None and cell.rate.certainty == "ambiguous"


def _row(cell: Benefit, wanted: Facets) -> str:
    """What a document prints of a rate that it leaves open, without the name of the disease."""
    printed = (cell.rate.row or "") if cell.rate and "rate" in wanted else ""
    return printed.partition("｜")[2]


def _gap(sides: list[tuple[Benefit, ...]]) -> str:
    """By how much the limits of two sides differ, in yuan; empty where one has none or several."""
    if len({c.limit.counts_inpatient for side in sides for c in side if c.limit}) > 1:
        return ""  # 35万 counts inpatient costs too: no figure to subtract the other from
    offered = [[cell for cell in side if cell.offered] for side in sides]
    limits = [{cell.limit.yuan if cell.limit else None for cell in side} for side in offered]
    known = [one.pop() for one in limits if len(one) == 1]
    figures = [one for one in known if one is not None]
    if len(figures) < max(len(sides), 2) or min(figures) == max(figures):
        return ""
    name = "compare_gap" if len(sides) == 2 else "compare_range"
    return say(name, yuan=yuan(float(max(figures) - min(figures))))


def _by_disease(pack: Pack, ask: Ask, named: Iterable[Disease]) -> Sides:
    scheme, population = group(ask)
    return {
        one.short: cells(pack.benefits, one.id, scheme=scheme, population=population)
        for one in named
    }


def _by_group(pack: Pack, ask: Ask, disease: Disease) -> Sides:
    """One disease at several ages, for several populations, or under its schemes."""
    found = cells(pack.benefits, disease.id, scheme=None, population=None)
    ages = [slot for slot in ask.slots if slot.name == "age"]
    if len(ages) > 1:
        rest = tuple(slot for slot in ask.slots if slot.name != "age")
        return {
            say("years", age=age.value): chosen(
                pack, structs.replace(ask, slots=(*rest, age)), disease
            )
            for age in ages
        }
    populations = ask.values("population")
    if len(populations) > 1:
        return {say(p): tuple(c for c in found if p in c.population) for p in populations}
    offered = [cell for cell in found if cell.offered]
    if len({cell.scheme for cell in offered}) == 1 and len(offered) > 1:
        return {who(c) + ages_of(c): (c,) for c in offered}
    return {say(s): tuple(c for c in found if c.scheme == s) for s in {c.scheme: 0 for c in found}}


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
        "answered", blocks, cited(context.library, pack.region.id, [d.cite for d in firsts(pack)])
    )


def _populations(context: Context, pack: Pack, ask: Ask) -> Part | None:
    """Two populations of one scheme over all diseases; None where no such two are compared."""
    named = set(ask.values("population"))
    if named == {"working", "retired"}:
        cites = cited(context.library, pack.region.id, [firsts(pack)[0].cite])
        return Part("answered", (Text(_same_word(ask) + say("population_same")),), cites)
    if named == {"unemployed", "student"}:
        lines = [
            block for p in ("student", "unemployed") for block in of_group(pack, ask, "resident", p)
        ]
        cites = cited(context.library, pack.region.id, [d.cite for d in firsts(pack)])
        return Part("answered", tuple(lines), cites)
    return None
