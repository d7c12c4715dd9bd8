"""What happens above the yearly total of a scheme."""

from __future__ import annotations

from bot.compose import decline
from bot.compose.benefit import group
from bot.compose.entries import rule
from bot.compose.part import Context, Part, cited
from bot.compose.wording import answered
from bot.messages import Text
from intents.understanding import Ask


def ceiling(context: Context, ask: Ask) -> Part:
    """What happens above the yearly total, for the schemes asked about."""
    pack = context.pack
    if pack is None or not pack.ceilings:
        return rule(context, ask) if pack else decline.clarify_region(context)
    both = len(ask.values("scheme")) > 1
    if ask.ranked and ask.ranked[0].entry and ask.form == "yes_no" and not both:
        return rule(context, ask)
    scheme, _ = group(ask)
    found = [one for one in pack.ceilings if scheme in (None, one.scheme)]
    lines = [one.says for one in found]
    if both and ask.form == "yes_no" and "same" in ask.cues:
        lines[0] = answered("is", yes=len({one.percent for one in found}) == 1) + lines[0]
    stated = {float(value) for value in ask.values("percent")}
    if scheme and ask.form == "yes_no" and found and stated:
        lines[0] = answered("is", yes=stated == {float(found[0].percent)}) + lines[0]
    elif scheme and ask.form == "yes_no" and found and {"pay", "cannot"} & ask.cues:
        verb = "can" if ask.verb == "is" else ask.verb
        paid = found[0].percent > 0
        lines[0] = answered(verb, yes=paid != ask.negated) + lines[0]
    return Part(
        "answered",
        tuple(map(Text, lines)),
        cited(context.library, pack.region.id, [c.cite for c in found]),
    )
