"""Several processes at one address: kept, drained, ended, and all of one mind after a reload.

TEST_RELOADS=100 has the load last for a hundred reloads instead of a few.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import httpx
import pytest
from editing import Folder, Program, alive, running, until

RELOADS = int(os.environ.get("TEST_RELOADS", "3"))
_CLIENTS = 4
_PAUSE = 0.01  # seconds between two questions of one of them: the machine has others to serve
_PROMISED = 5.0  # seconds after which every worker answers with what was reloaded


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The packs of a small town, and beside them what is compiled of them."""
    return Folder(tmp_path_factory.mktemp("town") / "packs")


@pytest.fixture
def folder(edited: Folder) -> Folder:
    """Those packs as they were, to be edited."""
    edited.write(8000)
    return edited


@pytest.fixture
def program(folder: Folder, tmp_path: Path) -> Iterator[Program]:
    """Two workers over one embedded database."""
    with running(folder, tmp_path / "home", "--workers", "2") as made:
        until(lambda: len(made.workers) == 2)
        yield made


class Load:
    """People who ask all the time; what they were answered, by the packs that the answer names."""

    def __init__(self, program: Program) -> None:
        self.answers: list[tuple[int, str, str]] = []
        self._program = program
        self._over = threading.Event()
        self._people = ThreadPoolExecutor(_CLIENTS)

    def __enter__(self) -> Self:
        self._asking = [self._people.submit(self._ask) for _ in range(_CLIENTS)]
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for one in self._asking:
            one.result()
        self._people.shutdown()

    def _ask(self) -> None:
        with httpx.Client(trust_env=False, timeout=30) as client:
            while not self._over.is_set():
                said = self._program.ask(client)
                told = said.json()
                self.answers.append((said.status_code, told["packs"], told["text"]))
                time.sleep(_PAUSE)


def test_no_request_fails_over_reloads(program: Program, folder: Folder) -> None:
    """Under load each answer is of one version, and all workers follow each reload."""
    version = {}
    slowest = 0.0
    with Load(program) as load:
        until(lambda: len(load.answers) > 10)
        for number in range(RELOADS):
            yuan = 9000 + number % 7
            folder.write(yuan)
            done = program.reload().json()
            assert done["outcome"] == "loaded", done
            version[done["packs"]] = f"{yuan}元"
            version.setdefault(done["before"], "8000元")
            packs = done["packs"]
            slowest = max(slowest, until(lambda p=packs: set(program.serving().values()) == {p}))  # type: ignore[misc]
    print(f"{RELOADS} reloads, {len(load.answers)} answers, slowest {slowest:.2f} s")  # noqa: T201
    assert {status for status, _, _ in load.answers} == {200}
    assert all(version[packs] in text for _, packs, text in load.answers)
    assert RELOADS < 100 or slowest < _PROMISED


def test_a_broken_folder_stops_nobody(program: Program, folder: Folder) -> None:
    """Refused packs leave every worker as it was, also one that is started afterwards."""
    before = set(program.serving().values())
    folder.spoil()
    assert program.reload().status_code == 422

    os.kill(program.workers[0], signal.SIGKILL)
    until(lambda: len(program.workers) == 2)

    assert set(program.serving().values()) == before


def test_a_worker_that_dies_is_replaced(program: Program, folder: Folder) -> None:
    """The one in its place begins with the packs that are served by now; counts go on."""
    folder.write(9000)
    packs = program.reload().json()["packs"]
    until(lambda: set(program.serving().values()) == {packs})
    with httpx.Client(trust_env=False, timeout=30) as client:
        for _ in range(5):
            program.ask(client)
    folder.begin()  # a half-written file is nothing to begin with
    died = program.workers[0]
    os.kill(died, signal.SIGKILL)
    until(lambda: len(program.workers) == 2 and died not in program.workers)

    assert set(program.serving().values()) == {packs}
    counted = httpx.get(f"{program.url}/metrics", trust_env=False, timeout=30).text
    assert 'kind="answered",region="town",status="answered"} 5.0' in counted


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_them(program: Program, tmp_path: Path, number: int) -> None:
    """Every worker ends with its parent, and nothing is left behind."""
    workers = program.workers

    program.process.send_signal(number)

    assert program.process.wait(60) == 0
    assert not any(alive(pid) for pid in workers)
    with pytest.raises(httpx.ConnectError):
        httpx.get(program.url, trust_env=False)
    assert "fault" not in (tmp_path / "home" / "log").read_text("utf-8")


def test_workers_end_with_a_parent_that_was_killed(program: Program) -> None:
    """Nobody goes on serving whom nobody keeps."""
    workers = program.workers

    program.process.kill()

    until(lambda: not any(alive(pid) for pid in workers))


def test_what_is_under_way_is_finished(program: Program) -> None:
    """A request that was begun before the signal to end is answered."""
    host, port = program.url.removeprefix("http://").split(":")
    body = b'{"text": "hi"}'
    head = (
        f"POST /api/v1/ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Expect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), 30) as talk:
        talk.sendall(head.encode())
        assert talk.recv(4096).startswith(b"HTTP/1.1 100")  # a worker has it in hand
        program.process.send_signal(signal.SIGTERM)
        until(lambda: b"ending" in program.log.read_bytes())
        talk.sendall(body)
        assert talk.recv(4096).startswith(b"HTTP/1.1 200")
    assert program.process.wait(60) == 0


def test_a_watched_folder_goes_live_everywhere(folder: Folder, tmp_path: Path) -> None:
    """With --watch no reload need be asked for, and each worker looks by itself."""
    with running(folder, tmp_path / "home", "--workers", "2", "--watch") as program:
        before = set(program.serving().values())
        folder.begin()
        folder.write(9000)

        until(lambda: not before & set(program.serving().values()))

        assert len(set(program.serving().values())) == 1
