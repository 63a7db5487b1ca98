"""The running product as an operator sees it: figures, health, log lines, alerts."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from prometheus_client.parser import text_string_to_metric_families

from config.local_process import free_port, wait_until
from config.programs import web
from tests.operations import prometheus
from tests.operations.listeners import Listener, listening
from tests.support.processes import ApiClient, Stack

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

CANARY = "canary-kolibri"
KEY = "sk-test-key-0123456789"
Series = dict[tuple[str, tuple[tuple[str, str], ...]], float]


@pytest.fixture(scope="module")
def webhook() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture(scope="module")
def collector() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture(scope="module")
def stack(webhook: Listener, collector: Listener) -> Iterator[Stack]:
    with Stack(
        workers=1,
        LOG_JSON="true",
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        GENERATION_MAX_UNFINISHED_PER_USER="100",
        RAG_TIMEOUT_MS="1000",
        RAG_RETRY_ATTEMPTS="0",
        ALERT_WEBHOOK_URL=webhook.url,
        ALERT_EMAILS="operator@example.org",
        EMAIL_URL="consolemail://",
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
    """Status and body of the health answer, which takes two seconds at most; the rest is for a busy machine."""
    answer = requests.get(f"{stack.url}/api/health", timeout=8)
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
def test_the_guides_four_events_are_logged(stack: Stack, first: dict[str, Any], message: str, fields: set[str]) -> None:
    (line,) = [line for line in lines(stack, message) if line["generationId"] == first["id"]]
    assert set(line) == {"level", "message", "timestamp", "requestId", "generationId"} | fields
    assert (line["level"], line["requestId"]) == ("log", "request-of-the-first")
    assert line["timestamp"].endswith("Z")
    assert [name for name in fields if line[name] is None] == []


def spans(collector: Listener) -> list[Span]:
    requests_ = [ExportTraceServiceRequest.FromString(body) for body in collector.bodies]
    return [
        span for asked in requests_ for one in asked.resource_spans for scope in one.scope_spans for span in scope.spans
    ]


def attributes(span: Span) -> dict[str, str | int]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def trace_of(collector: Listener, attribute: str, value: str, *, names: list[str]) -> list[Span]:
    """All spans of the traces that have a span with this attribute, once they have these names."""

    def found() -> list[Span]:
        seen = spans(collector)
        traces = {span.trace_id for span in seen if attributes(span).get(attribute) == value}
        return [span for span in seen if span.trace_id in traces]

    assert wait_until(lambda: sorted({span.name for span in found()}) == names, seconds=15), found()
    return found()


def test_a_generation_is_one_trace(collector: Listener, first: dict[str, Any]) -> None:
    names = ["POST /api/generations", "chat gpt-5.4-mini", "generation", "queue", "retrieval"]
    found = trace_of(collector, "session_builder.generation.id", first["id"], names=names)
    by_name = {span.name: span for span in found}
    request, generation = by_name["POST /api/generations"], by_name["generation"]
    assert request.parent_span_id == b""
    assert by_name["queue"].parent_span_id == generation.parent_span_id == request.span_id
    assert by_name["retrieval"].parent_span_id == generation.span_id
    assert attributes(by_name["retrieval"])["session_builder.rag.state"] == first["metadata"]["ragState"]
    calls = [span for span in found if span.name.startswith("chat ")]
    assert {span.parent_span_id for span in calls} == {generation.span_id}
    assert {attributes(span)["session_builder.variant"] for span in calls} == {1, 2, 3, 4}
    for span in calls:
        told = attributes(span)
        assert (told["gen_ai.operation.name"], told["gen_ai.request.model"]) == ("chat", "gpt-5.4-mini")
        assert (told["gen_ai.usage.input_tokens"], told["gen_ai.usage.output_tokens"]) == (2400, 1100)


def test_a_section_written_anew_is_one_trace(collector: Listener, author: ApiClient) -> None:
    sections = [{"type": "exercise", "title": "Calls", "minutes": 60}]
    start = {"title": "Calls", "category": "Prospecting", "sessionType": "workshop", "outline": {"sections": sections}}
    session = author.request("POST", "sessions", json=start).json()
    path = f"sessions/{session['id']}/sections/{session['outline']['sections'][0]['id']}/regenerate"
    proposal = author.request("POST", path, json={}).json()["proposalId"]
    post = "POST /api/sessions/<uuid:session_id>/sections/<slug:section_id>/regenerate"
    names = [post, "chat gpt-5.4-mini", "proposal", "queue"]
    by_name = {span.name: span for span in trace_of(collector, "session_builder.proposal.id", proposal, names=names)}
    assert by_name[post].parent_span_id == b""
    assert by_name["queue"].parent_span_id == by_name["proposal"].parent_span_id == by_name[post].span_id
    assert by_name["chat gpt-5.4-mini"].parent_span_id == by_name["proposal"].span_id


def test_the_series_equal_the_database(stack: Stack, operator: ApiClient, first: dict[str, Any]) -> None:
    exported = ApiClient(stack, "analyst").request("GET", "analytics/export?format=csv&dataset=events")
    assert exported.status_code == 200
    series = scrape(operator)

    def counted(statement: str, name: str, *labels: str) -> None:
        for *found, number in stack.sql(statement):
            assert value(series, name, **dict(zip(labels, map(str, found), strict=True))) == number, (name, found)

    generation, variant = "sessions_builder_generation", "sessions_builder_variant"
    counted(f"SELECT mode, state, count(*) FROM {generation} GROUP BY 1, 2", "generations_total", "mode", "outcome")
    counted(f"SELECT count(*) FROM {generation}", "generation_duration_seconds_count")
    counted(f"SELECT sum(processing_ms) / 1000.0::float FROM {generation}", "generation_duration_seconds_sum")
    counted(f"SELECT rag_state, count(*) FROM {generation} GROUP BY 1", "rag_queries_total", "state")
    counted(f"SELECT number, count(*) FROM {variant} GROUP BY 1", "variant_duration_seconds_count", "variant")
    calls = "FROM analytics_aiinteraction"
    counted(f"SELECT model, outcome, count(*) {calls} GROUP BY 1, 2", "llm_requests_total", "model", "outcome")
    counted(f"SELECT 'input', sum(tokens_in) {calls}", "llm_tokens_total", "type")
    counted(f"SELECT 'output', sum(tokens_out) {calls}", "llm_tokens_total", "type")
    ((spent,),) = stack.sql(f"SELECT sum(cost_usd)::float {calls}")
    assert value(series, "llm_cost_usd_total") == pytest.approx(spent)
    counted("SELECT variant, source, count(*) FROM analytics_selection GROUP BY 1, 2",
            "variant_selections_total", "variant", "source")  # fmt: skip
    counted("SELECT event_type, count(*) FROM analytics_event GROUP BY 1", "events_total", "type")
    counted("SELECT sum(rows) FROM analytics_export", "export_rows_total")
    assert value(series, "jobs", state="queued") == value(series, "queue_oldest_age_seconds") == 0
    assert value(series, "reaper_last_run_age_seconds") < 35
    assert value(series, "workers") == 1
    assert value(series, "flag_evaluations_total", flag="variant_generation_v2", reason=first["decision"]["reason"]) > 0


def test_no_series_names_a_person_or_a_session(operator: ApiClient, first: dict[str, Any]) -> None:
    names = {name for _, labels in scrape(operator) for name, _ in labels}
    assert names <= {"mode", "outcome", "variant", "state", "model", "type", "source", "flag", "reason", "le"}


def test_the_figures_are_for_operators(stack: Stack, author: ApiClient, operator: ApiClient) -> None:
    url = f"{stack.url}/metrics"
    assert requests.get(url, timeout=10).status_code == 401
    assert author.session.get(url, timeout=10).status_code == 403
    assert operator.session.post(url, timeout=10).status_code == 405
    limited = {"Authorization": f"Bearer {stack.token('operator', 'generations:read')}"}
    assert requests.get(url, headers=limited, timeout=10).status_code == 403


@pytest.mark.skipif(prometheus.PROGRAM is None, reason="there is no prometheus on this machine")
def test_a_real_prometheus_sees_the_load(stack: Stack, author: ApiClient, operator: ApiClient) -> None:
    """A minute of it with SESSION_BUILDER_SCRAPE_SECONDS=60."""
    seconds = float(os.environ.get("SESSION_BUILDER_SCRAPE_SECONDS", "4"))
    token = str(operator.session.headers["Authorization"]).removeprefix("Bearer ")
    with prometheus.scraping(stack.directory / "prometheus", stack.url.removeprefix("http://"), token) as address:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for identity in [author.submit() for _ in range(5)]:
                author.ended(identity)
        expected = {
            f"mode={mode},outcome={state}": float(number)
            for mode, state, number in stack.sql(
                "SELECT mode, state, count(*) FROM sessions_builder_generation GROUP BY 1, 2"
            )
        }

        def seen() -> dict[str, float]:
            return prometheus.values(address, "session_builder_generations_total > 0")

        assert wait_until(lambda: seen() == expected, seconds=20), (seen(), expected)
        ((calls,),) = stack.sql("SELECT count(*) FROM analytics_aiinteraction")
        assert sum(prometheus.values(address, "session_builder_llm_requests_total").values()) == calls
        assert prometheus.values(address, "max_over_time(session_builder_jobs[1m])")["state=generating"] >= 0
        assert prometheus.values(address, "min_over_time(up[1m])") == {"": 1.0}


def test_redis_down_degrades_and_briefs_are_taken(stack: Stack, author: ApiClient) -> None:
    assert becomes(stack, "healthy"), health(stack)
    stack.redis.close()
    try:
        assert becomes(stack, "degraded", "redis"), health(stack)
        identity = author.submit()
    finally:
        stack.redis.start()
    assert author.ended(identity)["state"] == "succeeded"
    assert becomes(stack, "healthy"), health(stack)


def test_a_silent_redis_does_not_hold_up_the_probe(stack: Stack) -> None:
    stack.redis.freeze()
    try:
        assert becomes(stack, "degraded", "redis"), health(stack)
    finally:
        stack.redis.thaw()


def test_without_a_database_it_is_unhealthy(stack: Stack) -> None:
    name = stack.database_url.rpartition("/")[2]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            status, body = health(stack)
            assert (status, body["status"], body["checks"]["database"]) == (503, "unhealthy", "down")
            assert requests.get(f"{stack.url}/api/health/ready", timeout=10).status_code == 503
            assert requests.get(f"{stack.url}/api/health/live", timeout=10).status_code == 200
        finally:
            server.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
    assert becomes(stack, "healthy"), health(stack)


def open_alerts(stack: Stack) -> set[str]:
    return {kind for (kind,) in stack.sql("SELECT kind FROM analytics_alert WHERE closed_at IS NULL")}


def only_line(stack: Stack, message: str, identity: str) -> dict[str, Any]:
    (line,) = [line for line in lines(stack, message) if line["generationId"] == identity]
    return line


def test_three_troubles_alert_at_once_are_told_once_and_end(stack: Stack, author: ApiClient, webhook: Listener) -> None:
    stack.stop("tick")  # so that conditions are looked at when the test says so
    stack.provider.fault("rag:500")
    stack.provider.fault("model:401:variant=1")
    for number, fault in enumerate(("html", "refusal", "choices_null"), start=2):
        stack.provider.fault(f"model:{fault}:variant={number}")
    never_asked = {
        "notes": f"{CANARY} of the failure",
        "desiredOutcome": "Lead a calm talk about a complaint",
        "currentProblem": "Complaints end in quarrels",
        "specificTopics": ["listening to complaints"],
    }
    identity = author.submit(never_asked, **{"X-Request-Id": "request-of-the-failure"})
    body = author.ended(identity)
    assert (body["mode"], body["metadata"]["ragState"]) == ("legacy_fallback", "unavailable")
    assert open_alerts(stack) == {"rag_down", "all_variants_failed"}
    assert becomes(stack, "degraded", "rag"), health(stack)
    stack.sql("ALTER TABLE analytics_selection ADD CONSTRAINT broken CHECK (false) NOT VALID")
    assert author.request("POST", f"generations/{identity}/variants/0/select", json={}).status_code == 200
    assert open_alerts(stack) == {"rag_down", "all_variants_failed", "selection_not_logged"}

    usual = {"level", "message", "timestamp", "requestId", "generationId"}
    rag = only_line(stack, "RAG query failed completely, proceeding with baseline only", identity)
    assert set(rag) == usual | {"error", "queryTime"}
    failed = only_line(stack, "All variants failed to generate", identity)
    assert set(failed) == usual | {"errorCodes"}
    assert (failed["level"], failed["requestId"]) == ("error", "request-of-the-failure")
    assert set(only_line(stack, "Failed to log variant selection", identity)) == usual | {"error"}

    stack.manage("tick")
    assert len(open_alerts(stack)) == 3
    stack.provider.reset()
    stack.sql("ALTER TABLE analytics_selection DROP CONSTRAINT broken")
    stack.forget_provider_trouble()
    identity = author.submit()
    author.until(identity, lambda body: body["state"] == "succeeded")
    author.request("POST", f"generations/{identity}/variants/2/select", json={})
    mails = stack.manage("tick")
    assert open_alerts(stack) == set()
    told = sorted((json.loads(body)["kind"], json.loads(body)["state"]) for body in webhook.bodies)
    kinds = ("all_variants_failed", "rag_down", "selection_not_logged")
    assert told == [(kind, state) for kind in kinds for state in ("closed", "open")]
    assert mails.count("Subject: [Session Builder] closed: ") == 3


def test_who_ends_in_order_says_so(stack: Stack) -> None:
    """The tick process did in the test before; the web process is there."""
    second = stack.start(replace(web(free_port()), name="web2"))
    found = "SELECT count(*), count(ended_at) FROM sessions_builder_processheartbeat WHERE kind = %s"
    try:
        assert wait_until(lambda: stack.sql(found, "web") == [(2, 0)], seconds=60), stack.logs()
    finally:
        stack.stop("web2")
    assert second.returncode == 0
    assert stack.sql(found, "web") == [(2, 1)]
    ((reapers, ended),) = stack.sql(found, "reaper")
    assert reapers == ended > 0


def test_silent_processes_degrade(stack: Stack) -> None:
    """After the test before nobody reaps; now nobody works either."""
    stack.kill("worker1")
    stack.sql("UPDATE sessions_builder_processheartbeat SET seen_at = seen_at - interval '1 minute'")
    assert becomes(stack, "degraded", "worker", "reaper"), health(stack)


def test_nothing_told_outside_holds_what_was_written_or_is_secret(
    stack: Stack,
    author: ApiClient,
    operator: ApiClient,
    first: dict[str, Any],
    collector: Listener,
    webhook: Listener,
) -> None:
    """Last, so that every path of the tests above is in the logs; here are those of wrong requests."""
    author.request("POST", "generations", data=f'{{"notes": "{CANARY}', headers={"Content-Type": "application/json"})
    author.request("POST", "generations", json={"notes": CANARY})
    wrong = {"Authorization": f"Bearer sb_{CANARY}"}
    requests.get(f"{stack.url}/api/generations", headers=wrong, timeout=10)
    sources = author.request("GET", f"generations/{first['id']}/sources").json()["sources"]
    written = [section["title"] for card in first["variants"] for section in card["outline"]["sections"]]
    tokens = [str(client.session.headers["Authorization"]).split()[1] for client in (author, operator)]
    secrets = {CANARY, KEY, *tokens, *written, *(source["excerpt"][:40] for source in sources)}
    assert len(secrets) > 10
    sent = b"".join([*collector.bodies, *webhook.bodies]).decode(errors="replace")
    text = sent + "".join(path.read_text(errors="replace") for path in stack.directory.glob("*.log"))
    assert [secret for secret in secrets if secret in text] == []
