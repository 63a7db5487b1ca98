"""Log lines: the keys everybody relies on, for our events and for what libraries log."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from config import logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Collect what is logged, as production writes it."""
    stream = io.StringIO()
    configuration = logs.configuration(json_lines=True)
    formatter = configuration["formatters"]["structured"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
        )
    )
    logger = logging.getLogger("example")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    structlog.contextvars.clear_contextvars()
    yield stream
    structlog.contextvars.clear_contextvars()
    logger.removeHandler(handler)


def only_line(stream: io.StringIO) -> dict[str, Any]:
    """Return the one line that was logged."""
    (line,) = stream.getvalue().splitlines()
    return dict(json.loads(line))


def test_it_works(lines: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(requestId="r-1")
    structlog.get_logger("example").info("RAG query completed", resultsFound=5)
    line = only_line(lines)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"message": "RAG query completed", "level": "info", "resultsFound": 5, "requestId": "r-1"}


def test_the_caller_may_name_the_level(lines: io.StringIO) -> None:
    structlog.get_logger("example").info("RAG query completed", level="log")
    assert only_line(lines)["level"] == "log"


def test_what_libraries_log_has_the_same_keys(lines: io.StringIO) -> None:
    logging.getLogger("example").warning("Retrying %s", "now", extra={"attempt": 2, "request": object()})
    line = only_line(lines)
    assert (line["message"], line["level"], line["attempt"]) == ("Retrying now", "warning", 2)
    assert "timestamp" in line
    assert "request" not in line


def test_an_exception_is_data(lines: io.StringIO) -> None:
    try:
        raise ValueError("wrong")
    except ValueError:
        structlog.get_logger("example").exception("Failed")
    line = only_line(lines)
    assert line["level"] == "error"
    assert line["exception"][0]["exc_type"] == "ValueError"


def test_locals_of_an_exception_are_not_logged(lines: io.StringIO) -> None:
    canary = "sk-canary-0123456789"
    try:
        raise ValueError(len(canary))
    except ValueError:
        structlog.get_logger("example").exception("Failed")
        logging.getLogger("example").exception("Failed too")
    assert canary not in lines.getvalue()


@pytest.mark.parametrize(
    ("name", "level", "traced"),
    [
        ("django.request", "WARNING", False),
        ("django.request", "ERROR", True),
        ("example", "WARNING", True),
    ],
)
def test_only_an_error_of_a_request_has_a_traceback(lines: io.StringIO, name: str, level: str, traced: bool) -> None:
    error = PermissionError("not yours")
    told = {"name": name, "levelname": level, "levelno": logging.getLevelName(level), "msg": "Forbidden"}
    logging.getLogger("example").handle(logging.makeLogRecord(told | {"exc_info": (type(error), error, None)}))
    line = only_line(lines)
    assert line["message"] == "Forbidden"
    assert ("exception" in line) is traced
    assert "exc_info" not in line


def test_requests_of_django_are_logged_once() -> None:
    loggers = logs.configuration(json_lines=True)["loggers"]
    assert loggers["django"] == loggers["django.server"] == {"handlers": [], "level": "INFO", "propagate": True}
