"""Signatures and encrypted messages of WeChat and WeCom: both platforms use the same ones.

A message is AES-256-CBC with the key's first half as the initial vector, padded as PKCS#7 to
32 bytes. Within are 16 random bytes, the length in four bytes, the message, and whom it is for.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msgspec import Struct

WINDOW = 300  # seconds that the clocks of the platform and of this machine may differ
_BLOCK = 32  # bytes that a message is padded to; of AES itself it is 16
_NOISE = 16  # random bytes in front
_HEAD = _NOISE + 4
_DIGITS = 12  # of a time: more is none


class EnvelopeError(Exception):
    """An encrypted message that none of our keys opens, or that is for somebody else."""


class Opened(Struct, frozen=True):
    """What was in an envelope, and the key that opened it."""

    message: bytes
    key: bytes


def signature(token: str, *parts: str) -> str:
    """The signature of these parts under the token of the account: 40 hexadecimal digits."""
    joined = "".join(sorted((token, *parts))).encode("utf-8", "surrogatepass")
    return hashlib.sha1(joined).hexdigest()  # noqa: S324 - the platform signs with it


def is_signed(given: str, token: str, *parts: str) -> bool:
    """Whether a signature is that of these parts; takes as long for any that is not."""
    right = signature(token, *parts).encode()
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right)


def is_fresh(timestamp: str, now: float) -> bool:
    """Whether a time, in seconds since 1970 as text, is within the window around now."""
    plain = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _DIGITS
    return plain and abs(int(timestamp) - now) <= WINDOW


def opened(sealed: str, keys: Sequence[bytes], receiver: str) -> Opened:
    """What is in an envelope for `receiver`, by the first key that opens it.

    Its signature must have been checked before. Raises EnvelopeError, which never says what was
    wrong with it.
    """
    try:
        data = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EnvelopeError from error
    if data and len(data) % 16 == 0:
        for key in keys:
            message = _read(_decrypted(data, key), receiver.encode())
            if message is not None:
                return Opened(message, key)
    raise EnvelopeError


def seal(message: bytes, key: bytes, receiver: str, noise: bytes) -> str:
    """An envelope for `receiver`; `noise` are the 16 bytes in front."""
    plain = noise[:_NOISE] + len(message).to_bytes(4, "big") + message + receiver.encode()
    pad = _BLOCK - len(plain) % _BLOCK
    encryptor = _cipher(key).encryptor()
    data = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(data).decode()


def _decrypted(data: bytes, key: bytes) -> bytes:
    decryptor = _cipher(key).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def _read(plain: bytes, receiver: bytes) -> bytes | None:
    """The message; None where the padding, the length or the receiver is not right."""
    pad = plain[-1]
    end = len(plain) - pad
    if not (1 <= pad <= _BLOCK and end >= _HEAD and plain[end:] == bytes([pad]) * pad):
        return None
    until = _HEAD + int.from_bytes(plain[_NOISE:_HEAD], "big")
    if until > end or not hmac.compare_digest(plain[until:end], receiver):
        return None
    return plain[_HEAD:until]
