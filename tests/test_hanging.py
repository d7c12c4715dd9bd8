"""A database that hangs or is locked holds up who needs it, and nobody else."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import httpx
import pytest
from databases import postgres
from msgspec import structs

from bot import agents, logins
from bot.logins import COOKIE
from bot.resources import Resources
from bot.server import application
from bot.store import opened, url_of

SESSION = "s" * 22
OWN = {"origin": "http://test"}
# Every address whose handler asks the database, and how it is asked.
NEEDS = [
    ("POST", "/api/v1/ask", {"json": {"text": "透析限额", "session": SESSION}}),
    ("POST", "/api/v1/feedback", {"json": {"session": SESSION, "rating": "up"}}),
    ("POST", "/chat", {"data": {"text": "透析限额", "session": SESSION}}),
    ("POST", "/print", {"data": {"session": SESSION, "region": "suzhou"}}),
    ("POST", "/desk/login", {"data": {"name": "小王", "password": "x"}}),
    ("POST", "/desk/logout", {}),
    ("GET", "/desk/login", {}),
    ("GET", "/desk", {}),
    ("GET", "/desk/search?q=tx", {}),
    ("GET", "/desk/flags", {}),
    ("GET", "/desk/notes", {}),
    ("POST", "/desk/ask", {"json": {"call": SESSION, "text": "透析限额"}}),
    ("POST", "/desk/note", {"json": {"text": "x"}}),
    ("GET", "/", {}),
    ("GET", "/readyz", {}),
    ("GET", "/admin/status", {"headers": {"authorization": "Bearer 0123456789abcdef"}}),
]


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """The address of a real server."""
    with postgres() as url:
        yield url


@contextmanager
def stopped(url: str) -> Iterator[None]:
    """The server's processes do nothing for a while, and their connections stay open."""
    with closing(opened(url_of(Path(), url))) as store, store.reading() as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        pids = [row[0] for row in connection.exec_driver_sql(query)]
        folder = connection.exec_driver_sql("SHOW data_directory").scalar_one()
        pids.append(int(Path(folder, "postmaster.pid").read_text().split()[0]))
    for pid in pids:
        _tell(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(pids):
            _tell(pid, signal.SIGCONT)


def _tell(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another process is writing the whole time."""
    with closing(sqlite3.connect(file)) as held:
        held.execute("BEGIN IMMEDIATE")
        yield


@asynccontextmanager
async def client(resources: Resources) -> AsyncIterator[httpx.AsyncClient]:
    """A program that asks several things at once, logged in at the desk."""
    settings = structs.replace(resources.settings, admin_token="0123456789abcdef")
    agents.add(resources.store, "小王", "correct horse")
    token = logins.begin(resources.store, "小王")
    app = application(structs.replace(resources, settings=settings))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    cookies = {COOKIE: token or ""}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", cookies=cookies, headers=OWN
    ) as made:
        yield made


async def answered(resources: Resources, hanging: Callable[[], object]) -> list[int]:
    """What all of them are answered, at once or when the database goes on; others meanwhile."""
    async with client(resources) as http:
        assert (await http.get("/desk")).status_code == 200
        with hanging():  # type: ignore[attr-defined]
            asked = [
                asyncio.create_task(http.request(method, path, **how))  # type: ignore[arg-type]
                for method, path, how in NEEDS
            ]
            for _ in range(20):
                for path in ("/healthz", "/metrics", "/api/v1/regions", "/chat"):
                    assert (await http.get(path)).status_code == 200
        return [(await task).status_code for task in asked]


def test_a_stopped_postgresql_holds_up_nobody_else(
    resources: Resources, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on only after others were answered; had the loop waited for it, nobody would be.

    What cannot be done without it is said to be so.
    """
    for patience in ("bot.store._PATIENCE", "bot.turns._PATIENCE", "bot.desk.pages._PATIENCE"):
        monkeypatch.setattr(patience, 20.0)
    monkeypatch.setattr("bot.census._PATIENCE", 0.02)  # every look at the metrics waits for it
    with closing(opened(url_of(Path(), postgres_url))) as store:
        on = structs.replace(resources, store=store)
        statuses = asyncio.run(answered(on, lambda: stopped(postgres_url)))

    assert all(status < 500 or status == 503 for status in statuses)


def test_a_locked_file_holds_up_nobody_else(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same, where another process is writing."""
    for patience in ("bot.store._PATIENCE", "bot.turns._PATIENCE", "bot.desk.pages._PATIENCE"):
        monkeypatch.setattr(patience, 20.0)
    monkeypatch.setattr("bot.store._BUSY", 20_000)
    url = resources.store.engine.url
    with closing(opened(url)) as store:
        on = structs.replace(resources, store=store)
        statuses = asyncio.run(answered(on, lambda: locked(Path(str(url.database)))))

    assert max(statuses) < 500
