"""What is left to be sent on WeChat or WeCom, sent beside the server, in the order of each chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

import msgspec
import structlog
from sqlalchemy import Connection

from bot import leftovers, outbox, receipts
from bot.channels.answering import Parcel, decode, encode
from bot.channels.platform_api import ApiError
from bot.channels.wechat_turns import Place, told
from bot.clock import seconds
from bot.errors import StoreError

_PAUSE = 1.0  # seconds between two looks into the outbox
_LEASE = 60  # seconds that a parcel is ours: several messages at five seconds each
_TRIES = 8  # the last of them some four minutes after the first
_log = structlog.get_logger("yiwentong")
_texts = msgspec.msgpack.Decoder(tuple[str, ...]).decode
Send = Callable[[str, str], Awaitable[object]]


async def sending(place: Place, send: Send) -> None:
    """Send for as long as the server runs; `send` takes a user and a text, and raises ApiError."""
    while True:
        try:
            await send_all(place, send)
        except StoreError as error:
            _log.error("store out of reach", channel=place.channel, why=str(error))
        except Exception:  # noqa: BLE001 - one bad parcel must not end all sending
            _log.exception("not sent", channel=place.channel)
        await asyncio.sleep(_PAUSE)


@asynccontextmanager
async def beside(work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Do some work until the block ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def send_all(place: Place, send: Send) -> int:
    """Send what is due; how many parcels that were. Raises StoreError."""
    store = place.resources.store
    done = 0
    while found := await asyncio.to_thread(outbox.claim, store, place.channel, lease=_LEASE):
        for one in found:
            await _sent(place, send, one)
        done += len(found)
    return done


async def _sent(place: Place, send: Send, one: outbox.Parcel) -> None:
    store = place.resources.store
    raw = place.resources.keyring.unseal(one.sealed)
    if raw is None:  # sealed with another secret: nobody can read it any more
        _log.warning("not sent", channel=place.channel, why="sealed with another secret")
        await asyncio.to_thread(outbox.drop, store, one.id)
        return
    parcel = decode(raw)
    if parcel.incoming is not None:
        parcel = await asyncio.to_thread(_answered, place, parcel)
    try:
        while parcel.messages:
            await send(parcel.user, parcel.messages[0])
            parcel = msgspec.structs.replace(parcel, messages=parcel.messages[1:])
            sealed = place.resources.keyring.seal(encode(parcel))
            await asyncio.to_thread(outbox.keep, store, one.id, sealed)
    except ApiError as error:
        await asyncio.to_thread(_failed, place, one, parcel, error)
    else:
        await asyncio.to_thread(outbox.drop, store, one.id)


def _answered(place: Place, parcel: Parcel) -> Parcel:
    """A parcel whose question is answered now, once, whoever sends it."""

    def make(connection: Connection) -> bytes:
        assert parcel.incoming is not None  # noqa: S101 - of no other is it asked
        return msgspec.msgpack.encode(told(place, connection, parcel.incoming))

    receipt = receipts.once(place.resources.store, place.name("late", parcel.name), make)
    return Parcel(parcel.user, parcel.name, messages=_texts(receipt.payload))


def _failed(place: Place, one: outbox.Parcel, parcel: Parcel, error: ApiError) -> None:
    """Try again later, or give it up: then 继续 still gives what could not be sent."""
    store = place.resources.store
    again = error.is_passing and one.tries < _TRIES
    what = "put off" if again else "not sent"
    _log.warning(what, channel=place.channel, errcode=error.code, tries=one.tries)
    if again:
        outbox.put_off(store, one.id, seconds() + 2**one.tries)
        return
    session = place.name("session", parcel.user)
    with store.writing() as connection:
        if not leftovers.of(connection, session):
            leftovers.keep(connection, session, parcel.messages)
    outbox.drop(store, one.id)
