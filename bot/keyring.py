"""Names that lead nowhere, and what only this deployment can read: both from its one secret.

Who writes on a platform is never stored: a conversation, a message and a chat are kept under a
keyed hash. What must be kept until it is sent is sealed.

The names of people change every thirty days, so that what is kept under them can be joined with
nothing from before. A running conversation goes on all the same: in the first days of a period
the names of the one before still count, and in its last hour those of the next one, which another
machine's clock may have come to already.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot.errors import StoreError

_FILE = "secret"
_INFO = b"yiwentong "
_DAY = 24 * 3600
PERIOD = 30 * _DAY  # seconds that the name of a person holds
# Seconds of a period in which names of the one before count: longer than anything is kept that
# may still be gone on with (a test holds that).
OVERLAP = 3 * _DAY
_SKEW = 3600  # seconds before the end of a period in which those of the next one count
# What names a person, a chat, or what either has said. All else that is named (a message, a tap)
# is never named twice.
_PASSING = frozenset({"session", "chat", "journal"})
Clock = Callable[[], float]


class Keyring:
    """The keys of a deployment, each for one purpose; opened once a process."""

    def __init__(self, secret: bytes, clock: Clock = time.time) -> None:
        self._secret = secret
        self._clock = clock
        self._names: dict[int | None, bytes] = {None: self._key(b"names")}
        self._seals = base64.urlsafe_b64encode(self._key(b"seals"))

    def _key(self, purpose: bytes) -> bytes:
        return hmac.digest(self._secret, _INFO + purpose, "sha256")

    def name(self, purpose: str, *parts: str) -> str:
        """A name for something that has these parts: 43 letters, digits, - and _.

        The same parts have the same name as long as the secret is the same and, for what names
        people, the period; nobody without the secret can tell the parts from the name, nor try
        them out.
        """
        return self._named(self.period if purpose in _PASSING else None, (purpose, *parts))

    def others(self, purpose: str, *parts: str) -> tuple[str, ...]:
        """The names of other periods that may still be in use for a person; mostly none."""
        return tuple(self._named(one, (purpose, *parts)) for one in self._near())

    def all_names(self, purpose: str, *parts: str, days: int) -> tuple[str, ...]:
        """Every name that a person has had in so many days, or has on a clock that is ahead."""
        first = int(self._clock() - days * _DAY) // PERIOD
        periods = range(first, self.period + 2)
        return tuple(self._named(one, (purpose, *parts)) for one in periods)

    @property
    def period(self) -> int:
        """The number of the thirty days that it is."""
        return int(self._clock()) // PERIOD

    def _near(self) -> tuple[int, ...]:
        past = int(self._clock()) % PERIOD
        if past < OVERLAP:
            return (self.period - 1,)
        return (self.period + 1,) if past >= PERIOD - _SKEW else ()

    def _named(self, period: int | None, parts: tuple[str, ...]) -> str:
        if period is not None and period not in self._names:
            self._names[period] = self._key(b"names %d" % period)
        # Each part behind its length: ("ab", "c") is not ("a", "bc").
        told = b"".join(
            len(raw).to_bytes(4, "big") + raw
            for raw in (part.encode("utf-8", "surrogatepass") for part in parts)
        )
        found = hmac.digest(self._names[period], told, hashlib.sha256)
        return base64.urlsafe_b64encode(found).rstrip(b"=").decode()

    def seal(self, data: bytes) -> bytes:
        """Data that only `unseal` of this deployment gives back."""
        from cryptography.fernet import Fernet

        return Fernet(self._seals).encrypt(data)

    def unseal(self, sealed: bytes) -> bytes | None:
        """What was sealed; None where it was sealed with another secret, or altered."""
        from cryptography.fernet import Fernet, InvalidToken

        with suppress(InvalidToken):
            return Fernet(self._seals).decrypt(sealed)
        return None


def opened(folder: Path, secret: str | None) -> Keyring:
    """The keyring of a secret; without one, of the secret in the folder for data, made once.

    Raises StoreError where that file can be neither read nor made.
    """
    if secret is not None:
        return Keyring(secret.encode())
    file = folder / _FILE
    try:
        return Keyring(_kept(file))
    except OSError as error:
        raise StoreError(str(file), error.strerror or str(error)) from error


def _kept(file: Path) -> bytes:
    """The secret in a file; where there is none yet, the first process to come makes it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Written beside it and then linked: a file that is there is whole, and is never replaced.
    beside = file.with_name(f"{_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    if not file.exists():
        beside.touch(mode=0o600)
        beside.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(beside, file)
        beside.unlink()
    return file.read_bytes().strip()
