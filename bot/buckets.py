"""Token buckets: how many tokens a name has left, in this process.

A bucket is one number, the time at which it is full again, so that a full one need not be kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable

MINUTE = 60.0  # seconds in which an empty bucket fills
ROOM = 20_000  # names after which those that were not heard of for longest are forgotten


class Buckets:
    """Buckets by name, of bounded number: at most twice the `room`.

    They lie in two generations. What is asked for moves to the young one; when that is full, or
    a minute old, the old one is dropped. A flood from a million addresses so forgets the
    addresses of the flood, and keeps who goes on asking.
    """

    def __init__(self, *, room: int = ROOM, clock: Callable[[], float] = time.monotonic) -> None:
        self._room = room
        self._clock = clock
        self._young: dict[str, float] = {}
        self._old: dict[str, float] = {}
        self._since = clock()

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def wait(self, name: str, per_minute: int, *, spend: bool = True) -> float:
        """Take a token of a bucket that holds `per_minute`; the seconds until there is one.

        0 where it was taken. Without `spend` it is only looked whether there is one.
        """
        now = self._clock()
        self._age(now)
        each = MINUTE / per_minute
        full = max(now, self._young.get(name) or self._old.get(name, now))
        late = full + each - now - MINUTE
        has = late <= each / 1000  # a rest of the reckoning is no reason to refuse
        if full > now or (has and spend):
            self._young[name] = full + each if has and spend else full
        return 0.0 if has else late

    def _age(self, now: float) -> None:
        """Drop who was not heard of for a minute or longer: their buckets are full."""
        if len(self._young) >= self._room or now - self._since >= MINUTE:
            self._old = self._young if now - self._since < 2 * MINUTE else {}
            self._young, self._since = {}, now
