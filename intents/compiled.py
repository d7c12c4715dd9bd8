"""The engine, compiled: read back in milliseconds instead of built at every start.

It is made of the library and of this package, with the help of a few others; where any of them
changes, it is built again. `knowledge.snapshot` says when a snapshot can be trusted.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import msgspec

from intents.building import Engine, engine
from knowledge.pack import PACKS, Library
from knowledge.snapshot import marked, path_of, unsealed, write

HERE = Path(__file__).parent
# What names and phrasings are read with: another release may read them differently.
_HELPERS = ("msgspec", "opencc", "pypinyin", "rapidfuzz", "rjieba", "jieba")


def load(library: Library, *, folder: Path = PACKS, cache: Path | None = None) -> Engine:
    """Return the engine of a library, from its snapshot where that can be trusted.

    `folder` is that of its packs, and `cache` that of snapshots, as in `knowledge.snapshot.load`.
    """
    # Taken before building: a file that changes meanwhile makes the snapshot stale, not wrong.
    key = key_of(library)
    path = path_for(folder, cache)
    made = read(path, key) if path else None
    if made is None:
        made = engine(library)
        if path:
            write(path, key, msgspec.msgpack.encode(made))
    return made


def path_for(folder: Path, cache: Path | None) -> Path | None:
    """Return where the snapshot lies that this copy of the program makes of a folder of packs."""
    packs = folder.resolve()
    return path_of(HERE / packs.relative_to(packs.anchor), cache, "engine")


def key_of(library: Library) -> str:
    """Return a key that changes when the library, this package or one that it uses does."""
    return marked(library.fingerprint, []) + made_by()


def made_by() -> str:
    """Return a key that changes when this package or one that it uses does."""
    return marked(sys.version, [*_own(), *_helpers()])


def _own() -> Iterator[Path]:
    yield from sorted(file for file in HERE.rglob("*") if file.suffix in {".py", ".yaml"})


def _helpers() -> Iterator[Path]:
    for name in _HELPERS:
        spec = find_spec(name)
        if spec and spec.origin:
            yield Path(spec.origin)


def read(path: Path, key: str) -> Engine | None:
    """Read the engine's snapshot back; None where it cannot be trusted."""
    snapshot = unsealed(path, key)
    if snapshot is None:
        return None
    try:
        with uncollected():
            return msgspec.msgpack.decode(snapshot.body, type=Engine)
    except msgspec.MsgspecError:
        return None


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector, which goes through all that is read again and again."""
    active = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if active:
            gc.enable()
