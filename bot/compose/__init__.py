"""Questions → answers: one composer a topic, and their parts put together."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from bot.compose import aggregates, benefit, calculation, decline, entries, filing, offices
from bot.compose.part import Context, Part
from intents.understanding import Ask

Composer = Callable[[Context, Ask], Part]

COMPOSERS: dict[str, Composer] = {
    "benefit": benefit.benefit,
    "coverage": benefit.coverage,
    "age": benefit.coverage,
    "calculate": calculation.calculate,
    "ranking": aggregates.ranking,
    "diseases": aggregates.diseases,
    "compare": aggregates.compare,
    "definition": aggregates.definition,
    "address": offices.address,
    "account": offices.account,
    "filing": filing.filing,
    "materials": filing.materials,
    "outside": decline.outside,
}


def composed(context: Context, ask: Ask) -> Part:
    """The part of the answer that one ask comes to."""
    ask = _settled(ask)
    if ask.topic in context.silent:
        return decline.silent(context, context.silent[ask.topic])
    return COMPOSERS.get(ask.topic, entries.rule)(context, ask)


def _settled(ask: Ask) -> Ask:
    """The same words mean a calculation once an amount is spent, a definition beside a stranger."""
    if ask.topic in {"benefit", "coverage", "age", "ceiling"} and _is_expense(ask):
        return structs.replace(ask, topic="calculate")
    if ask.topic == "coverage" and ask.values("disease") and ask.values("other-disease"):
        return structs.replace(ask, topic="definition", ranked=())
    return ask


def _is_expense(ask: Ask) -> bool:
    """An amount that was spent, not one that is claimed or exceeded, and a wish to know what comes back."""
    claimed = ask.form == "yes_no" or ask.cues & {"beyond", "limit", "true", "deductible", "unlimited"}
    return bool(ask.values("yuan") and ask.cues & {"howmuch", "pay", "selfpay", "calculate"} and not claimed)
