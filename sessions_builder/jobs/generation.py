"""One generation, worker side: claim it, look for material, write what is missing, end it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import connection

from analytics.alerts import try_raise_critical
from sessions_builder import persistence, tracing
from sessions_builder.jobs import endings, progress, providers
from sessions_builder.jobs.claims import GivenBack, give_back
from sessions_builder.jobs.leases import Inbox, Interruption, Stopped
from sessions_builder.jobs.plan import Plan, plan_of
from sessions_builder.jobs.retrieval import NO_MATERIAL, look_for_material
from sessions_builder.jobs.rewriting import tell_apart
from sessions_builder.jobs.writing import Outcome, write_and_store
from sessions_builder.models import GenerationMode
from sessions_builder.persistence import Claimed
from sessions_builder.pipeline.build import request_for
from sessions_builder.pipeline.types import STANDARD, RagState, Retrieval, WriteRequest
from sessions_builder.pipeline.wire import retrieval_from_wire, retrieval_to_wire
from sessions_builder.tracing.attributes import CLAIMS, GENERATION_ID, MODE

log = structlog.get_logger(__name__)


class Postponed(Exception):
    """The provider wants everybody to wait longer than a job should sit out."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"{seconds:.0f} s")


def run(generation_id: UUID) -> None:
    """Work on a generation until it ends or somebody else has to go on. Raises GivenBack at shutdown.

    Does nothing when the generation is not to be had: delivered twice, cancelled, or already done.
    """
    token = uuid4()
    try:
        held = persistence.claim(generation_id, token)
    finally:
        connection.close()
    if held is None:
        return
    names = structlog.contextvars.bound_contextvars(requestId=held.request_id, generationId=str(generation_id))
    # Only now: a lease looked after before it is taken would be reported lost.
    with names, providers.leases.hold(token) as inbox, _traced(held):
        _run_claimed(held, inbox)


def _traced(held: Claimed) -> AbstractContextManager[object]:
    """The span of this claim, after the one of the time it waited."""
    tracing.past("queue", parent=held.trace_parent, began=held.available_at)
    about = {GENERATION_ID: str(held.id), MODE: held.mode, CLAIMS: held.claims}
    return tracing.span("generation", kind="consumer", parent=held.trace_parent, attributes=about)


def _run_claimed(held: Claimed, inbox: Inbox) -> None:
    """Work under the lease.

    Whatever goes wrong, the lease is given back, and the claim where the job was not at fault.
    """
    try:
        _work(held, inbox)
    except Stopped as stopped:
        _stop(held, stopped.why)
    except Postponed as postponed:
        persistence.release(held.id, held.token, delay_seconds=postponed.seconds)
    except BaseException as error:
        _give_back(held, error)
        raise
    finally:
        connection.close()


def _stop(held: Claimed, why: Interruption) -> None:
    match why:
        case Interruption.CANCELLED:
            endings.end_cancelled(held)
        case Interruption.SHUTDOWN:
            shutdown = GivenBack()
            _give_back(held, shutdown)
            raise shutdown
        case _:
            log.info("Generation left to another worker", reason=why.value)


def _give_back(held: Claimed, error: BaseException) -> None:
    give_back(partial(persistence.release, held.id, held.token), error, claims=held.claims, what="Generation")


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
    pause = 0.0 if plan.offline else providers.model_breaker.pause()
    if pause and pause < held.seconds_left:
        raise Postponed(pause)
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
