"""How quick is a turn, how soon is the first answer there, how much memory does it take.

Beside it, in the same run, stands a peer: plain fuzzy matching over the same phrasings.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter

from bot.answers import reply
from bot.days import today
from bot.errors import InputError
from bot.evaluation import Case, placed, read_cases
from bot.opening import opened
from bot.service import Service, turn
from bot.terminal import aligned, tell
from intents.dialogue import State
from intents.topics import phrasings, topics

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "questions"
STARTS = 5
Figures = dict[str, float]


def measured(served: Service, questions: Path, rounds: int) -> Figures:
    """Every figure of the benchmark over some question files. Raises InputError."""
    cases = [placed(served.library, case) for case in read_cases(questions)]
    if not cases:
        raise InputError(tell("no_questions", path=questions))
    times = turn_times(served, cases, rounds)
    peer = peer_times(served, [text for case in cases for text in case.turns])
    return {
        "p50_ms": percentile(times, 50),
        "p99_ms": percentile(times, 99),
        "mean_ms": round(1000 * statistics.fmean(times), 4),
        "turns_per_s": round(len(times) / sum(times), 1),
        "cold_start_s": cold_start(cases[0]),
        "rss_mb": resident_of_a_fresh_process(questions),
        "turns": len(times),
        "peer_p50_ms": percentile(peer, 50),
        "peer_p99_ms": percentile(peer, 99),
        "peer_mean_ms": round(1000 * statistics.fmean(peer), 4),
    }


def turn_times(served: Service, cases: Sequence[Case], rounds: int) -> list[float]:
    """Seconds of every turn of every conversation, after one round that is not measured."""
    day = today()
    hold(served, cases, day)
    return [seconds for _ in range(rounds) for seconds in hold(served, cases, day)]


def hold(served: Service, cases: Sequence[Case], day: date) -> list[float]:
    """Hold every conversation once; the seconds of each turn."""
    times = []
    for case in cases:
        state = State()
        for text in case.turns:
            start = perf_counter()
            done = turn(served, state, text, day=day, region=case.region)
            reply(done.answer)
            times.append(perf_counter() - start)
            state = done.state
    return times


def peer_times(served: Service, texts: Sequence[str]) -> list[float]:
    """Seconds of looking each text up with nothing but rapidfuzz."""
    from rapidfuzz.process import extract

    known = [one.text for one in phrasings(served.library, topics())]
    return [seconds_of(partial(extract, text, known, limit=5)) for text in texts]


def seconds_of(work: Callable[[], object]) -> float:
    """How long a piece of work takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def percentile(times: Sequence[float], share: float) -> float:
    """The time that this share of all times stays within, in milliseconds."""
    ordered = sorted(times)
    return round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))], 4)


def cold_start(case: Case) -> float:
    """Seconds from the start of a process to its first answer; the snapshot is there already."""
    words = ["-m", "bot", "ask", *(["--region", case.region] if case.region else [])]
    words += ["--", case.turns[0]]
    first_line(words)
    return round(statistics.median(seconds_of(lambda: first_line(words)) for _ in range(STARTS)), 4)


def resident_of_a_fresh_process(questions: Path) -> float:
    """Megabytes resident in a new process once it has answered all questions."""
    return float(first_line(["-c", "from bot.bench import report; report()", str(questions)]))


def report() -> None:
    """What that process does: answer everything, then say how much memory it holds."""
    served = opened()
    cases = [placed(served.library, case) for case in read_cases(Path(sys.argv[1]))]
    hold(served, cases, today())
    sys.stdout.write(f"{resident_mb()}\n")


def resident_mb() -> float:
    """Megabytes resident in this process now; at their highest where the system does not say."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text("ascii", errors="replace").splitlines()
        found = next(line for line in lines if line.startswith("VmRSS:"))
        return round(int(found.split()[1]) / 1024, 1)
    import resource

    unit = 1024**2 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1)


def first_line(words: list[str]) -> str:
    """The first line that a fresh Python prints. Raises InputError where it prints none."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    with subprocess.Popen(  # noqa: S603 - our own interpreter on our own module
        [sys.executable, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    ) as process:
        line = process.stdout.readline() if process.stdout else b""
    if not line:
        raise InputError(tell("bench_failed", command=" ".join(words), why=process.returncode))
    return line.decode("utf-8", errors="replace")


def table(figures: Figures) -> str:
    """The figures side by side."""
    peers = {name: figures.get(f"peer_{name}") for name in figures}
    rows = [
        (tell(f"bench_{name}"), str(figure), "" if (peer := peers[name]) is None else str(peer))
        for name, figure in figures.items()
        if not name.startswith("peer_")
    ]
    return aligned([("", tell("bench_ours"), tell("bench_peer")), *rows])
