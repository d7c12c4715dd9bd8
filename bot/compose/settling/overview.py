"""What an ask is about that says no topic: what its slots and a few cues tell."""

from __future__ import annotations

from msgspec import structs

from bot.compose.part import schemes
from bot.compose.settling.told import said
from intents.asking import ELLIPSIS
from intents.understanding import Ask

_OF_OFFICE = frozenset({"apply", "claimed", "office", "gate"})
_FRAME = frozenset(
    {"yn", "what", "how", "howmuch", "which", "where", "who", "when", "switch", "these", "request"}
)
# What an ask without a topic is about, by the first of these slots that it names.
_OVERVIEWS = {
    "disease": "benefit", "tumour": "benefit", "other-disease": "benefit",
    "member": "definition", "hotline": "hotline", "landmark": "address", "district": "address",
    "platform": "filing", "material": "materials",
}  # fmt: skip


def overview(ask: Ask, *, words: bool) -> Ask:
    """An ask that kinds only slots, with nothing to go on with: the overview of what it kinds.

    `words` is whether the message holds words that nothing known explains.
    """
    if ask.topic != ELLIPSIS:
        return ask
    if topic := _of_cost(ask) or _of_mishap(ask) or _of_rivals(ask) or _of_insured(ask):
        figure = topic != "calculate" and said(ask, "yuan", "percent")
        return structs.replace(ask, topic=topic, form="yes_no" if figure else ask.form)
    kinds = {slot.name for slot in ask.slots}
    if "exempt" in kinds and "apply" in ask.cues:
        return structs.replace(ask, topic="exemption")
    if "hotline" in kinds:  # whatever is asked of a number is told with what is known of it
        return structs.replace(ask, topic="hotline")
    placed = "landmark" in kinds and not ask.cues - _FRAME - _OF_OFFICE
    unexplained = words or (ask.form == "yes_no" and ask.strange)
    if (unexplained or ask.cues - _FRAME) and not placed:
        return ask
    topic = next((topic for name, topic in _OVERVIEWS.items() if name in kinds), ELLIPSIS)
    return structs.replace(ask, topic=topic)


def _of_cost(ask: Ask) -> str:
    """一次差不多四百五, after what was told of the illness: a cost, and no figure to confirm."""
    fresh = {slot.name for slot in ask.slots if slot.how != "carried"}
    ill = any(slot.name in {"disease", "tumour"} for slot in ask.slots)
    return "calculate" if fresh == {"yuan"} and ill and ask.form == "open" else ""


def _of_mishap(ask: Ask) -> str:
    """想换家医院,这回怎么弄: what to do about what was told before."""
    if "must" in ask.cues and ask.form == "yes_no" and said(ask, "district", "landmark"):
        return "in_person"  # 非得去开平路吗
    if "address" in ask.cues and said(ask, "district", "landmark"):
        return "address"
    if {"card", "pharmacy"} <= ask.cues:
        return "pharmacy_card"  # 在药房用实体卡结账,塞进机器后怎么确认
    if "how" not in ask.cues:
        return ""
    return "change" if "moved" in ask.cues else "refusal" if "refusal" in ask.cues else ""


def _of_rivals(ask: Ask) -> str:
    """职工那种医保和居民那种医保,谁的比例高一截: two schemes and a figure, held together."""
    figure = not ask.cues.isdisjoint({"rate", "limit", "pay", "compare"})
    return "compare" if len(schemes(ask)) > 1 and figure and not said(ask, "yuan") else ""


def _of_insured(ask: Ask) -> str:
    """What an ask comes to that kinds a disease and who is insured, whatever its other words."""
    kinds = {slot.name for slot in ask.slots}
    fresh = {slot.name for slot in ask.slots if slot.how != "carried"}
    if "disease" in kinds and kinds & {"scheme", "population"} and kinds & {"yuan", "percent"}:
        return "benefit"
    insured = "disease" in fresh and bool(fresh & {"scheme", "population", "age"})
    if insured and ask.cues & {"howmuch", "pay", "limit", "rate", "selfpay"}:
        return "benefit"
    scheme = any(s.name == "scheme" or "医保" in s.said for s in ask.slots if s.how != "carried")
    entitled = not ask.strange and ("gate" in ask.cues or (insured and "percent" not in kinds))
    aged = {"age", "disease"} <= fresh and ask.verb in {"can", "has"}
    told = ("disease" in fresh and (scheme or entitled)) or {"member", "disease"} <= kinds or aged
    return "coverage" if told and ask.form == "yes_no" else ""
