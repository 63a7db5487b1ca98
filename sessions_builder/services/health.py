"""Is everything there that a generation needs? Answers quickly, whatever is broken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Unanswered
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from sessions_builder.clients.rag import INTERNAL, retriever_from_settings
from sessions_builder.jobs.provider_state import MODEL, RAG, SharedBreaker
from sessions_builder.knowledge.retriever import InternalRetriever
from sessions_builder.models import ProcessHeartbeat, ProviderState
from sessions_builder.pipeline.types import Retriever
from sessions_builder.services.queue_figures import SILENT_AFTER_SECONDS

DATABASE_SECONDS = 1.2
REDIS_SECONDS = 0.5
SILENT_AFTER = timedelta(seconds=SILENT_AFTER_SECONDS)
RAG_ANSWER_KEPT_SECONDS = 5.0
RAG_WAIT_SECONDS = 1.0
"""A probe does not wait longer for the knowledge source; what it says later serves the next probe."""


Answer = TypeVar("Answer")


class Health(StrEnum):
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"


class Check(StrEnum):
    OK = "ok"
    DOWN = "down"
    DISABLED = "disabled"
    """Not configured, on purpose."""
    UNKNOWN = "unknown"
    """Written in the database, which does not answer."""


@dataclass(frozen=True, slots=True)
class Report:
    """What works; `details` are for operators only."""

    checks: Mapping[str, Check]
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def health(self) -> Health:
        """Unhealthy without the database, degraded when anything else is down: briefs are still taken then."""
        if self.checks["database"] is Check.DOWN:
            return Health.UNHEALTHY
        return Health.DEGRADED if Check.DOWN in self.checks.values() else Health.HEALTHY


@dataclass(frozen=True, slots=True)
class RagHealth:
    """Whether the knowledge source answers, and how fast (ms; None when it was not asked)."""

    available: bool
    latency_ms: int | None
    state: str
    checked_at: datetime


def report() -> Report:
    """Check everything at once, within two seconds even when nothing answers."""
    asked_redis = _threads("redis").submit(_redis)
    # The built-in knowledge base lives in the database and is as well as that is.
    asked_rag = rag_memory.soon() if settings.RAG_API_URL not in ("", INTERNAL) else None
    started = time.monotonic()
    found = _within(DATABASE_SECONDS, _read_database)
    checks = {"database": Check.OK if found else Check.DOWN, "redis": _answer(asked_redis, REDIS_SECONDS)}
    if found is None:
        return Report({**checks, **dict.fromkeys(("worker", "reaper", "rag", "openai"), Check.UNKNOWN)})
    checks |= found.checks
    if asked_rag is not None and checks["rag"] is Check.OK:
        checks["rag"] = _rag(asked_rag, started + RAG_WAIT_SECONDS - time.monotonic())
    return Report(checks, found.details)


def database_answers() -> bool:
    """Whether the database answers in time."""
    return _within(DATABASE_SECONDS, _ask_database) is True


def rag_health() -> RagHealth:
    """Ask the knowledge source, at most every five seconds per process."""
    return rag_memory.get()


def _read_database() -> Report:
    """What the other processes left in the database."""
    recent = ProcessHeartbeat.objects.filter(seen_at__gte=timezone.now() - SILENT_AFTER)
    # A reaper that makes single rounds has ended after each, and is there all the same.
    beats = {"worker": list(recent.filter(kind="worker", ended_at=None)), "reaper": list(recent.filter(kind="reaper"))}
    providers = {row.name: row for row in ProviderState.objects.all()}
    writes = bool(settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL)
    checks = {
        **{kind: Check.OK if alive else Check.DOWN for kind, alive in beats.items()},
        "rag": _provider(providers.get(RAG), bool(settings.RAG_API_URL)),
        "openai": _provider(providers.get(MODEL), writes),
    }
    details = {
        "processes": [
            {"name": beat.name, "seenAt": beat.seen_at, **beat.details} for alive in beats.values() for beat in alive
        ],
        "providers": [
            {"name": row.name, "failures": row.failures, "openUntil": row.open_until, "reason": row.reason}
            for row in providers.values()
        ],
    }
    return Report(checks, details)


def _provider(row: ProviderState | None, is_configured: bool) -> Check:
    if not is_configured:
        return Check.DISABLED
    is_open = row is not None and row.open_until is not None and row.open_until > timezone.now()
    return Check.DOWN if is_open else Check.OK


def _redis() -> Check:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        ) as asked:
            asked.ping()
    except redis.RedisError:
        return Check.DOWN
    return Check.OK


def _ask_database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _rag(asked: Future[RagHealth], seconds: float) -> Check:
    """What the knowledge source says itself: no breaker opens where nobody has asked it lately."""
    try:
        return Check.OK if asked.result(timeout=max(0.0, seconds)).available else Check.DOWN
    except Unanswered:
        return Check.DOWN


def _answer(asked: Future[Check], seconds: float) -> Check:
    try:
        return asked.result(timeout=seconds)
    except Unanswered:
        return Check.DOWN


@cache
def _threads(what: str) -> ThreadPoolExecutor:
    """Threads of their own for each thing asked: a silent one must not keep the others from being asked."""
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix=f"health-{what}")


def _within(seconds: float, ask: Callable[[], Answer]) -> Answer | None:
    """The answer of a question to the database, None when it fails or takes longer: a pool waits 10 s by itself."""

    def asked() -> Answer | None:
        try:
            return ask()
        except DatabaseError:
            return None
        finally:
            if not connection.in_atomic_block:
                connection.close()

    try:
        return _threads("database").submit(asked).result(timeout=seconds)
    except Unanswered:
        return None


@cache
def _retriever() -> Retriever | None:
    return retriever_from_settings(SharedBreaker(RAG), InternalRetriever())


def _ask_rag() -> RagHealth:
    retriever = _retriever()
    if retriever is None:
        return RagHealth(False, None, Check.DISABLED, timezone.now())
    ping = retriever.ping()
    return RagHealth(ping.ok, ping.latency_ms, ping.cause or Check.OK, timezone.now())


class RagMemory:
    """The last answer about the knowledge source; anybody logged in may ask, the source must not suffer from it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._answer: RagHealth | None = None
        self._flight: Future[RagHealth] | None = None
        self._flight_lock = threading.Lock()

    def get(self) -> RagHealth:
        with self._lock:
            if self._answer is None or time.monotonic() - self._asked_at > RAG_ANSWER_KEPT_SECONDS:
                self._answer = _ask_rag()
                self._asked_at = time.monotonic()
            return self._answer

    def soon(self) -> Future[RagHealth]:
        """The answer, once it is there; whoever asks meanwhile waits for the same question."""
        with self._flight_lock:
            if self._flight is None or self._flight.done():
                self._flight = _threads("rag").submit(self.get)
            return self._flight

    def forget(self) -> None:
        """Forget the last answer and the client it came from, for tests and for changed settings."""
        with self._lock:
            self._answer = None
            _retriever.cache_clear()


rag_memory = RagMemory()
