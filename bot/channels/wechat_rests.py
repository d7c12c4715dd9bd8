"""What somebody is still to be told on WeChat or WeCom once they write again: sealed until then.

The rest of a long answer goes with the next question. What is owed (the answer to a question that
was acknowledged, and that could not be sent) stays until it was told.
"""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from bot import leftovers
from bot.keyring import Keyring

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(tuple[str, ...]).decode


def keep(connection: Connection, keyring: Keyring, name: str, messages: tuple[str, ...]) -> None:
    """Keep these messages under a name, in the place of earlier ones; none drops them."""
    sealed = (keyring.seal(_encode(messages)).decode(),) if messages else ()
    leftovers.keep(connection, name, sealed)


def of(connection: Connection, keyring: Keyring, name: str) -> tuple[str, ...]:
    """The messages under a name; none where there are none, or none that can still be read."""
    for sealed in leftovers.of(connection, name):
        if raw := keyring.unseal(sealed.encode()):
            return _decode(raw)
    return ()
