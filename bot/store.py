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

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    event,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as TimeoutError_

from bot import metrics
from bot.aside import Aside
from bot.breaker import Breaker
from bot.clock import seconds
from bot.errors import StoreError
from bot.memory import Memory
from bot.tables import SESSIONS, SIGNALS
from bot.terminal import tell
from bot.unspooling import unspooled

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0003"  # the last migration; a test holds it against the folder
_FILE = "yiwentong.db"
_WRITERS = 4  # that wait for it in the order in which they came
_THREADS = 8  # that wait for a database server at once
_FILE_THREADS = 1  # a file has one writer; two threads of ours would only wait for each other
_PATIENCE = 3.0  # seconds that its answer is waited for
_MENDED = "mended"  # the signal that is written to see whether anything can be
# A file does not hang: a lock is given up much sooner, and a slow machine is only slow.
_FILE_PATIENCE = 20.0
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

    def __init__(
        self, engine: Engine, memory: Memory | None = None, *, spool: Path | None = None
    ) -> None:
        self.engine = engine
        self.memory = memory
        self.aside = Aside(spool)
        self.breaker = Breaker("database", self._mended)
        if memory:
            memory.back = self.unspool
        self._own = local()
        self._opened: list[Connection] = []
        self.threads = _FILE_THREADS if self.is_file else _THREADS
        self._pool = ThreadPoolExecutor(self.threads, "store")

    @property
    def is_file(self) -> bool:
        """Whether it is the embedded database, which has one writer at a time."""
        return self.engine.dialect.name == "sqlite"

    @property
    def is_away(self) -> bool:
        """Whether the database is taken to be out of reach."""
        return self.breaker.is_open

    @property
    def is_degraded(self) -> bool:
        """Whether the database or Redis is taken to be out of reach."""
        return self.is_away or (self.memory is not None and self.memory.is_away)

    @property
    def writers(self) -> int:
        """How many threads are of use that write."""
        return 1 if self.is_file else _WRITERS

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with. Raises StoreError where the database is out of reach."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose writes are committed when the block ends. Raises StoreError."""
        with self._told(), self.engine.begin() as connection:
            yield connection

    def within(self, work: Callable[[Connection], T]) -> T:
        """What work comes to that writes on a connection, committed by the time this returns.

        Each thread keeps a connection for it, which halves what a turn of a conversation waits.
        Raises what the work raises, and then nothing is kept; StoreError, and IntegrityError for a
        key that is there already.
        """
        with self._told():
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

    async def run(self, work: Callable[[], T], *, threads: ThreadPoolExecutor | None = None) -> T:
        """Do work that uses the database, without holding up whoever does not.

        A server may hang and a file be locked, so it is done in a thread, and waited for as long
        as anybody waits for an answer; then it is done once more, without the database. Raises
        what the work raises.
        """
        if self.is_degraded:
            return await self.without(work)
        doing = _begun(threads or self._pool, work)
        try:
            return await asyncio.wait_for(doing, _FILE_PATIENCE if self.is_file else _PATIENCE)
        except TimeoutError:
            self.hangs()
            return await self.without(work)

    async def without(self, work: Callable[[], T]) -> T:
        """Do work while a server is away, in a thread that waits for none."""
        return await _begun(self.aside.threads, work)

    def hangs(self) -> None:
        """The server was waited for in vain; nobody does so again before it is back."""
        self.breaker.failed(tell("store_hangs"))

    def unspool(self, *, dead: bool = False) -> None:
        """Write what was kept aside, also by processes that are `dead`. Raises StoreError."""
        self.aside.spool.flush(partial(unspooled, self, own=True))
        if dead:
            self.aside.spool.adopt(partial(unspooled, self, own=False))

    def _mended(self) -> None:
        """Raises StoreError as long as the database takes nothing that is written."""
        _bring_up(self)
        with self.writing() as connection:
            connection.execute(delete(SIGNALS).where(SIGNALS.c.name == _MENDED))
            connection.execute(insert(SIGNALS).values(name=_MENDED, number=0, at=seconds()))
        self.unspool()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong as StoreError; that the database is away is remembered."""
        if self.is_away:
            raise StoreError(shown(self.engine.url), tell("store_away"))
        try:
            with _told(self.engine):
                yield
        except StoreError as error:
            if _is_away(error.__cause__):
                self.breaker.failed(error)
            raise

    def close(self) -> None:
        """Give the connections and threads back; whoever uses it again is given new ones."""
        self.breaker.close()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = ThreadPoolExecutor(self.threads, "store")
        for connection in self._opened:
            with suppress(SQLAlchemyError):
                connection.close()
        self.engine.dispose()
        if self.memory:
            self.memory.close()
        self.aside.close()


def _is_away(error: BaseException | None) -> bool:
    """Whether an error says that the database is out of reach, or takes nothing that is written."""
    if not isinstance(error, OperationalError | InternalError | InterfaceError | TimeoutError_):
        return False
    # Another writer has it for a moment, or the two of them were in each other's way.
    return not any(word in str(error) for word in ("is locked", "is busy", "deadlock", "serialize"))


def _begun(threads: ThreadPoolExecutor, work: Callable[[], T]) -> asyncio.Future[T]:
    """Work in a thread, which knows the id of the request for the log."""
    known = copy_context()  # entered by one thread at a time
    return asyncio.get_running_loop().run_in_executor(threads, partial(known.run, work))


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    except IntegrityError:  # for who writes to say what it means
        raise
    except SQLAlchemyError as error:
        where = shown(engine.url)
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
    except ValueError:  # its words are a part of the address, which may be of the password
        raise StoreError(tell("store_address"), tell("setting_hidden")) from None
    return url


def shown(url: URL) -> str:
    """An address to be shown: without a password, also where it stands behind the question mark."""
    hidden = [key for key in url.query if "pass" in key.lower()]
    return url.difference_update_query(hidden).render_as_string(hide_password=True)


def opened(url: URL, memory: Memory | None = None, *, spool: Path | None = None) -> Store:
    """The store at an address, its tables made or brought up to this release. Raises StoreError.

    With a `memory` conversations and receipts lie there; `spool` is the folder for what can be
    written only later.
    """
    if url.get_backend_name() == "sqlite" and url.database:
        _make_private(Path(url.database))
    try:
        engine = create_engine(url, **_manner(url))
    except ImportError as error:
        raise StoreError(shown(url), str(error)) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _settle)
    store = Store(engine, memory, spool=spool)
    try:
        _bring_up(store)
    except StoreError:
        store.close()
        raise
    return store


def _manner(url: URL) -> dict[str, Any]:
    """How long a database is waited for, as far as its driver can tell."""
    if url.get_backend_name() == "sqlite":
        return {}
    manner: dict[str, Any] = {"pool_pre_ping": True, "pool_timeout": _PATIENCE}
    if url.get_backend_name() == "postgresql":
        # A machine that is gone says nothing: the kernel gives its connections up.
        manner["connect_args"] = {
            "connect_timeout": int(_PATIENCE),
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        }
    return manner


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
    if _is_up(version_of(store)):
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
        except CommandError as error:  # a database of something else
            raise StoreError(shown(store.engine.url), str(error)) from error
        connection.commit()


def _is_up(found: str | None) -> bool:
    """Whether tables are those of this release, or of a later one: that only adds to them.

    So machines are brought up one after the other, and back; a test holds what a migration may do.
    """
    return found is not None and found.isdecimal() and int(found) >= int(NEWEST)


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
