"""One generation, worker side: claim it, look for material, write what is missing, end it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection

from analytics.alerts import try_raise_critical
from sessions_builder import persistence
from sessions_builder.jobs import endings, progress, providers
from sessions_builder.jobs.claims import Postponed, at_work, take, wait_for_model
from sessions_builder.jobs.leases import Inbox, Interruption, Stopped
from sessions_builder.jobs.plan import Plan, plan_of
from sessions_builder.jobs.retrieval import NO_MATERIAL, look_for_material
from sessions_builder.jobs.rewriting import tell_apart
from sessions_builder.jobs.writing import Outcome, write_and_store
from sessions_builder.models import GenerationMode
from sessions_builder.persistence import GENERATIONS, Claimed
from sessions_builder.pipeline.build import request_for
from sessions_builder.pipeline.types import STANDARD, RagState, Retrieval, WriteRequest
from sessions_builder.pipeline.wire import retrieval_from_wire, retrieval_to_wire
from sessions_builder.tracing.attributes import GENERATION_ID, MODE

log = structlog.get_logger(__name__)


def run(generation_id: UUID) -> None:
    """Work on a generation until it ends or somebody else has to go on. Raises GivenBack at shutdown.

    Does nothing when the generation is not to be had: delivered twice, cancelled, or already done.
    """
    held = take(persistence.claim, generation_id)
    if held is None:
        return
    about = {GENERATION_ID: str(held.id), MODE: held.mode}
    with at_work(GENERATIONS, held, about) as (inbox, _):
        try:
            _work(held, inbox)
        except Stopped as stopped:
            if stopped.why is not Interruption.CANCELLED:
                raise
            endings.end_cancelled(held)


def _work(held: Claimed, inbox: Inbox) -> None:
    deadline = time.monotonic() + min(settings.GENERATION_DEADLINE_MS / 1000, held.seconds_left)
    plan = plan_of(held, switched_off=providers.several_switched_off())
    found = _material(held, plan, inbox, deadline)
    outcome = _write(held, plan, found, inbox, deadline)
    if outcome.interrupted is Interruption.SWITCHED_OFF:
        plan = plan.standard_only(GenerationMode.LEGACY, held.stored_numbers)
        outcome = _write(held, plan, found, inbox, deadline)
    elif outcome.interrupted is None and _all_failed(held, plan, outcome):
        plan = _after_all_failed(held, plan, outcome)
        outcome = _write(held, plan, found, inbox, deadline)
    if outcome.interrupted is not None:
        raise Stopped(outcome.interrupted)
    endings.end(held, plan, found, tell_apart(held, plan, found, outcome.outlines, inbox, deadline))


def _material(held: Claimed, plan: Plan, inbox: Inbox, deadline: float) -> Retrieval:
    """The material of this generation:

    what an earlier claim or run found keeps its source ids, unless there was none to find.
    """
    if held.retrieval is not None:
        earlier = retrieval_from_wire(held.retrieval)
        if earlier.state not in (RagState.UNAVAILABLE, RagState.DISABLED):
            return earlier
    if not plan.several:
        return NO_MATERIAL
    found = look_for_material(held, plan.brief, inbox, deadline)
    if isinstance(found, Interruption):
        if found is not Interruption.SWITCHED_OFF:
            raise Stopped(found)
        return NO_MATERIAL
    return found


def _write(held: Claimed, plan: Plan, found: Retrieval, inbox: Inbox, deadline: float) -> Outcome:
    """Write what the plan misses.

    Raises Postponed when the provider wants a long pause, Stopped when the lease is lost.
    """
    wait_for_model(held)
    requests = _requests(plan, found)
    if not _begin(held, plan, found, requests):
        raise Stopped(Interruption.LEASE_LOST)
    outcome = write_and_store(held, plan, requests, found, inbox, deadline)
    if outcome.wait_seconds is not None:
        providers.model_breaker.record_pause(outcome.wait_seconds)
        raise Postponed(outcome.wait_seconds)
    return outcome


def _requests(plan: Plan, found: Retrieval) -> Mapping[int, WriteRequest]:
    nonce = secrets.token_hex(8)
    return {number: request_for(number, plan.brief, plan.profiles[number], found, nonce) for number in plan.missing}


def _begin(held: Claimed, plan: Plan, found: Retrieval, requests: Mapping[int, WriteRequest]) -> bool:
    stages = [progress.stage("variant_started", number=number) for number in requests]
    if plan.several:
        stages.insert(0, progress.stage("sources", count=len(found.material), state=found.state.value))
    try:
        return persistence.begin_writing(
            held,
            mode=plan.mode,
            retrieval=retrieval_to_wire(found),
            rag_state=found.state.value,
            progress=stages,
        )
    finally:
        connection.close()


def _all_failed(held: Claimed, plan: Plan, outcome: Outcome) -> bool:
    return plan.several and not plan.offline and not ((held.ready_numbers | outcome.ready) - {STANDARD})


def _after_all_failed(held: Claimed, plan: Plan, outcome: Outcome) -> Plan:
    codes = sorted({failure.value for failure in outcome.failures})
    log.error("All variants failed to generate", errorCodes=codes)
    try:
        try_raise_critical("all_variants_failed", generationId=str(held.id), errorCodes=codes)
    finally:
        connection.close()
    return plan.standard_only(GenerationMode.LEGACY_FALLBACK, held.stored_numbers)
