"""What load is held: one worker with the embedded database, two with PostgreSQL and Redis.

First as many questions as are answered (closed loop), then a stream that does not wait for answers
(open loop), faster and faster, until the slowest hundredth takes longer than is held for quick, or
a question is refused, twice in a row: one moment may be that of another program. The machine is
shared with the clients: what they take of it is a figure too.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from bot.bench import percentile
from bot.bench_http import Running, Sent, crowd, running, steady
from bot.bench_servers import AbsentError, children, postgres, redis
from bot.errors import InputError
from bot.evaluation import Case, read_cases
from bot.terminal import aligned, tell

SECONDS = 5.0  # that each stretch of measuring takes
QUICK = 50.0  # milliseconds that the slowest hundredth may take
_SHARES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # of what is answered in the closed loop
_TOGETHER = 200  # conversations that are held at once
_TICK = os.sysconf("SC_CLK_TCK")


class Rate(Struct, frozen=True):
    """What a stream came to: questions a second, milliseconds, cores, megabytes, refusals."""

    rate: float
    p50_ms: float
    p99_ms: float
    p999_ms: float
    server_cores: float
    client_cores: float
    storage_cores: float
    rss_mb: float
    refused: int

    @property
    def is_held(self) -> bool:
        """Whether all were answered, and quickly."""
        return not self.refused and self.p99_ms <= QUICK


class Load(Struct, frozen=True):
    """What a deployment holds; `left_out` says why nothing was measured."""

    name: str
    closed_per_s: float = 0.0
    held_per_s: float = 0.0
    rates: tuple[Rate, ...] = ()
    left_out: str = ""


class _Measured(Struct, frozen=True):
    """A server that is measured, and the processes where it keeps things."""

    server: Running
    storage: tuple[int, ...]


def measured(questions: Path, seconds: float = SECONDS) -> list[Load]:
    """What each deployment holds. Raises InputError for questions that cannot be used."""
    cases = list(read_cases(questions))
    if not cases:
        raise InputError(tell("no_questions", path=questions))
    return [_embedded(cases, seconds), _several(cases, seconds)]


def _embedded(cases: Sequence[Case], seconds: float) -> Load:
    with running() as server:
        return _load("sqlite", _Measured(server, ()), cases, seconds)


def _several(cases: Sequence[Case], seconds: float) -> Load:
    name = "servers"
    with ExitStack() as left:
        try:
            database, memory = left.enter_context(postgres()), left.enter_context(redis())
        except AbsentError as absent:
            return Load(name, left_out=str(absent))
        settings = {
            "DATABASE_URL": database.url,
            "REDIS_URL": memory.url,
            "WORKERS": "2",
            "SECRET": secrets.token_hex(16),
        }
        server = left.enter_context(running(settings))
        storage = (database.pids()[0], *memory.pids())
        return _load(name, _Measured(server, storage), cases, seconds)


def _load(name: str, on: _Measured, cases: Sequence[Case], seconds: float) -> Load:
    """Measure a deployment: what it answers at all, then stream after stream."""
    stream = conversations(cases)
    port = on.server.port
    asyncio.run(crowd(port, stream, min(seconds, 2.0)))  # not measured: it warms up
    closed = asyncio.run(crowd(port, stream, seconds))
    most = len(closed.times) / closed.took
    rates: list[Rate] = []
    for share in _SHARES:
        rate = share * most
        requests = list(islice(stream, max(1, int(rate * seconds))))
        rates.append(_streamed(on, requests, rate))
        if len(rates) > 1 and not any(one.is_held for one in rates[-2:]):
            break
    held = max((one.rate for one in rates if one.is_held), default=0.0)
    return Load(name, round(most, 1), held, tuple(rates))


def _streamed(on: _Measured, requests: Sequence[bytes], rate: float) -> Rate:
    """What a stream of one rate comes to."""
    before, began = _cores_of(on), time.perf_counter()
    sent = asyncio.run(steady(on.server.port, requests, rate=rate))
    took = time.perf_counter() - began
    used = {name: round((now - before[name]) / took, 2) for name, now in _cores_of(on).items()}
    return Rate(
        rate=round(rate, 1),
        p50_ms=_of(sent, 50),
        p99_ms=_of(sent, 99),
        p999_ms=_of(sent, 99.9),
        server_cores=used["server"],
        client_cores=used["client"],
        storage_cores=used["storage"],
        rss_mb=round(sum(map(_kilobytes, _processes(on.server.pid))) / 1024, 1),
        refused=len(sent.refused),
    )


def _of(sent: Sent, share: float) -> float:
    return percentile(sent.times, share) if sent.times else 0.0


def conversations(cases: Sequence[Case]) -> Iterator[bytes]:
    """Requests without end: many conversations at once, a sentence of each in its turn."""
    whose = _without_end(cases)
    held = [next(whose) for _ in range(_TOGETHER)]
    while True:
        for at, one in enumerate(held):
            if (request := next(one, None)) is None:
                held[at] = next(whose)
                request = next(held[at])
            yield request


def _without_end(cases: Sequence[Case]) -> Iterator[Iterator[bytes]]:
    while True:
        yield from (_conversation(case) for case in cases)


def _conversation(case: Case) -> Iterator[bytes]:
    session = secrets.token_urlsafe(16)
    for text in case.turns:
        body = msgspec.json.encode({"text": text, "session": session, "region": case.region})
        head = (
            "POST /api/v1/ask HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def _cores_of(on: _Measured) -> Mapping[str, float]:
    """Seconds of the processor that each has taken so far."""
    storage = [pid for one in on.storage for pid in _processes(one)]
    return {
        "server": sum(map(_seconds, _processes(on.server.pid))),
        "client": time.process_time(),
        "storage": sum(map(_seconds, storage)),
    }


def _processes(pid: int) -> list[int]:
    return [pid, *children(pid)]


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def _kilobytes(pid: int) -> int:
    """What a process holds, of what several share its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def as_data(loads: Sequence[Load]) -> dict[str, Any]:
    """All figures by the name of the deployment, beside them those of the highest rate held."""
    return {one.name: _data(one) for one in loads}


def _data(load: Load) -> dict[str, Any]:
    if load.left_out:
        return {"left_out": load.left_out}
    held = [structs.asdict(one) for one in load.rates if one.is_held]
    rows = [structs.asdict(one) | {"held": one.is_held} for one in load.rates]
    most = {"closed_per_s": load.closed_per_s, "held_per_s": load.held_per_s}
    return most | (held[-1] if held else {}) | {"rates": rows}


def table(loads: Sequence[Load]) -> str:
    """The figures of each deployment, a line a rate."""
    return "\n\n".join(_shown(one) for one in loads)


def _shown(load: Load) -> str:
    head = tell(f"bench_load_{load.name}")
    if load.left_out:
        return f"{head}\n{load.left_out}"
    said = tell("bench_load_held", closed=load.closed_per_s, held=load.held_per_s, most=QUICK)
    names = Rate.__struct_fields__
    rows = [tuple(str(getattr(one, name)) for name in names) for one in load.rates]
    return f"{head}\n{said}\n{aligned([tuple(tell(f'bench_load_{n}') for n in names), *rows])}"
