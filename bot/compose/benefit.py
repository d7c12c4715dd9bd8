"""Cells → answers: what a disease is paid, for whom, and whether at all."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from bot.compose.decline import clarify_region, no_disease, unlisted
from bot.compose.entries import is_put_negatively, rule
from bot.compose.figures import ALL, Facets, ages, described, joined, who
from bot.compose.part import Context, Part, cited, joint, schemes
from bot.compose.wording import answered, say
from bot.messages import Block, Items, Text
from intents.slots import BELOW, MONEY
from intents.understanding import Ask
from knowledge.benefits import cells, of_age
from knowledge.pack import Pack
from knowledge.schema import Benefit, Citation, Disease

_FACETS = {
    "limit": "limit", "unlimited": "limit", "rate": "rate", "selfpay": "rate",
    "deductible": "deductible", "period": "period",
}  # fmt: skip
_ADULT = 18
_GROWN = 30  # years: who is older is no student any more
_OPEN = frozenset({"which", "what", "howmuch", "limit", "rate"})


def facets(ask: Ask) -> Facets:
    """Which parts of a cell are asked for; limit, rate and deductible where it is not said."""
    wanted = frozenset(_FACETS[cue] for cue in ask.cues if cue in _FACETS)
    if ask.form == "yes_no" and (ask.values("yuan") or "full" in ask.cues):
        wanted |= {"limit"}
    if wanted and ask.values("percent"):
        wanted |= {"rate"}  # 也能九成吗,限额多少
    if wanted and {"compare", "money"} <= ask.cues:
        wanted |= {"limit"}  # 差多少钱,比例差吗
    if any(slot.name == "hospital" and slot.how != "carried" for slot in ask.slots):
        wanted |= {"rate"} if wanted else frozenset()  # a level of hospital only tells rates apart
    if "pay" in ask.cues or ("howmuch" in ask.cues and wanted == {"rate"}):
        # 额度多少,能报多少: one facet named beside the question what is paid at all.
        return wanted | ALL
    return wanted or ALL


def group(ask: Ask) -> tuple[str | None, str | None]:
    """The scheme and the population an ask names; a population settles its scheme.

    Two schemes named at once are both wanted, so neither narrows the answer.
    """
    age = ask.slot("age")
    child = age is not None and float(age) < _ADULT
    grown = age is not None and (float(age) >= _GROWN or len(ask.values("population")) > 1)
    if grown and not child:
        ask = _grown(ask)
    populations, named = set(ask.values("population")), schemes(ask)
    if child and not populations and named <= {"resident"}:
        return "resident", "student"
    scheme = named.pop() if len(named) == 1 else None
    population = populations.pop() if len(populations) == 1 and scheme else None
    return scheme, population


def _grown(ask: Ask) -> Ask:
    """An ask of somebody who was a child when it began: 三十了,儿童时候得的."""
    slots = (s for s in ask.slots if (s.name, s.value) != ("population", "student"))
    return structs.replace(ask, slots=tuple(slots))


def listed(pack: Pack, ask: Ask) -> tuple[Disease, ...]:
    """The diseases of the pack that an ask names, in the order in which they were said."""
    known = {disease.id: disease for disease in pack.diseases}
    named = tuple(known[value] for value in ask.values("disease") if value in known)
    age = ask.slot("age")
    if age is None or float(age) >= _ADULT:
        return named
    # A child's 糖尿病 may be the row 儿童I型糖尿病: two short cases are kinder than a question.
    twins = (known[twin] for one in named if _is_plain(ask, one) for twin in one.twins)
    return tuple(dict.fromkeys((*named, *(one for one in twins if _for_children(pack, one)))))


def _is_plain(ask: Ask, disease: Disease) -> bool:
    """Whether a disease was named without its type (2型)."""
    said = (s.said for s in ask.slots if s.name == "disease" and s.value == disease.id)
    return not any("型" in one for one in said)


def _for_children(pack: Pack, disease: Disease) -> bool:
    """Whether only school children and the young have a benefit for a disease."""
    offered = [c for c in pack.benefits if c.disease == disease.id and c.offered]
    return bool(offered) and all(set(c.population) == {"student"} for c in offered)


def chosen(pack: Pack, ask: Ask, disease: Disease) -> tuple[Benefit, ...]:
    """The cells of a disease that an ask is about."""
    scheme, population = group(ask)
    found = cells(pack.benefits, disease.id, scheme=scheme, population=population)
    age = ask.slot("age")
    fitting = of_age(found, float(age) if age else None)
    if any(c.offered for c in found) and not any(c.offered for c in fitting):
        return ()  # only for another age
    return fitting


def benefit(context: Context, ask: Ask) -> Part:
    """What is paid for the diseases asked about."""
    pack = context.pack
    if pack is None:
        return clarify_region(context)
    diseases = listed(pack, ask)
    if not diseases:
        return unlisted(context, ask) or _of_all(context, ask)
    if not pack.benefits:
        return _no_figures(context, pack, ask, diseases)
    ages_said = [slot for slot in ask.slots if slot.name == "age"]
    if len(ages_said) > 1:
        rest = tuple(slot for slot in ask.slots if slot.name != "age")
        asks = [structs.replace(ask, slots=(*rest, age)) for age in ages_said]
        return joint([benefit(context, one) for one in asks])
    return _together([of_disease(context, pack, ask, disease) for disease in diseases])


def coverage(context: Context, ask: Ask) -> Part:
    """Whether a disease is paid for, yes or no first."""
    pack = context.pack
    if pack is None:
        return clarify_region(context)
    diseases = listed(pack, ask)
    if not pack.diseases:
        topic = "employee_chronic" if ask.slot("scheme") == "employee" else "region_difference"
        return rule(context, structs.replace(ask, topic=topic, ranked=()))
    if not diseases:
        return unlisted(context, ask) or _of_all(context, ask)
    if not pack.benefits:
        return _with_unlisted(context, ask, _filed(context, pack, ask, diseases))
    found = [cell for disease in diseases for cell in chosen(pack, ask, disease)]
    part = benefit(context, structs.replace(ask, form="open", cues=ask.cues - {"claimed"}))
    if part.status != "answered" or not (found or ask.values("age")):
        return part
    offered = {cell.offered for cell in found} or {False}  # no row for that age
    word = say("depends") if len(offered) > 1 else _offers(ask, yes=offered == {True})
    if ask.form == "open" and ask.cues & _OPEN and offered == {True}:
        word = ""  # 七岁和十岁各是哪一档
    if (
        found
        and ask.values("age")
        and all(c.limit and c.limit.certainty == "ambiguous" for c in found)
    ):
        word = say("unsettled")
    blocks = worded(word, part.blocks)
    return structs.replace(part, blocks=(*blocks, *_members(pack, ask)))


def nothing_for(context: Context, ask: Ask) -> Part | None:
    """That a group has nothing for a disease, where all that was named comes to 无此项目."""
    pack = context.pack
    if pack is None or group(ask) == (None, None):
        return None
    diseases = listed(pack, ask)
    found = [cell for disease in diseases for cell in chosen(pack, ask, disease)]
    if not found or any(cell.offered for cell in found):
        return None
    return benefit(context, structs.replace(ask, form="open", cues=frozenset()))


def on_list(context: Context, ask: Ask) -> Part | None:
    """That a document lists a disease, where it gives no figures."""
    pack = context.pack
    diseases = listed(pack, ask) if pack else ()
    if pack is None or not diseases:
        return None
    cites = cited(context.library, pack.region.id, [one.cite for one in diseases])
    return Part("answered", _listings(pack, diseases), cites)


def _listings(pack: Pack, diseases: tuple[Disease, ...]) -> tuple[Block, ...]:
    """A line a disease: that the region's document lists it."""
    region = pack.region.name
    return tuple(Text(say("listed_filing", disease=one.name, region=region)) for one in diseases)


