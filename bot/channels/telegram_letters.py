"""What is still to be sent on Telegram, as the outbox keeps it: a chat, and calls in order."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from bot.keyring import Keyring


class Button(Struct, frozen=True):
    """A choice under a message: what it is called, and the data that come back when it is taken."""

    label: str
    data: str


Keyboard = tuple[tuple[Button, ...], ...]  # rows of buttons


class Sent(Struct, frozen=True, tag="message"):
    """A message to send, in HTML; `reply` is the message that it answers."""

    html: str
    reply: int | None = None
    thread: int | None = None
    keyboard: Keyboard = ()


class Edited(Struct, frozen=True, tag="edit"):
    """A message of ours that gets another text and loses its buttons."""

    message: int
    html: str


class Noted(Struct, frozen=True, tag="note"):
    """What a tapped button is answered with: nothing but an end of waiting, or words to read."""

    query: str
    text: str = ""


Call = Sent | Edited | Noted


class Letter(Struct, frozen=True):
    """Calls for one chat, the first of them next."""

    chat: int
    calls: tuple[Call, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Letter).decode


def sealed(keyring: Keyring, letter: Letter) -> bytes:
    """A letter that only this deployment can read."""
    return keyring.seal(_encode(letter))


def opened(keyring: Keyring, data: bytes) -> Letter | None:
    """The letter in a seal; None where it is not of this deployment or of another release."""
    raw = keyring.unseal(data)
    try:
        return None if raw is None else _decode(raw)
    except msgspec.MsgspecError:
        return None
