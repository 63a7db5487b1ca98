"""Health and probes: what is public, what operators see besides, and what each trouble does to the whole."""

import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions_builder.models import ProcessHeartbeat, ProviderState
from sessions_builder.services import health
from sessions_builder.services.health import Check

pytestmark = pytest.mark.django_db


class AtOnce(Executor):
    """Runs what it is given in the caller's thread, whose transaction holds the rows of the test."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@pytest.fixture(autouse=True)
def _fresh_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(health, "_threads", lambda _what: AtOnce())
    health.rag_memory.forget()
    yield
    health.rag_memory.forget()


def alive(kind: str, **fields: Any) -> None:
    ProcessHeartbeat.objects.create(name=f"{kind}:host:1", kind=kind, **fields)


def test_it_works(client: Client) -> None:
    alive("worker")
    alive("reaper")
    response = client.get("/api/health")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.json() == {
        "status": "healthy",
        "checks": {
            "database": "ok",
            "redis": "ok",
            "worker": "ok",
            "reaper": "ok",
            "rag": "ok",
            "openai": "disabled",
        },
        "version": "2.0.0",
    }


def test_silent_processes_degrade(client: Client) -> None:
    alive("worker", seen_at=timezone.now() - timedelta(minutes=1))
    body = client.get("/api/health").json()
    assert body["status"] == "degraded"
    assert (body["checks"]["worker"], body["checks"]["reaper"]) == ("down", "down")


def test_an_open_breaker_degrades_and_a_closed_one_does_not(client: Client, settings: Any) -> None:
    settings.OPENAI_API_KEY = "key"
    alive("worker")
    alive("reaper")
    row = ProviderState.objects.create(name="model", failures=3, open_until=timezone.now() + timedelta(seconds=50))
    assert client.get("/api/health").json()["checks"]["openai"] == "down"
    row.open_until = timezone.now() - timedelta(seconds=1)
    row.save()
    assert client.get("/api/health").json()["status"] == "healthy"


def test_redis_down_degrades(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/api/health")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"]["redis"] == "down"


def test_without_a_database_it_is_503_and_the_rest_is_unknown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_within", lambda seconds, ask: None)
    response = client.get("/api/health")
    assert (response.status_code, response.json()["status"]) == (503, "unhealthy")
    assert response.json()["checks"]["worker"] == "unknown"
    assert client.get("/api/health/ready").status_code == 503
    assert client.get("/api/health/live").status_code == 200


def test_probes(client: Client) -> None:
    assert client.get("/api/health/live").json() == {"status": "ok"}
    assert client.get("/api/health/ready").json() == {"status": "ok"}


def test_a_database_that_does_not_answer_in_time_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    released = threading.Event()
    try:
        assert health._within(0.05, lambda: released.wait(10)) is None
    finally:
        released.set()


@pytest.mark.parametrize(("role", "sees"), [("operator", True), ("author", False), ("product", False)])
def test_details_are_for_operators(request: pytest.FixtureRequest, client: Client, role: str, sees: bool) -> None:
    user: User = request.getfixturevalue(role)
    alive("worker", details={"held": 3})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    body = client.get("/api/health").json()
    assert ("details" in body) is sees
    if sees:
        assert body["details"]["processes"][0]["held"] == 3


def test_a_bad_token_does_not_hide_the_health(client: Client) -> None:
    response = client.get("/api/health", headers={"Authorization": "Bearer sb_wrong"})
    assert response.status_code == 200


def test_health_of_the_built_in_knowledge_base(api: Client) -> None:
    body = api.get("/api/rag/health").json()
    assert (body["available"], body["state"]) == (True, Check.OK)
    assert body["latencyMs"] >= 0


def test_health_of_no_knowledge_source(api: Client, settings: Any) -> None:
    settings.RAG_API_URL = ""
    body = api.get("/api/rag/health").json()
    assert (body["available"], body["latencyMs"], body["state"]) == (False, None, "disabled")


def test_health_of_a_source_that_refuses(api: Client, settings: Any) -> None:
    settings.RAG_API_URL = "http://127.0.0.1:1"
    body = api.get("/api/rag/health").json()
    assert body["available"] is False
    assert body["state"] == "refused"


def test_the_source_is_not_asked_again_at_once(api: Client) -> None:
    first = api.get("/api/rag/health").json()["checkedAt"]
    assert api.get("/api/rag/health").json()["checkedAt"] == first


def test_a_source_that_refuses_degrades_before_any_breaker_opens(client: Client, settings: Any) -> None:
    settings.RAG_API_URL = "http://127.0.0.1:1"
    alive("worker")
    alive("reaper")
    body = client.get("/api/health").json()
    assert (body["status"], body["checks"]["rag"]) == ("degraded", "down")


def test_a_source_that_is_slow_to_answer_holds_nobody_up() -> None:
    silent: Future[health.RagHealth] = Future()
    assert health._rag(silent, 0.0) is Check.DOWN
