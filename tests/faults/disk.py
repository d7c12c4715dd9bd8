"""A disk without room: a small file system that fills up, and a quota on files."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from faults.outcome import Outcome, wrong
from faults.people import People
from faults.program import SQLITE, Program, running, temporary, until

_SIZE = (
    192 * 1024 * 1024
)  # bytes of the small file system: the log of SQLite alone takes some 60 MiB
_ROOM = 64 * 1024  # bytes that are left of it for what is about to be written


def quota(*, quick: bool) -> Iterator[Outcome]:
    """No file may grow, then they may."""
    with running(SQLITE) as program:
        yield _without_room(program, "quota", _quota, 60 if quick else 1000)


def full(*, quick: bool) -> Iterator[Outcome]:
    """The data folder has no room, then it has."""
    with ExitStack() as left:
        folder = left.enter_context(temporary())
        if not left.enter_context(_small(folder)):
            yield Outcome("disk full", "SQLite", ("left out: it takes the right to mount",))
            return
        program = left.enter_context(running(SQLITE, home=folder))
        yield _without_room(program, "disk full", _filled, 60 if quick else 1000)


def _without_room(
    program: Program, what: str, fault: Callable[[Program], Callable[[], None]], answers: int
) -> Outcome:
    began = time.monotonic()
    with People(program, 4, pause=0.002) as people:
        people.wait(answers)
        undo = fault(program)
        degraded = until(lambda: program.ready().get("state") == "degraded")
        people.wait(answers)
        undo()
        ready = until(lambda: _whole(program))
        since = time.monotonic()
        people.wait(answers)
    until(lambda: _whole(program))
    missing = people.ids - set(program.journal())
    later = people.between(since, time.monotonic())
    figures = (
        f"{len(people.answers)} turns acknowledged",
        f"{len(missing)} lost",
        f"{people.lost} answered without what was said before",
        f"degraded after {degraded:.1f} s",
        f"ready {ready:.1f} s after there was room",
        f"{time.monotonic() - began:.0f} s",
    )
    held = wrong(
        nothing_lost=not missing,
        no_wrong_answer=not people.wrong,
        nothing_forgotten_afterwards=not any(one.lost for one in later[-20:]),
        no_other_status=not people.errors,
        database_sound=program.is_sound(),
    )
    return Outcome(what, "SQLite", figures, (*held, *people.samples))


def _quota(program: Program) -> Callable[[], None]:
    """No file may grow: neither the log of SQLite nor the database."""
    program.limit_files(4096)
    return lambda: program.limit_files(-1)


def _filled(program: Program) -> Callable[[], None]:
    """Something else takes all the room."""
    ballast = program.home / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * _ROOM):
                pass
        except OSError:
            pass
    return ballast.unlink


@contextmanager
def _small(folder: Path) -> Iterator[bool]:
    """A small file system at a folder; False where it may not be mounted."""
    words = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(folder)]
    if subprocess.run(words, check=False, capture_output=True).returncode:  # noqa: S603 - our own
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)  # noqa: S603, S607


def _whole(program: Program) -> bool:
    found = program.ready()
    return found.get("state") == "ready" and not found.get("spooled")
