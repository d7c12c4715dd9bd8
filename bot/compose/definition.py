"""What a term includes, and whether one thing is in it."""

from __future__ import annotations

from bot.compose import decline
from bot.compose.benefit import coverage, unlisted_members
from bot.compose.entries import rule
from bot.compose.figures import joined
from bot.compose.part import Context, Part, cited
from bot.compose.wording import answered, say
from bot.messages import Block, Text
from intents.understanding import Ask


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
    known = {member.name for member in found.members}
    named = [name for of, _, name in members if of == found.disease and name in known]
    lines: list[Block] = []
    if missing := unlisted_members(pack, ask, found.disease):
        lines.append(Text(say("definition_no", member=joined(missing), name=found.name)))
    elif named and ask.form == "yes_no":
        told = say("definition_yes", member=joined(named), name=found.name)
        word = answered("is", yes=False) if _is_of_another(ask, found.disease) else _included(ask)
        lines.append(Text(word + told))
    elif stranger := ask.slot("other-disease"):
        part = next((m.name for m in found.members if stranger[-2:] in m.name), None)
        lines.append(Text(_of_stranger(ask, found.name, part, stranger)))
    names = joined(member.name for member in found.members)
    lines.append(Text(say("definition_lead", name=found.name, members=names)))
    return Part("answered", tuple(lines), cited(context.library, pack.region.id, [found.cite]))


def _of_stranger(ask: Ask, name: str, part: str | None, stranger: str) -> str:
    """What a disease outside the tables is to a term: nothing, or what makes a part of it.

    癫痫引起的精神病 is that part; of 癫痫 alone only the part is told.
    """
    if part is None:
        return say("definition_no", member=stranger, name=name)
    if "caused" in ask.cues and ask.form == "yes_no":
        told = say("definition_yes", member=part, name=name)
        return _included(ask) + told
    return say("definition_part", named=stranger, member=part)


def _is_of_another(ask: Ask, disease: str) -> bool:
    """Whether something is put as part of another phase: 只做内分泌治疗,归到康复期了对吧."""
    named = {s.value for s in ask.slots if s.name == "disease" and s.how != "carried"}
    return "phase" in ask.cues and "or" not in ask.cues and bool(named) and disease not in named


def _included(ask: Ask) -> str:
    """The first word that something is part of a term, also where it was put as if it were not."""
    put = ask.stance
    if put is not None and put.sole:
        return answered("is", yes=False)  # 光化疗给算吧, of a list that names more
    if put is not None and put.tagged and not put.without:
        return answered("is", yes=put.answer(holds=True))  # 腹透不归特殊病,靠谱不
    if ask.negated and ask.verb == "is" and put is not None:
        return answered("is", yes=False)  # 肝移植不包括在内吧
    return answered("belongs" if ask.verb == "belongs" else "counts", yes=True)
