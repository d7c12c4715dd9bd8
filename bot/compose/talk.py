"""Greetings, thanks, insults: short and kind, and back to the matter."""

from __future__ import annotations

from bot.compose.figures import joined
from bot.compose.handover import handover
from bot.compose.part import Context, Part
from bot.compose.wording import say
from bot.messages import Text


def talk(context: Context, value: str) -> Part:
    """The answer to small talk of a kind; a wish for a person is a handover."""
    if value == "handover":
        return handover(context)
    if value == "injection":
        return Part("declined_out_of_scope", (Text(say("injection")),))
    if value == "help":
        names = [pack.region.name for pack in context.library.local]
        return Part("smalltalk", (Text(say("help", regions=joined(names))),))
    return Part("smalltalk", (Text(say(value)),))
