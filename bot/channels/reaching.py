"""Where a person is written to of one's own accord: an address of a channel, and a way to it.

An address is kept with a handover, sealed; what is sent goes through the outbox of its channel.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from bot.keyring import Keyring


class Letterbox(Struct, frozen=True, tag="letters"):
    """A chat of a bot on Telegram; `reply` is the message that a group sees answered."""

    channel: str
    lane: str
    chat: int
    thread: int | None = None
    reply: int | None = None


class Counter(Struct, frozen=True, tag="counter"):
    """Somebody on WeChat or WeCom; `owed` is the name of what they fetch themselves.

    `sends` says whether a message may be sent to them at all.
    """

    channel: str
    lane: str
    user: str
    owed: str
    sends: bool = True


Address = Letterbox | Counter
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Address).decode


def written(address: Address) -> bytes:
    """An address as it is kept; to be sealed."""
    return _encode(address)


def must_fetch(address: bytes) -> bool:
    """Whether a person must write before they can be told anything."""
    found = _read(address)
    return isinstance(found, Counter) and not found.sends


def reach(connection: Connection, keyring: Keyring, address: bytes, text: str) -> None:
    """Send a text on its way in this transaction; to an address of another release nothing."""
    match _read(address):
        case Letterbox() as box:
            _letter(connection, keyring, box, text)
        case Counter() as counter:
            _parcels(connection, keyring, counter, text)


def _read(address: bytes) -> Address | None:
    try:
        return _decode(address) if address else None
    except msgspec.MsgspecError:
        return None


def _letter(connection: Connection, keyring: Keyring, box: Letterbox, text: str) -> None:
    from bot import outbox
    from bot.channels.telegram_letters import Letter, Sent, sealed
    from bot.channels.telegram_rendering import told

    calls = tuple(Sent(html, reply=box.reply, thread=box.thread) for html in told(text))
    if calls:
        data = sealed(keyring, Letter(box.chat, calls))
        outbox.put(connection, box.channel, box.lane, data)


def _parcels(connection: Connection, keyring: Keyring, counter: Counter, text: str) -> None:
    """A message of the account each; where it may send none, what is owed until they write."""
    from bot import outbox
    from bot.channels import wechat_rests
    from bot.channels.answering import Parcel, encode
    from bot.channels.wechat_rendering import harmless, roomy

    messages = roomy(harmless(text))
    if not counter.sends:
        before = wechat_rests.of(connection, keyring, counter.owed)
        wechat_rests.keep(connection, keyring, counter.owed, (*before, *messages))
        return
    for message in messages:
        # `late`: what cannot be sent after all is owed, as an answer is of which nothing was told.
        parcel = Parcel(counter.user, "", messages=(message,), late=True)
        outbox.put(connection, counter.channel, counter.lane, keyring.seal(encode(parcel)))
