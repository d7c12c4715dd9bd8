"""A real PostgreSQL and a real Redis of the tests' own; a test that has none is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from bot import bench_servers
from bot.bench_servers import AbsentError, Server

__all__ = ["Server", "postgres", "postgres_server", "redis"]


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server; the address of an empty database on it."""
    with postgres_server() as server:
        yield server.url


@contextmanager
def postgres_server() -> Iterator[Server]:
    """Run a server that may be hung, killed and started again, with an empty database."""
    # No test switches the machine off.
    with _or_skip(lambda: bench_servers.postgres(fsync=False)) as server:
        yield server


@contextmanager
def redis() -> Iterator[Server]:
    """Run a Redis server that keeps what it holds when it is killed."""
    with _or_skip(bench_servers.redis) as server:
        yield server


@contextmanager
def _or_skip(run: Callable[[], AbstractContextManager[Server]]) -> Iterator[Server]:
    """What runs, or a test that is skipped, with what is to be installed."""
    try:
        running = run()
        server = running.__enter__()
    except AbsentError as absent:
        pytest.skip(str(absent))
    try:
        yield server
    finally:
        running.__exit__(None, None, None)
