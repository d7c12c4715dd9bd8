"""What the server adds to a turn: throughput of one process, latency at a steady rate, search.

A fresh server answers the questions of the question files over HTTP; the same questions are asked
in this process in the same run, which is what the server is measured against.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import msgspec
from msgspec import structs

from bot.bench import Figures, percentile, turn_times
from bot.bench_http import RATE, crowd, server, sound, steady
from bot.errors import InputError
from bot.evaluation import Case, placed, read_cases
from bot.service import Service
from bot.terminal import aligned, tell

SECONDS = 10.0  # that each stretch of measuring takes
_QUERIES = (
    "tou",
    "touxi",
    "tx xe",
    "gaoxu",
    "ks dz",
    "透",
    "透析限额",
    "昆山地址",
    "cailiao",
    "康复",
)


def measured(served: Service, questions: Path, seconds: float = SECONDS) -> Figures:
    """Every figure of the benchmark. Raises InputError for questions that cannot be used."""
    # Only first turns: each is a conversation of its own on both sides, with the same work.
    cases = [placed(served.library, case) for case in read_cases(questions)]
    if not cases:
        raise InputError(tell("no_questions", path=questions))
    first = [structs.replace(case, turns=case.turns[:1]) for case in cases]
    requests = [request_of(case) for case in first]
    random.Random(1).shuffle(requests)  # noqa: S311 - an order, no secret
    times = turn_times(served, first, 2)
    alone = len(times) / sum(times)
    with server() as port:
        asyncio.run(crowd(port, cycle(requests), min(seconds, 2.0)))  # not measured: it warms up
        flood = sound(asyncio.run(crowd(port, cycle(requests), seconds)))
        even = sound(asyncio.run(steady(port, _stretch(requests, seconds))))
        widget = widget_bytes(port)
        searches = [search_of(text) for text in _QUERIES]
        typed = sound(asyncio.run(steady(port, _stretch(searches, seconds / 2))))
    through = len(flood.times) / flood.took
    return {
        "turns_per_s": round(through, 1),
        "in_process_turns_per_s": round(alone, 1),
        "share": round(through / alone, 3),
        "rate": RATE,
        "p50_ms": percentile(even.times, 50),
        "p99_ms": percentile(even.times, 99),
        "suggest_p50_ms": percentile(typed.times, 50),
        "suggest_p99_ms": percentile(typed.times, 99),
        "widget_gzip_bytes": widget,
    }


def _stretch(requests: Sequence[bytes], seconds: float) -> list[bytes]:
    """As many requests as a steady stream of some seconds takes, over and over the same."""
    return list(islice(cycle(requests), int(RATE * seconds)))


def request_of(case: Case) -> bytes:
    """The bytes of a request that asks the first question of a case in a new conversation."""
    body = msgspec.json.encode({"text": case.turns[0], "region": case.region})
    head = (
        "POST /api/v1/ask HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def search_of(text: str) -> bytes:
    """The bytes of a request that searches."""
    path = f"/api/v1/suggest?region=suzhou&q={quote(text)}"
    return f"GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n".encode()


def widget_bytes(port: int) -> int:
    """What the widget weighs on the wire: all that a host page loads of it, compressed."""
    asked = Request(f"http://127.0.0.1:{port}/widget.js", headers={"accept-encoding": "gzip"})
    with urlopen(asked) as reply:  # noqa: S310 - our own server
        return len(reply.read())


def table(figures: Figures) -> str:
    """The figures, a line each."""
    return aligned([(tell(f"bench_web_{name}"), str(figure)) for name, figure in figures.items()])