def _with_unlisted(context: Context, ask: Ask, part: Part) -> Part:
    """An answer on the diseases that a document lists, and on those it does not."""
    pack = context.pack
    known = {disease.id for disease in pack.diseases} if pack else set()
    found = {s.span for s in ask.slots if s.name == "disease" and s.value in known}
    rest = tuple(s for s in ask.slots if s.name != "disease" or s.span not in found)
    if pack is None or not any(slot.name == "disease" for slot in rest):
        return part
    more = unlisted(context, structs.replace(ask, slots=rest))
    return Part("answered", part.blocks + more.blocks, part.citations) if more else part


def _members(pack: Pack, ask: Ask) -> list[Block]:
    """What makes the thing that was named part of the disease, by its definition."""
    named = [value.partition(":") for value in ask.values("member")]
    names = {d.disease: d.name for d in pack.definitions}
    return [
        Text(say("definition_yes", member=member, name=names[disease]))
        for disease, _, member in named
        if disease in names and not unlisted_members(pack, ask, disease)
    ]


_UNTOLD = frozenset({"yn", "claimed", "or"})  # cues of a question that says not what it asks


def _offers(ask: Ask, *, yes: bool) -> str:
    """Whether it is paid for, also as the answer to 办不了,对吧."""
    if "claimed" in ask.cues and (ask.negated or "cannot" in ask.cues):
        return answered("is", yes=not yes)
    if yes and ask.strange and ask.cues <= _UNTOLD:
        return ""  # 治疗期是接着老的日子往下数吗: nobody has said yes to what is not understood
    put = ask.stance
    if put is not None and put.feared and put.kind == "can":
        return answered("will", yes=put.answer(holds=yes))  # 总不会不给我报吧
    if ask.verb == "will" or "selfpay" in ask.cues:
        return ""  # 不会反倒不合格吧, 要自己全掏吗
    if ask.verb == "is" and is_put_negatively(ask) and not ask.strange:
        return answered("is", yes=not yes)  # 换肝的排除在外吧
    return answered("can" if ask.verb == "is" else ask.verb, yes=yes)


