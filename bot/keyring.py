"""Names that lead nowhere, and what only this deployment can read: both from its one secret.

Who writes on a platform is never stored: a conversation, a message and a chat are kept under a
keyed hash. What must be kept until it is sent is sealed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.errors import StoreError

_FILE = "secret"
_INFO = b"yiwentong "


class Keyring:
    """The keys of a deployment, each for one purpose; opened once a process."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._names = self._key(b"names")
        self._seals = base64.urlsafe_b64encode(self._key(b"seals"))

    def _key(self, purpose: bytes) -> bytes:
        return hmac.digest(self._secret, _INFO + purpose, "sha256")

    def name(self, purpose: str, *parts: str) -> str:
        """A name for something that has these parts: 43 letters, digits, - and _.

        The same parts have the same name as long as the secret is the same; nobody without it
        can tell the parts from the name, nor try them out.
        """
        # Each part behind its length: ("ab", "c") is not ("a", "bc").
        told = b"".join(
            len(raw).to_bytes(4, "big") + raw
            for raw in (part.encode("utf-8", "surrogatepass") for part in (purpose, *parts))
        )
        found = hmac.digest(self._names, told, hashlib.sha256)
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
