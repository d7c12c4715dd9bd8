"""A process that serves for long keeps its store up: by itself, and until it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rows import MARK, add

from bot import upkeep
from bot.retention import DAY
from bot.store import Store, opened, url_of
from bot.tables import JOURNAL

PATIENCE = 20  # seconds, which nobody waits where it works


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for seconds here."""
    for name in ("_SWEEP", "_BLANK", "_TIDY", "_UNSPOOL"):
        monkeypatch.setattr(upkeep, name, 0.01)


@pytest.fixture
def kept(tmp_path: Path) -> Store:
    """An embedded store, which its upkeep closes."""
    return opened(url_of(tmp_path, None))


def holds(folder: Path, text: str, files: str = "*") -> bool:
    """Whether a text stands in the files of a folder."""
    return any(text.encode() in file.read_bytes() for file in folder.glob(files))


def keep_up(store: Store, ready: Callable[[], object]) -> None:
    """Keep a store up until something holds."""

    async def wait() -> None:
        deadline = time.monotonic() + PATIENCE
        async with upkeep.kept_up(store, days=30):
            while not await asyncio.to_thread(ready):
                assert time.monotonic() < deadline
                await asyncio.sleep(0.01)

    asyncio.run(wait())


def test_what_is_old_goes_and_leaves_nothing(kept: Store, tmp_path: Path) -> None:
    """Out of the table and out of the files, while what is new stays."""
    now, old = int(time.time()), "昔日的话xq8"
    add(kept, JOURNAL, id="old", at=now - 31 * DAY, asked=old)
    add(kept, JOURNAL, id="new", at=now - DAY)
    assert holds(tmp_path, old)

    keep_up(kept, lambda: not holds(tmp_path, old))
    assert holds(tmp_path, MARK)


def test_the_file_is_brought_up_to_date(
    kept: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file alone, without its log, comes to hold what was committed."""
    monkeypatch.setattr(Store, "wipe", lambda _: True)  # which would do it as well
    add(kept, JOURNAL, id="new", at=int(time.time()) - DAY)
    assert not holds(tmp_path, MARK, "*.db")

    keep_up(kept, lambda: holds(tmp_path, MARK, "*.db"))


def test_a_store_is_closed_at_the_end(kept: Store) -> None:
    """Also where what it is kept up for fails."""

    async def fail() -> None:
        async with upkeep.kept_up(kept, days=30):
            raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(fail())
    assert kept.engine.pool.checkedin() == 0
