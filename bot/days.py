"""The day of which the rules are asked for."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from msgspec import structs

from bot.errors import InputError
from bot.terminal import tell
from intents.understanding import Ask, Slot

# The rules are those of a place in China, wherever the machine stands and whatever its clock says.
CHINA = timezone(timedelta(hours=8))
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def today() -> date:
    """The day it is in China."""
    return datetime.now(CHINA).date()


def day_of(text: str) -> date:
    """The day written as YYYY-MM-DD. Raises InputError for one that no calendar has."""
    try:
        if _WRITTEN.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError(tell("bad_day", day=text[:40]))


def aged(ask: Ask, day: date) -> Ask:
    """An ask with the age in years, on a day, of who is said to be born in a year (1951年的)."""
    if not any(slot.name == "born" for slot in ask.slots):
        return ask
    slots = tuple(_aged(slot, day) if slot.name == "born" else slot for slot in ask.slots)
    return structs.replace(ask, slots=slots)


def _aged(slot: Slot, day: date) -> Slot:
    year, _, month = slot.value.partition("-")
    age = day.year - int(year) - (int(month or 1) > day.month)
    return structs.replace(slot, name="age", value=str(max(age, 0)))
