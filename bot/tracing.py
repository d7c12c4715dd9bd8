"""Spans for OpenTelemetry: one a request, one a turn; never what was said.

Only where OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra `otel` is installed. Everything else
of it is set by the variables of OpenTelemetry itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Tracer

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_NAME = "OTEL_SERVICE_NAME"
Tell = Callable[[Mapping[str, str | int]], None]
_log = structlog.get_logger("yiwentong")


class _Tracing:
    """What spans are made with in this process; None where there are none."""

    tracer: Tracer | None = None


@contextmanager
def running(processor: SpanProcessor | None = None) -> Iterator[None]:
    """Make spans as long as this lasts, where that is set; `processor` takes them elsewhere."""
    if processor is None and ENDPOINT not in os.environ:
        yield
        return
    try:
        processor = processor or _to_endpoint()
        provider = _provider(processor)
    except ImportError:
        _log.warning("not traced", why="pip install 'yiwentong[otel]'")
        yield
        return
    _Tracing.tracer = provider.get_tracer("yiwentong")
    try:
        yield
    finally:
        _Tracing.tracer = None
        provider.shutdown()


def _to_endpoint() -> SpanProcessor:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return BatchSpanProcessor(OTLPSpanExporter())


def _provider(processor: SpanProcessor) -> TracerProvider:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    named = {} if _NAME in os.environ else {"service.name": "yiwentong"}
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(processor)
    return provider


def span(name: str, headers: Mapping[str, str] | None = None) -> AbstractContextManager[Tell]:
    """A span; what is yielded is told its attributes. `headers` may say whose part it is."""
    tracer = _Tracing.tracer
    return nullcontext(_untold) if tracer is None else _span(tracer, name, headers)


@contextmanager
def _span(tracer: Tracer, name: str, headers: Mapping[str, str] | None) -> Iterator[Tell]:
    from opentelemetry.propagate import extract

    context = extract(headers) if headers else None
    # An error of ours may hold words of a person.
    with tracer.start_as_current_span(
        name, context, record_exception=False, set_status_on_exception=False
    ) as made:
        yield made.set_attributes


def _untold(_attributes: Mapping[str, str | int]) -> None:
    return None
