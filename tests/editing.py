"""A small folder of packs that a test edits, and a real program that serves it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from bot.bench_servers import children

SOUND = Path(__file__).parent / "data" / "packs"
DOCUMENTS = Path(__file__).parent / "data" / "documents"
QUESTION = {"text": "非透析职工限额多少", "region": "town"}
TOKEN = "the-token-of-the-tests"  # noqa: S105 - it guards nothing
ADMIN = {"Authorization": f"Bearer {TOKEN}"}
_URL = re.compile(r"http://[\d.:]+")
_PATIENCE = 60  # seconds that a busy machine may take


class Folder:
    """Packs whose limit for kidney disease without dialysis is what was written last."""

    def __init__(self, path: Path) -> None:
        self.path = path
        shutil.copytree(SOUND, path)
        self._benefits = path / "town" / "benefits.yaml"
        self._sound = self._benefits.read_text("utf-8")

    def write(self, yuan: int) -> None:
        """Publish another limit, in one piece."""
        self._put(self._sound.replace("8000", str(yuan)))

    def spoil(self) -> None:
        """Leave a mistake in a file."""
        self._put(self._sound.replace("limit:", "limt:"))

    def begin(self) -> None:
        """Leave a file half written."""
        self._benefits.write_text(self._sound[: len(self._sound) // 2], "utf-8")

    def _put(self, text: str) -> None:
        part = self._benefits.with_name(".part")
        part.write_text(text, "utf-8")
        part.replace(self._benefits)


def until(true: Callable[[], bool]) -> float:
    """Wait until something holds; how many seconds that took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < _PATIENCE, "it never came true"
        time.sleep(0.01)
    return time.monotonic() - began


class Program:
    """`yiwentong serve`, as a person starts it."""

    def __init__(self, process: subprocess.Popen[str], url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self.log = log

    @property
    def workers(self) -> list[int]:
        """The processes that the parent keeps."""
        return children(self.process.pid)

    def ask(self, client: httpx.Client) -> httpx.Response:
        """Ask for the limit that the packs tell."""
        return client.post(f"{self.url}/api/v1/ask", json=QUESTION)

    def reload(self) -> httpx.Response:
        """Ask for a reload."""
        with httpx.Client(trust_env=False, timeout=_PATIENCE) as client:
            return client.post(f"{self.url}/admin/reload", headers=ADMIN)

    def serving(self) -> dict[int, str]:
        """Which packs each worker serves; a fresh connection comes to any of them."""
        found: dict[int, str] = {}
        until(lambda: self._add(found) or set(self.workers) <= set(found))
        return found

    def _add(self, found: dict[int, str]) -> None:
        # One that was just killed may have had the connection.
        with suppress(httpx.TransportError), httpx.Client(trust_env=False, timeout=10) as client:
            said = client.get(f"{self.url}/admin/reload", headers=ADMIN).json()
            found[said["process"]] = said["packs"]


def alive(pid: int) -> bool:
    """Whether a process is there, and is no zombie."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    return False


@contextmanager
def running(folder: Folder, home: Path, *words: str, **more: str) -> Iterator[Program]:
    """Run the program over a folder of packs, with its database and its log in `home`."""
    settings = {
        "PACKS_DIR": str(folder.path),
        "DATA_DIR": str(home / "data"),
        "CACHE_DIR": str(folder.path.parent / "cache"),
        "ADMIN_TOKEN": TOKEN,
        "REQUESTS_PER_MINUTE": "0",
        "SESSION_REQUESTS_PER_MINUTE": "0",
        **more,
    }
    home.mkdir(exist_ok=True)
    log = home / "log"
    kept = {key: text for key, text in os.environ.items() if not key.startswith("YIWENTONG_")}
    root = str(Path(__file__).parents[1])
    environment = kept | {f"YIWENTONG_{key}": text for key, text in settings.items()}
    command = [sys.executable, "-m", "bot", "serve", "--port", "0", *words]
    with (
        log.open("w") as errors,
        subprocess.Popen(  # noqa: S603 - our own interpreter on our own module
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=home,
            env=environment | {"PYTHONPATH": root},
        ) as process,
    ):
        try:
            assert process.stdout is not None
            found = next((one for line in process.stdout if (one := _URL.search(line))), None)
            assert found, log.read_text("utf-8")
            yield Program(process, found[0], log)
        finally:
            process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE)
            process.kill()
