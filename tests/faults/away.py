"""PostgreSQL or Redis hung, killed, and there again: answers go on, lines are written once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from signal import SIGCONT, SIGKILL, SIGSTOP, SIGTERM

from databases import Server

from faults.outcome import Outcome, wrong
from faults.people import SCRIPT, People, new_session, percentile
from faults.program import Program, Storage, running, servers, until

_FOUND_OUT = 6.0  # seconds within which every process knows that a server is away


def database(*, quick: bool) -> Iterator[Outcome]:
    """PostgreSQL does nothing for a while, is gone, is started again."""
    yield from _away("PostgreSQL", quick=quick)


def memory(*, quick: bool) -> Iterator[Outcome]:
    """The same with Redis."""
    yield from _away("Redis", quick=quick)


def _away(name: str, *, quick: bool) -> Iterator[Outcome]:
    with servers() as over:
        server = over.database if name == "PostgreSQL" else over.memory
        assert server is not None
        with running(over, workers=2) as program:
            for fault in ("stopped",) if quick else ("stopped", "killed"):
                yield _during(program, over, server, f"{name} {fault}", 2.0 if quick else 12.0)


def _during(program: Program, over: Storage, server: Server, what: str, seconds: float) -> Outcome:
    began = time.monotonic()
    session = new_session()
    program.post("/api/v1/ask", {"text": SCRIPT[0], "session": session})
    with People(program, 8, pause=0.01) as people:
        people.wait(100)
        away = time.monotonic()
        _begin(server, what)
        people.wait(50)
        degraded = until(lambda: program.ready().get("state") == "degraded")
        refused = [_feedback(program, session) for _ in range(4)] if "PostgreSQL" in what else [503]
        time.sleep(seconds)
        back = time.monotonic()
        _end(server, what)
        ready = until(lambda: _whole(program))
        since = time.monotonic()
        people.wait(100)
    until(lambda: _whole(program))
    missing = people.ids - set(program.journal())
    meanwhile, later = people.between(away, back), people.between(since, time.monotonic())
    found_out = [one for one in meanwhile if one.at < away + _FOUND_OUT]
    steady = [one for one in meanwhile if one.at >= away + _FOUND_OUT]
    figures = (
        f"{len(people.answers)} turns acknowledged",
        f"{len(missing)} lost",
        f"{len(meanwhile)} answered in {back - away:.0f} s without it",
        f"p99 {percentile(steady or meanwhile, 99):.0f} ms",
        f"slowest while it was found out {percentile(found_out, 100):.0f} ms",
        f"{people.lost} without what was said before",
        f"{people.refused} told to come again",
        f"degraded after {degraded:.1f} s",
        f"ready {ready:.1f} s after it was back",
    )
    held = wrong(
        nothing_lost=not missing,
        answers_go_on=len(meanwhile) > 50,
        no_wrong_answer=not people.wrong,
        nothing_forgotten_afterwards=not any(one.lost for one in later[-50:]),
        no_other_status=not people.errors,
        feedback_said_to_be_impossible=set(refused) <= {503},
    )
    left = (f"statuses {people.errors[:5]}",) if people.errors else ()
    took = f"{time.monotonic() - began:.0f} s"
    return Outcome(what, over.name, (*figures, took), (*held, *left, *people.samples))


def _begin(server: Server, what: str) -> None:
    stopped = SIGTERM if "PostgreSQL" in what else SIGKILL  # of PostgreSQL this is `immediate`
    server.signal(SIGSTOP if "stopped" in what else stopped)


def _end(server: Server, what: str) -> None:
    if "stopped" in what:
        server.signal(SIGCONT)
    else:
        server.start()


def _whole(program: Program) -> bool:
    """Whether every worker has all it needs, and nothing to write any more."""
    for _ in range(8):  # a fresh connection comes to any worker
        found = program.ready()
        if found.get("state") != "ready" or found.get("spooled"):
            return False
    return True


def _feedback(program: Program, session: str) -> int:
    body = {"session": session, "rating": "up"}
    with suppress(OSError):
        return program.post("/api/v1/feedback", body)[0]
    return 0
