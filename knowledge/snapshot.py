"""The library, compiled: read back in milliseconds instead of parsing YAML at every start.

A snapshot is only a shortcut. It is used when it is ours (nobody else could have written it),
whole (its digest is right) and fresh (the pack files and the schema are those it was made of);
in every other case the packs are read again, and where it cannot be written, nothing is said.
It is msgpack, which can hold data and nothing else.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from threading import get_ident

import msgspec

from knowledge import schema
from knowledge.errors import NoPacks
from knowledge.pack import FIELDS, PACKS, Library, Pack
from knowledge.pack import load as load_packs
from knowledge.schema import Record

# Raised when the loader comes to read the same files differently.
READER = 1


class Snapshot(Record, kw_only=True):
    """Something as msgpack, the digest of those bytes, and the key of what it was made of."""

    key: str
    fingerprint: str
    body: msgspec.Raw


def load(folder: Path = PACKS, *, cache: Path | None = None) -> Library:
    """Return the library of a folder of packs, from its snapshot where that can be trusted.

    `cache` is the folder of snapshots; without it XDG_CACHE_HOME/yiwentong or ~/.cache/yiwentong.
    """
    # Taken before reading: a file that changes meanwhile makes the snapshot stale, not wrong.
    key = key_of(folder)
    path = path_of(folder, cache)
    library = read(path, key) if path else None
    if library is None:
        library = load_packs(folder)
        if path:
            write(path, key, msgspec.msgpack.encode(library.packs))
    return library


def path_of(folder: Path, cache: Path | None, kind: str = "packs") -> Path | None:
    """Return where a snapshot made of a folder lies; None where there is no cache to use."""
    home = cache or cache_home()
    name = blake2b(os.fsencode(folder.resolve()), digest_size=8).hexdigest()
    return home / f"{kind}-{name}.msgpack" if home else None


def cache_home() -> Path | None:
    """Return the user's cache folder for this project; None for a user without a home."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    if Path(given).is_absolute():  # The XDG specification has relative paths ignored.
        return Path(given) / "yiwentong"
    try:
        return Path.home() / ".cache" / "yiwentong"
    except RuntimeError:
        return None


def key_of(folder: Path) -> str:
    """Return a key that changes when a pack file or the schema does; no file is opened."""
    files = sorted(folder.glob("*/*.yaml"))
    if not files:
        raise NoPacks(folder)
    return marked(schema_mark(), files)


def marked(made_by: str, files: Iterable[Path]) -> str:
    """Return a key that changes when one of the files does, or what reads them."""
    digest = blake2b(made_by.encode(), digest_size=16)
    for file in files:
        seen = file.stat()
        # The time of the last change of the inode catches an upgrade that keeps size and mtime.
        mark = (str(file), seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
        digest.update(repr(mark).encode())
    return digest.hexdigest()


def schema_mark() -> str:
    """Describe every record type, so that a snapshot of other types is not read."""
    kinds = [value for value in vars(schema).values() if isinstance(value, type)]
    records = [kind for kind in [*kinds, Pack, Snapshot] if issubclass(kind, Record)]
    shapes = [(kind.__name__, kind.__annotations__, kind.__struct_defaults__) for kind in records]
    return repr((READER, msgspec.__version__, list(FIELDS.values()), shapes))


def read(path: Path, key: str) -> Library | None:
    """Read the packs' snapshot back; None where it is absent, not ours, not whole or not fresh."""
    snapshot = unsealed(path, key)
    if snapshot is None:
        return None
    try:
        packs = msgspec.msgpack.decode(snapshot.body, type=tuple[Pack, ...])
    except msgspec.MsgspecError:
        return None
    return Library(packs=packs, fingerprint=snapshot.fingerprint)


def unsealed(path: Path, key: str) -> Snapshot | None:
    """Read any snapshot; None where it is absent, not ours, not whole or not fresh."""
    try:
        snapshot = msgspec.msgpack.decode(read_private(path), type=Snapshot)
    except (OSError, msgspec.MsgspecError):
        return None
    fresh = snapshot.key == key and digest_of(snapshot.body) == snapshot.fingerprint
    return snapshot if fresh else None


def digest_of(body: bytes | msgspec.Raw) -> str:
    """Return the digest of what is encoded; that of the packs is the library's fingerprint."""
    return blake2b(body, digest_size=16).hexdigest()


def read_private(path: Path) -> bytes:
    """Read a file that nobody else could have written; PermissionError where somebody could."""
    if not is_private(path.parent.lstat()):
        raise PermissionError(path.parent)
    # Not through a link, which could point at somebody else's file; not waiting on a pipe.
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        seen = os.fstat(handle)
        if not stat.S_ISREG(seen.st_mode) or not is_private(seen):
            raise PermissionError(path)
        return file.read()


def is_private(seen: os.stat_result) -> bool:
    """Tell whether a file or folder is ours and closed to everybody else."""
    shared = stat.S_IMODE(seen.st_mode) & 0o077
    return seen.st_uid == os.getuid() and not shared and not stat.S_ISLNK(seen.st_mode)


def write(path: Path, key: str, body: bytes) -> None:
    """Write a snapshot in one piece; where that is not possible, leave things as they are."""
    snapshot = Snapshot(key=key, fingerprint=digest_of(body), body=msgspec.Raw(body))
    # Two processes, or two threads of one, must not write into the same unfinished file.
    part = path.with_name(f".{path.name}.{os.getpid()}.{get_ident():x}")
    try:
        make_private(path.parent)
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.msgpack.encode(snapshot))
        part.replace(path)
    except OSError:
        discard(part)


def make_private(folder: Path) -> None:
    """Make the cache folder, or close our own to everybody else; PermissionError if not ours."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.getuid():
        raise PermissionError(folder)
    if stat.S_IMODE(seen.st_mode) & 0o077:
        folder.chmod(0o700)


def discard(part: Path) -> None:
    """Remove what was written of a snapshot that could not be finished."""
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return
