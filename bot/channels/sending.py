"""What is left to be sent on WeChat or WeCom, sent beside the server, in the order of each chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from msgspec import structs
from sqlalchemy import Connection

from bot import outbox, receipts
from bot.channels import wechat_rests
from bot.channels.answering import Parcel, decode, encode
from bot.channels.platform_api import ApiError
from bot.channels.wechat_messages import Incoming
from bot.channels.wechat_rendering import with_more
from bot.channels.wechat_turns import Place, told
from bot.clock import seconds
from bot.errors import StoreError
from bot.logs import fault
from bot.work import Work

_PAUSE = 1.0  # seconds between two looks into the outbox
_LEASE = 60  # seconds that a parcel is ours, anew for each of its messages: one takes some twenty
_AT_ONCE = 8  # parcels that are claimed together: they are sent one after the other
_TRIES = 8  # the last of them some four minutes after the first
_log = structlog.get_logger("yiwentong")
Send = Callable[[str, str], Awaitable[object]]


async def sending(place: Place, send: Send) -> None:
    """Send for as long as the server runs; `send` takes a user and a text, and raises ApiError."""
    while True:
        try:
            await send_all(place, send)
        except StoreError as error:
            _log.error("store out of reach", channel=place.channel, why=str(error))
        except Exception as error:  # noqa: BLE001 - nothing ends all sending
            _log.error("fault", channel=place.channel, **fault(error))
        await asyncio.sleep(_PAUSE)


async def send_all(place: Place, send: Send) -> int:
    """Send what is due; how many parcels that were. Raises StoreError."""
    store = place.resources.store
    done = 0
    while found := await asyncio.to_thread(
        outbox.claim, store, place.channel, lease=_LEASE, most=_AT_ONCE
    ):
        for one in found:
            try:
                await _sent(place, send, one)
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - this parcel waits, the others go on
                await asyncio.to_thread(_faulty, place, one, error)
        done += len(found)
    return done


async def _sent(place: Place, send: Send, one: outbox.Parcel) -> None:
    """Send what is left of a parcel, as long as it is ours."""
    parcel = await asyncio.to_thread(_opened, place, one)
    while parcel is not None and parcel.messages:
        if not place.permission.holds:
            await asyncio.to_thread(_left, place, one, parcel)
            return
        # Another sender has it whose turn came while the platform kept this one waiting.
        if not await asyncio.to_thread(outbox.hold, place.resources.store, one, lease=_LEASE):
            return
        try:
            await send(parcel.user, _first(place, parcel))
        except ApiError as error:
            await asyncio.to_thread(_failed, place, one, parcel, error)
            return
        parcel = await asyncio.to_thread(_gone_on, place, one, parcel)


def _first(place: Place, parcel: Parcel) -> str:
    """The message to send next; the first of a late answer says how many there are."""
    if not parcel.late:
        return parcel.messages[0]
    return with_more(parcel.messages, "coming" if place.sends_all else "more")


def _opened(place: Place, one: outbox.Parcel) -> Parcel | None:
    """What a parcel holds, its question answered; None where nothing is to be sent."""
    raw = place.resources.keyring.unseal(one.sealed)
    if raw is None:  # sealed with another secret: nobody can read it any more
        _log.warning("not sent", channel=place.channel, why="sealed with another secret")
        outbox.drop(place.resources.store, one.id)
        return None
    parcel = decode(raw)
    place.follow(parcel.user)
    if parcel.incoming is not None:
        return _answered(place, one, parcel, parcel.incoming)
    return parcel


def _answered(
    place: Place, one: outbox.Parcel, parcel: Parcel, incoming: Incoming
) -> Parcel | None:
    """A parcel whose question is answered now, kept in its place; None where another has done it.

    The answer is kept nowhere else: what is tried again tomorrow is still there.
    """
    found: list[Parcel] = []

    def make(work: Work) -> bytes:
        messages = told(place, work, incoming, late=True)
        found.append(Parcel(parcel.user, parcel.name, messages=messages, late=True))
        sealed = place.resources.keyring.seal(encode(found[-1]))
        outbox.change(work.connection, one.id, sealed if messages else None)
        return b""

    name = place.name("late", parcel.name)
    return found[-1] if receipts.once(place.resources.store, name, make).fresh else None


def _gone_on(place: Place, one: outbox.Parcel, parcel: Parcel) -> Parcel | None:
    """What is left of a parcel whose first message was taken, kept in its place.

    Where a place does not send all of an answer the rest is kept for 继续.
    """
    left = structs.replace(parcel, messages=parcel.messages[1:], late=False)
    if one.id < 0:  # the database is away
        _keep_aside(place, one, left)
        return left
    with place.resources.store.writing() as connection:
        if parcel.late and not place.sends_all and left.messages:
            _add(place, connection, place.session(left.user), left)
            left = structs.replace(left, messages=())
        sealed = place.resources.keyring.seal(encode(left)) if left.messages else None
        outbox.change(connection, one.id, sealed)
    return left


def _keep_aside(place: Place, one: outbox.Parcel, left: Parcel) -> None:
    store = place.resources.store
    if left.messages:
        outbox.keep(store, one.id, place.resources.keyring.seal(encode(left)))
    else:
        outbox.drop(store, one.id)


def _failed(place: Place, one: outbox.Parcel, parcel: Parcel, error: ApiError) -> None:
    """Try again later, or give it up: the person is told when they write again."""
    again = error.is_passing and one.tries < _TRIES
    what = "put off" if again else "not sent"
    _log.warning(what, channel=place.channel, errcode=error.code, tries=one.tries)
    if error.is_forbidden:
        place.permission.refused()
    if again:
        outbox.put_off(place.resources.store, one.id, seconds() + 2**one.tries)
    else:
        _left(place, one, parcel)


def _left(place: Place, one: outbox.Parcel, parcel: Parcel) -> None:
    """Keep what cannot be sent for when the person writes again.

    An answer of which nothing was told yet is owed. The rest of one is there for 继续, unless
    that of a newer answer is.
    """
    if one.id < 0:  # the database is away
        outbox.drop(place.resources.store, one.id)
        return
    session = place.session(parcel.user)
    with place.resources.store.writing() as connection:
        if parcel.late:
            _add(place, connection, place.owed(parcel.user), parcel)
        elif not wechat_rests.of(connection, place.resources.keyring, session):
            _add(place, connection, session, parcel)
        outbox.change(connection, one.id, None)


def _add(place: Place, connection: Connection, name: str, parcel: Parcel) -> None:
    """Put messages behind what is already there to be told under a name."""
    keyring = place.resources.keyring
    before = wechat_rests.of(connection, keyring, name)
    wechat_rests.keep(connection, keyring, name, (*before, *parcel.messages))


def _faulty(place: Place, one: outbox.Parcel, error: Exception) -> None:
    """Try a parcel that cannot be handled again later, in case it is not to blame; then drop it."""
    _log.error("fault", channel=place.channel, tries=one.tries, **fault(error))
    if one.tries < _TRIES:
        outbox.put_off(place.resources.store, one.id, seconds() + 2**one.tries)
    else:
        outbox.drop(place.resources.store, one.id)
