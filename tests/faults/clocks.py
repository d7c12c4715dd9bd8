"""A clock that is set under load: a day on, and an hour back."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from signal import SIGUSR1, SIGUSR2

import msgspec

from faults.outcome import Outcome, wrong
from faults.people import SCRIPT, People, learnt, new_session
from faults.program import SQLITE, Program, running

_MINUTE = {"SESSION_REQUESTS_PER_MINUTE": "5"}


def jumps(*, quick: bool) -> Iterator[Outcome]:
    """Conversations, limits and what is kept are as they should be afterwards."""
    for number, what in ((SIGUSR1, "clock a day on"), (SIGUSR2, "clock an hour back")):
        with running(SQLITE, command=("-m", "faults.jumping")) as program:
            yield _under_load(program, what, number, 50 if quick else 1000)
        if quick:
            return
        with running(SQLITE, command=("-m", "faults.jumping"), **_MINUTE) as program:
            yield _limits(program, what, number)


def _under_load(program: Program, what: str, number: int, answers: int) -> Outcome:
    """Who talks goes on; a day on, who had begun the day before begins anew."""
    began = time.monotonic()
    known, session = learnt(program), new_session()
    _ask(program, SCRIPT[0], session)
    with People(program, 8) as people:
        people.wait(answers)
        os.kill(program.pid, number)
        people.wait(answers)
    # A conversation is kept for a day after its last word, and its first word begins it anew.
    cut = people.wrong
    goes_on = _ask(program, SCRIPT[1], session)[1] == known[SCRIPT[1]]
    missing = people.ids - set(program.journal())
    figures = (
        f"{len(people.answers)} turns acknowledged",
        f"{len(missing)} lost",
        f"{cut} conversations of before begun anew",
        "a conversation of before " + ("goes on" if goes_on else "begins anew"),
        f"{time.monotonic() - began:.0f} s",
    )
    held = wrong(
        nothing_lost=not missing,
        no_other_status=not people.errors,
        no_answer_cut_off=not people.broken,
        as_long_as_it_should=goes_on == (number == SIGUSR2),
        those_who_talk_go_on=cut <= (8 if number == SIGUSR1 else 0),
        ready=program.ready()["store"],
    )
    return Outcome(what, "SQLite", figures, (*held, *people.samples) if held else ())


def _limits(program: Program, what: str, number: int) -> Outcome:
    """Who asked too often is neither let in at once nor kept out for longer."""
    session = new_session()
    before = [_ask(program, SCRIPT[0], session)[0] for _ in range(7)]
    os.kill(program.pid, number)
    after = _ask(program, SCRIPT[0], session)
    other = _ask(program, SCRIPT[0], new_session())[0]
    figures = (
        f"{before.count(200)} of 7 let through before",
        f"then {after[0]}",
        f"others {other}",
    )
    held = wrong(
        bound_before=before.count(429) > 0, bound_after=after[0] == 429, others_go_on=other == 200
    )
    return Outcome(f"{what}, limits", "SQLite", figures, held)


def _ask(program: Program, text: str, session: str) -> tuple[int, str]:
    status, body = program.post("/api/v1/ask", {"text": text, "session": session})
    return status, str(msgspec.json.decode(body).get("text", ""))
