"""The time that is kept with what is stored."""

from __future__ import annotations

import time


def seconds(now: float | None = None) -> int:
    """Whole seconds since 1970: of a moment that is given, else of this one."""
    return int(time.time() if now is None else now)
