"""Spans sent with OpenTelemetry's SDK over OTLP/HTTP. Loaded only when an endpoint is set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from sessions_builder.tracing import Note
from sessions_builder.tracing.attributes import ERROR_TYPE

SEND_AFTER_MS = 1000
NANOSECONDS = 1_000_000_000
KINDS = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "consumer": SpanKind.CONSUMER,
}


class OtlpTracer:
    """Sends spans in the background; a collector that is away loses spans and nothing else."""

    def __init__(self, endpoint: str, role: str) -> None:
        provider = TracerProvider(resource=Resource.create({"service.name": f"session-builder-{role}"}))
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=SEND_AFTER_MS))
        self._tracer = provider.get_tracer("session_builder")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str, kind: str, parent: str, attributes: dict[str, Any]) -> Iterator[Note]:
        with self._tracer.start_as_current_span(
            name,
            context=self._context(parent),
            kind=KINDS[kind],
            attributes=attributes,
            record_exception=False,  # its text may quote what an author or the model wrote
            set_status_on_exception=False,
        ) as span:
            try:
                yield span.set_attributes
            except BaseException as error:
                span.set_status(StatusCode.ERROR)
                if ERROR_TYPE not in (getattr(span, "attributes", None) or {}):  # a code says more than a class
                    span.set_attribute(ERROR_TYPE, type(error).__name__)
                raise

    def past(self, name: str, parent: str, began: datetime) -> None:
        start = round(began.timestamp() * NANOSECONDS)
        self._tracer.start_span(name, context=self._context(parent), start_time=start).end()

    def current(self) -> str:
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier.get("traceparent", "")

    def _context(self, parent: str) -> Context | None:
        return self._propagator.extract({"traceparent": parent}) if parent else None
