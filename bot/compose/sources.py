"""Which documents a region's answers come from, by whom and of when."""

from __future__ import annotations

from bot.compose import decline
from bot.compose.figures import month
from bot.compose.part import Context, Part
from bot.compose.wording import say
from bot.messages import Cited, Text
from intents.understanding import Ask


def sources(context: Context, ask: Ask) -> Part:
    """The documents of the region, newest first; without a region the question which one."""
    del ask
    pack = context.pack
    if pack is None:
        return decline.clarify_region(context)
    newest = sorted(pack.sources, key=lambda one: one.since, reverse=True)
    lines = [
        Text(
            say(
                "source_told",
                title=one.title,
                issuer=one.issuer or say("no_issuer"),
                issued=month(one.issued),
            )
        )
        for one in newest
    ]
    cites = [
        Cited(one.id, one.title, one.issuer, one.issued, one.authority, one.places[0].name)
        for one in newest
    ]
    return Part("answered", tuple(lines), tuple(cites))
