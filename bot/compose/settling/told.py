"""What is told in an ask: the slots that its conditions share."""

from __future__ import annotations

from bot.compose.part import schemes
from intents.understanding import Ask

FIGURE_CUES = frozenset(
    {"limit", "unlimited", "rate", "deductible", "period", "selfpay", "beyond", "howmuch"}
)
WAYS = frozenset(
    {"online", "window", "at-hospital", "community", "web", "mail", "platform", "path", "must"}
)
DISEASES = ("disease", "other-disease", "tumour")


def said(ask: Ask, *slots: str) -> bool:
    """Whether a value of any of these slots was said."""
    return any(slot.name in slots for slot in ask.slots)


def plain_question(ask: Ask) -> bool:
    """A yes-or-no question without a word for a figure: is it paid for at all."""
    claims = said(ask, "yuan", "percent")
    return ask.form == "yes_no" and not ask.cues & FIGURE_CUES and not claims


def plural(ask: Ask) -> bool:
    """Whether two things of a kind are named that can be compared."""
    kinds = ("disease", "scheme", "population", "hospital", "region", "age")
    return len(schemes(ask)) > 1 or any(len(ask.values(kind)) > 1 for kind in kinds)
