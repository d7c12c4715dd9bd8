"""Answers to the callbacks of WeChat and WeCom: each once, and always within five seconds.

Where there is no time for an answer now, the question is kept, and answered by a message of the
application as soon as there is; where the account may not send one, it is said.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from threading import Event

import msgspec
import structlog
from msgspec import structs

from bot import outbox, receipts
from bot.channels.pressure import CrowdedError, Pressure
from bot.channels.wechat_callbacks import RefusedError
from bot.channels.wechat_messages import Incoming
from bot.channels.wechat_turns import Place, told
from bot.channels.wechat_wording import line
from bot.clock import seconds
from bot.errors import StoreError
from bot.limiting import limits_of, session_bound
from bot.logs import fault
from bot.receipts import Receipt
from bot.work import Work

# Of the five seconds of the platform: for an answer, and for that or keeping the question.
_FOR_ANSWER, _FOR_ALL = 3.0, 4.0
_STALLED = 2.0  # seconds without any answer after which the database is taken to hang
ROOM = 500  # callbacks at once that an answer is tried for
_LATE_ROOM = 2000
_log = structlog.get_logger("yiwentong")


class Parcel(msgspec.Struct, frozen=True):
    """What is still to be sent to somebody: a question to be answered first, or messages.

    The messages of a `late` answer are all that it has, none of them told yet.
    """

    user: str
    name: str
    incoming: Incoming | None = None
    messages: tuple[str, ...] = ()
    late: bool = False


class GivenUpError(Exception):
    """Work whose outcome nobody waits for any more: the person was told that there is none."""


encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Parcel).decode
Check = Callable[[], None]


class Asked(msgspec.Struct, frozen=True):
    """A callback in hand: the name of its receipt, what came, what may refuse it still.

    `given_up` is set once the person was told something in the place of an answer. `too_fast` is
    how many seconds somebody has to wait who asks too often, else 0.
    """

    name: str
    incoming: Incoming
    before: Check | None
    given_up: Event
    too_fast: int = 0


class Answering:
    """The answers of one account, which may send messages where its place permits."""

    def __init__(
        self, place: Place, *, now: Callable[[], float] = time.time, room: int = ROOM
    ) -> None:
        self.place = place
        self._now = now
        settings = place.resources.settings
        self._limits = limits_of(settings, place.resources.keyring)
        self._bound = session_bound(settings)
        self._pressure = Pressure(threads=place.resources.store.writers, room=room)
        self._late = Pressure(threads=1, room=_LATE_ROOM)

    async def answer(self, incoming: Incoming, *, before: Check | None = None) -> Receipt:
        """What somebody is answered: the text of a message, or nothing.

        Raises what `before` raises to refuse, and nothing else.
        """
        began = time.monotonic()
        name = self.place.name("receipt", *incoming.identity)
        asked = Asked(name, incoming, before, Event(), await self._wait(incoming))
        store = self.place.resources.store
        try:
            asked = structs.replace(asked, incoming=self._bare(incoming))
            if store.is_degraded:
                return await store.without(partial(self._answered, asked))
            return await self._pressure.within(_FOR_ANSWER, partial(self._answered, asked))
        except RefusedError:
            raise
        except CrowdedError:
            _log.warning("crowded", channel=self.place.channel)
            if self._pressure.is_stalled(_STALLED):
                return await self._without(asked)
            return await self._put_off(_FOR_ALL - (time.monotonic() - began), asked)
        except StoreError as error:
            _log.error("store out of reach", channel=self.place.channel, why=str(error))
        except Exception as error:  # noqa: BLE001 - silence or a fault shows the platform's error
            _log.error("fault", channel=self.place.channel, **fault(error))
        return self._said(asked, "failed")

    def _bare(self, incoming: Incoming) -> Incoming:
        """What came without numbers and names of persons: it may be kept for later."""
        if incoming.text is None:
            return incoming
        text = self.place.resources.service.redacted(incoming.text).text
        return structs.replace(incoming, text=text)

    async def _wait(self, incoming: Incoming) -> int:
        """The seconds that somebody has to wait who asks too often; else 0."""
        if not incoming.asks:
            return 0
        session = self.place.name("session", incoming.user)
        return await self._limits.wait(self._bound, session)

    async def _without(self, asked: Asked) -> Receipt:
        """The answer without the database, which hangs; what began with it comes to nothing."""
        asked.given_up.set()
        store = self.place.resources.store
        store.hangs()
        try:
            fresh = structs.replace(asked, given_up=Event())
            return await store.without(partial(self._answered, fresh))
        except RefusedError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            _log.error("fault", channel=self.place.channel, **fault(error))
        return self._said(asked, "failed")

    async def close(self) -> None:
        """Answer nothing more."""
        self._pressure.close()
        self._late.close()
        await self._limits.close()

    def _answered(self, asked: Asked) -> Receipt:
        """The answer, or nothing where a question of the same person is still to be answered."""

        def say(work: Work) -> str:
            if asked.too_fast:  # a repetition of what was answered has its receipt, and is not
                return line("too_fast", seconds=asked.too_fast)
            if asked.incoming.asks and self._waits(work, asked.incoming.user):
                return self._kept(work, asked)
            first, *rest = told(self.place, work, asked.incoming) or ("",)
            if rest:
                parcel = Parcel(asked.incoming.user, asked.name, messages=tuple(rest))
                self._keep(work, parcel)
            return first

        try:
            return self._once(asked, say)
        except StoreError:  # another process held the file for a moment: once more
            return self._once(asked, say)

    async def _put_off(self, left: float, asked: Asked) -> Receipt:
        """Keep the question for later. Who leaves is forgotten all the same: that asks nothing."""
        work = self._answered if asked.incoming.leaves else self._kept_for_later
        may_wait = self.place.permission.holds and not asked.too_fast
        if not (may_wait or asked.incoming.leaves):
            return self._said(asked, "busy")
        try:
            return await self._late.within(left, partial(work, asked))
        except CrowdedError:
            return self._said(asked, "busy")
        except StoreError as error:
            _log.error("store out of reach", channel=self.place.channel, why=str(error))
            return self._said(asked, "failed")

    def _kept_for_later(self, asked: Asked) -> Receipt:
        return self._once(asked, lambda work: self._kept(work, asked))

    def _once(self, asked: Asked, say: Callable[[Work], str]) -> Receipt:
        """The receipt of a callback with the text of its reply, which is kept sealed."""
        if asked.before is not None:
            asked.before()
        self.place.follow(asked.incoming.user)
        keyring = self.place.resources.keyring

        def make(work: Work) -> bytes:
            text = say(work)
            if asked.given_up.is_set():
                raise GivenUpError
            return keyring.seal(text.encode()) if text else b""

        receipt = receipts.once(self.place.resources.store, asked.name, make, now=self._now())
        text = keyring.unseal(receipt.payload) if receipt.payload else b""
        return structs.replace(receipt, payload=text or b"")

    def _waits(self, work: Work, user: str) -> bool:
        """Whether a question of somebody is still to be answered by a message."""
        if not self.place.permission.holds:
            return False
        lane = outbox.lane_of(work.connection, self.place.channel, self.place.lane(user))
        return any(self._is_question(sealed) for sealed in lane)

    def _is_question(self, sealed: bytes) -> bool:
        raw = self.place.resources.keyring.unseal(sealed)
        try:
            return raw is not None and decode(raw).incoming is not None
        except msgspec.MsgspecError:
            return False

    def _kept(self, work: Work, asked: Asked) -> str:
        """Keep a question to be answered by a message; now nothing is said."""
        self._keep(work, Parcel(asked.incoming.user, asked.name, asked.incoming))
        return ""

    def _keep(self, work: Work, parcel: Parcel) -> None:
        lane = self.place.lane(parcel.user)
        sealed = self.place.resources.keyring.seal(encode(parcel))
        outbox.put(work.connection, self.place.channel, lane, sealed, now=self._now())

    def _said(self, asked: Asked, sentence: str) -> Receipt:
        """A sentence in the place of an answer; nothing of it is kept, nor of what goes on yet."""
        asked.given_up.set()
        return Receipt(asked.name, line(sentence).encode(), seconds(self._now()))
