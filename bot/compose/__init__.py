"""Questions → answers: one composer a topic, and their parts put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from msgspec import structs

from bot.compose import (
    benefit,
    calculation,
    ceiling,
    comparison,
    decline,
    definition,
    diseases,
    entries,
    exceeding,
    filing,
    offices,
    people,
    ranking,
    sources,
)
from bot.compose.figures import joined, month
from bot.compose.part import Context, Part, joint, schemes
from bot.compose.settling import settled
from bot.compose.settling.money import above
from bot.compose.wording import answered, say
from bot.messages import Block, Status, Text
from intents.echo import Verb
from intents.understanding import Ask
from knowledge.pack import GENERAL

Composer = Callable[[Context, Ask], Part]

COMPOSERS: dict[str, Composer] = {
    "benefit": benefit.benefit,
    "coverage": benefit.coverage,
    "age": benefit.coverage,
    "calculate": calculation.calculate,
    "exceeding": exceeding.exceeding,
    "ranking": ranking.ranking,
    "diseases": diseases.diseases,
    "compare": comparison.compare,
    "scheme_difference": comparison.compare,
    "definition": definition.definition,
    "ceiling": ceiling.ceiling,
    "address": offices.address,
    "account": offices.account,
    "in_person": offices.in_person,
    "shared_account": offices.shared_account,
    "hotline": offices.hotline,
    "filing": filing.filing,
    "materials": filing.materials,
    "photos": filing.photos,
    "form": filing.form,
    "own_window": filing.own_window,
    "needed": filing.needed,
    "entrance": filing.entrance,
    "exemption": filing.exemption,
    "effective": entries.effective,
    "chronic_filing": entries.rules,
    "source": sources.sources,
    "outside": decline.outside,
}
# Topics whose figures hold from the day of a document on, and say nothing of the years before.
_OF_YEAR = frozenset({"benefit", "coverage", "age", "calculate", "ceiling", "ranking", "compare"})
_FIGURES = frozenset({"limit", "rate", "howmuch", "deductible", "selfpay", "unlimited"})
_LISTING = frozenset({"what", "which", "disease-list", "gate", "switch"})
_OF_FILING = frozenset({"filing", "materials", "platforms", "form", "proxy", "photos"})
_BESIDE = 8  # characters between a disease and the one it is held against
_OF_STEPS = _OF_FILING | {"entrance", "scope"}
# What names the benefits that are spoken of here, whichever it is.
_OF_GATE = frozenset({"gate", "special-kind", "chronic-kind", "scheme-rule"})
# Topics in which a disease that no document lists is declined by its name.
_OF_DISEASE = frozenset(
    {"benefit", "coverage", "age", "definition", "calculate", "filing", "materials"}
)


def composed(context: Context, ask: Ask) -> Part:
    """The part of the answer that one settled ask comes to."""
    if early := decline.before_all(context):
        return early
    part = _composed(context, ask)
    year = min((int(said.partition("-")[0]) for said in ask.values("year")), default=None)
    if year is None or context.pack is None or ask.topic not in _OF_YEAR or not part.citations:
        return part
    first = min(context.pack.sources, key=lambda source: source.since)
    if year >= first.since.year:
        return part
    remark = Text(say("past", issued=month(first.issued), year=year))
    return structs.replace(part, blocks=(remark, *part.blocks))


def _composed(context: Context, ask: Ask) -> Part:
    only = _only_region(context, ask)
    if only and (labelled := _labelled(structs.replace(context, region=only), ask)):
        return labelled
    regions = _regions(context, ask)
    if len(regions) > 1:
        return _by_region(context, ask, regions)
    if people.are_asked(context, ask):
        return people.of_people(context, ask, _composed)
    return _of_one(context, ask)


def _of_one(context: Context, ask: Ask) -> Part:
    """What an ask comes to in one region, or where none is known."""
    if _is_likened(ask):  # 肝硬化跟肝移植一样算吧 asks of the first
        rest = tuple(s for s in ask.slots if s.name not in {"disease", "member"})
        ask = structs.replace(ask, topic="coverage", slots=rest, ranked=())
    if _of_stranger(context, ask) and (part := decline.unlisted(context, ask)):
        return part
    if ask.topic in context.silent:
        return decline.silent(context, context.silent[ask.topic])
    topic = "coverage" if _is_listed(context, ask) else ask.topic
    part = COMPOSERS.get(topic, entries.rule)(context, ask)
    if part.status == "clarify_region":
        part = _unplaced(context, ask) or part
    part = _with_premise(context, ask, part) if topic in _OF_FILING else part
    if topic not in _OF_STEPS:
        return part
    return _with_offsite(context, ask, _with_stranger(context, ask, part))


def _unplaced(context: Context, ask: Ask) -> Part | None:
    """What holds above a total where one document tells it, else what holds in general.

    None where nothing shows that it is about these benefits, or a disease has its figures.
    """
    named = not ask.cues.isdisjoint(_OF_GATE) or bool(schemes(ask))
    if context.region is not None or "passed" in ask.cues or ask.values("disease") or not named:
        return None
    if above(ask):
        local = (pack.region.id for pack in context.library.local if pack.ceilings)
        return next((_labelled(structs.replace(context, region=one), ask) for one in local), None)
    part = _composed(structs.replace(context, region=GENERAL), ask)
    told = part.status == "answered" and bool(part.citations)
    return decline.offering(context, part) if told else None


def _regions(context: Context, ask: Ask) -> tuple[str, ...]:
    """The regions that are asked about; beside one that is named, also that of a district."""
    named = ask.values("region")
    if not named:
        return ()
    homes = {d.id: pack.region.id for pack in context.library.local for d in pack.districts}
    inner = (homes[one] for one in ask.values("district") if one in homes)
    return tuple(dict.fromkeys((*named, *inner)))


def _only_region(context: Context, ask: Ask) -> str | None:
    """The one region whose document lists the diseases that were named, where none is known."""
    named = set(ask.values("disease"))
    figures = ask.topic in _OF_YEAR | {"exceeding", "definition"} and bool(named)
    if context.region is not None or not figures or "passed" in ask.cues:
        return None  # 我老家阜阳的,狼疮限额多少
    found = [
        pack.region.id
        for pack in context.library.local
        if named <= {disease.id for disease in pack.diseases}
    ]
    return found[0] if len(found) == 1 else None


def _labelled(context: Context, ask: Ask) -> Part | None:
    """An answer that says first whose rule it is, and offers another place; None without one."""
    part = _composed(context, ask)
    first = part.blocks[0]
    if context.pack is None or part.status != "answered" or not isinstance(first, Text):
        return None
    word = _first_word(part)
    label = say("region_label", region=context.pack.region.name)
    lead = structs.replace(first, text=word + label + first.text.removeprefix(word))
    blocks = (lead, *part.blocks[1:], Text(say("offer_region")))
    options = decline.clarify_region(context).options
    return structs.replace(part, blocks=blocks, options=part.options or options)


def _with_stranger(context: Context, ask: Ask, part: Part) -> Part:
    """The ways there are, and before them that a platform of another region is none of them."""
    pack, named = context.pack, set(ask.values("platform"))
    if pack is None or not named or not part.status.startswith("answered"):
        return part
    own = {p.id for one in context.library.lineage(pack.region.id) for p in one.platforms}
    strange = [
        p.name for one in context.library.packs for p in one.platforms if p.id in named - own
    ]
    if not strange or named & own:
        return part
    said = say("platform_unnamed", region=pack.region.name, names=joined(strange))
    first, *rest = part.blocks
    if isinstance(first, Text):  # that there are other ways is no 可以 for this one
        first = structs.replace(first, text=first.text.removeprefix(_first_word(part)))
    return structs.replace(part, blocks=(Text(said), first, *rest))


def _with_offsite(context: Context, ask: Ask, part: Part) -> Part:
    """How something is filed, and what goes before it for who stays elsewhere."""
    pack = context.pack
    told = pack is not None and any(faq.topic == "offsite" for faq in pack.faqs)
    if "abroad" not in ask.cues or not told or not part.status.startswith("answered"):
        return part
    before = structs.replace(ask, topic="offsite", form="open", ranked=())
    return joint([part, entries.rule(context, before)])


def _with_premise(context: Context, ask: Ask, part: Part) -> Part:
    """How a disease is filed, and before it what that supposes: that there is anything to file.

    A disease for which the document writes 无此项目 is said to have nothing; where a document only
    lists diseases, that it lists this one.
    """
    pack = context.pack
    if pack is None or not part.status.startswith("answered") or not ask.values("disease"):
        return part
    if not pack.benefits:
        listed = benefit.on_list(context, ask) if ask.form == "yes_no" else None
        return joint([part, listed]) if listed else _unlisted(context, ask) or part
    nothing = benefit.nothing_for(context, ask)
    return joint([nothing, part]) if nothing else part


def _unlisted(context: Context, ask: Ask) -> Part | None:
    """That a document lists no disease that was named: how it would be filed is no 可以."""
    known = {disease.id for disease in context.pack.diseases} if context.pack else set()
    asked = any("{disease}" in candidate.why for candidate in ask.ranked[:1])  # not only told of
    if not (known and asked) or not known.isdisjoint(ask.values("disease")):
        return None
    return decline.unlisted(context, ask)


def _first_word(part: Part) -> str:
    """The yes or no that an answer begins with, empty where it has none."""
    first = part.blocks[0] if part.blocks else None
    word = first.text.partition("。")[0] + "。" if isinstance(first, Text) else ""
    words = {answered(verb, yes=yes) for verb in get_args(Verb) for yes in (True, False)}
    return word if word in words else ""


def _is_listed(context: Context, ask: Ask) -> bool:
    """Where a document lists diseases without figures, 能报吗 is whether it lists this one.

    So is how something is filed that it does not list: 换的是肺,怎么备案.
    """
    pack, ill = context.pack, ask.values("disease")
    if pack is None or not pack.diseases or pack.benefits:
        return False
    if ask.topic in _OF_FILING:
        return any(benefit.unlisted_members(pack, ask, one) for one in ill)
    figures = ask.cues & _FIGURES or ask.values("yuan") or ask.values("percent")
    asked = ask.form == "yes_no" or ask.cues & {"covered", "or"} or ask.cues <= _LISTING
    plain = asked and ask.topic in {"benefit", "calculate"} and not figures
    return bool(plain and ill)


def _of_stranger(context: Context, ask: Ask) -> bool:
    """Whether only a disease is named that the region's document does not list."""
    listing = context.pack is not None and bool(context.pack.diseases)
    stranger = bool(ask.values("other-disease")) and not ask.values("disease")
    return listing and stranger and ask.topic in _OF_DISEASE


