"""How the filing is done: steps by channel or platform, and the papers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import structs

from bot.compose import decline
from bot.compose.benefit import worded
from bot.compose.entries import _said, rule, rules
from bot.compose.offices import account, address
from bot.compose.part import Context, Part, cited, joint, schemes
from bot.compose.settling.filing import COMMUNITY
from bot.compose.wording import answered, say
from bot.messages import Block, Items, Steps, Text
from intents.echo import Verb
from intents.stance import Stance
from intents.understanding import Ask
from knowledge.pack import GENERAL, Pack
from knowledge.schema import Material, Procedure

_EITHER = re.compile("或|/")  # one of several will do: 社保卡/身份证/医保电子凭证
_SURE = 0.75  # a phrasing this near is what was asked
_OVERVIEWS = frozenset({"channels", "filing", "filing-where"})  # entries that steps belong to


def filing(context: Context, ask: Ask) -> Part:
    """The steps of filing, by the channel or platform asked for; else the ways there are."""
    pack = speaking(context, "procedures")
    if pack is None:
        return rule(context, ask) if context.pack else _regional(context, ask)
    found = [one for one in pack.procedures if one.topic == "filing"]
    wanted = [] if "platform" in ask.cues and not ask.values("platform") else _wanted(found, ask)
    if _is_point(ask):
        return rule(context, ask)
    if wanted and ask.form == "yes_no":
        verdict, steps = rule(context, ask), stepwise(context, pack, wanted)
        return joint([Part("answered", verdict.blocks[:1], verdict.citations), steps])
    if wanted:
        return _in_district(context, ask, stepwise(context, pack, wanted))
    part = rule(context, structs.replace(ask, topic="filing"))
    if len(found) == 1:
        steps = stepwise(context, pack, found)
        return joint([part, steps]) if ask.form == "yes_no" and _is_put(ask) else steps
    first = stepwise(context, pack, found[:1])
    return Part(part.status, part.blocks + first.blocks, part.citations + first.citations)


def _in_district(context: Context, ask: Ask, steps: Part) -> Part:
    """Steps with where a district has them: its account online, its address for who comes."""
    if not ask.slot("district"):
        return steps
    if "online" in ask.cues:
        return joint([account(context, ask), steps])
    # 我在吴中,想当面办
    return joint([address(context, ask), steps]) if "window" in ask.cues else steps


def _is_point(ask: Ask) -> bool:
    """Whether a yes or no about one thing is wanted (医保码行不行), not the way to file."""
    best = ask.ranked[0] if ask.ranked else None
    if ask.form != "yes_no" or best is None or best.entry is None or best.score < _SURE:
        return False
    return best.entry.partition("/")[2] not in _OVERVIEWS


def _is_put(ask: Ask) -> bool:
    """Whether a claim of an entry is what is asked: 在医院里能交材料吗."""
    best = ask.ranked[0] if ask.ranked else None
    if best is None or best.entry is None:
        return False
    return best.score >= _SURE and best.why.startswith(("yes: ", "no: "))


def _regional(context: Context, ask: Ask) -> Part:
    return decline.offering(context, filing(structs.replace(context, region=GENERAL), ask))


def speaking(context: Context, kind: str) -> Pack | None:
    """The nearest pack that has records of a kind."""
    if context.pack is None:
        return None
    for pack in context.library.lineage(context.pack.region.id):
        if getattr(pack, kind):
            return pack
    return None


def _wanted(found: Iterable[Procedure], ask: Ask) -> list[Procedure]:
    """The procedures of the platform or channel that was named."""
    found = list(found)
    platforms = set(ask.values("platform"))
    if named := [one for one in found if one.platform in platforms]:
        return named
    channels = _said(ask, "channel")
    chosen = [one for one in found if one.channel in channels]
    if not chosen and set(ask.values("disease")) and set(ask.values("disease")) <= COMMUNITY:
        chosen = [one for one in found if one.channel == "community"]
    if "app" in channels:
        chosen += [one for one in found if one.channel == "web" and one not in chosen]
    return chosen


def stepwise(context: Context, pack: Pack, found: list[Procedure]) -> Part:
    """Procedures as an answer, the steps of each in order."""
    blocks: list[Block] = []
    if pack.region.id == GENERAL:
        blocks.append(Text(say("general_label")))
    for one in found:
        blocks.append(Steps(say("filing_title", name=one.name), tuple(s.says for s in one.steps)))
        if one.path and one.path not in "".join(s.says for s in one.steps):
            blocks.append(Text(say("platform_path", path=one.path)))
    return Part(
        "answered", tuple(blocks), cited(context.library, pack.region.id, [p.cite for p in found])
    )


def materials(context: Context, ask: Ask) -> Part:
    """The papers to bring; whether one of them is needed, yes or no first."""
    pack = speaking(context, "materials")
    if pack is None:
        return rule(context, ask) if context.pack else _regional_materials(context, ask)
    chronic = ask.values("other-disease") or "chronic-kind" in ask.cues
    if pack.region.id == GENERAL and chronic:
        return rules(context, structs.replace(ask, topic="chronic_filing", ranked=()))
    found = [one for one in pack.materials if one.topic == "filing"]
    blocks: list[Block] = []
    about = ask.cues & {"stamp", "sign"}  # 要不要盖章 asks not whether it is needed
    if ask.form == "yes_no" and ask.values("material") and not about:
        blocks.append(Text(_one_paper(pack, found, ask)))
    label = say("general_label") if pack.region.id == GENERAL else ""
    blocks.append(Text(label + say("materials_title", region=_name(pack), count=len(found))))
    blocks.append(Items(tuple(_paper(one) for one in found)))
    return Part(
        "answered", tuple(blocks), cited(context.library, pack.region.id, [m.cite for m in found])
    )


def form(context: Context, ask: Ask) -> Part:
    """The form to fill in; in general that of an employee's chronic disease is another one."""
    chronic = "chronic-kind" in ask.cues and "employee" in schemes(ask)
    if chronic and (context.pack is None or context.pack.region.id == GENERAL):
        return rule(context, structs.replace(ask, topic="employee_chronic", ranked=()))
    return rule(context, ask)


