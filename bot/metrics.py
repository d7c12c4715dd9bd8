"""Counts for Prometheus: requests by route and status, turns by kind, channel and region.

Where several processes serve, PROMETHEUS_MULTIPROC_DIR names a folder in which they count
together. It must be set before this module is imported, and be empty at the start.
"""

from __future__ import annotations

import os
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, multiprocess

from bot.counting import SHARED

REGISTRY = CollectorRegistry()
_REQUESTS = Counter(
    "yiwentong_requests_total",
    "Requests answered.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
_SECONDS = Histogram(
    "yiwentong_request_seconds",
    "Time a request took.",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0),
    registry=REGISTRY,
)
_TURNS = Counter(
    "yiwentong_turns_total",
    "Turns of conversations.",
    ["kind", "status", "channel", "region"],
    registry=REGISTRY,
)
_TURN_SECONDS = Histogram(
    "yiwentong_turn_seconds",
    "Time that understanding and answering took.",
    ["channel"],
    buckets=(0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5),
    registry=REGISTRY,
)
_REPEATS = Counter(
    "yiwentong_receipts_total",
    "Messages of platforms: those answered before (hit) are given the same again.",
    ["result"],
    registry=REGISTRY,
)
_STORE = Histogram(
    "yiwentong_store_seconds",
    "Time that a transaction of the database took, with what was done within it.",
    buckets=(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 4.0),
    registry=REGISTRY,
)
_RELOADS = Counter(
    "yiwentong_reloads_total",
    "Packs that were to go live, by what came of it.",
    ["outcome"],
    registry=REGISTRY,
)
_CUT = Counter(
    "yiwentong_connections_cut_total",
    "Connections that were ended: too slow, too long, too many, or not read from.",
    ["why"],
    registry=REGISTRY,
)

_DEGRADED = Gauge(
    "yiwentong_degraded",
    "Whether answers are given without a server: the database, or Redis.",
    ["server"],
    multiprocess_mode="livemax",
    registry=REGISTRY,
)
_SPOOLED = Gauge(
    "yiwentong_spooled",
    "Records on the disk that are still to be written to a server.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
_LINES = Counter(
    "yiwentong_journal_lines_total",
    "Lines of the journal: written at once, from the spool, or lost.",
    ["how"],
    registry=REGISTRY,
)

_METHODS = frozenset("GET HEAD POST PUT PATCH DELETE OPTIONS".split())
# The counter of some labels is looked up once: they are few, and each look-up takes a lock.
_requests = cache(_REQUESTS.labels)
_seconds = cache(_SECONDS.labels)
_turns = cache(_TURNS.labels)
_lines = cache(_LINES.labels)
_turn_seconds = cache(_TURN_SECONDS.labels)
_repeats = cache(_REPEATS.labels)


def counted(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request; `route` is the pattern, so that a path of a person is never a label."""
    method = method if method in _METHODS else "other"  # anybody can make methods up
    _requests(method, route, str(int(status))).inc()
    _seconds(route).observe(seconds)


def turned(status: str, channel: str, region: str, *, seconds: float) -> None:
    """Count a turn of a conversation, and how long it took."""
    _turns(status.partition("_")[0], status, channel, region).inc()
    _turn_seconds(channel).observe(seconds)


def repeated(*, answered: bool) -> None:
    """Count a message of a platform that was looked for among those answered already."""
    _repeats("hit" if answered else "miss").inc()


def stored(seconds: float) -> None:
    """Count a transaction of the database, with what was done within it."""
    _STORE.observe(seconds)


def registry() -> CollectorRegistry:
    """All the counts: of this process, or of all that count together."""
    if SHARED not in os.environ:
        return REGISTRY
    found = CollectorRegistry()
    multiprocess.MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    return found


def reloaded(outcome: str) -> None:
    """Count packs that were to go live."""
    _RELOADS.labels(outcome).inc()


def forget_process(pid: int) -> None:
    """Have a process that ended count no longer where what is alive is counted."""
    if SHARED in os.environ:
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def cut(why: str) -> None:
    """Count a connection that was ended."""
    _CUT.labels(why).inc()


def degraded(server: str, *, away: bool) -> None:
    """A server went away, or is back."""
    _DEGRADED.labels(server).set(away)


def spooled(records: int) -> None:
    """So many records wait on the disk."""
    _SPOOLED.set(records)


def journal(how: str, lines: int = 1) -> None:
    """Count lines of the journal: `kept`, `spooled`, `lost`."""
    _lines(how).inc(lines)
