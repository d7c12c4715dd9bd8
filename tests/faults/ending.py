"""SIGTERM under load: what is under way is finished, and nothing acknowledged is missing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from signal import SIGTERM

from faults.outcome import Outcome, wrong
from faults.people import People
from faults.program import running, storage


def drains(*, quick: bool) -> Iterator[Outcome]:
    """The program is told to end and started again, several times."""
    for kind, workers in (("file", 1),) if quick else (("file", 1), ("file", 2), ("servers", 2)):
        rounds, answers = (1, 60) if quick else (10, 300)
        with storage(kind) as over, running(over, workers=workers) as program:
            began, statuses, ends, under_way = time.monotonic(), [], [], 0
            with People(program, 8) as people:
                for _ in range(rounds):
                    people.wait(answers)
                    told = time.monotonic()
                    statuses.append(program.kill(SIGTERM))
                    ends.append(time.monotonic() - told)
                    # Only what was asked before: what comes with the signal meets a closed door.
                    under_way += sum(told - 5 < asked < told - 0.005 for asked in people.broken)
                    program.start()
                people.wait(answers)
            missing = people.ids - set(program.journal())
            figures = (
                f"{len(people.answers)} turns acknowledged",
                f"{len(missing)} lost",
                f"{under_way} under way cut off",
                f"{len(people.broken)} came with the signal and asked again",
                f"ended in at most {max(ends):.1f} s",
                f"{time.monotonic() - began:.0f} s",
            )
            held = wrong(
                nothing_lost=not missing,
                nothing_cut_off=not under_way,
                nobody_forgotten=not people.wrong + people.lost,
                ended_well=set(statuses) <= {0, -SIGTERM},  # one process ends by the signal itself
                no_other_status=not people.errors,
            )
            what = f"SIGTERM {rounds} times, {workers} worker{'s' if workers > 1 else ''}"
            yield Outcome(what, over.name, figures, (*held, *people.samples))
