"""What is seen of the service: counts, gauges, a log by request, spans; never what was said."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import structlog
import yaml
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient
from structlog.testing import LogCapture
from telegram_api import Platform
from telegram_people import says
from telegram_playing import take

from bot import census, outbox, receipts, tracing
from bot.census import Census, Queue
from bot.clock import seconds
from bot.resources import Resources
from bot.server import application

GRAFANA = Path(__file__).parents[1] / "docs" / "grafana"
METRIC = re.compile(r"\byiwentong_[a-z_]+")
QUESTION = "苏州职工透析限额多少"


def families(client: TestClient) -> dict[str, Any]:
    """What /metrics shows, by name."""
    text = client.get("/metrics").text
    return {family.name: family for family in text_string_to_metric_families(text)}


def value(client: TestClient, name: str, **labels: str) -> float:
    """The value of a sample; 0 where there is none."""
    samples = [one for family in families(client).values() for one in family.samples]
    found = [s.value for s in samples if s.name == name and labels.items() <= s.labels.items()]
    return sum(found)


def ask(client: TestClient, text: str = QUESTION) -> Any:
    """Ask, as a program does."""
    return client.post("/api/v1/ask", json={"text": text})


# counts


def test_turns_are_counted_with_their_time(client: TestClient) -> None:
    """By kind, status, channel and region; no word of them."""
    counted = {"kind": "answered", "status": "answered", "channel": "web"}
    before = value(client, "yiwentong_turns_total", **counted)
    timed = value(client, "yiwentong_turn_seconds_count", channel="web")
    ask(client)

    assert value(client, "yiwentong_turns_total", **counted) == before + 1
    assert value(client, "yiwentong_turn_seconds_count", channel="web") == timed + 1
    assert "透析" not in client.get("/metrics").text


def test_repetitions_are_counted(client: TestClient, resources: Resources) -> None:
    """A message that was answered before is a hit."""
    before = [value(client, "yiwentong_receipts_total", result=one) for one in ("hit", "miss")]
    for _ in range(3):
        receipts.once(resources.store, "k", lambda _: b"")

    after = [value(client, "yiwentong_receipts_total", result=one) for one in ("hit", "miss")]
    assert [new - old for old, new in zip(before, after, strict=True)] == [2, 1]


def test_the_packs_that_serve_are_named(client: TestClient, resources: Resources) -> None:
    """Beside the release."""
    assert value(client, "yiwentong_build_info", packs=resources.packs) == 1


def test_what_waits_is_counted(client: TestClient, resources: Resources) -> None:
    """By channel, whatever the number of its bot is; with the age of the oldest."""
    take(resources, Platform(), says(QUESTION))
    with resources.store.writing() as connection:
        # Not so old that a server which just started drops it.
        outbox.put(connection, "wechat", "lane", b"sealed", now=seconds() - 60)

    assert value(client, "yiwentong_outbox", channel="telegram") == 1
    assert value(client, "yiwentong_outbox", channel="wechat") == 1
    assert value(client, "yiwentong_outbox_oldest_seconds", channel="wechat") >= 60
    assert value(client, "yiwentong_journal_rows") == 1


def test_lines_on_the_disk_are_counted(client: TestClient, resources: Resources) -> None:
    """In bytes, as the room for them is."""
    folder = resources.settings.data_dir / "spool"
    folder.mkdir()
    (folder / "1.lines").write_bytes(bytes(700))

    assert value(client, "yiwentong_spool_bytes") == 700


def test_a_count_holds_for_a_few_seconds(resources: Resources) -> None:
    """However often it is looked, the database is asked once."""
    now = [0.0]

    async def looked() -> list[int]:
        seen = Census(resources.store, clock=lambda: now[0])
        found = []
        for number in range(4):
            with resources.store.writing() as connection:
                outbox.put(connection, "wechat", "lane", b"sealed")
            counts = await seen.counts()
            assert counts
            found.append(counts.outbox["wechat"].length)
            now[0] += 4 if number == 1 else 1
        return found

    assert asyncio.run(looked()) == [1, 1, 3, 3]


def test_a_database_that_hangs_is_waited_for_once(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is counted in memory is shown meanwhile; once it answers, so are the gauges."""
    going, asked, real = Event(), [0], census.counted

    def hangs(store: object) -> census.Counts:
        asked[0] += 1
        going.wait(20)
        return real(resources.store)

    monkeypatch.setattr(census, "counted", hangs)
    monkeypatch.setattr(census, "_PATIENCE", 0.02)
    with TestClient(application(resources)) as client:
        assert value(client, "yiwentong_store_up") == 0
        assert "yiwentong_requests_total" in client.get("/metrics").text
        assert asked == [1]
        monkeypatch.setattr(census, "_PATIENCE", 20)
        going.set()
        assert value(client, "yiwentong_store_up") == 1


def test_bots_of_one_kind_are_one_queue() -> None:
    """The longest wait of them counts."""
    found = census._by_bot({"telegram:1": Queue(1, 5), "telegram:2": Queue(2, 9)})

    assert found == {"telegram": Queue(3, 9)}


TOGETHER = """
import os, sys
from bot import metrics
for _ in range(int(sys.argv[1])):
    metrics.turned("answered", "web", "suzhou", seconds=0.001)
if sys.argv[1] == "0":
    from prometheus_client import generate_latest
    sys.stdout.buffer.write(generate_latest(metrics.registry()))
"""


