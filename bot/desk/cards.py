"""A thing that was found → its card, made of the packs as they are on a day."""

from __future__ import annotations

from bot.desk.diseases import disease_card
from bot.desk.entries import entry_card
from bot.desk.shapes import DiseaseCard, EntryCard
from bot.desk.sheets import Sheet


def card_of(on: Sheet, kind: str, id_: str) -> DiseaseCard | EntryCard:
    """The card of a hit: its kind and id. Raises LookupError for what the region does not have."""
    return disease_card(on, id_) if kind == "disease" else entry_card(on, kind, id_)
