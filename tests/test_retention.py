"""What was kept long enough goes: from every table, in portions, and out of the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from rows import MARK, add, row
from sqlalchemy import Table, func, insert, select

from bot import leftovers, outbox, receipts, retention, sessions, sweeping
from bot.cli import main
from bot.retention import DAY, TERMS
from bot.store import Store, opened, url_of
from bot.sweeping import swept
from bot.tables import HANDOVER_LINES, HANDOVERS, JOURNAL
from intents.dialogue import State

NOW = 1_790_000_000
DAYS = 30
LAST = NOW - DAYS * DAY  # the oldest that is kept


def count(store: Store, table: Table) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize("name", TERMS)
def test_the_days_of_the_setting_are_kept(store: Store, name: str) -> None:
    """To the second: what is older goes, the rest stays."""
    table, since = TERMS[name].table, TERMS[name].since.name
    before = count(store, table)
    for number, at in enumerate((LAST - 1, LAST, NOW)):
        keys = {"id": f"{name}{number}"} if table is JOURNAL else {}
        add(store, table, **{**keys, since: at})

    assert retention.drop_old(store, DAYS, now=NOW)[name] == 1
    assert count(store, table) == before + 2
    retention.drop_old(store, DAYS, now=NOW + (DAYS + 1) * DAY)
    assert count(store, table) == before


def test_an_open_flag_stays(store: Store) -> None:
    """It is work to be done, however old; once closed it goes."""
    flags = TERMS["flags"].table
    add(store, flags, at=1, closed=None)

    assert retention.drop_old(store, DAYS, now=NOW)["flags"] == 0


def test_a_handover_goes_with_its_lines(store: Store) -> None:
    """Nothing of what was said in it is left."""
    add(store, HANDOVERS, id=900, touched=LAST - 1, status="closed")
    add(store, HANDOVER_LINES, handover=900)

    assert retention.drop_old(store, DAYS, now=NOW)["handovers"] == 1
    assert count(store, HANDOVER_LINES) == 0


def test_many_rows_go_in_portions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a transaction of its own, so that who writes waits for one of them at most."""
    monkeypatch.setattr(sweeping, "PORTION", 20)
    with store.writing() as connection:
        rows = [row(JOURNAL, id=f"many{number}", at=5) for number in range(45)]
        connection.execute(insert(JOURNAL), rows)

    assert swept(store, JOURNAL, JOURNAL.c.at < 10) == 45
    assert count(store, JOURNAL) == 0


def test_what_was_dropped_is_in_no_file(tmp_path: Path) -> None:
    """Neither in the database nor in its log: only zeros are in its place."""
    store = opened(url_of(tmp_path, None))
    for number in range(50):
        add(store, JOURNAL, id=f"line{number}", at=LAST - 1, asked=MARK * 400)
    store.tidy()
    assert MARK.encode() in everything(tmp_path)

    retention.drop_old(store, DAYS, now=NOW)
    assert store.wipe()

    assert MARK.encode() not in everything(tmp_path)
    store.close()


def everything(folder: Path) -> bytes:
    """The bytes of all files of a folder."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


def test_what_is_read_is_wiped_the_next_time(tmp_path: Path) -> None:
    """Who reads from before keeps the log as it is; nothing fails for it."""
    store = opened(url_of(tmp_path, None))
    add(store, JOURNAL, id="one", asked=MARK)
    with store.reading() as reader:
        reader.exec_driver_sql("BEGIN")
        reader.execute(select(JOURNAL)).all()
        with store.writing() as connection:
            connection.execute(JOURNAL.delete())
        assert not store.wipe()

    assert store.wipe()
    assert MARK.encode() not in everything(tmp_path)
    store.close()


def test_short_terms_are_their_own(store: Store) -> None:
    """What nobody goes on with goes sooner, whatever is set."""
    sessions.save(store, sessions.load(store, "s" * 20), State(), now=NOW)
    receipts.once(store, "k", lambda _: b"", now=NOW)
    with store.writing() as connection:
        outbox.put(connection, "web", "lane", b"sealed", now=NOW)
        leftovers.keep(connection, "s" * 20, ("二",), now=NOW)

    dropped = retention.drop_old(store, 365, now=NOW + 3 * DAY)

    assert {name: dropped[name] for name in ("sessions", "receipts", "outbox", "leftovers")} == {
        "sessions": 1,
        "receipts": 1,
        "outbox": 1,
        "leftovers": 1,
    }


def test_it_is_done_by_hand_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`forget --old` says what went, and when there is nothing more."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YIWENTONG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("YIWENTONG_RETENTION_DAYS", "1")
    store = opened(url_of(tmp_path, None))
    add(store, JOURNAL, id="one", at=5)
    store.close()

    first, second = (CliRunner().invoke(main, ["forget", "--old"]) for _ in range(2))

    assert (first.exit_code, first.stdout) == (0, "已删除过了保留期的：问答记录1条。\n")
    assert (second.exit_code, second.stdout) == (0, "没有过了保留期的东西。\n")
