"""Cells → answers: what a disease is paid, for whom, and whether at all."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from bot.compose.asserted import first_word
from bot.compose.cells import at_hospital, chosen, facets, group, hospital_of, listed
from bot.compose.decline import clarify_region, no_disease, unlisted
from bot.compose.entries import is_put_negatively, rule
from bot.compose.figures import ALL, Facets, ages, described, joined, who
from bot.compose.part import Context, Part, cited, joint
from bot.compose.wording import answered, say
from bot.messages import Block, Items, Text
from intents.understanding import Ask
from knowledge.benefits import cells
from knowledge.pack import Pack
from knowledge.schema import Benefit, Citation, Disease

_OPEN = frozenset({"which", "what", "howmuch", "limit", "rate"})


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
    word = say("depends") if len(offered) > 1 else _offers(pack, ask, yes=offered == {True})
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


def _offers(pack: Pack, ask: Ask, *, yes: bool) -> str:
    """Whether it is paid for, also as the answer to 办不了,对吧."""
    put = ask.stance
    denied = "claimed" in ask.cues and (ask.negated or "cannot" in ask.cues)
    if denied or (put is not None and put.tagged and put.denied and not put.without):
        return answered("is", yes=not yes)
    if put is not None and put.sole:
        return answered("is", yes=False) if yes and _is_of_several(pack, ask) else ""
    if put is not None and put.feared and put.kind == "can":
        return answered("will", yes=put.answer(holds=yes))  # 总不会不给我报吧
    # 治疗期是接着老的日子往下数吗: nobody has said yes to what is not understood.
    unheard = yes and ask.strange and ask.cues <= _UNTOLD
    if unheard or ask.verb == "will" or "selfpay" in ask.cues:
        return ""  # 不会反倒不合格吧, 要自己全掏吗
    if ask.verb == "is" and is_put_negatively(ask) and not ask.strange:
        return answered("is", yes=not yes)  # 换肝的排除在外吧
    return answered("can" if ask.verb == "is" else ask.verb, yes=yes)


def _is_of_several(pack: Pack, ask: Ask) -> bool:
    """Whether one of several treatments is named that a disease stands for: 尿毒症只认血透吧."""
    several = {one.disease for one in pack.definitions if len(one.members) > 1}
    return any(value.partition(":")[0] in several for value in ask.values("member"))


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
    claim = first_word(pack, ask, found)
    if claim:
        blocks = list(worded(claim, tuple(blocks)))
    citations = [*_citations(found, facets(ask))]
    return Part("answered", tuple(blocks), cited(context.library, pack.region.id, citations))


def _lines(ask: Ask, disease: Disease, found: tuple[Benefit, ...]) -> list[str]:
    """One line for all whose cells say the same; the disease stands in the first."""
    wanted = facets(ask)
    _, population = group(ask)
    hospital = hospital_of(ask)
    grouped: dict[str, list[str]] = {}
    for cell in found:
        name = who(cell, population)
        if band := ages(cell):
            name += f"，{band}"
        what = described(at_hospital(cell, hospital), wanted)
        grouped.setdefault(what or _open_text(cell), []).append(name)
    lines = [f"{'、'.join(dict.fromkeys(names))}：{what}。" for what, names in grouped.items()]
    return [f"{disease.short}，{lines[0]}", *lines[1:]]


def _open_text(cell: Benefit) -> str:
    return say("rate_flat", percent="（文件没有写清）") if cell.rate else say("no_figure")


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


def _no_cell(context: Context, pack: Pack, ask: Ask, disease: Disease) -> Part:
    """No cell for this scheme or age: what the document does have, and that it has no more."""
    scheme, _ = group(ask)
    rest = cells(pack.benefits, disease.id, scheme=None, population=None)
    blocks: list[Block] = []
    if scheme and not any(cell.scheme == scheme for cell in rest):
        word = say("not_listed_word") if ask.form == "yes_no" else ""
        blocks.append(Text(word + say("no_cell_scheme", disease=disease.short)))
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
    word = say("both") * (len(diseases) > 1) + _offers(pack, ask, yes=True)
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
