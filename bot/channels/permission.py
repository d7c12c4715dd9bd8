"""Whether an account may send messages of its own accord: a secret alone does not say so."""

from __future__ import annotations

import time
from collections.abc import Callable

_AGAIN = 3600  # seconds after a refusal at which it is tried once more


class Permission:
    """What is known of the right to send: given with the secret, until the platform refuses."""

    def __init__(self, *, given: bool = True, clock: Callable[[], float] = time.monotonic) -> None:
        self._given = given
        self._clock = clock
        self._until: float | None = None

    @property
    def holds(self) -> bool:
        """Whether a message may be sent, as far as is known."""
        return self._given and (self._until is None or self._clock() >= self._until)

    def refused(self) -> None:
        """The platform says that this account may not."""
        self._until = self._clock() + _AGAIN