def _is_likened(ask: Ask) -> bool:
    """Whether a disease that is listed is only held against the one that is asked about."""
    spans = {s.name: s.span for s in reversed(ask.slots) if s.how != "carried"}
    if not {"other-disease", "disease"} <= spans.keys() or ask.form != "yes_no":
        return False
    gap = spans["disease"][0] - spans["other-disease"][1]
    return 0 < gap <= _BESIDE and "same" in ask.cues


def _by_region(context: Context, ask: Ask, regions: tuple[str, ...]) -> Part:
    """The same question for several regions, each labelled; two sets of rules, never mixed."""
    if "disease-list" in ask.cues and not (ask.cues & _FIGURES or ask.values("disease")):
        return diseases.of_regions(context, ask, regions)
    topic = "platforms" if ask.topic == "compare" and not ask.values("disease") else ask.topic
    topic = "benefit" if topic == "compare" else topic
    rest = tuple(slot for slot in ask.slots if slot.name != "region")
    parts = []
    blocks: list[Block] = []
    for region in regions:
        there = structs.replace(context, region=region)
        parts.append(composed(there, settled(structs.replace(ask, topic=topic, slots=rest))))
        name = context.library.pack(region).region.name
        blocks += [Text(say("region_label", region=name)), *parts[-1].blocks]
    firsts = {_first_word(part) for part in parts}
    if len(firsts) == 1 and "" not in firsts:  # the same yes or no in all of them
        blocks.insert(0, Text(say("both") + firsts.pop()))
    answered = [part for part in parts if part.status.startswith("answered")]
    status: Status = parts[0].status
    if answered:
        status = "answered" if len(answered) == len(parts) else "answered_partly"
    return Part(status, tuple(blocks), tuple(c for part in parts for c in part.citations))
