"""Writing: start every missing outline at once, store each as soon as it is done, stop when told to."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty

import structlog
from django.conf import settings
from django.db import connection

from sessions_builder import counters, persistence
from sessions_builder.errors import FailureCode
from sessions_builder.jobs import progress, providers
from sessions_builder.jobs.claims import long_wait
from sessions_builder.jobs.leases import Inbox, Interruption
from sessions_builder.jobs.plan import Plan
from sessions_builder.jobs.rows import count_calls, interaction_row, variant_row
from sessions_builder.persistence import Claimed
from sessions_builder.pipeline.build import finish
from sessions_builder.pipeline.types import FinishedVariant, Outline, Retrieval, WriteHandle, WriteRequest, Written

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the writing went. With `interrupted` or `wait_seconds` it is not over."""

    outlines: Mapping[int, Outline] = field(default_factory=dict)
    """What was written and stored, by variant number."""
    failures: tuple[FailureCode, ...] = ()
    interrupted: Interruption | None = None
    wait_seconds: float | None = None
    """The provider wants a longer pause than a job should sit out."""

    @property
    def ready(self) -> frozenset[int]:
        return frozenset(self.outlines)


def write_and_store(
    held: Claimed, plan: Plan, requests: Mapping[int, WriteRequest], found: Retrieval, inbox: Inbox, deadline: float
) -> Outcome:
    """Write the requested outlines in parallel and store each when it is done.

    `deadline` is a time.monotonic() value.
    """
    return _Writing(held, plan, requests, found, inbox, deadline).run()


class _Writing:
    def __init__(
        self,
        held: Claimed,
        plan: Plan,
        requests: Mapping[int, WriteRequest],
        found: Retrieval,
        inbox: Inbox,
        deadline: float,
    ) -> None:
        self.held, self.plan, self.requests, self.found, self.inbox = held, plan, requests, found, inbox
        self.deadline = min(deadline, time.monotonic() + settings.GENERATION_VARIANT_DEADLINE_MS / 1000)
        self.handles: dict[int, WriteHandle] = {}
        self.outlines: dict[int, Outline] = {}
        self.failures: list[FailureCode] = []
        self.waits: list[float] = []

    def run(self) -> Outcome:
        try:
            self._start()
            return self._collect()
        finally:
            for handle in self.handles.values():
                handle.cancel()

    def _start(self) -> None:
        if not self.plan.offline and not providers.model_breaker.allow():
            for number in self.requests:
                self.inbox.put(Written(number, None, 0, failure=FailureCode.PROVIDER_CONFIG))
            return
        writer = providers.writer(self.plan.writer)
        for number, request in self.requests.items():
            self.handles[number] = writer.start(request, deadline=self.deadline, done=self.inbox.put)

    def _collect(self) -> Outcome:
        pending = set(self.requests)
        while pending:
            results, interruption = self._next(pending)
            pending -= {result.number for result in results}
            if results and not self._store(results, last=not pending):
                return Outcome(interrupted=Interruption.LEASE_LOST)
            if interruption is not None:
                return Outcome(self.outlines, tuple(self.failures), interrupted=interruption)
        return Outcome(self.outlines, tuple(self.failures), wait_seconds=max(self.waits, default=None))

    def _next(self, pending: set[int]) -> tuple[list[Written], Interruption | None]:
        """Wait for results, taking whatever arrived together; at the deadline what is missing has failed."""
        try:
            items = [self.inbox.get(timeout=max(0.0, self.deadline - time.monotonic()))]
            while not self.inbox.empty():
                items.append(self.inbox.get_nowait())
        except Empty:
            late = FailureCode.DEADLINE_EXCEEDED
            spent = settings.GENERATION_VARIANT_DEADLINE_MS
            return [Written(number, None, spent, failure=late) for number in sorted(pending)], None
        interruptions = [item for item in items if isinstance(item, Interruption)]
        relevant = [why for why in interruptions if why is not Interruption.SWITCHED_OFF or self.plan.several]
        results = [item for item in items if isinstance(item, Written) and item.number in pending]
        return results, relevant[0] if relevant else None

    def _store(self, results: Sequence[Written], *, last: bool) -> bool:
        """Store what is done, one statement for all of it; False when the lease is lost."""
        waits = {result.number: wait for result in results if (wait := long_wait(result.retry_after, self.held))}
        self.waits += waits.values()
        finished = [self._shape(result) for result in results if result.number not in waits]
        stages = [progress.variant_stage(variant.number, variant.failure) for variant in finished]
        if last:
            stages.append(progress.stage("scoring"))
        calls = [interaction_row(self.held, call) for result in results for call in result.calls]
        try:
            stored = persistence.store_variants(
                self.held,
                variants=[variant_row(variant, self.requests[variant.number]) for variant in finished],
                interactions=calls,
                progress=stages,
            )
        finally:
            connection.close()
        if stored:
            self._note(finished)
            count_calls(calls)
        return stored

    def _shape(self, result: Written) -> FinishedVariant:
        return finish(result, self.requests[result.number], self.found, writer_is_offline=self.plan.offline)

    def _note(self, finished: Sequence[FinishedVariant]) -> None:
        for variant in finished:
            if self.handles and not self.plan.offline:  # what an open breaker refused says nothing new
                providers.note_model_result(variant.failure)
            if variant.outline is None:
                self.failures.append(variant.failure or FailureCode.INTERNAL_ERROR)
                log.warning("Variant failed", variant=variant.number, errorCode=variant.failure)
                continue
            self.outlines[variant.number] = variant.outline
            counters.count_variant(variant.number, variant.processing_ms)
            log.info(
                f"Variant {variant.number} generated",
                level="log",
                ragWeight=variant.profile.weight,
                sectionsCount=len(variant.outline.sections),
                totalDuration=variant.outline.minutes,
            )
