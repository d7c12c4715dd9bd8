"""What a question comes down to once its topic meets its slots and cues.

`rules` lists how topics change; the modules beside it tell when, by what is asked about.
"""

from __future__ import annotations

from msgspec import structs

from bot.compose.settling.money import figures
from bot.compose.settling.overview import overview
from bot.compose.settling.rules import RULES
from bot.compose.settling.told import said
from intents.choosing import LITERAL
from intents.understanding import Ask

__all__ = ["distinct", "overview", "settled"]

# What a rule does not depend on that is the same for both phases of a cancer.
_OF_BOTH_PHASES = frozenset({"outside", "disease", "member", "tumour"})
# A place or a way that no exemption changes.
_ELSEWHERE = frozenset(
    {"address", "account", "hotline", "hours", "local_hall", "exemption", "outside"}
)

# The rules for asks of each topic, in their order.
_OF_TOPIC = {
    topic: tuple(rule for rule in RULES if topic in rule.topics)
    for topic in frozenset().union(*(rule.topics for rule in RULES))
}


def settled(ask: Ask) -> Ask:
    """An ask with the topic that its slots and cues come down to."""
    exempt = said(ask, "exempt") and not figures(ask)
    if exempt and ask.topic and ask.topic not in _ELSEWHERE:
        return structs.replace(ask, topic="exemption")
    if ask.ranked and ask.ranked[0].score >= LITERAL:
        return ask  # the question stands in the pack just as it was put
    past: set[str] = set()
    while ask.topic not in past:  # two rules that lead back to where it began take each other back
        past.add(ask.topic)
        rule = next((r for r in _OF_TOPIC.get(ask.topic, ()) if r.when(ask)), None)
        if rule is None:
            break
        near = tuple(one for one in ask.others if one.topic == rule.topic)
        ranked = near if rule.fresh else ask.ranked
        ask = structs.replace(ask, topic=rule.topic, ranked=ranked)
    return ask


def distinct(asks: tuple[Ask, ...]) -> tuple[Ask, ...]:
    """Asks that came to the same question of the same things, once."""
    kept: dict[tuple[object, ...], Ask] = {}
    for ask in asks:
        left = _OF_BOTH_PHASES if ask.topic == "relapse" else frozenset({"outside"})
        about = frozenset((s.name, s.value) for s in ask.slots if s.name not in left)
        key = "benefit" if ask.topic == "coverage" else ask.topic
        first = kept.get((key, about))
        if first is None:
            kept[key, about] = ask
        elif first.topic != "outside":
            polar = first if first.form == "yes_no" else ask
            kept[key, about] = structs.replace(
                first,
                cues=first.cues | ask.cues,
                form=polar.form,
                verb=polar.verb,
                stance=polar.stance,
                negated=polar.negated,
            )
    return tuple(kept.values())
