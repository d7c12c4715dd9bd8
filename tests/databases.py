"""A real PostgreSQL and a real Redis of the tests' own, on ports of their own, gone at the end."""

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

import pytest
from msgspec import Struct

_OWNER = "postgres"  # the server refuses to run as root


def postgres_programs() -> Path:
    """The folder of the server's programs; skips the test where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no PostgreSQL: apt-get install -y postgresql")
    return found[-1].parent


class Server(Struct, frozen=True):
    """A server that may be hung, killed and started again: its address, and the processes."""

    url: str
    start: Callable[[], None]
    signal: Callable[[int], None]


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server; the address of an empty database on it."""
    with postgres_server() as server:
        yield server.url


@contextmanager
def postgres_server() -> Iterator[Server]:
    """Run a server that may be hung, killed and started again, with an empty database."""
    programs = postgres_programs()
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="yiwentong-pg-"))
    shutil.chown(folder, owner, owner) if owner else None
    password = secrets.token_hex(8)
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o644)
    port = _free_port()
    data = folder / "data"
    _run(owner, programs / "initdb", "-D", data, "-A", "scram-sha-256", "-U", "app",
         "--pwfile", secret, "-E", "UTF8", "--no-sync")  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    log = folder / "log"

    def start() -> None:
        _run(owner, programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")

    def signal(number: int) -> None:
        if number == SIGTERM:
            _run(owner, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
            return
        first = (data / "postmaster.pid").read_text().split("\n")[0]
        others = subprocess.run(["pgrep", "-P", first], check=False, capture_output=True)  # noqa: S603, S607
        for one in (first, *others.stdout.decode().split()):
            os.kill(int(one), number)

    start()
    try:
        yield Server(f"postgresql://app:{password}@127.0.0.1:{port}/postgres", start, signal)
    finally:
        with suppress(subprocess.CalledProcessError):  # a test may have stopped it
            _run(owner, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        with suppress(OSError):
            shutil.rmtree(folder)


@contextmanager
def redis() -> Iterator[Server]:
    """Run a Redis server that keeps what it holds when it is killed; skips without the program."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no Redis: apt-get install -y redis-server")
    port = _free_port()
    running: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="yiwentong-redis-") as folder:

        def start() -> None:
            words = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
            words += ["--save", "", "--appendonly", "yes"]
            running[:] = [subprocess.Popen(words, stdout=subprocess.DEVNULL)]  # noqa: S603 - as above
            _await_port(port)

        def signal(number: int) -> None:
            running[0].send_signal(number)
            if number in {SIGKILL, SIGTERM}:
                running[0].wait(10)

        start()
        try:
            yield Server(f"redis://127.0.0.1:{port}/0", start, signal)
        finally:
            signal(SIGKILL)


def _await_port(port: int) -> None:
    """Wait for a server to listen."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    pytest.fail(f"nothing listens at {port}")


def _owner() -> str | None:
    """Who the server runs as: not root."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(_OWNER).pw_name
    pytest.skip(f"PostgreSQL refuses root, and there is no user {_OWNER}")


def _run(owner: str | None, *words: object) -> None:
    command = [str(word) for word in words]
    if owner:
        command = ["runuser", "-u", owner, "--", *command]
    subprocess.run(command, check=True, capture_output=True, cwd="/")  # noqa: S603 - our own words


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
