"""The compiled snapshot: only a shortcut, never a second truth."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from knowledge import snapshot
from knowledge.errors import NoPacks
from knowledge.pack import load as load_packs
from knowledge.snapshot import cache_home, key_of, load, path_of

SOUND = Path(__file__).parent / "data" / "packs"


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """A copy of the sound packs that a test may change."""
    folder = tmp_path / "packs"
    shutil.copytree(SOUND, folder)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache folder that does not exist yet."""
    return tmp_path / "home" / "cache"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were read as YAML."""
    seen: list[Path] = []

    def counted(folder: Path) -> object:
        seen.append(folder)
        return load_packs(folder)

    monkeypatch.setattr(snapshot, "load_packs", counted)
    return seen


def file_of(packs: Path, cache: Path) -> Path:
    """Return the snapshot's file."""
    path = path_of(packs, cache)
    assert path is not None
    return path


def test_the_snapshot_gives_the_same_library(packs: Path, cache: Path) -> None:
    """The library read back equals the one that was written and the one from YAML."""
    first, second = load(packs, cache=cache), load(packs, cache=cache)

    assert first == second == load_packs(packs)


def test_the_second_load_reads_no_yaml(packs: Path, cache: Path, reads: list[Path]) -> None:
    """The packs are parsed once; after that the snapshot answers."""
    load(packs, cache=cache)
    load(packs, cache=cache)

    assert reads == [packs]


def test_the_snapshot_is_private(packs: Path, cache: Path) -> None:
    """Nobody else can read or write the cache folder or the snapshot."""
    load(packs, cache=cache)

    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(file_of(packs, cache).stat().st_mode) == 0o600
    assert len(list(cache.iterdir())) == 1


def test_a_changed_pack_is_read_again(packs: Path, cache: Path) -> None:
    """A pack file that changes is seen at the next load."""
    load(packs, cache=cache)
    faq = packs / "town" / "faq.yaml"
    faq.write_text(faq.read_text(encoding="utf-8").replace("小程序办理", "办理"), encoding="utf-8")

    assert load(packs, cache=cache).pack("town").faqs[0].says == "打开平安通办理。"


def test_a_change_that_keeps_size_and_time_is_seen(packs: Path, cache: Path) -> None:
    """An upgrade that sets the old time on a file of the same size is still read again."""
    load(packs, cache=cache)
    faq = packs / "town" / "faq.yaml"
    seen = faq.stat()
    faq.write_text(faq.read_text(encoding="utf-8").replace("办理。", "申请。"), encoding="utf-8")
    os.utime(faq, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    assert load(packs, cache=cache).pack("town").faqs[0].says == "打开平安通小程序申请。"


def test_a_new_file_is_seen(packs: Path) -> None:
    """A pack file that is added or removed changes the key."""
    before = key_of(packs)
    (packs / "town" / "terms.yaml").write_text("[]")

    assert key_of(packs) != before


def test_another_schema_does_not_read_the_snapshot(
    packs: Path, cache: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot of other record types is built again."""
    load(packs, cache=cache)
    monkeypatch.setattr(snapshot, "READER", snapshot.READER + 1)
    load(packs, cache=cache)

    assert len(reads) == 2


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x93\x01", b"\xc1" * 1000])
def test_a_corrupt_snapshot_is_built_again(packs: Path, cache: Path, junk: bytes) -> None:
    """A snapshot that cannot be decoded is silently replaced."""
    library = load(packs, cache=cache)
    file = file_of(packs, cache)
    file.write_bytes(junk)

    assert load(packs, cache=cache) == library
    assert file.read_bytes() != junk


def test_a_changed_figure_in_the_snapshot_is_not_believed(packs: Path, cache: Path) -> None:
    """A snapshot that decodes but whose digest is wrong is built again."""
    library = load(packs, cache=cache)
    file = file_of(packs, cache)
    file.write_bytes(file.read_bytes().replace("8000元".encode(), "9000元".encode()))

    assert load(packs, cache=cache) == library


def test_a_snapshot_that_others_can_write_is_not_believed(
    packs: Path, cache: Path, reads: list[Path]
) -> None:
    """A snapshot open to other users is read by nobody and replaced."""
    load(packs, cache=cache)
    file_of(packs, cache).chmod(0o666)
    load(packs, cache=cache)

    assert len(reads) == 2
    assert stat.S_IMODE(file_of(packs, cache).stat().st_mode) == 0o600


def test_a_snapshot_of_another_user_is_not_believed(
    packs: Path, cache: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot that another user owns is passed over, and left alone."""
    load(packs, cache=cache)
    before = file_of(packs, cache).read_bytes()
    monkeypatch.setattr(os, "getuid", lambda: 4321)
    load(packs, cache=cache)

    assert len(reads) == 2
    assert file_of(packs, cache).read_bytes() == before


def test_a_link_in_place_of_the_snapshot_is_not_followed(
    packs: Path, cache: Path, tmp_path: Path, reads: list[Path]
) -> None:
    """A symbolic link where the snapshot should be is not read through."""
    load(packs, cache=cache)
    file = file_of(packs, cache)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    load(packs, cache=cache)

    assert len(reads) == 2
    assert not file.is_symlink()


def test_a_pipe_in_place_of_the_snapshot_does_not_hang(packs: Path, cache: Path) -> None:
    """A named pipe where the snapshot should be is no file of ours."""
    load(packs, cache=cache)
    file = file_of(packs, cache)
    file.unlink()
    os.mkfifo(file, 0o600)

    assert load(packs, cache=cache).regions == ("general", "town")


def test_a_cache_that_cannot_be_written_is_no_error(packs: Path, tmp_path: Path) -> None:
    """Where the cache folder cannot be made, the packs are read from YAML every time."""
    blocked = tmp_path / "file"
    blocked.write_text("")

    assert load(packs, cache=blocked / "cache") == load_packs(packs)


def test_an_open_cache_folder_of_ours_is_closed(packs: Path, cache: Path) -> None:
    """A cache folder that an older umask left open is closed before it is used."""
    cache.mkdir(parents=True, mode=0o755)
    load(packs, cache=cache)

    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_the_cache_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG_CACHE_HOME says where caches lie; a relative one is ignored."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache/me")
    given = cache_home()
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/me")

    assert given == Path("/var/cache/me/yiwentong")
    assert cache_home() == Path("/home/me/.cache/yiwentong")


def test_two_folders_have_two_snapshots(packs: Path, cache: Path) -> None:
    """Snapshots of different folders do not displace each other."""
    assert path_of(packs, cache) != path_of(SOUND, cache)


def test_an_absent_folder_says_so(tmp_path: Path) -> None:
    """A folder without packs is an error with its name, not an empty library."""
    with pytest.raises(NoPacks, match="no packs here"):
        load(tmp_path / "absent", cache=tmp_path)
