"""The reaper: what puts generations right when workers die, Redis forgets or nobody comes.

Every step is a conditional statement, so a second reaper is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from sessions_builder import persistence
from sessions_builder.clients.doorbell import PROPOSE, doorbell
from sessions_builder.jobs.endings import record_ending
from sessions_builder.models import GenerationState, Variant, VariantState
from sessions_builder.persistence import Ended

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
    """End what is over, requeue what lost its worker, wake workers for what is due."""
    requeued = persistence.requeue_expired_leases()
    woken = sum(doorbell.ring(generation_id) for generation_id in persistence.due_again())
    ended = sum(_end_or_log(generation_id, reason) for generation_id, reason in persistence.generations_over())
    if ended or requeued:
        log.info("Generations put right", ended=ended, requeued=len(requeued), woken=woken)
    _reap_proposals()
    return Reaped(ended, len(requeued), woken)


def _reap_proposals() -> None:
    """The same for sections being written anew; how one ends is told by its row alone."""
    requeued = persistence.requeue_lost_proposals()
    woken = sum(doorbell.ring(proposal_id, PROPOSE) for proposal_id in persistence.due_proposals())
    ended = persistence.end_proposals_over()
    if ended or requeued:
        log.info("Proposals put right", ended=ended, requeued=requeued, woken=woken)


def forget_old_proposals() -> int:
    """Drop proposals a week after they were made; return how many."""
    return persistence.drop_old_proposals(KEEP_PROPOSALS_DAYS)


def forget_old_keys() -> int:
    """Drop idempotency keys older than a day; return how many."""
    return persistence.drop_idempotency_keys(timezone.now() - KEEP_IDEMPOTENCY_KEYS)


def _end_or_log(generation_id: UUID, reason: str) -> bool:
    """End a generation; one that cannot be ended must not keep the others waiting."""
    try:
        return _end(generation_id, reason) is not None
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("Generation could not be ended", generationId=str(generation_id), reason=reason)
        return False


def _end(generation_id: UUID, reason: str) -> Ended | None:
    """End a generation in the transaction that records it; None when somebody else was faster."""
    with transaction.atomic():
        ended = _ended(generation_id, reason)
        if ended is not None:
            record_ending(ended)
    return ended


def _ended(generation_id: UUID, reason: str) -> Ended | None:
    if reason == "cancelled":
        return persistence.end_cancelled_orphan(generation_id)
    end = persistence.end_expired if reason == "expired" else persistence.end_lost
    if Variant.objects.filter(generation_id=generation_id, state=VariantState.READY).exists():
        return end(generation_id, state=GenerationState.PARTIAL, code=reason)
    return end(generation_id, state=GenerationState.FAILED, code=reason)
