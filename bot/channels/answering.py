"""Answers to the callbacks of WeChat and WeCom: each once, and always within five seconds.

Where there is no time for an answer now, the question is kept, and answered by a message of the
application as soon as there is; where the account may not send one, it is said.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import msgspec
import structlog
from sqlalchemy import Connection

from bot import outbox, receipts
from bot.channels.pressure import CrowdedError, Pressure
from bot.channels.wechat_callbacks import RefusedError
from bot.channels.wechat_messages import Incoming
from bot.channels.wechat_turns import Place, told
from bot.channels.wechat_wording import line
from bot.clock import seconds
from bot.errors import StoreError
from bot.receipts import Receipt

# Of the five seconds of the platform: for an answer, and for that or keeping the question.
_FOR_ANSWER, _FOR_ALL = 3.0, 4.0
ROOM = 500  # callbacks at once that an answer is tried for
_LATE_ROOM = 2000
_log = structlog.get_logger("yiwentong")


class Parcel(msgspec.Struct, frozen=True):
    """What is still to be sent to somebody: a question to be answered first, or messages."""

    user: str
    name: str
    incoming: Incoming | None = None
    messages: tuple[str, ...] = ()


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Parcel).decode
Check = Callable[[], None]
Work = Callable[[], Receipt]


class Answering:
    """The answers of one account. `may_send` says that it can send messages of its own accord."""

    def __init__(
        self,
        place: Place,
        *,
        may_send: bool,
        now: Callable[[], float] = time.time,
        room: int = ROOM,
    ) -> None:
        self.place = place
        self._may_send = may_send
        self._now = now
        store = place.resources.store
        # One writer at a time is all that SQLite has; a server may keep several waiting.
        threads = 1 if store.engine.dialect.name == "sqlite" else 4
        self._pressure = Pressure(threads=threads, room=room)
        self._late = Pressure(threads=1, room=_LATE_ROOM)

    async def answer(self, incoming: Incoming, *, before: Check | None = None) -> Receipt:
        """What somebody is answered: the text of a message, or nothing.

        Raises what `before` raises to refuse, and nothing else.
        """
        began = time.monotonic()
        name = self.place.name("receipt", *incoming.identity)
        try:
            work = partial(self._answered, name, incoming)
            return await self._pressure.within(_FOR_ANSWER, partial(_behind, before, work))
        except RefusedError:
            raise
        except CrowdedError:
            _log.warning("crowded", channel=self.place.channel)
            work = partial(self._kept_for_later, name, incoming)
            left = _FOR_ALL - (time.monotonic() - began)
            return await self._put_off(left, name, partial(_behind, before, work))
        except StoreError as error:
            _log.error("store out of reach", channel=self.place.channel, why=str(error))
            return self._said(name, "busy")
        except Exception:  # noqa: BLE001 - silence or a fault shows the person the platform's error
            _log.exception("fault", channel=self.place.channel)
            return self._said(name, "failed")

    def close(self) -> None:
        """Answer nothing more."""
        self._pressure.close()
        self._late.close()

    def _answered(self, name: str, incoming: Incoming) -> Receipt:
        store = self.place.resources.store

        def make(connection: Connection) -> bytes:
            first, *rest = told(self.place, connection, incoming) or ("",)
            if rest:
                parcel = Parcel(incoming.user, name, messages=tuple(rest))
                self._keep(connection, parcel)
            return first.encode()

        try:
            return receipts.once(store, name, make, now=self._now())
        except StoreError:  # another process held the file for a moment: once more
            return receipts.once(store, name, make, now=self._now())

    async def _put_off(self, left: float, name: str, work: Work) -> Receipt:
        if not self._may_send:
            return self._said(name, "busy")
        try:
            return await self._late.within(left, work)
        except (CrowdedError, StoreError):
            return self._said(name, "busy")

    def _kept_for_later(self, name: str, incoming: Incoming) -> Receipt:
        def make(connection: Connection) -> bytes:
            self._keep(connection, Parcel(incoming.user, name, incoming))
            return b""

        return receipts.once(self.place.resources.store, name, make, now=self._now())

    def _keep(self, connection: Connection, parcel: Parcel) -> None:
        lane = self.place.name("lane", parcel.user)
        sealed = self.place.resources.keyring.seal(encode(parcel))
        outbox.put(connection, self.place.channel, lane, sealed, now=self._now())

    def _said(self, name: str, sentence: str) -> Receipt:
        """A sentence in the place of an answer; nothing of it is kept."""
        return Receipt(name, line(sentence).encode(), seconds(self._now()))


def _behind(before: Check | None, work: Work) -> Receipt:
    if before is not None:
        before()
    return work()
