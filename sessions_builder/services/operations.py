"""What an operator looks at and may do: the queue, the processes, the services outside, and what failed lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from analytics.dashboard.panel import only_drafts
from analytics.metrics.ai import ai_metrics
from analytics.periods import Period
from sessions_builder import persistence
from sessions_builder.clients.doorbell import doorbell
from sessions_builder.errors import Conflict
from sessions_builder.models import (
    UNFINISHED,
    Generation,
    GenerationState,
    ProcessHeartbeat,
    ProposalState,
    ProviderState,
    SectionProposal,
)
from sessions_builder.models.proposal import OPEN
from sessions_builder.services.generations import generation_retry
from sessions_builder.services.queue_figures import SILENT_AFTER_SECONDS, QueueFigures, queue_figures

SHOWN = 20
REAPER_LATE_SECONDS = 60
QUEUE_OLD_SECONDS = 30
SERVICE_NAMES = {"rag": "the knowledge service", "model": "the model"}
LOOK_BACK = timedelta(days=1)
MISSED_FOR = timedelta(hours=1)
TEXTS = ("brief", "snapshot", "retrieval")
PROPOSAL_TEXTS = ("instruction", "request", "section", "notes")


@dataclass(frozen=True, slots=True)
class Process:
    """A web, worker or tick process that did not end in order; `alive` when its last sign of life is recent."""

    name: str
    kind: str
    seen_at: datetime
    alive: bool
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    """A service outside: `working`, `paused` at its own wish, or `closed off` after failures."""

    name: str
    state: str
    until: datetime | None
    failures: int
    reason: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the last day with its sample; `value` is None without one."""

    name: str
    value: float | None
    unit: str
    n: int


@dataclass(frozen=True, slots=True)
class Case:
    """One of the guide's troubleshooting cases with the figures that show whether it is at hand."""

    title: str
    figures: Sequence[Figure]
    next_step: str
    unmeasured: str
    """What is said instead where there is no figure at all."""

    @property
    def measured(self) -> bool:
        return any(figure.value is not None for figure in self.figures)


@dataclass(frozen=True, slots=True)
class Operations:
    """Everything the operations page shows."""

    figures: QueueFigures
    unfinished: Sequence[Generation]
    failed: Sequence[Generation]
    proposals: Sequence[SectionProposal]
    """Sections to be written anew: the open ones, and those that failed in the last day."""
    processes: Sequence[Process]
    services: Sequence[Service]
    cases: Sequence[Case]

    @property
    def headline(self) -> str:
        """The worst that is wrong, or that nothing is."""
        if not self.figures.workers:
            return "No worker is at work"
        if self.figures.reaper_age_seconds > REAPER_LATE_SECONDS:
            return "The tick process is silent"
        if self.figures.oldest_age_seconds > QUEUE_OLD_SECONDS:
            return "Jobs wait too long"
        idle = [SERVICE_NAMES.get(one.name, one.name) for one in self.services if one.state != "working"]
        return f"Not asked right now: {', '.join(idle)}" if idle else "Everything is at work"


def operations() -> Operations:
    """Read how things stand now."""
    now = timezone.now()
    rows = Generation.objects.defer(*TEXTS)
    return Operations(
        figures=queue_figures(),
        unfinished=list(rows.filter(state__in=UNFINISHED).order_by("created_at")[:SHOWN]),
        failed=list(_failed(rows, now)[:SHOWN]),
        proposals=_proposals(now),
        processes=_processes(now),
        services=[_service(row, now) for row in ProviderState.objects.order_by("name")],
        cases=_cases(now),
    )


def generation_requeue(*, generation: Generation) -> Generation:
    """Have a generation worked on again: an unfinished one at once, an ended one in a new run for what it misses.

    Raises Conflict while a worker holds it, and where nothing is missing; TooManyJobs and QueueFull beyond the limits.
    """
    if generation.is_terminal:
        return generation_retry(generation=generation)
    with transaction.atomic():
        if not persistence.queue_now(generation.pk):
            raise Conflict("A worker holds this generation; it is free again when its lease ends.")
        transaction.on_commit(lambda: doorbell.ring(generation.pk), robust=True)
    generation.refresh_from_db()
    return generation


def _failed(rows: QuerySet[Generation], now: datetime) -> QuerySet[Generation]:
    ended = rows.filter(state__in=(GenerationState.FAILED, GenerationState.PARTIAL), created_at__gte=now - LOOK_BACK)
    return ended.order_by("-created_at")


