"""What is done while the database is out of reach: answers are given, and what would be kept waits.

What answers a message is given an empty database in memory, so that it need not know. What it
wrote there that must not be lost, lines of the journal and letters, goes to the spool before the
reply is given; the rest is gone, as if nothing had been said before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING

from msgspec import Struct, structs
from sqlalchemy import Connection, create_engine, select

from bot import metrics
from bot.clock import seconds
from bot.journal import Line
from bot.spool import MOST, Done, Forgotten, Letter, Spool, Written
from bot.tables import JOURNAL, METADATA, OUTBOX

if TYPE_CHECKING:
    from bot.logins import Login

_THREADS = 2


class Lent(Struct, frozen=True):
    """A letter that waits in this process: of which message, when it is due, how often tried."""

    letter: Letter
    key: str
    due: int = 0
    tries: int = 0


class Aside:
    """What a process does without its database; the spool lies in `folder`, if there is one."""

    def __init__(self, folder: Path | None = None, *, most: int = MOST) -> None:
        self.spool = Spool(folder, most=most)
        self.threads = ThreadPoolExecutor(_THREADS, "aside")
        # Who was let in at the desk, by the hash of the token, and when they were last seen.
        self.logins: dict[str, tuple[Login, int]] = {}
        self._own = local()
        self._lock = Lock()
        self._letters: dict[int, Lent] = {}
        self._numbers = count(-1, -1)

    @contextmanager
    def scratch(self, key: str = "") -> Iterator[Connection]:
        """An empty database. When the block ends what must not be lost of it is on the disk."""
        connection = self._connection()
        with connection.begin() as transaction:
            try:
                yield connection
                self._harvest(connection, key)
            finally:
                transaction.rollback()

    def _connection(self) -> Connection:
        kept: Connection | None = getattr(self._own, "connection", None)
        if kept is None:
            kept = create_engine("sqlite://").connect()
            METADATA.create_all(kept)
            kept.commit()
            self._own.connection = kept
        return kept

    def _harvest(self, connection: Connection, key: str) -> None:
        lines = [Line(**row) for row in connection.execute(select(JOURNAL)).mappings()]
        rows = connection.execute(select(OUTBOX).order_by(OUTBOX.c.id)).all()
        letters = [
            Letter(next(self._numbers), row.at, row.channel, row.lane, row.sealed) for row in rows
        ]
        # A message that is answered once more has its letters in the place of the earlier ones.
        with self._lock:
            earlier = [n for n, lent in self._letters.items() if key and lent.key == key]
        for number in earlier:
            self.drop(number)
        self.spool.add([*map(Written, lines), *letters])
        metrics.journal("spooled", len(lines))
        with self._lock:
            self._letters |= {letter.number: Lent(letter, key) for letter in letters}

    def forget(self, ids: Iterable[str]) -> None:
        """Note conversations that went on without their state."""
        self.spool.add([Forgotten(id_, seconds()) for id_ in ids])

    def claim(self, channel: str, *, lease: int, most: int, now: int) -> tuple[Lent, ...]:
        """The letters of a channel that are to be sent now, the first of each chat; lent."""
        ours: list[Lent] = []
        lanes: set[str] = set()
        with self._lock:
            for number, lent in sorted(self._letters.items(), reverse=True):
                letter = lent.letter
                if letter.channel != channel or letter.lane in lanes or len(ours) == most:
                    continue
                lanes.add(letter.lane)
                if lent.due <= now:
                    ours.append(structs.replace(lent, due=now + lease, tries=lent.tries + 1))
                    self._letters[number] = ours[-1]
        return tuple(ours)

    def lend(self, number: int, due: int, *, tries: int | None = None) -> bool:
        """Put a letter off until `due`, if it is still there and tried as often as said."""
        with self._lock:
            lent = self._letters.get(number)
            if lent is None or (tries is not None and lent.tries != tries):
                return False
            self._letters[number] = structs.replace(lent, due=due)
            return True

    def change(self, number: int, sealed: bytes) -> None:
        """Keep in its place what is left of a letter."""
        with self._lock:
            lent = self._letters.get(number)
            if lent is None:
                return
            letter = structs.replace(lent.letter, sealed=sealed)
            self._letters[number] = structs.replace(lent, letter=letter)
        self.spool.add([letter])

    def drop(self, number: int) -> None:
        """A letter was sent, or never will be."""
        with self._lock:
            there = self._letters.pop(number, None)
        if there:
            self.spool.add([Done(number)])

    def given_back(self, letter: Letter) -> bool:
        """Whether a letter may go to the outbox now: it is not under way from this process."""
        with self._lock:
            lent = self._letters.get(letter.number)
            if lent is not None and lent.due > seconds():
                return False
            self._letters.pop(letter.number, None)
            return True

    def close(self) -> None:
        """Begin nothing more, and let the spool go."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        self.spool.close()
