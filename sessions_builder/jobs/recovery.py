"""The reaper: what puts generations and proposals right when workers die, Redis forgets or nobody comes.

Every step is a conditional statement, so a second reaper is harmless.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from sessions_builder import persistence
from sessions_builder.clients.doorbell import GENERATE, PROPOSE, doorbell
from sessions_builder.errors import FailureCode
from sessions_builder.jobs.endings import record_ending
from sessions_builder.models import GenerationState, Variant, VariantState
from sessions_builder.persistence import GENERATIONS, PROPOSALS, Queue

log = structlog.get_logger(__name__)

KEEP_IDEMPOTENCY_KEYS = timedelta(days=1)
KEEP_PROPOSALS_DAYS = 7


@dataclass(frozen=True, slots=True)
class Reaped:
    """What one round did."""

    ended: int
    requeued: int
    woken: int


def reap() -> Reaped:
    """End what is over, requeue what lost its worker, wake workers for what is due; returns it of generations."""
    generations = _put_right(GENERATIONS, GENERATE, _end_generation)
    _put_right(PROPOSALS, PROPOSE, persistence.end_proposal_over)
    return generations


def _put_right(queue: Queue, task: str, end: Callable[[UUID, str], bool]) -> Reaped:
    requeued = persistence.requeue_lost(queue)
    woken = sum(doorbell.ring(row_id, task) for row_id in persistence.due_again(queue))
    ended = sum(end(row_id, code) for row_id, code in persistence.over(queue))
    if ended or requeued:
        log.info(f"{queue.name.capitalize()}s put right", ended=ended, requeued=requeued, woken=woken)
    return Reaped(ended, requeued, woken)


def forget_old_proposals() -> int:
    """Drop proposals a week after they were made; return how many."""
    return persistence.drop_old_proposals(KEEP_PROPOSALS_DAYS)


def forget_old_keys() -> int:
    """Drop idempotency keys older than a day; return how many."""
    return persistence.drop_idempotency_keys(timezone.now() - KEEP_IDEMPOTENCY_KEYS)


def _end_generation(generation_id: UUID, code: str) -> bool:
    """End a generation in the transaction that records it; False when somebody else was faster.

    One that cannot be ended must not keep the others waiting.
    """
    try:
        with transaction.atomic():
            ended = persistence.end_generation_over(generation_id, code, state=_state(generation_id, code))
            if ended is not None:
                record_ending(ended)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Generation could not be ended", generationId=str(generation_id), reason=code)
        return False
    return ended is not None


def _state(generation_id: UUID, code: str) -> str:
    if code == FailureCode.CANCELLED:
        return GenerationState.CANCELLED
    ready = Variant.objects.filter(generation_id=generation_id, state=VariantState.READY)
    return GenerationState.PARTIAL if ready.exists() else GenerationState.FAILED