def entrance(context: Context, ask: Ask) -> Part:
    """Where one clicks; without a word on that the way through the platform that was named."""
    part = rule(context, ask)
    if part.status.startswith("answered") or not ask.values("platform"):
        return part
    return filing(context, structs.replace(ask, topic="filing", ranked=()))


def own_window(context: Context, ask: Ask) -> Part:
    """At whose window one files, where another district is named: 昆山的能在太仓办吗."""
    window = structs.replace(ask, topic="filing", form="open", cues=ask.cues | {"window"})
    part = rule(context, structs.replace(window, ranked=()))
    return joint([part, address(context, structs.replace(ask, form="open"))])


def needed(context: Context, ask: Ask) -> Part:
    """Whether one files at all: yes, for the benefit begins with it."""
    part = rule(context, structs.replace(ask, topic="effective", form="open", ranked=()))
    if part.status != "answered" or ask.stance is None:
        return part
    word = answered("needs", yes=ask.stance.answer(holds=True))
    told = structs.replace(part, blocks=worded(word, part.blocks))
    free = rule(context, structs.replace(ask, topic="exemption", form="open", ranked=()))
    return joint([told, free]) if free.status == "answered" else told


def exemption(context: Context, ask: Ask) -> Part:
    """Who need not file; whom the document does not name is said not to be named."""
    part = rule(context, structs.replace(ask, form="open", ranked=()))
    if "beyond" in ask.values("exempt"):
        word = say("exempt_unnamed")
    elif ask.form == "yes_no" and ask.values("exempt"):
        exempt = "exempt" in ask.cues
        word = answered("is" if exempt else "needs", yes=exempt)
    elif ask.form == "yes_no" and schemes(ask):  # 她是普通退休工人,要登记吗
        word = answered("needs", yes=True)
    else:
        return part
    return Part(part.status, worded(word, part.blocks), part.citations)


def photos(context: Context, ask: Ask) -> Part:
    """Whether photographs are needed: by the region's own list of papers where it has one."""
    pack = context.pack
    if pack is None or pack.region.id == GENERAL or not pack.materials:
        return rule(context, ask)
    found = [one for one in pack.materials if one.topic == "filing"]
    blocks = (
        Text(say("photos_no", region=_name(pack))),
        Items(tuple(_paper(one) for one in found)),
    )
    return Part("answered", blocks, cited(context.library, pack.region.id, [m.cite for m in found]))


def _name(pack: Pack) -> str:
    return "" if pack.region.id == GENERAL else pack.region.name


def _regional_materials(context: Context, ask: Ask) -> Part:
    return decline.offering(context, materials(structs.replace(context, region=GENERAL), ask))


def _one_paper(pack: Pack, found: list[Material], ask: Ask) -> str:
    values = set(ask.values("material"))
    named = [one for one in found if one.name in values]
    said = next(slot.said for slot in ask.slots if slot.name == "material")
    every = {"card", "certificate"} <= ask.cues and ask.verb != "can"  # 身份证和医保卡都要带吗
    if every and len(named) == 1 and _EITHER.search(named[0].name):
        return say("material_any", name=named[0].name)
    if named and ask.stance is not None and ask.stance.without:
        return _lacking(named[0], said, ask.stance)
    if named and all(one.optional for one in named):
        return say("material_optional", name=said)
    if named:
        return _of_list(ask, named) + say("material_yes", name=said)
    return say("material_no", region=_name(pack), name=said)


def _of_list(ask: Ask, named: list[Material]) -> str:
    """The first word that a paper stands in the list: 要带身份证吗, 身份证算不算证件, 收病历吧.

    That it will do, or that it is enough, stands there of one that another one may replace.
    """
    put = ask.stance
    if put is None or "enough" in ask.cues or put.subject == "needs":
        return answered("needs", yes=True)
    if put.sole or put.denied:
        return ""
    if put.tagged:
        return answered("is", yes=True)
    if any(_EITHER.search(one.name) for one in named):
        return answered(ask.verb, yes=True)
    if put.kind == "can":
        return ""
    return answered("needs" if ask.verb == "can" else ask.verb, yes=True)


def _lacking(one: Material, said: str, put: Stance) -> str:
    """Whether it can be done without a paper, or without one of those that make up a kind."""
    verb: Verb = "is" if put.tagged else put.kind
    if _EITHER.search(one.name):  # 医保卡没带,能办吗; 没卡就办不成了吗
        yes = put.answer(holds=False)
        return answered(verb, yes=yes) + say("material_any", name=one.name)
    if said in (one.detail or ""):  # 出院小结丢了,还能办吗
        return say("material_part", name=said, kind=one.name)
    return answered(verb, yes=put.answer(holds=True)) + say("material_yes", name=said)


def _paper(one: Material) -> str:
    detail = f"（{one.detail}）" if one.detail else ""
    return one.name + detail + (say("optional") if one.optional else "")
