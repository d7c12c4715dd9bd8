"""What happens above the yearly total of a scheme."""

from __future__ import annotations

from msgspec import structs

from bot.compose import decline
from bot.compose.cells import group
from bot.compose.entries import is_put_negatively, rule
from bot.compose.part import Context, Part, cited, schemes
from bot.compose.wording import answered
from bot.messages import Text
from intents.understanding import Ask
from knowledge.schema import Ceiling


def _word(ask: Ask, found: list[Ceiling], *, both: bool, one: bool) -> str:
    """The yes or no: whether both schemes are alike, a stated rate is right, anything is paid."""
    percents = {float(each.percent) for each in found}
    stated = {float(value) for value in ask.values("percent")}
    if both and "same" in ask.cues:
        return answered("is", yes=len(percents) == 1)
    if one and stated:
        return answered("is", yes=stated == percents)
    if one and "own" in ask.cues and not is_put_negatively(ask):  # 是不是统统自费了
        return answered("is", yes=not any(percents))
    if one and ask.verb != "has" and ({"pay", "cannot"} & ask.cues or ask.verb == "can"):
        denied = is_put_negatively(ask)
        verb = "can" if ask.verb == "is" and not denied else ask.verb
        return answered(verb, yes=any(percents) != denied)
    return ""


def ceiling(context: Context, ask: Ask) -> Part:
    """What happens above the yearly total, for the schemes asked about."""
    pack = context.pack
    if pack is None or not pack.ceilings:
        return rule(context, ask) if pack else decline.clarify_region(context)
    both = len(schemes(ask)) > 1
    put = ask.stance if ask.form == "yes_no" else None
    if ask.ranked and ask.ranked[0].entry and put is not None and not (both or "own" in ask.cues):
        told = rule(context, ask)
        worded = told.blocks != rule(context, structs.replace(ask, form="open")).blocks
        if worded or put.tagged:
            return told  # else no claim says it: 化疗今年过了三十五万,还给结吗
    scheme, _ = group(ask)
    found = [one for one in pack.ceilings if scheme in (None, one.scheme)]
    lines = [one.says for one in found]
    if ask.form == "yes_no" and found:
        lines[0] = _word(ask, found, both=both, one=scheme is not None) + lines[0]
    return Part(
        "answered",
        tuple(map(Text, lines)),
        cited(context.library, pack.region.id, [c.cite for c in found]),
    )
