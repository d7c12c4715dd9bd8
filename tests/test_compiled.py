"""The compiled engine: only a shortcut, built again wherever it cannot be trusted."""

from __future__ import annotations

import gc
import stat
from pathlib import Path

import pytest
from msgspec import structs

from intents import compiled
from intents.building import Engine
from intents.compiled import key_of, load, path_for, read, uncollected
from intents.engine import understand
from knowledge.pack import PACKS, Library
from knowledge.pack import load as load_packs

SOUND = Path(__file__).parent / "data" / "packs"


@pytest.fixture(scope="module")
def small() -> Library:
    """A library that is quick to build an engine of."""
    return load_packs(SOUND)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache folder that does not exist yet."""
    return tmp_path / "cache"


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fingerprints of the libraries of which an engine was built."""
    seen: list[str] = []
    build = compiled.engine

    def counted(library: Library) -> Engine:
        seen.append(library.fingerprint)
        return build(library)

    monkeypatch.setattr(compiled, "engine", counted)
    return seen


def file_of(cache: Path) -> Path:
    """The snapshot's file."""
    path = path_for(PACKS, cache)
    assert path is not None
    return path


def test_the_snapshot_gives_the_same_engine(small: Library, cache: Path, builds: list[str]) -> None:
    """The engine read back equals the one that was built, and is not built twice."""
    first, second = load(small, cache=cache), load(small, cache=cache)

    assert first == second
    assert len(builds) == 1


def test_the_snapshot_understands_the_same(small: Library, cache: Path) -> None:
    """A question is understood alike by the engine that was built and by the one read back."""
    first, second = load(small, cache=cache), load(small, cache=cache)

    assert understand(first, "门特怎么办理") == understand(second, "门特怎么办理")


def test_the_snapshot_is_private(small: Library, cache: Path) -> None:
    """Nobody else can read or write the snapshot."""
    load(small, cache=cache)

    assert stat.S_IMODE(file_of(cache).stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_another_library_is_built_anew(small: Library, cache: Path, builds: list[str]) -> None:
    """A library with another fingerprint does not get the engine of this one."""
    load(small, cache=cache)
    load(structs.replace(small, fingerprint="other"), cache=cache)

    assert builds == [small.fingerprint, "other"]


def test_a_changed_file_makes_it_stale(
    small: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of this package that is added or changed changes the key."""
    monkeypatch.setattr(compiled, "HERE", tmp_path)
    keys = [key_of(small)]
    for text in ("[]", "[1]"):
        (tmp_path / "cues.yaml").write_text(text)
        keys.append(key_of(small))

    assert len(set(keys)) == 3


@pytest.mark.parametrize("junk", [b"", b"junk", b"\xc1" * 1000])
def test_a_corrupt_snapshot_is_built_again(
    small: Library, cache: Path, builds: list[str], junk: bytes
) -> None:
    """A snapshot that cannot be decoded is silently replaced."""
    made = load(small, cache=cache)
    file_of(cache).write_bytes(junk)

    assert load(small, cache=cache) == made
    assert len(builds) == 2
    assert file_of(cache).read_bytes() != junk


def test_a_changed_name_in_the_snapshot_is_not_believed(small: Library, cache: Path) -> None:
    """A snapshot that decodes but whose digest is wrong is not read."""
    load(small, cache=cache)
    file = file_of(cache)
    file.write_bytes(file.read_bytes().replace("门特".encode(), "门慢".encode()))

    assert read(file, key_of(small)) is None


def test_a_snapshot_that_others_can_write_is_not_believed(
    small: Library, cache: Path, builds: list[str]
) -> None:
    """A snapshot open to other users is passed over and replaced."""
    load(small, cache=cache)
    file_of(cache).chmod(0o666)
    load(small, cache=cache)

    assert len(builds) == 2


def test_a_cache_that_cannot_be_written_is_no_error(
    small: Library, tmp_path: Path, builds: list[str]
) -> None:
    """Where the cache folder cannot be made, the engine is built every time."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    load(small, cache=blocked / "cache")
    load(small, cache=blocked / "cache")

    assert len(builds) == 2


def test_the_collector_goes_on_afterwards() -> None:
    """The garbage collector pauses while the snapshot is read, and only then."""
    with uncollected():
        during = gc.isenabled()

    assert not during
    assert gc.isenabled()
