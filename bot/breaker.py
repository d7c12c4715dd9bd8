"""Whether a server is taken to be away, so that nobody waits for it a second time.

What fails opens the breaker. While it is open nothing is asked of the server but by one thread,
which tries every few seconds to mend it, and closes it once that is done.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Lock, Thread, get_ident

import structlog

from bot import metrics
from bot.errors import StoreError
from bot.logs import fault

PAUSE = 2.0  # seconds between two tries
_log = structlog.get_logger("yiwentong")


class Breaker:
    """The breaker of one server; `mend` raises StoreError for as long as it is away."""

    def __init__(self, name: str, mend: Callable[[], object]) -> None:
        self._name = name
        self._mend = mend
        self._lock = Lock()
        self._open = False
        self._mender: int | None = None
        self._ended = Event()

    @property
    def is_open(self) -> bool:
        """Whether the server is not to be asked; who mends asks it all the same."""
        return self._open and get_ident() != self._mender

    def failed(self, why: object) -> None:
        """The server did not do what it was asked."""
        with self._lock:
            if self._open or self._ended.is_set():
                return
            self._open = True
        metrics.degraded(self._name, away=True)
        _log.error("out of reach", server=self._name, why=str(why).partition("\n")[0])
        Thread(target=self._mending, name=f"mending {self._name}", daemon=True).start()

    def _mending(self) -> None:
        self._mender = get_ident()
        while not self._ended.wait(PAUSE):
            try:
                self._mend()
            except StoreError:
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                _log.error("not mended", server=self._name, **fault(error))
                continue
            self._mender, self._open = None, False
            metrics.degraded(self._name, away=False)
            _log.info("within reach again", server=self._name)
            return

    def close(self) -> None:
        """Try no more: the process ends."""
        self._ended.set()