def test_processes_count_together(tmp_path: Path) -> None:
    """Those that ended count, too; whichever is asked shows all of them."""
    surroundings = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def run(times: int) -> str:
        words = [sys.executable, "-c", TOGETHER, str(times)]
        done = subprocess.run(words, env=surroundings, capture_output=True, text=True, check=True)  # noqa: S603
        return done.stdout

    run(2)
    run(3)
    text = run(0)

    assert 'kind="answered",region="suzhou",status="answered"} 5.0' in text
    assert 'yiwentong_turn_seconds_count{channel="web"} 5.0' in text


# the dashboard and the alerts


def metrics_of(expressions: list[str]) -> set[str]:
    """The names of metrics in expressions, as their families are called."""
    found = {name for one in expressions for name in METRIC.findall(one)}
    return {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in found}


def known(client: TestClient) -> set[str]:
    """The families that /metrics shows."""
    return set(families(client))


def test_the_dashboard_shows_what_there_is(client: TestClient) -> None:
    """Every metric in it exists, and no two panels have one number."""
    board = json.loads((GRAFANA / "yiwentong.json").read_text("utf-8"))
    targets = [one for panel in board["panels"] for one in panel.get("targets", ())]
    shown = metrics_of([one["expr"] for one in targets])

    assert shown <= known(client)
    assert board["schemaVersion"] >= 36  # of Grafana 10
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)


def test_the_alerts_are_about_what_there_is(client: TestClient) -> None:
    """Each has a reason to wait, a severity and a sentence."""
    (group,) = yaml.safe_load((GRAFANA / "alerts.yaml").read_text("utf-8"))["groups"]

    assert metrics_of([rule["expr"] for rule in group["rules"]]) <= known(client)
    for rule in group["rules"]:
        assert {"alert", "expr", "for", "labels", "annotations"} == rule.keys()
        assert rule["annotations"]["summary"]


# the log


@pytest.fixture
def log() -> Iterator[LogCapture]:
    """What is logged, with what is known of the request."""
    capture = LogCapture()
    before = structlog.get_config()
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture
    structlog.configure(**before)


def test_every_line_of_a_request_has_its_id(log: LogCapture, client: TestClient) -> None:
    """Also those that a thread writes; and a turn has one line, without a word of it."""
    found = ask(client)
    lines = [one for one in log.entries if one.get("request") == found.headers["x-request-id"]]

    assert [one["event"] for one in lines] == ["turn", "request"]
    turn = lines[0]
    assert (turn["channel"], turn["status"], turn["topic"]) == ("web", "answered", "benefit")
    assert turn["turn"] == found.headers["x-request-id"]
    assert turn["packs"] == found.headers["x-packs"]
    assert turn["ms"] > 0
    assert "透析" not in str(log.entries)


def test_requests_do_not_share_an_id(log: LogCapture, client: TestClient) -> None:
    """What is known of one is gone with it."""
    ids = {ask(client).headers["x-request-id"] for _ in range(3)}

    assert {one["request"] for one in log.entries if one["event"] == "turn"} == ids
    assert structlog.contextvars.get_contextvars() == {}


# spans


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """The spans that end meanwhile."""
    exporter = InMemorySpanExporter()
    with tracing.running(SimpleSpanProcessor(exporter)):
        yield exporter


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_request_and_its_turn_are_spans(client: TestClient, spans: InMemorySpanExporter) -> None:
    """One within the other, with how they ended and no text; part of a caller's trace."""
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    client.post("/api/v1/ask", json={"text": QUESTION}, headers=headers)
    turn, request = spans.get_finished_spans()

    assert attributes(turn) == {"channel": "web", "status": "answered", "topic": "benefit"}
    assert turn.parent
    assert request.context
    assert turn.parent.span_id == request.context.span_id
    assert (
        attributes(request).items()
        >= {"method": "POST", "route": "/api/v1/ask", "status": 200}.items()
    )
    assert f"{request.context.trace_id:032x}" == trace
    assert "透析" not in "".join(span.to_json() for span in (turn, request))


def test_a_fault_tells_no_words(spans: InMemorySpanExporter) -> None:
    """An error may hold what a person said."""
    with pytest.raises(ValueError), tracing.span("turn"):
        raise ValueError(QUESTION)

    (span,) = spans.get_finished_spans()
    assert span.events == ()
    assert not span.status.description


PLAIN = """
import sys
from bot import tracing
with tracing.running(), tracing.span("turn") as tell:
    tell({"channel": "web"})
print(sorted(one for one in sys.modules if one.startswith("opentelemetry")))
"""


def test_nothing_of_it_is_loaded_unless_it_is_set() -> None:
    """A service without tracing neither needs the extra nor waits for it."""
    surroundings = {key: said for key, said in os.environ.items() if not key.startswith("OTEL_")}
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", PLAIN], env=surroundings, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_without_the_extra_it_is_said(monkeypatch: pytest.MonkeyPatch, log: LogCapture) -> None:
    """And the service serves."""
    monkeypatch.setenv(tracing.ENDPOINT, "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with tracing.running(), tracing.span("turn") as tell:
        tell({"channel": "web"})

    assert [one["event"] for one in log.entries] == ["not traced"]
