"""Where everything that must be kept is kept: an embedded SQLite file, or a database server.

One code path for both: SQLAlchemy core, and Alembic for the tables. A write is committed before
it is acknowledged. What is kept nowhere else is only what can be rebuilt from the packs.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import partial
from pathlib import Path
from threading import local
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    SQLAlchemyError,
)

from bot import metrics
from bot.errors import StoreError
from bot.memory import Memory
from bot.tables import SESSIONS
from bot.terminal import tell

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0003"  # the last migration; a test holds it against the folder
_FILE = "yiwentong.db"
_WRITERS = 4  # that wait for it in the order in which they came
_THREADS = 8  # that wait for a database server at once
_FILE_THREADS = 1  # a file has one writer; two threads of ours would only wait for each other
_PATIENCE = 4.0  # seconds that its answer is waited for
T = TypeVar("T")
_BUSY = 300  # milliseconds that a writer waits for another one; requests wait meanwhile
# Pages of the log that the file may be behind before a writer itself brings it up and waits for
# the disk; a server does it long before that, beside its requests.
_PAGES = 16_000
_LOCK = 7_493_021_118  # the advisory lock of PostgreSQL under which tables are made


class Store:
    """A database with the tables of this release, and Redis where that is set.

    Opened once a process, closed at its end.
    """

    def __init__(self, engine: Engine, memory: Memory | None = None) -> None:
        self.engine = engine
        self.memory = memory
        self._own = local()
        self._opened: list[Connection] = []
        self.threads = _FILE_THREADS if self.is_file else _THREADS
        self._pool = ThreadPoolExecutor(self.threads, "store")

    @property
    def is_file(self) -> bool:
        """Whether it is the embedded database, which has one writer at a time."""
        return self.engine.dialect.name == "sqlite"

    @property
    def writers(self) -> int:
        """How many threads are of use that write."""
        return 1 if self.is_file else _WRITERS

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with. Raises StoreError where the database is out of reach."""
        with _told(self.engine), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose writes are committed when the block ends. Raises StoreError."""
        with _told(self.engine), self.engine.begin() as connection:
            yield connection

    def within(self, work: Callable[[Connection], T]) -> T:
        """What work comes to that writes on a connection, committed by the time this returns.

        Each thread keeps a connection for it, which halves what a turn of a conversation waits.
        Raises what the work raises, and then nothing is kept; StoreError, and IntegrityError for a
        key that is there already.
        """
        with _told(self.engine):
            try:
                return self._within(work)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            self._own.connection = None  # the server went away: once more, on a fresh connection
            return self._within(work)

    def _within(self, work: Callable[[Connection], T]) -> T:
        connection = self._connection()
        with connection.begin():
            return work(connection)

    def _connection(self) -> Connection:
        """The connection of this thread for what it writes in one go."""
        kept: Connection | None = getattr(self._own, "connection", None)
        if kept is None or kept.closed:
            kept = self.engine.connect()
            self._own.connection = kept
            self._opened.append(kept)
        return kept

    def is_ready(self) -> bool:
        """Whether the database answers, and has our tables."""
        try:
            with self.reading() as connection:
                connection.execute(select(SESSIONS.c.seen).limit(1))
        except StoreError:
            return False
        return True

    def tidy(self) -> None:
        """Bring what was written to the log of a SQLite file into the file itself.

        It waits for the disk, so it belongs in a thread of its own; nobody else waits for it.
        Raises StoreError.
        """
        if self.is_file:
            with self.reading() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(PASSIVE)"))

    def wipe(self) -> bool:
        """Have nothing of what was dropped in the file of SQLite, nor in its log.

        Whether that is done: who reads at this moment may still need the log. As `tidy` it waits
        for the disk. A server looks after its files by itself. Raises StoreError.
        """
        if not self.is_file:
            return True
        self.tidy()  # most of it, while others go on writing
        with self.reading() as connection:
            found = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()
        return not found[0]

    async def run(self, work: Callable[[], T]) -> T:
        """Do work that uses the database, without holding up whoever does not.

        A server may hang and a file be locked, so it is done in a thread, and waited for as long
        as anybody waits for an answer. Raises what the work raises, and StoreError where the
        database does not answer.
        """
        known = copy_context()  # the id of the request, for the log
        doing = asyncio.get_running_loop().run_in_executor(self._pool, partial(known.run, work))
        try:
            return await asyncio.wait_for(doing, _PATIENCE)
        except TimeoutError as error:
            where = self.engine.url.render_as_string(hide_password=True)
            raise StoreError(where, tell("store_hangs")) from error

    def close(self) -> None:
        """Give the connections back."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for connection in self._opened:
            with suppress(SQLAlchemyError):
                connection.close()
        self.engine.dispose()
        if self.memory:
            self.memory.close()


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    except IntegrityError:  # for who writes to say what it means
        raise
    except SQLAlchemyError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise StoreError(where, str(getattr(error, "orig", error))) from error
    finally:
        metrics.stored(time.perf_counter() - began)


def url_of(folder: Path, database_url: str | None) -> URL:
    """Where the store lies: what the setting says, else a file in the folder for data.

    Raises StoreError for an address that is none.
    """
    if database_url is None:
        return URL.create("sqlite", database=str(folder / _FILE))
    try:
        url = make_url(database_url)
        if url.drivername == "postgresql":
            return url.set(drivername="postgresql+psycopg")
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(tell("store_address"), str(error)) from error
    return url


def opened(url: URL, memory: Memory | None = None) -> Store:
    """The store at an address, its tables made or brought up to this release. Raises StoreError.

    With a `memory` conversations and receipts lie there.
    """
    if url.get_backend_name() == "sqlite" and url.database:
        _make_private(Path(url.database))
    try:
        engine = create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    except ImportError as error:
        raise StoreError(url.render_as_string(hide_password=True), str(error)) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _settle)
    store = Store(engine, memory)
    try:
        _bring_up(store)
    except StoreError:
        store.close()
        raise
    return store


def _make_private(file: Path) -> None:
    """The folder for data and the file in it, for their owner only."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise StoreError(str(file), error.strerror or str(error)) from error


def _settle(connection: sqlite3.Connection, _record: object) -> None:
    """What every SQLite connection is told: readers and a writer at once, keys are held."""
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={_BUSY}",
        f"wal_autocheckpoint={_PAGES}",
        "foreign_keys=ON",
        "secure_delete=ON",  # zeros in the place of what is dropped
    ):
        connection.execute(f"PRAGMA {pragma}")


def _bring_up(store: Store) -> None:
    """Make the tables, or change those of an earlier release. Raises StoreError.

    Alembic is loaded only where there is something to do: most starts find everything as it is.
    """
    if version_of(store) == NEWEST:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with _told(store.engine), store.engine.connect() as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:  # a database of a later release
            raise StoreError(str(store.engine.url), str(error)) from error
        connection.commit()


def version_of(store: Store) -> str | None:
    """The migration that the tables are at; None where there are none yet. Raises StoreError."""
    with store.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: Any = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found) if found else None


def _lock(connection: Connection) -> None:
    """Let one process after the other make the tables: several workers start at once."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("BEGIN IMMEDIATE"))
    elif connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