def unlisted_members(pack: Pack, ask: Ask, disease: str) -> tuple[str, ...]:
    """What was named as part of a disease (心脏移植) and does not stand in its definition."""
    definition = next((d for d in pack.definitions if d.disease == disease), None)
    if definition is None:
        return ()
    known = {f"{disease}:{member.name}" for member in definition.members}
    named = [s for s in ask.slots if s.name == "member" and s.value.startswith(f"{disease}:")]
    listed_as = {slot.span for slot in named if slot.value in known}  # 放疗 by any of its names
    missing = (slot.value.partition(":")[2] for slot in named if slot.span not in listed_as)
    return tuple(dict.fromkeys(missing))


def _of_all(context: Context, ask: Ask) -> Part:
    """No disease named: what holds for all above the yearly total, or else: which disease?"""
    if context.pack and not context.pack.benefits:
        return _no_figures(context, context.pack, ask, ())
    if ask.cues & {"beyond", "counted"} and context.pack and context.pack.ceilings:
        return rule(context, structs.replace(ask, topic="ceiling", ranked=()))
    return no_disease()


def worded(word: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks with a first word before them, 是 or 不能."""
    first, *rest = blocks
    if isinstance(first, Text):
        return (Text(word + first.text), *rest)
    return (Text(word), *blocks)


def _together(parts: list[Part]) -> Part:
    first, *rest = parts
    for part in rest:
        status = first.status if first.status == part.status else "answered"
        first = Part(status, first.blocks + part.blocks, first.citations + part.citations)
    return first


def of_disease(context: Context, pack: Pack, ask: Ask, disease: Disease) -> Part:
    """What is paid for one disease, and no other that is near to it."""
    found = chosen(pack, ask, disease)
    if not found:
        return _no_cell(context, pack, ask, disease)
    lines, notes = _lines(ask, disease, found), _notes(pack, ask, disease, found)
    blocks: list[Block] = [Text(line) for line in lines]
    if notes:
        blocks.append(Items(tuple(notes)))
    claim = _claim(pack, ask, found)
    if claim:
        blocks = list(worded(claim, tuple(blocks)))
    citations = [*_citations(found, facets(ask))]
    return Part("answered", tuple(blocks), cited(context.library, pack.region.id, citations))


def _lines(ask: Ask, disease: Disease, found: tuple[Benefit, ...]) -> list[str]:
    """One line for all whose cells say the same; the disease stands in the first."""
    wanted = facets(ask)
    _, population = group(ask)
    hospital = _hospital(ask)
    grouped: dict[str, list[str]] = {}
    for cell in found:
        name = who(cell, population)
        if band := ages(cell):
            name += f"，{band}"
        what = described(_at_hospital(cell, hospital), wanted)
        grouped.setdefault(what or _open_text(cell), []).append(name)
    lines = [f"{'、'.join(dict.fromkeys(names))}：{what}。" for what, names in grouped.items()]
    return [f"{disease.short}，{lines[0]}", *lines[1:]]


def _open_text(cell: Benefit) -> str:
    return say("rate_flat", percent="（文件没有写清）") if cell.rate else say("no_figure")


def _hospital(ask: Ask) -> str | None:
    """The one level of hospital that was named; None where none or several were."""
    levels = ask.values("hospital")
    return levels[0] if len(levels) == 1 else None


def _at_hospital(cell: Benefit, hospital: str | None) -> Benefit:
    """The cell with only the tiers of one level of hospital."""
    if cell.rate is None or hospital is None:
        return cell
    tiers = tuple(t for t in cell.rate.tiers if t.hospital in (None, hospital))
    return structs.replace(cell, rate=structs.replace(cell.rate, tiers=tiers))


def _notes(pack: Pack, ask: Ask, disease: Disease, found: Iterable[Benefit]) -> list[str]:
    """What must be said beside the figures: what is left open, conditions, the cliff above."""
    wanted = facets(ask)
    notes = [statement.says for statement in disease.conditions]
    for cell in found:
        if "rate" in wanted and cell.rate and cell.rate.certainty == "ambiguous":
            notes.append(say("open_row", row=_row(cell.rate.row)))
            notes.append(cell.rate.open or "")
        doubted = "limit" in wanted or cell.certainty == "ambiguous"
        if doubted and cell.limit and cell.limit.certainty == "ambiguous":
            notes.append(cell.limit.open or "")
    schemes = {cell.scheme for cell in found if _near_ceiling(cell, ask)}
    notes += [one.says for one in pack.ceilings if one.scheme in schemes]
    return list(dict.fromkeys(note for note in notes if note))


def _row(row: str | None) -> str:
    return "｜".join(part.strip() or "（空）" for part in (row or "").split("|"))


def _near_ceiling(cell: Benefit, ask: Ask) -> bool:
    """Whether the yearly ceiling of the scheme is worth a line: no lower limit stands before it."""
    if not cell.offered or cell.limit is None:
        return False
    full = bool(cell.rate and any(tier.percent > 95 for tier in cell.rate.tiers))
    above = any(float(value) > 300_000 for value in ask.values("yuan"))
    open_ended = cell.limit.unlimited or cell.limit.counts_inpatient
    return open_ended or above or "beyond" in ask.cues or (full and cell.scheme == "employee")


def _citations(found: Iterable[Benefit], wanted: Facets) -> Iterable[Citation]:
    for cell in found:
        yield cell.cite
        if cell.limit and "limit" in wanted:
            yield cell.limit.cite
        if cell.rate and "rate" in wanted:
            yield cell.rate.cite


def _claim(pack: Pack, ask: Ask, found: tuple[Benefit, ...]) -> str:
    """The yes or the no that a stated figure deserves; empty where none was stated."""
    # 苯丙氨酸480要不要减蛋白 asks of no figure here.
    other = ask.strange and ask.verb in {"needs", "will"}
    if other or (ask.form != "yes_no" and "claimed" not in ask.cues):
        return ""
    stated = [("yuan", float(v)) for v in ask.values("yuan")]
    stated += [("percent", float(v)) for v in ask.values("percent")]
    if "unlimited" in ask.cues:
        stated.append(("unlimited", 0.0))
    if not stated:
        share = _wholly if "full" in ask.cues else _own_share
        return share(ask, found) or _plain_claim(ask, found)
    if _denies_pay(ask) and stated and all(_is_bound(pack, cell, stated) for cell in found):
        return answered("is", yes=False)
    hospital = _hospital(ask)
    of_rate = any(unit == "percent" for unit, _ in stated)
    clear = [c for c in found if not (of_rate and c.rate and c.rate.certainty == "ambiguous")]
    if not clear:
        return say("unsettled")
    cells_ = [_within(ask, _at_hospital(cell, hospital)) for cell in clear]
    held = [all(_holds(cell, claim) for claim in stated) for cell in cells_]
    if any(held) != all(held):
        return say("depends")
    lacking = "unlimited" in ask.cues and ask.verb == "has"  # 没有上限吧 holds: 没有
    verb = "is" if ask.verb == "will" else ask.verb  # 限额不会只有两千吧: 是
    return answered(verb, yes=all(held) != lacking)


def _wholly(ask: Ask, found: tuple[Benefit, ...]) -> str:
    """Whether all of it is paid (全报吗): what has a limit is so within it."""
    rates = {tier.percent for cell in found if cell.rate for tier in cell.rate.tiers}
    if not rates:
        return ""
    if rates != {100}:
        return answered("can" if ask.verb == "can" else "is", yes=False)
    limited = any(cell.limit and cell.limit.yuan for cell in found)
    return say("full_within") if limited else answered("is", yes=True)


def _own_share(ask: Ask, found: tuple[Benefit, ...]) -> str:
    """Whether somebody pays a part or, where that is asked, all of it: 要不要自己出钱, 全自费吗."""
    put = ask.stance
    asked = put is not None and (put.kind == "needs" or "own" in ask.cues)
    if put is None or not asked or "selfpay" not in ask.cues or "howmuch" in ask.cues:
        return ""
    paid = [t.percent for cell in found if cell.rate for t in cell.rate.tiers]
    if not paid and any(cell.offered for cell in found):
        return ""
    if paid and set(paid) == {100} and "own" not in ask.cues:
        return say("own_within")
    holds = not any(paid) if "own" in ask.cues else True
    verb = "is" if put.tagged or put.feared or put.kind == "is" else put.kind
    return answered(verb, yes=put.answer(holds=holds))


def _denies_pay(ask: Ask) -> bool:
    """Whether it is supposed that nothing is paid: 过了四万就一毛不报了吧."""
    return "cannot" in ask.cues or ("pay" in ask.cues and ask.negated)


def _is_bound(pack: Pack, cell: Benefit, stated: list[tuple[str, float]]) -> bool:
    """Whether the sums named only part the tiers of a rate: above them something is paid."""
    bounds = {float(tier.above) for tier in cell.rate.tiers if tier.above} if cell.rate else set()
    bounds |= {float(c.above) for c in pack.ceilings if c.scheme == cell.scheme and c.percent}
    return bool(bounds) and all(unit == "yuan" and value in bounds for unit, value in stated)


def _within(ask: Ask, cell: Benefit) -> Benefit:
    """The cell with only the tiers beyond or below a bound that was named: 四万以上报90%吧."""
    bounds = [(float(s.value), s.said) for s in ask.slots if s.name in MONEY and s.said]
    if cell.rate is None or len(bounds) != 1:
        return cell
    value, said = bounds[0]
    below = said in BELOW
    tiers = tuple(
        tier
        for tier in cell.rate.tiers
        if (tier.upto is not None and tier.upto <= value if below else (tier.above or 0) >= value)
    )
    if not tiers:
        return cell
    return structs.replace(cell, rate=structs.replace(cell.rate, tiers=tiers))


def _plain_claim(ask: Ask, found: tuple[Benefit, ...]) -> str:
    """Has it a limit, has it a deductible, has it anything at all: yes or no."""
    if not any(cell.offered for cell in found):
        return answered("has", yes=False)
    if all(cell.certainty == "ambiguous" for cell in found if cell.offered):
        return say("unsettled")
    if "deductible" in ask.cues:
        return answered("has", yes=True) if any(cell.deductible for cell in found) else ""
    if "limit" in ask.cues:
        limited = {not cell.limit.unlimited for cell in found if cell.limit}
        return answered("has", yes=limited == {True}) if len(limited) == 1 else say("depends")
    return ""


def _holds(cell: Benefit, claim: tuple[str, float]) -> bool:
    unit, value = claim
    if unit == "unlimited":
        return bool(cell.limit and cell.limit.unlimited)
    if unit == "yuan":
        figures = {cell.limit.yuan} if cell.limit else set()
        if cell.deductible:
            figures.add(cell.deductible.yuan)
        if cell.rate:
            figures |= {t.upto for t in cell.rate.tiers} | {t.above for t in cell.rate.tiers}
        return value in {float(figure) for figure in figures if figure}
    return bool(cell.rate and value in {float(tier.percent) for tier in cell.rate.tiers})


def _no_cell(context: Context, pack: Pack, ask: Ask, disease: Disease) -> Part:
    """No cell for this scheme or age: what the document does have, and that it has no more."""
    scheme, _ = group(ask)
    rest = cells(pack.benefits, disease.id, scheme=None, population=None)
    blocks: list[Block] = []
    if scheme and not any(cell.scheme == scheme for cell in rest):
        blocks.append(Text(say("no_cell_scheme", disease=disease.short)))
    elif age := ask.slot("age"):
        word = answered(ask.verb, yes=False) if ask.form == "yes_no" else ""
        blocks.append(
            Text(word + say("age_missing", age=age) + "".join(c.says for c in disease.conditions))
        )
    lines = _lines(structs.replace(ask, slots=_without_person(ask)), disease, rest)
    blocks += [Text(line) for line in lines]
    return Part(
        "answered", tuple(blocks), cited(context.library, pack.region.id, _citations(rest, ALL))
    )


def _without_person(ask: Ask) -> tuple[object, ...]:
    return tuple(s for s in ask.slots if s.name not in {"scheme", "population", "age"})


def _no_figures(context: Context, pack: Pack, ask: Ask, diseases: tuple[Disease, ...]) -> Part:
    wanted = facets(ask)
    names = (
        "、".join(say(f"fact_{one}") for one in sorted(wanted)) if wanted != ALL else say("figures")
    )
    text = say("no_figures", region=pack.region.name, what=names)
    return Part(
        "declined_unknown",
        (Text(text + pack.region.pointer.says),),
        cited(context.library, pack.region.id, [one.cite for one in diseases[:1]]),
    )


def _is_wider(ask: Ask) -> bool:
    """Whether somebody has a cancer without a treatment that makes it one of those listed."""
    return bool(ask.values("tumour")) and (not ask.values("member") or ask.negated)


def _filed(context: Context, pack: Pack, ask: Ask, diseases: tuple[Disease, ...]) -> Part:
    """Whether a region that lists diseases without figures lists this one."""
    missing = [name for one in diseases for name in unlisted_members(pack, ask, one.id)]
    word = say("both") * (len(diseases) > 1) + _offers(ask, yes=True)
    conditions = [statement.says for one in diseases for statement in one.conditions]
    if missing:
        word = say("definition_no", member=joined(missing), name=diseases[0].name)
    elif conditions and _is_wider(ask) and word:
        # 甲状腺癌术后吃药: only some of its treatments are listed, and which one it is was not said
        word = (say("depends") if ask.strange or ask.negated else word) + "".join(conditions)
        conditions = []
    lines = list(worded(word, _listings(pack, diseases)))
    if conditions:
        lines.append(Items(tuple(conditions)))
    return Part(
        "answered", tuple(lines), cited(context.library, pack.region.id, [d.cite for d in diseases])
    )
