"""What could not be written to a server, on the disk until it can: files of one process each.

A record is on the disk when `add` returns. A file is locked for as long as its process lives, so
that what a dead one left behind can be told and taken over. All files together are bounded: beyond
that the oldest ones are dropped, and counted.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from errno import ENOSPC
from itertools import islice
from pathlib import Path
from threading import Lock

import msgspec
import structlog
from msgspec import Struct

from bot import metrics
from bot.journal import Line

MOST = 64 * 1024 * 1024  # bytes of all files together
_HELD = 10_000  # records that are held where the disk takes none: some megabytes
_AT_ONCE = 200  # of them that are written together: where there is no room nobody tries them all
_PARTS = 16  # files that a process that spools for long has at least
_log = structlog.get_logger("yiwentong")


class Written(Struct, frozen=True, tag="line"):
    """A line of the journal."""

    line: Line


class Letter(Struct, frozen=True, tag="letter"):
    """Something to send, as it would lie in the outbox; `number` is below zero."""

    number: int
    at: int
    channel: str
    lane: str
    sealed: bytes


class Done(Struct, frozen=True, tag="done"):
    """A letter of this file that was sent, or never will be."""

    number: int


class Forgotten(Struct, frozen=True, tag="forgotten"):
    """A conversation that went on without its state, so that what is kept of it holds no more."""

    session: str
    at: int


Record = Written | Letter | Done | Forgotten
Apply = Callable[[tuple[Record, ...]], tuple[Record, ...]]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Record).decode


class Spool:
    """The spool of a process in a folder that several share; without a folder it is only held."""

    def __init__(self, folder: Path | None, *, most: int = MOST) -> None:
        self._folder = folder
        self._most = most
        self._lock = Lock()
        self._flushing = Lock()
        self._file: _File | None = None
        self._full: deque[_File] = deque()  # of this process, the oldest first
        self._held: deque[Record] = deque()  # that the disk did not take
        self.count = 0  # records that this process has not got rid of yet

    def add(self, records: Iterable[Record]) -> None:
        """Keep records; where the disk takes none they are held as long as the process lives."""
        with self._lock:
            before = len(self._held)
            self._held.extend(records)
            self.count += len(self._held) - before
            try:
                while self._held:
                    some = tuple(islice(self._held, _AT_ONCE))
                    self._write(b"".join(_encode(one) + b"\n" for one in some))
                    for _ in some:
                        self._held.popleft()
            except OSError as error:
                _log.error("not spooled", why=error.strerror, held=len(self._held))
                while len(self._held) > _HELD:
                    self._held.popleft()
                    self._lost(1)
        metrics.spooled(self.count)

    def _write(self, raw: bytes) -> None:
        if self._folder is None:
            raise OSError(0, "no folder")
        if self._file is None or self._file.size > self._most // _PARTS:
            self._turn_over()
            self._file = _opened(self._folder)
        self._make_room(self._folder, len(raw))
        self._file.append(raw)

    def _turn_over(self) -> None:
        """Begin another file with the next record."""
        if self._file is not None:
            self._full.append(self._file)
            self._file = None

    def _make_room(self, folder: Path, wanted: int) -> None:
        """Drop the oldest files, as far as their processes are dead or it is our own."""
        sizes = {path: _size_of(path) for path in folder.glob("*.jsonl")}
        own = {one.path: one for one in self._full}
        busy = self._file.path if self._file else None
        for path in sorted(sizes, key=_written_at):
            if sum(sizes.values()) + wanted <= self._most:
                return
            if path == busy:
                continue
            if path in own:
                self._full.remove(own[path])
                own[path].close()
            lines = _read(path).count(b"\n")
            if path in own or _is_dead(path):
                path.unlink(missing_ok=True)
                self._lost(lines, own=path in own)
                del sizes[path]

    def _lost(self, count: int, *, own: bool = True) -> None:
        self.count -= count if own else 0
        metrics.journal("lost", count)
        _log.error("dropped from the spool", records=count)

    def flush(self, apply: Apply) -> None:
        """Have the records written to where they belong; `apply` says what is left of them.

        Raises what `apply` raises, and then they stay. Nobody who adds waits for it.
        """
        if not self._flushing.acquire(blocking=False):
            return
        try:
            with self._lock:
                self._turn_over()
            while self._full:
                file = self._full[0]
                self._settle(_records(file.read()), apply)
                with suppress(ValueError):  # dropped meanwhile, to make room
                    self._full.remove(file)
                file.path.unlink(missing_ok=True)
                file.close()
            self._flush_held(apply)
        finally:
            self._flushing.release()
            metrics.spooled(self.count)

    def _flush_held(self, apply: Apply) -> None:
        # Taken out first: who adds meanwhile would write them to a file, and they counted twice.
        with self._lock:
            held = tuple(self._held)
            self._held.clear()
        try:
            self._settle(held, apply)
        except BaseException:
            with self._lock:
                self._held.extendleft(reversed(held))
            raise

    def _settle(self, records: tuple[Record, ...], apply: Apply) -> None:
        if not records:
            return
        left = apply(records)
        with self._lock:
            self.count -= len(records)
        if left:
            self.add(left)

    def adopt(self, apply: Apply) -> None:
        """Have the records of dead processes written; what is left of them is ours. Raises so."""
        for path in sorted(self._folder.glob("*.jsonl") if self._folder else (), key=_written_at):
            with suppress(OSError), path.open("rb") as file:
                if not _locked(file.fileno()):  # its process lives
                    continue
                if left := apply(_records(file.read())):
                    self.add(left)
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let the files go; one with nothing in it is no more."""
        with self._lock:
            self._turn_over()
            for file in self._full:
                if file.size == 0:
                    file.path.unlink(missing_ok=True)
                file.close()
            self._full.clear()


class _File:
    """A file of this process, locked."""

    def __init__(self, path: Path, number: int) -> None:
        self.path = path
        self._number = number
        self.size = 0

    def append(self, raw: bytes) -> None:
        """Write all of it and wait for the disk, or nothing. Raises OSError."""
        done = False
        try:
            done = os.pwrite(self._number, raw, self.size) == len(raw)
            os.fsync(self._number)
        finally:
            if not done:
                with suppress(OSError):
                    os.ftruncate(self._number, self.size)
        if not done:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        self.size += len(raw)

    def read(self) -> bytes:
        return os.pread(self._number, self.size, 0)

    def close(self) -> None:
        os.close(self._number)


def _opened(folder: Path) -> _File:
    """A new file, for its owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{os.getpid()}-{secrets.token_hex(4)}.jsonl"
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    _locked(number)
    return _File(path, number)


def _locked(number: int) -> bool:
    """Lock a file that nobody has locked; whether it could be done."""
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_dead(path: Path) -> bool:
    """Whether no process has a file any more."""
    with suppress(OSError), path.open("rb") as file:
        return _locked(file.fileno())
    return False


def _records(raw: bytes) -> tuple[Record, ...]:
    """The records of a file; a last line that was broken off is none."""
    found: list[Record] = []
    for line in raw.splitlines():
        with suppress(msgspec.MsgspecError):
            found.append(_decode(line))
    return tuple(found)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
