"""Traces of generations and of sections written anew: the request, the queue, the retrieval, each model call.

Without OTEL_EXPORTER_OTLP_ENDPOINT nothing of OpenTelemetry is loaded, and a span costs a few hundred nanoseconds.
Spans hold names, numbers and codes, never a prompt, an outline or a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings

Note = Callable[..., None]
"""Adds attributes to a span under way: `note({"name": value})`."""


class Tracer(Protocol):
    """What the product needs of a tracing library."""

    def span(self, name: str, kind: str, parent: str, attributes: dict[str, Any]) -> AbstractContextManager[Note]: ...

    def past(self, name: str, parent: str, began: datetime) -> None: ...

    def current(self) -> str: ...


class NoTracer:
    """Traces nothing."""

    @contextmanager
    def span(self, name: str, kind: str, parent: str, attributes: dict[str, Any]) -> Iterator[Note]:
        yield _nothing

    def past(self, name: str, parent: str, began: datetime) -> None:
        """Nothing."""

    def current(self) -> str:
        return ""


def span(
    name: str, *, kind: str = "internal", parent: str = "", attributes: dict[str, Any] | None = None
) -> AbstractContextManager[Note]:
    """A span while the block runs; an exception that leaves the block marks it as failed, without its text.

    `kind` is internal, server, client or consumer; `parent` a traceparent, empty for the span around this one.
    """
    return tracer().span(name, kind, parent, attributes or {})


def past(name: str, *, parent: str, began: datetime) -> None:
    """A span that began then and ends now."""
    tracer().past(name, parent, began)


def current() -> str:
    """The traceparent of the span around this; empty when there is none. It travels with the row of the job."""
    return tracer().current()


@cache
def tracer() -> Tracer:
    """The tracer of this process."""
    if not settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        return NoTracer()
    found: Tracer = import_module("sessions_builder.tracing.otlp").OtlpTracer(
        settings.OTEL_EXPORTER_OTLP_ENDPOINT, settings.PROCESS_ROLE
    )
    return found


def _nothing(*_: Any, **__: Any) -> None:
    """Notes nothing."""
