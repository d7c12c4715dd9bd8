"""`yiwentong serve` as somebody starts it, to be killed, and started again over the same data."""

from __future__ import annotations

import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from signal import SIGKILL
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import msgspec
from databases import Server, postgres_server, redis
from msgspec import Struct
from sqlalchemy import create_engine, select

from bot.bench_servers import children, free_port
from bot.store import url_of
from bot.tables import JOURNAL

ROOT = Path(__file__).parents[2]
PATIENCE = 90  # seconds that a busy machine may take
_URL = re.compile(r"http://127\.0\.0\.1:\d+")
# Conversations as many as anybody wants: what bounds them has a case of its own.
_UNBOUND = {"REQUESTS_PER_MINUTE": "0", "SESSION_REQUESTS_PER_MINUTE": "0"}


class Storage(Struct, frozen=True):
    """Where a program keeps things: a name to print, its settings, and servers to do faults to."""

    name: str
    settings: Mapping[str, str] = {}
    database: Server | None = None
    memory: Server | None = None


SQLITE = Storage("SQLite")


@contextmanager
def servers() -> Iterator[Storage]:
    """A real PostgreSQL and a real Redis; skips where there is none of them."""
    with postgres_server() as database, redis() as memory:
        settings = {"DATABASE_URL": database.url, "REDIS_URL": memory.url}
        yield Storage("PostgreSQL and Redis", settings, database, memory)


@contextmanager
def storage(kind: str) -> Iterator[Storage]:
    """The embedded database for `file`, else both servers."""
    if kind == "file":
        yield SQLITE
    else:
        with servers() as made:
            yield made


class Program:
    """A server with one process or several, at a port that it keeps over its deaths."""

    def __init__(
        self,
        home: Path,
        storage: Storage = SQLITE,
        *,
        workers: int = 1,
        command: Sequence[str] = ("-m", "bot"),
        **settings: str,
    ) -> None:
        self.home = home
        self.data = home / "data"
        self.port = free_port()
        self._database_url = storage.settings.get("DATABASE_URL")
        self._settings = {
            "DATA_DIR": str(self.data),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "REGION": "suzhou",
            "SECRET": "the secret of the faults",
            **_UNBOUND,
            **storage.settings,
            **settings,
        }
        self._words = [*command, "serve", "--port", str(self.port), "--workers", str(workers)]
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """The process, or the parent of those that serve."""
        assert self._process is not None
        return self._process.pid

    @property
    def workers(self) -> list[int]:
        """The processes that serve."""
        return children(self.pid) or [self.pid]

    @property
    def log(self) -> str:
        """What the program has written down."""
        return (self.home / "log").read_text("utf-8", errors="replace")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        kept = {key: text for key, text in os.environ.items() if not key.startswith("YIWENTONG_")}
        own = {f"YIWENTONG_{key}": text for key, text in self._settings.items()}
        with (self.home / "log").open("a") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter on our own module
                [sys.executable, "-u", *self._words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self.home,
                env=kept | own | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
            )
        assert self._process.stdout is not None
        assert any(_URL.search(line) for line in self._process.stdout), self.log
        until(lambda: self.get("/healthz")[0] == 200)

    def kill(self, number: int = SIGKILL) -> int:
        """Send a signal to the process, and wait for its end; the status that it ends with."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._ended(self._process, PATIENCE)

    def stop(self) -> None:
        """End it, whatever state it is in."""
        process = self._process
        if process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            process.terminate()
            self._ended(process, 30)
            return
        for pid in [*children(self.pid), self.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, SIGKILL)
        self._ended(process, PATIENCE)

    @staticmethod
    def _ended(process: subprocess.Popen[str], seconds: float) -> int:
        status = process.wait(seconds)
        if process.stdout:
            process.stdout.close()
        return status

    def get(self, path: str) -> tuple[int, bytes]:
        """What an address answers: the status, 0 where nobody answers, and the body."""
        return self._opened(Request(f"http://127.0.0.1:{self.port}{path}"))

    def post(self, path: str, body: object) -> tuple[int, bytes]:
        """The same for something that is sent as JSON."""
        raw, head = msgspec.json.encode(body), {"content-type": "application/json"}
        return self._opened(Request(f"http://127.0.0.1:{self.port}{path}", raw, head))

    def _opened(self, request: Request) -> tuple[int, bytes]:
        try:
            with urlopen(request, timeout=30) as reply:  # noqa: S310 - our own server
                return reply.status, reply.read()
        except HTTPError as error:
            return error.code, error.read()
        except (URLError, OSError):
            return 0, b""

    def ready(self) -> dict[str, Any]:
        """What /readyz says; empty where nobody answers."""
        body = self.get("/readyz")[1]
        return msgspec.json.decode(body) if body else {}

    def journal(self) -> list[str]:
        """The ids of all turns that are kept, as they lie in the database."""
        with self.database() as connection:
            return list(connection.execute(select(JOURNAL.c.id)).scalars())

    @contextmanager
    def database(self) -> Iterator[Any]:
        """A connection to the database, past the program."""
        engine = create_engine(url_of(self.data, self._database_url))
        with closing(engine.connect()) as connection:
            yield connection
        engine.dispose()

    def is_sound(self) -> bool:
        """Whether the embedded database holds together."""
        with closing(sqlite3.connect(self.data / "yiwentong.db")) as file:
            return bool(file.execute("PRAGMA integrity_check").fetchone()[0] == "ok")

    def limit_files(self, size: int) -> None:
        """Let no file of the program grow beyond a size, as a quota does; -1 is any size."""
        for pid in {self.pid, *self.workers}:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def connections(self) -> int:
        """How many connections all processes have open."""
        lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
        own = f":{self.port:04X}"
        return sum(one.split()[1].endswith(own) and one.split()[3] == "01" for one in lines)

    def resident(self) -> float:
        """Megabytes of all processes together, what they share counted once."""
        pids = {self.pid, *self.workers}
        return round(sum(_proportional(pid) for pid in pids) / 1024, 1)


@contextmanager
def running(
    storage: Storage = SQLITE,
    *,
    workers: int = 1,
    home: Path | None = None,
    command: Sequence[str] = ("-m", "bot"),
    **settings: str,
) -> Iterator[Program]:
    """A program that runs, in a folder of its own."""
    with ExitStack() as left:
        folder = home or left.enter_context(temporary())
        program = Program(folder, storage, workers=workers, command=command, **settings)
        left.callback(program.stop)
        program.start()
        yield program


@contextmanager
def temporary() -> Iterator[Path]:
    """A folder that is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="yiwentong-faults-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def until(true: Any, seconds: float = PATIENCE) -> float:
    """Wait until something holds; the seconds that took. Raises TimeoutError."""
    began = time.monotonic()
    while not true():
        if time.monotonic() > began + seconds:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic() - began


def _proportional(pid: int) -> int:
    """Kilobytes of a process, its share of what several have in common."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
