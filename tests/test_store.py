"""The store: made on the first start, brought up on a later one, never half done."""

from __future__ import annotations

import ast
import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot import sessions
from bot.errors import StoreError
from bot.store import MIGRATIONS, NEWEST, Store, opened, url_of, version_of
from bot.tables import METADATA
from intents.dialogue import State


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store that is made for the first time: the embedded one, and one on a server."""
    address = None
    if request.param == "postgresql":
        address = request.getfixturevalue("server")
    made = opened(url_of(tmp_path / "deep" / "data", address))
    yield made
    with made.engine.begin() as connection:
        METADATA.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
    made.close()


def test_the_tables_are_those_of_the_migrations(store: Store) -> None:
    """Nothing stands in the code that no migration makes, nor the other way round."""
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_newest_migration_is_known() -> None:
    """A start that finds it does not load Alembic at all."""
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == NEWEST


@pytest.mark.parametrize(
    "file", sorted((MIGRATIONS / "versions").glob("0*.py")), ids=lambda f: f.stem
)
def test_a_migration_only_adds(file: Path) -> None:
    """The release before still reads and writes the tables: what is added may be left out."""
    up = next(
        one
        for one in ast.parse(file.read_text("utf-8")).body
        if isinstance(one, ast.FunctionDef) and one.name == "upgrade"
    )
    calls = [one for one in ast.walk(up) if isinstance(one, ast.Call)]
    done = {ast.unparse(one.func) for one in calls if ast.unparse(one.func).startswith("op.")}
    added = [one for one in calls if ast.unparse(one.func) == "op.add_column"]

    assert done <= {"op.create_table", "op.create_index", "op.add_column"}
    assert all(
        "nullable=True" in ast.unparse(one) or "server_default" in ast.unparse(one) for one in added
    )


def test_tables_of_a_later_release_will_do(store: Store) -> None:
    """While machines are brought up one after the other, the old program starts beside the new."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    again = opened(store.engine.url)

    assert again.is_ready()
    assert version_of(again) == "9999"
    again.close()


def test_tables_of_something_else_will_not_do(store: Store) -> None:
    """A database that another program keeps is left alone."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'ae1027a6acf'")

    with pytest.raises(StoreError, match="ae1027a6acf"):
        opened(store.engine.url)


def test_a_second_start_finds_everything(store: Store) -> None:
    """The tables are made once."""
    again = opened(store.engine.url)

    assert version_of(again) == NEWEST
    assert again.is_ready()
    again.close()


def test_the_database_is_for_its_owner_only(tmp_path: Path) -> None:
    """Others on the machine cannot read what people asked."""
    opened(url_of(tmp_path / "data", None)).close()

    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_two_processes_may_start_at_once(store: Store) -> None:
    """The tables are made by one of them, and found by the other."""
    with store.writing() as connection:
        METADATA.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: opened(store.engine.url), range(4)))

    assert {version_of(one) for one in made} == {NEWEST}
    for one in made:
        one.close()


def test_a_conversation_is_kept_alike_in_both(store: Store) -> None:
    """One code path: what is written is read back, the later of two writers is refused."""
    fresh = sessions.load(store, "s" * 22)

    assert sessions.save(store, fresh, State(topic="benefit"))
    assert not sessions.save(store, fresh, State())
    assert sessions.load(store, "s" * 22).state == State(topic="benefit")


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    """SQLite writes ahead into a log."""
    store = opened(url_of(tmp_path, None))
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    store.close()


@pytest.mark.parametrize("url", ["nonsense", "oracle+nothing://x", "mysql+nix://h/d"])
def test_an_address_that_is_none_is_said_to_be_none(tmp_path: Path, url: str) -> None:
    """The sentence names the setting."""
    with pytest.raises(StoreError, match="YIWENTONG_DATABASE_URL"):
        url_of(tmp_path, url)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="file"):
        opened(url_of(tmp_path / "file" / "data", None))


def test_a_broken_file_is_said_to_be_broken(tmp_path: Path) -> None:
    """What is no database is not written over."""
    (tmp_path / "yiwentong.db").write_bytes(b"no database at all, only words" * 99)

    with pytest.raises(StoreError, match=r"yiwentong\.db"):
        opened(url_of(tmp_path, None))


def test_a_database_that_hangs_holds_nobody_else_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work is done in a thread, waited for only so long, then done without the database."""
    monkeypatch.setattr("bot.store._PATIENCE", 0.05)
    monkeypatch.setattr("bot.store._FILE_PATIENCE", 0.05)
    release = threading.Event()

    async def asked() -> str:
        asked: list[str] = []

        def hang() -> str:
            asked.append(threading.current_thread().name)
            return str(len(asked) > 1 or release.wait(10))

        hanging = asyncio.ensure_future(store.run(hang))
        await asyncio.sleep(0)  # others go on meanwhile
        await hanging
        release.set()
        return " ".join(asked)

    assert asyncio.run(asked()) == "store_0 aside_0"
    assert store.is_away
