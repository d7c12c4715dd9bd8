"""Faults done to real servers, as `make faults` does them, in a few seconds each."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from databases import redis
from faults import clocks, disk, ending, killing
from faults.cases import CASES
from faults.outcome import Case, Outcome
from sqlalchemy import select

from bot import outbox
from bot.counting import SHARED, together
from bot.keyring import Keyring
from bot.limiting import Bound, Limits
from bot.logs import Dropping
from bot.resources import Resources
from bot.spool import Done, Record, Spool
from bot.tables import OUTBOX

QUICK = (
    Case("kill", killing.program),
    Case("quota", disk.quota),
    Case("drain", ending.drains),
    Case("clock", clocks.jumps),
)


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
def test_a_fault_stops_nobody(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that was acknowledged is lost, nobody is forgotten, answers go on."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")

    assert [one.wrong for one in case.run(quick=True) if one.wrong] == []


def test_every_case_has_a_name_of_its_own() -> None:
    """By which it can be tried alone."""
    assert len({case.name for case in CASES}) == len(CASES)


def test_a_case_that_fails_says_what() -> None:
    """In its line."""
    outcome = Outcome("kill", "SQLite", ("3 turns", "1 lost"), ("nothing lost",))

    assert str(outcome) == "FAILED kill · SQLite · 3 turns, 1 lost · nothing lost"


def test_a_log_that_takes_nothing_is_done_without() -> None:
    """A full disk under the log is no fault of a request."""
    with Path("/dev/full").open("wb", buffering=0) as full:
        log = Dropping(cast("BinaryIO", full))

        assert log.write(b"line\n") == 0
        log.flush()


def test_counts_lie_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapped file on a full disk would be the end of its process."""
    monkeypatch.delenv(SHARED, raising=False)
    with together():
        folder = os.environ[SHARED]

        assert folder.startswith("/dev/shm/") or not os.access("/dev/shm", os.W_OK)  # noqa: S108
    assert not Path(folder).exists()


def test_what_is_held_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the disk takes it while it is being brought to the database."""
    spool = Spool(tmp_path / "spool")
    with monkeypatch.context() as full:
        full.setattr(spool, "_write", _no_room)
        spool.add([Done(1), Done(2)])
    written: list[Record] = []

    def apply(records: tuple[Record, ...]) -> tuple[Record, ...]:
        if not written:
            spool.add([Done(3)])
        written.extend(records)
        return ()

    spool.flush(apply)
    spool.flush(apply)

    assert written == [Done(1), Done(2), Done(3)]
    assert spool.count == 0


def test_what_is_held_stays_where_it_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its order, and counted."""
    spool = Spool(tmp_path / "spool")
    with monkeypatch.context() as full:
        full.setattr(spool, "_write", _no_room)
        spool.add([Done(1), Done(2)])
    with pytest.raises(ZeroDivisionError):
        spool.flush(lambda _: (Done(1 // 0),))

    written: list[Record] = []
    spool.flush(lambda records: (written.extend(records), ())[1])
    assert (written, spool.count) == ([Done(1), Done(2)], 0)


def _no_room(_: bytes) -> None:
    raise OSError(28, "No space left on device")


def test_a_clock_that_is_set_back_holds_no_letter_up(resources: Resources) -> None:
    """What it had lent for a minute is due at once, not in an hour."""
    with resources.store.writing() as connection:
        outbox.put(connection, "wechat", "lane", b"sealed", now=10_000)
    assert outbox.claim(resources.store, "wechat", lease=60, now=10_000)
    assert not outbox.claim(resources.store, "wechat", lease=60, now=10_000)

    assert outbox.claim(resources.store, "wechat", lease=60, now=10_000 - 3600)


def test_nothing_is_put_off_for_long(resources: Resources) -> None:
    """A platform that wants to be left alone for a day is asked again before."""
    with resources.store.writing() as connection:
        number = outbox.put(connection, "telegram", "lane", b"sealed")
    outbox.put_off(resources.store, number, 2**31)

    with resources.store.reading() as connection:
        due = connection.execute(select(OUTBOX.c.due)).scalar_one()
    assert due < 2**31
    assert outbox.claim(resources.store, "telegram", lease=6, now=due)


def test_a_clock_of_redis_that_is_set_back_keeps_nobody_out() -> None:
    """A bucket that is full later than can be counts as full now."""

    async def waits(url: str) -> list[int]:
        limits = Limits(Keyring(b"the secret of the tests"), url)
        assert limits._shared
        store, bound = limits._shared._redis, Bound("test", 2)
        found = [await limits.wait(bound, "who")]
        (key,) = await store.keys()
        await store.set(key, int(await store.get(key)) + 3_600_000_000)
        found.append(await limits.wait(bound, "who"))
        await limits.close()
        return found

    with redis() as server:
        assert asyncio.run(waits(server.url)) == [0, 0]
