"""What an author can ask of a generation: request, cancel, retry, an offline draft. Each is one transaction."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from analytics.services import record, record_along
from featureflags.evaluation import Decision
from featureflags.flags import decide, is_enabled
from sessions_builder import persistence, tracing
from sessions_builder.clients.doorbell import doorbell
from sessions_builder.errors import Conflict, IdempotencyMismatch, QueueFull, TooManyJobs, Unavailable
from sessions_builder.events import PromptSubmitted, arm_of
from sessions_builder.jobs.endings import record_ending
from sessions_builder.jobs.progress import stage
from sessions_builder.models import (
    UNFINISHED,
    Generation,
    GenerationMode,
    IdempotencyKey,
    WriterKind,
)
from sessions_builder.pipeline.types import STANDARD, WEIGHTS, Retrieval
from sessions_builder.pipeline.wire import retrieval_to_wire
from sessions_builder.services.briefs import freeze, resolve
from sessions_builder.services.sources import chosen_material

log = structlog.get_logger(__name__)

MULTI_VARIANT_FLAG = "variant_generation_v2"
OFFLINE_FLAG = "offline_composer"
RETRY_AFTER_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Requested:
    """The generation of a request; `replayed` when an earlier request with the same key made it."""

    generation: Generation
    replayed: bool = False


def generation_request(*, owner: User, brief: Mapping[str, Any], idempotency_key: str | None = None) -> Requested:
    """Store a generation for a validated brief and wake the workers.

    Raises InvalidInput for reference data and sources that are not offered, TooManyJobs and QueueFull beyond the
    limits, and IdempotencyMismatch when the key came with another brief before.
    """
    with transaction.atomic():
        counts = _lock_and_count(owner)
        if idempotency_key is not None and (earlier := _earlier(owner, idempotency_key, brief)):
            return Requested(earlier, replayed=True)
        resolved = resolve(brief)
        material = chosen_material(owner=owner, brief=brief, resolved=resolved.brief)
        writer = configured_writer(owner)
        decision = _as_json(decide(MULTI_VARIANT_FLAG, owner))
        _check_limits(counts)
        generation = _create(
            owner=owner,
            brief=dict(brief),
            snapshot=freeze(resolved),
            decision=decision,
            mode=_mode(decision),
            writer=writer,
            **_with_material(decision, material),
        )
        if idempotency_key is not None:
            IdempotencyKey.objects.create(
                user=owner, key=idempotency_key, body_digest=_digest(brief), generation=generation
            )
    _log_request(generation)
    return Requested(generation)


def generation_cancel(*, generation: Generation) -> Generation:
    """Cancel a generation: at once when it is queued, else its worker is told. Raises Conflict when it has ended."""
    with transaction.atomic():
        ended = persistence.cancel_queued(generation.pk)
        if ended is not None:
            record_ending(ended)
        elif not persistence.request_cancel(generation.pk):
            raise Conflict("This generation has already ended.")
    generation.refresh_from_db()
    return generation


def generation_retry(*, generation: Generation) -> Generation:
    """Queue a new run for the missing and failed variants. Raises Conflict when there is nothing to retry."""
    with transaction.atomic():
        counts = _lock_and_count(generation.owner)
        generation.refresh_from_db()
        if not generation.is_terminal:
            raise Conflict("This generation is still being worked on.")
        if not _has_gaps(generation):
            raise Conflict("Every version of this generation is there already.")
        _check_limits(counts)
        started = persistence.start_again(
            generation.pk,
            version=generation.version,
            mode=_mode(generation.decision),
            expires_ms=settings.GENERATION_EXPIRES_MS,
            progress=[stage("queued")],
        )
        if not started:
            raise Conflict
        generation.refresh_from_db()
        record(_submission(generation), user_id=generation.owner_id, generation_id=generation.pk)
        _ring_after_commit(generation.pk)
    _log_request(generation)
    return generation


def generation_offline_draft(*, generation: Generation) -> Generation:
    """A new generation for the same brief, written by the offline composer, with this one as parent.

    Raises Unavailable when offline drafts are switched off, TooManyJobs and QueueFull beyond the limits.
    """
    _check_offline_allowed(generation.owner)
    with transaction.atomic():
        _check_limits(_lock_and_count(generation.owner))
        draft = _create(
            owner=generation.owner,
            parent=generation,
            brief=generation.brief,
            snapshot=generation.snapshot,
            decision=generation.decision,
            mode=_mode(generation.decision),
            writer=WriterKind.OFFLINE,
            **_ticked_before(generation),
        )
    _log_request(draft)
    return draft


def _with_material(decision: Mapping[str, Any], material: Retrieval | None) -> dict[str, Any]:
    """What the author ticked, as the retrieval of a generation that writes several: nothing is asked for twice."""
    if material is None or not decision["enabled"]:
        return {}
    return {"retrieval": retrieval_to_wire(material), "rag_state": material.state.value}


def _create(**values: Any) -> Generation:
    """Store a queued generation with its event; workers are woken once it is committed."""
    now = timezone.now()
    identity = uuid4()
    generation = Generation(
        id=identity,
        request_id=structlog.contextvars.get_contextvars().get("requestId", ""),
        trace_parent=tracing.current(),
        card_order=_card_order(identity),
        created_at=now,
        run_started_at=now,
        available_at=now,
        published_at=now,
        published_count=1,
        expires_at=now + timedelta(milliseconds=settings.GENERATION_EXPIRES_MS),
        progress=[stage("queued")],
        **values,
    )
    event = record_along(_submission(generation), user_id=generation.owner_id, generation_id=identity)
    persistence.insert(generation, along=event)
    _ring_after_commit(identity)
    return generation


def _ticked_before(generation: Generation) -> dict[str, Any]:
    """The material its author ticked for a generation; the preview it came from may be gone."""
    if generation.retrieval is None or generation.brief.get("chosenSources") is None:
        return {}
    return {"retrieval": generation.retrieval, "rag_state": generation.rag_state}


def _ring_after_commit(generation_id: UUID) -> None:
    def ring() -> None:
        doorbell.ring(generation_id)

    transaction.on_commit(ring, robust=True)


_LOCK = "SELECT FROM auth_user WHERE id = %(owner)s FOR NO KEY UPDATE"


def lock_user(owner: User) -> None:
    """One submission of a user at a time, so that limits and keys are counted right."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, {"owner": owner.pk})


