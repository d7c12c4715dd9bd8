"""What waits on the disk: written when `add` returns, bounded, and taken over from the dead."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.journal import Line
from bot.spool import Forgotten, Record, Spool, Written


def line(number: int, *, answered: str = "") -> Written:
    return Written(
        Line(
            f"t{number}",
            1,
            "web",
            "s",
            "",
            "p",
            "问",
            "answered",
            "",
            "{}",
            answered,
            "[]",
            b"\x80",
            1,
        )
    )


def names(records: tuple[Record, ...]) -> list[str]:
    return [one.line.id for one in records if isinstance(one, Written)]


class Sink:
    """What takes records, unless it is away."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.away = False

    def write(self, records: tuple[Record, ...]) -> tuple[Record, ...]:
        """Take records; conversations that are to be forgotten are left."""
        if self.away:
            raise ConnectionError
        self.taken += names(records)
        return tuple(one for one in records if isinstance(one, Forgotten))


def test_what_was_added_is_flushed_once_and_in_order(tmp_path: Path) -> None:
    """Then the folder is empty."""
    spool, sink = Spool(tmp_path / "spool"), Sink()
    for number in range(5):
        spool.add([line(number)])
    spool.flush(sink.write)
    spool.flush(sink.write)

    assert sink.taken == ["t0", "t1", "t2", "t3", "t4"]
    assert (spool.count, [*(tmp_path / "spool").iterdir()]) == (0, [])


def test_what_cannot_be_written_yet_stays(tmp_path: Path) -> None:
    """Beside what comes later, in its order."""
    spool, sink = Spool(tmp_path), Sink()
    spool.add([line(1)])
    sink.away = True
    with pytest.raises(ConnectionError):
        spool.flush(sink.write)
    spool.add([line(2)])
    sink.away = False
    spool.flush(sink.write)

    assert sink.taken == ["t1", "t2"]


def test_what_is_left_over_is_kept(tmp_path: Path) -> None:
    """A part may wait for another server."""
    spool, sink = Spool(tmp_path), Sink()
    spool.add([line(1), Forgotten("s", 1)])
    spool.flush(sink.write)

    assert (sink.taken, spool.count) == (["t1"], 1)


def test_a_dead_process_leaves_it_to_the_others(tmp_path: Path) -> None:
    """A living one does not; half a line that it was writing is none."""
    dead, alive, other, sink = Spool(tmp_path), Spool(tmp_path), Spool(tmp_path), Sink()
    dead.add([line(1)])
    alive.add([line(2)])
    dead.close()
    (file,) = (one for one in tmp_path.iterdir() if b"t1" in one.read_bytes())
    file.write_bytes(file.read_bytes() + b'{"type":"line","li')
    other.adopt(sink.write)
    other.adopt(sink.write)

    assert sink.taken == ["t1"]
    assert not file.exists()


def test_beyond_the_bound_the_oldest_go(tmp_path: Path) -> None:
    """All files together stay within it, and the newest line is there."""
    spool, sink, most = Spool(tmp_path, most=64 * 1024), Sink(), 64 * 1024
    for number in range(300):
        spool.add([line(number, answered="答" * 200)])
        assert sum(one.stat().st_size for one in tmp_path.iterdir()) <= most
    spool.flush(sink.write)

    assert 0 < len(sink.taken) < 300
    assert sink.taken == [f"t{n}" for n in range(300 - len(sink.taken), 300)]


def test_a_disk_that_takes_nothing_stops_nothing(tmp_path: Path) -> None:
    """The process holds the lines as long as it lives."""
    (tmp_path / "file").write_text("")
    spool, sink = Spool(tmp_path / "file" / "spool"), Sink()
    spool.add([line(1)])
    spool.add([line(2)])
    spool.flush(sink.write)

    assert (sink.taken, spool.count) == (["t1", "t2"], 0)


def test_it_is_for_its_owner_only(tmp_path: Path) -> None:
    """Neither the folder nor the file can be read by others."""
    spool = Spool(tmp_path / "spool")
    spool.add([line(1)])

    (file,) = (tmp_path / "spool").iterdir()
    assert (file.stat().st_mode | file.parent.stat().st_mode) & 0o077 == 0
