"""A PostgreSQL and a Redis of one's own, from Debian's programs; gone in the end."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGKILL, SIGTERM

from msgspec import Struct

from bot.errors import InputError
from bot.terminal import tell

_OWNER = "postgres"  # the server refuses to run as root
_PATIENCE = 20  # seconds for a server to listen
_PORTS = range(15_000, 30_000)  # below those that systems give to connections going out


class AbsentError(InputError):
    """A program that is not installed; the text says how it is."""

    def __init__(self, program: str, package: str) -> None:
        super().__init__(tell("bench_absent", program=program, package=package))


class Server(Struct, frozen=True):
    """A server that may be hung, killed and started again: its address, and the processes."""

    url: str
    start: Callable[[], None]
    signal: Callable[[int], None]
    pids: Callable[[], list[int]]


@contextmanager
def postgres(*, fsync: bool = True) -> Iterator[Server]:
    """Run a PostgreSQL with an empty database. Raises AbsentError.

    Without `fsync` what it keeps outlives its own death, and not that of the machine.
    """
    programs, owner = _programs(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="yiwentong-pg-"))
    data, port = folder / "data", free_port()
    if owner:
        shutil.chown(folder, owner, owner)
    password = _initialised(owner, programs, folder)
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
    options += "" if fsync else " -c fsync=off"
    control = programs / "pg_ctl"

    def start() -> None:
        log = folder / "log"
        _run(owner, control, "-D", data, "-l", log, "-w", "-o", options, "start")

    def signal(number: int) -> None:
        if number == SIGTERM:
            _run(owner, control, "-D", data, "-m", "immediate", "stop")
            return
        for pid in pids():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def pids() -> list[int]:
        first = int((data / "postmaster.pid").read_text().split("\n")[0])
        return [first, *children(first)]

    start()
    try:
        yield Server(f"postgresql://app:{password}@127.0.0.1:{port}/postgres", start, signal, pids)
    finally:
        with suppress(subprocess.CalledProcessError):  # it may have been stopped
            _run(owner, control, "-D", data, "-m", "immediate", "stop")
        with suppress(OSError):
            shutil.rmtree(folder)


def _initialised(owner: str | None, programs: Path, folder: Path) -> str:
    """Make an empty database; the password of its user."""
    password, secret = secrets.token_hex(8), folder / "password"
    secret.write_text(password)
    secret.chmod(0o644)  # the folder is its owner's
    words = ["-A", "scram-sha-256", "-U", "app", "--pwfile", secret, "-E", "UTF8", "--no-sync"]
    _run(owner, programs / "initdb", "-D", folder / "data", *words)
    return password


@contextmanager
def redis() -> Iterator[Server]:
    """Run a Redis that keeps what it holds when it is killed. Raises AbsentError."""
    program = shutil.which("redis-server")
    if program is None:
        raise AbsentError("Redis", "redis-server")
    port = free_port()
    running: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="yiwentong-redis-") as folder:
        words = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
        words += ["--save", "", "--appendonly", "yes"]

        def start() -> None:
            running[:] = [subprocess.Popen(words, stdout=subprocess.DEVNULL)]  # noqa: S603 - as above
            _await_port(port)

        def signal(number: int) -> None:
            running[0].send_signal(number)
            if number in {SIGKILL, SIGTERM}:
                running[0].wait(_PATIENCE)

        start()
        try:
            yield Server(
                f"redis://127.0.0.1:{port}/0", start, signal, lambda: [one.pid for one in running]
            )
        finally:
            signal(SIGKILL)


def children(parent: int) -> list[int]:
    """The processes that one has begun; none where the system does not say."""
    try:
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii")
    except OSError:
        return []
    return [int(pid) for pid in listed.split()]


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise AbsentError("PostgreSQL", "postgresql")
    return found[-1].parent


def _owner() -> str | None:
    """Who the server runs as: not root."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(_OWNER).pw_name
    raise AbsentError("PostgreSQL", "postgresql")


def _await_port(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise InputError(tell("bench_failed", command="redis-server", why=port))


def _run(owner: str | None, *words: object) -> None:
    command = [str(word) for word in words]
    if owner:
        command = ["runuser", "-u", owner, "--", *command]
    subprocess.run(command, check=True, capture_output=True, cwd="/")  # noqa: S603 - our own words


def free_port() -> int:
    """A port that nobody listens at, and that no connection going out is given meanwhile."""
    while True:
        port = secrets.choice(_PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