def _proposals(now: datetime) -> list[SectionProposal]:
    rows = SectionProposal.objects.defer(*PROPOSAL_TEXTS)
    unfinished = rows.filter(state__in=OPEN).order_by("created_at")[:SHOWN]
    failed = rows.filter(state=ProposalState.FAILED, created_at__gte=now - LOOK_BACK).order_by("-created_at")[:SHOWN]
    return [*unfinished, *failed]


def _processes(now: datetime) -> list[Process]:
    recent = now - timedelta(seconds=SILENT_AFTER_SECONDS)
    beats = ProcessHeartbeat.objects.filter(seen_at__gte=now - MISSED_FOR, ended_at=None).order_by("kind", "-seen_at")
    return [Process(one.name, one.kind, one.seen_at, one.seen_at >= recent, one.details) for one in beats[:SHOWN]]


def _service(row: ProviderState, now: datetime) -> Service:
    if row.open_until is not None and row.open_until > now:
        return Service(row.name, "closed off", row.open_until, row.failures, row.reason)
    if row.cooldown_until is not None and row.cooldown_until > now:
        return Service(row.name, "paused", row.cooldown_until, row.failures, row.reason)
    return Service(row.name, "working", None, row.failures, row.reason)


def _cases(now: datetime) -> list[Case]:
    metrics = ai_metrics(Period(now - LOOK_BACK, now))
    times, rates, rag = metrics["times"], metrics["rates"], metrics["rag"]
    unmeasured = _unmeasured(only_drafts(metrics))
    return [
        Case(
            "Generations time out",
            [
                _seconds("95 % of generations within", times["processing"]),
                _seconds("95 % of variants within", times["variant"]),
                _seconds("95 % of RAG queries within", times["ragQuery"]),
            ],
            "Above 30 s: whichever of the two below it is slow names the service. Check its status; raise"
            " RAG_SIMILARITY_THRESHOLD for less context; raise OPENAI_TIMEOUT_MS for a while.",
            unmeasured,
        ),
        Case(
            "Few choose a variant with material",
            [
                _figure("Choices with material", rates["ragSelectionRate"], "share"),
                _figure("Average similarity", rag["averageSimilarity"], "number"),
                _figure("Material of the right category", rag["categoryMatchRate"], "share"),
            ],
            "Below 30 %: low similarity asks for better documents, few of the right category for better categories in"
            " them; then adjust RAG_SIMILARITY_WEIGHT, RAG_RECENCY_WEIGHT and RAG_CATEGORY_WEIGHT.",
            unmeasured,
        ),
        Case(
            "Memory grows",
            [
                Figure("Largest worker, MB", _largest_worker(now), "number", 1),
                Figure(f"Events kept, {settings.ANALYTICS_RETENTION_DAYS} days at most", _events_kept(), "number", 1),
            ],
            "Events are rows and not memory: restart and report a worker that grows past 220 MB. Old events go with"
            " manage.py clear_old_events --before DATE.",
            "",
        ),
    ]


def _unmeasured(drafts: str) -> str:
    if drafts:
        return f"{drafts}, in the last day. To have a model write, set OPENAI_API_KEY or OPENAI_BASE_URL."
    return "No generation in the last day. Send a brief, and look again when it is written."


def _figure(name: str, found: dict[str, Any], unit: str) -> Figure:
    return Figure(name, found["value"], unit, found["n"])


def _seconds(name: str, spread: dict[str, Any]) -> Figure:
    value = spread["p95"]
    return Figure(name, None if value is None else value / 1000, "s", spread["n"])


def _largest_worker(now: datetime) -> float | None:
    recent = now - timedelta(seconds=SILENT_AFTER_SECONDS)
    beats = ProcessHeartbeat.objects.filter(kind="worker", seen_at__gte=recent, ended_at=None)
    return max((beat.details["memoryMb"] for beat in beats if "memoryMb" in beat.details), default=None)


def _events_kept() -> float:
    """About how many, as the database's statistics have it, for counting millions takes seconds.

    A table without statistics is new and small: it is counted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'analytics_event'::regclass")
        (about,) = cursor.fetchone()
        if about < 0:
            cursor.execute("SELECT count(*) FROM analytics_event")
            (about,) = cursor.fetchone()
    return float(about)