def _earlier(owner: User, key: str, brief: Mapping[str, Any]) -> Generation | None:
    remembered = IdempotencyKey.objects.select_related("generation").filter(user_id=owner.pk, key=key).first()
    if remembered is None:
        return None
    if remembered.body_digest != _digest(brief):
        raise IdempotencyMismatch
    return remembered.generation


class Unfinished(NamedTuple):
    """How many generations of a user are unfinished, and how many generations and proposals of everybody."""

    own: int
    everybodys: int


_COUNT = """
SELECT count(*) FILTER (WHERE owner_id = %(owner)s),
       count(*) + (SELECT count(*) FROM sessions_builder_sectionproposal WHERE state IN ('queued', 'writing'))
  FROM sessions_builder_generation WHERE state = ANY(%(unfinished)s)
"""


def unfinished(owner: User) -> Unfinished:
    """What is unfinished."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"owner": owner.pk, "unfinished": list(UNFINISHED)})
        return Unfinished(*cursor.fetchone())


def _lock_and_count(owner: User) -> Unfinished:
    """The same under the lock of `lock_user`.

    Sent together, but two statements: one alone would count what it saw before it waited for the lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{_LOCK};{_COUNT}", {"owner": owner.pk, "unfinished": list(UNFINISHED)})
        cursor.nextset()
        return Unfinished(*cursor.fetchone())


def _check_limits(counts: Unfinished) -> None:
    if counts.own >= settings.GENERATION_MAX_UNFINISHED_PER_USER:
        raise TooManyJobs(retry_after=RETRY_AFTER_SECONDS)
    if counts.everybodys >= settings.GENERATION_MAX_UNFINISHED:
        raise QueueFull(retry_after=RETRY_AFTER_SECONDS)


def _has_gaps(generation: Generation) -> bool:
    ready = set(generation.variants.filter(state="ready").values_list("number", flat=True))
    several = generation.decision["enabled"]
    return bool((set(WEIGHTS) if several else {STANDARD}) - ready)


def _submission(generation: Generation) -> PromptSubmitted:
    decision = generation.decision
    return PromptSubmitted(
        category=generation.snapshot["brief"]["category"],
        session_type=generation.brief["sessionType"],
        rollout_percentage=decision["percentage"],
        rollout_sample=decision["sample"],
        decision_reason=decision["reason"],
        variant_mode=generation.mode,
        arm=arm_of(decision),
        writer=generation.writer,
    )


def _log_request(generation: Generation) -> None:
    log.info(
        "Variant generation v2 request received",
        level="log",
        generationId=str(generation.pk),
        category=generation.snapshot["brief"]["category"],
        sessionType=generation.brief["sessionType"],
        rolloutPercentage=generation.decision["percentage"],
        rolloutSample=generation.decision["sample"],
        decisionReason=generation.decision["reason"],
    )


def _card_order(identity: UUID) -> list[int]:
    """The order cards are shown in: shuffled, the same for good, so that no variant gains by standing first."""
    numbers = list(WEIGHTS)
    random.Random(identity.int).shuffle(numbers)
    return numbers


def configured_writer(owner: User) -> str:
    """The model where one is configured, else the offline composer. Raises Unavailable when that is switched off."""
    writer = present_writer()
    if writer == WriterKind.OFFLINE:
        _check_offline_allowed(owner)
    return writer


def present_writer() -> str:
    """Who would write now, whether or not it is allowed to."""
    return WriterKind.MODEL if settings.OPENAI_API_KEY or settings.OPENAI_BASE_URL else WriterKind.OFFLINE


def _check_offline_allowed(owner: User) -> None:
    if not is_enabled(OFFLINE_FLAG, owner):
        raise Unavailable("Offline drafts are switched off.", retry_after=RETRY_AFTER_SECONDS)


def _mode(decision: Mapping[str, Any]) -> str:
    return GenerationMode.MULTI_VARIANT if decision["enabled"] else GenerationMode.LEGACY


def _as_json(decision: Decision) -> dict[str, Any]:
    return {
        "enabled": decision.enabled,
        "reason": str(decision.reason),
        "sample": decision.sample,
        "percentage": decision.percentage,
        "revision": decision.revision,
    }


def _digest(brief: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(brief, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
