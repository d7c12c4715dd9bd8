"""kill -9 under load: of a worker, and of the whole program."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from signal import SIGKILL

from faults.outcome import Outcome, wrong
from faults.people import People
from faults.program import Program, Storage, running, storage, until


def worker(*, quick: bool) -> Iterator[Outcome]:
    """One of two workers is killed again and again; another takes its place."""
    for kind in ("file",) if quick else ("file", "servers"):
        with storage(kind) as over, running(over, workers=2) as program:
            yield _worker(program, over, *((2, 60) if quick else (10, 300)))


def _worker(program: Program, over: Storage, kills: int, answers: int) -> Outcome:
    began = time.monotonic()
    with People(program, 8) as people:
        for _ in range(kills):
            people.wait(answers)
            before = program.workers
            os.kill(before[0], SIGKILL)
            until(lambda was=before: len(set(program.workers) - {was[0]}) == 2)
        people.wait(answers)
    return _kept(program, people, f"kill -9 of a worker under load, {kills} times", over, began)


def program(*, quick: bool) -> Iterator[Outcome]:
    """All processes are killed at once, and the program is started again."""
    for kind, workers in (("file", 1),) if quick else (("file", 1), ("servers", 2)):
        with storage(kind) as over, running(over, workers=workers) as found:
            yield _program(found, over, *((1, 60) if quick else (5, 400)))


def _program(program: Program, over: Storage, kills: int, answers: int) -> Outcome:
    began = time.monotonic()
    with People(program, 8) as people:
        for _ in range(kills):
            people.wait(answers)
            for pid in program.workers:
                os.kill(pid, SIGKILL)
            if program.pid not in program.workers:
                program.kill()
            else:
                program.kill(0)
            program.start()
        people.wait(answers)
    return _kept(program, people, f"kill -9 of the whole program, {kills} times", over, began)


def _kept(program: Program, people: People, what: str, over: Storage, began: float) -> Outcome:
    """Nothing that was acknowledged is missing, and nobody was forgotten."""
    missing = people.ids - set(program.journal())
    forgotten = people.wrong + people.lost
    sound = over.database is not None or program.is_sound()
    figures = (
        f"{len(people.answers)} turns acknowledged",
        f"{len(missing)} lost",
        f"{forgotten} conversations forgotten",
        f"{len(people.broken)} answers cut off and asked again",
        f"{time.monotonic() - began:.0f} s",
    )
    held = wrong(
        nothing_lost=not missing,
        nobody_forgotten=not forgotten,
        no_other_status=not people.errors,
        database_sound=sound,
    )
    return Outcome(what, over.name, figures, (*held, *people.samples))
