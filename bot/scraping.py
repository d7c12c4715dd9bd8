"""What Prometheus reads at /metrics: what was counted, and what waits at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot import metrics
from bot.census import Census, Counts, Queue
from bot.requests import resources_of
from bot.resources import Resources

_SPOOL = "spool"  # the folder in which lines of the journal wait for the database


class Moment(Struct, frozen=True):
    """What is so at this moment: which packs serve, what is on the disk, what the database says."""

    packs: str
    spooled: int
    counts: Counts | None


async def shown(request: Request) -> Response:
    """Every count of all processes that serve, and what waits, as Prometheus reads it."""
    resources = resources_of(request)
    counts = await _census(request, resources).counts()
    moment = Moment(resources.packs, _bytes_in(resources.settings.data_dir / _SPOOL), counts)
    return Response(await run_in_threadpool(_text, moment), media_type=CONTENT_TYPE_LATEST)


def _census(request: Request, resources: Resources) -> Census:
    state = request.app.state
    if not hasattr(state, "census"):  # made once a process
        state.census = Census(resources.store)
    found: Census = state.census
    return found


def _bytes_in(folder: Path) -> int:
    try:
        return sum(file.stat().st_size for file in folder.iterdir())
    except OSError:  # there is none, or it went as it was looked at
        return 0


def _text(moment: Moment) -> bytes:
    now = CollectorRegistry()
    now.register(Gauges(moment))
    return generate_latest(metrics.registry()) + generate_latest(now)


class Gauges(Collector):
    """A moment as Prometheus reads it. Of several processes each would say the same."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """A gauge for each thing that waits; none for what the database does not say."""
        moment, counts = self.moment, self.moment.counts
        release = ((_release(), moment.packs), 1.0)
        yield _gauge("build_info", "The release and the packs.", ("version", "packs"), release)
        yield _plain("store_up", "Whether the database answers.", counts is not None)
        yield _plain("spool_bytes", "On the disk until the database is back.", moment.spooled)
        if counts is not None:
            yield _plain("store_count_seconds", "Time that counting took.", counts.took)
            yield _plain("journal_rows", "Lines of the journal that are kept.", counts.journal)
            yield from _queues("outbox", "messages to be sent", "channel", counts.outbox)
            yield from _queues("handovers", "talks with people", "status", counts.handovers)


def _queues(
    name: str, what: str, label: str, queues: dict[str, Queue]
) -> Iterator[GaugeMetricFamily]:
    lengths = [((one,), float(queue.length)) for one, queue in queues.items()]
    yield _gauge(name, f"How many {what} there are.", (label,), *lengths)
    ages = [((one,), float(queue.oldest)) for one, queue in queues.items()]
    yield _gauge(f"{name}_oldest_seconds", f"Age of the oldest of the {what}.", (label,), *ages)


def _plain(name: str, told: str, value: float) -> GaugeMetricFamily:
    return _gauge(name, told, (), ((), float(value)))


def _gauge(
    name: str, told: str, labels: tuple[str, ...], *values: tuple[tuple[str, ...], float]
) -> GaugeMetricFamily:
    made = GaugeMetricFamily(f"yiwentong_{name}", told, labels=labels)
    for said, value in values:
        made.add_metric(said, value)
    return made


@cache
def _release() -> str:
    """The release; none where it runs from a folder that was never installed."""
    try:
        return version("yiwentong")
    except PackageNotFoundError:
        return ""
