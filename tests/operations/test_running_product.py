"""The running product as an operator sees it: figures, health, log lines, alerts."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from config.local_process import wait_until
from tests.operations import prometheus
from tests.operations.listeners import Listener, listening
from tests.support.processes import ApiClient, Stack

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(180)]

CANARY = "canary-kolibri"
KEY = "sk-test-key-0123456789"
Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(scope="module")
def webhook() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture(scope="module")
def stack(webhook: Listener) -> Iterator[Stack]:
    with Stack(
        workers=1,
        LOG_JSON="true",
        GENERATION_MAX_UNFINISHED_PER_USER="100",
        RAG_TIMEOUT_MS="1000",
        RAG_RETRY_ATTEMPTS="0",
        ALERT_WEBHOOK_URL=webhook.url,
        ALERT_EMAILS="operator@example.org",
    ) as running:
        running.provider.latency(model=50, rag=10)
        yield running


@pytest.fixture(scope="module")
def author(stack: Stack) -> ApiClient:
    return ApiClient(stack)


@pytest.fixture(scope="module")
def operator(stack: Stack) -> ApiClient:
    return ApiClient(stack, "operator")


@pytest.fixture(scope="module")
def first(author: ApiClient) -> dict[str, Any]:
    """A generation that went well, with a variant chosen from it."""
    brief = {"notes": f"{CANARY} notes", "title": f"{CANARY} title"}
    identity = author.submit(brief, **{"X-Request-Id": "request-of-the-first"})
    body = author.ended(identity)
    assert author.request("POST", f"generations/{identity}/variants/1/select", json={}).status_code == 200
    return body


def lines(stack: Stack, message: str) -> list[dict[str, Any]]:
    """What all processes logged with this message."""
    logged = [line for path in stack.directory.glob("*.log") for line in path.read_text().splitlines()]
    parsed = [json.loads(line) for line in logged if line.startswith("{")]
    return [line for line in parsed if line["message"] == message]


def scrape(operator: ApiClient) -> Series:
    answer = operator.session.get(f"{operator.stack.url}/metrics", timeout=10)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(series: Series, name: str, **labels: str) -> float:
    return series[f"session_builder_{name}", tuple(sorted(labels.items()))]


def health(stack: Stack) -> tuple[int, dict[str, Any]]:
    """Status and body of the health answer, which never takes two seconds."""
    started = time.monotonic()
    answer = requests.get(f"{stack.url}/api/health", timeout=10)
    assert answer.elapsed.total_seconds() < 2, time.monotonic() - started
    body: dict[str, Any] = answer.json()
    return answer.status_code, body


def becomes(stack: Stack, status: str, *down: str) -> bool:
    """Whether the health becomes this within a while, with exactly these checks down."""

    def is_so() -> bool:
        body = health(stack)[1]
        return body["status"] == status and {name for name, is_ in body["checks"].items() if is_ == "down"} == {*down}

    return wait_until(is_so, seconds=20)


GUIDE = {
    "Variant generation v2 request received": {
        *("category", "sessionType", "rolloutPercentage", "rolloutSample", "decisionReason"),
    },
    "RAG query completed": {"resultsFound", "ragAvailable", "averageSimilarity", "queryTime", "ragState"},
    "Variant 1 generated": {"ragWeight", "sectionsCount", "totalDuration"},
    "Variant 4 generated": {"ragWeight", "sectionsCount", "totalDuration"},
    "Multi-variant generation completed": {"totalDuration", "totalSections", "processingTime"},
}


@pytest.mark.parametrize(("message", "fields"), GUIDE.items())
def test_the_guides_four_events_are_logged(
    stack: Stack, first: dict[str, Any], message: str, fields: set[str]
) -> None:
    (line,) = [line for line in lines(stack, message) if line["generationId"] == first["id"]]
    assert set(line) == {"level", "message", "timestamp", "requestId", "generationId"} | fields
    assert (line["level"], line["requestId"]) == ("log", "request-of-the-first")
    assert line["timestamp"].endswith("Z")
    assert [name for name in fields if line[name] is None] == []
