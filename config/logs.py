"""Structured logs: one JSON object a line in production, readable lines in development."""

import logging
from typing import Any

import structlog
import structlog.tracebacks
from structlog.types import EventDict, Processor, WrappedLogger

LEVELS = {"exception": "error", "fatal": "critical", "warn": "warning"}
QUIET = {
    "axes": "ERROR",
    "urllib3": "WARNING",
    "httpx": "WARNING",
    "httpx2": "WARNING",
    "openai": "WARNING",
    "kombu": "WARNING",
    "celery": "WARNING",
}

# Without local variables: they hold prompts, outlines and keys.
TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def add_level(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Name the level, unless the caller gave its own (four messages are promised with the level "log")."""
    event.setdefault("level", LEVELS.get(method, method))
    return event


def drop_objects(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave out the request object Django adds to its lines; the id of the request is there already."""
    event.pop("request", None)
    return event


def drop_tracebacks(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave out where Django refused a request (403, 404, …): the line says it all, and nothing is broken."""
    record: logging.LogRecord = event["_record"]
    if record.name == "django.request" and record.levelno < logging.ERROR:
        event.pop("exc_info", None)
    return event


def configuration(*, json_lines: bool) -> dict[str, Any]:
    """Return the LOGGING setting: everything, also what libraries log, goes through the same processors to stdout."""
    renderers: list[Processor] = (
        [TRACEBACKS, structlog.processors.JSONRenderer(sort_keys=False)]
        if json_lines
        else [
            structlog.dev.ConsoleRenderer(
                event_key="message", colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), drop_objects, drop_tracebacks, *_shared()],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
            }
        },
        "handlers": {
            "stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "structured"}
        },
        "root": {"handlers": ["stdout"], "level": "INFO"},
        # Django gives its own loggers handlers before this is read; without them all goes to the root, once.
        "loggers": {name: {"level": level} for name, level in QUIET.items()}
        | {name: {"handlers": [], "level": "INFO", "propagate": True} for name in ("django", "django.server")},
    }


def configure() -> None:
    """Send structlog's events through the standard library, so that both kinds end in the same lines."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        add_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.EventRenamer("message"),
    ]
