"""The day of which the rules are asked for."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

from bot.errors import InputError
from bot.terminal import tell

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
