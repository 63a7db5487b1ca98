"""Leases and fences: who may write what, and when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from analytics.models import AIInteraction
from sessions_builder import persistence
from sessions_builder.models import Generation, GenerationState, Variant
from sessions_builder.persistence import Claimed, InteractionRow, VariantRow

RequestOne = Callable[..., Generation]
RETRIEVAL = {"state": "no_match", "sources": [], "queryMs": 3, "hitsFound": 0, "error": ""}
STAGE = {"at": "2026-01-01T00:00:00.000Z", "stage": "variant_ready", "number": 1}


def variant(number: int = 1, **changes: Any) -> VariantRow:
    values: dict[str, Any] = {
        "number": number,
        "state": "ready",
        "label": "Label",
        "description": "",
        "arc": "standard",
        "rag_weight": 0.8,
        "generation_source": "baseline",
        "rag_effective": False,
        "rag_sources_used": 0,
        "outline": {"title": "Ein Titel mit “Zeichen”", "sections": []},
        "notes": ["a"],
        "quality": None,
        "grounding": None,
        "processing_ms": 12,
        "model": "m",
        "error_code": None,
    }
    return VariantRow(**(values | changes))


def interaction(**changes: Any) -> InteractionRow:
    values: dict[str, Any] = {
        "purpose": "outline",
        "variant": 1,
        "user_id": 1,
        "subject": "s",
        "model": "m",
        "prompt_version": "p",
        "tokens_in": 1,
        "tokens_out": 2,
        "tokens_cached": 0,
        "tokens_reasoning": 0,
        "cost_usd": "0.00012300",
        "latency_ms": 5,
        "attempts": 1,
        "outcome": "ok",
        "error_code": None,
        "category": "Prospecting",
        "prompt": "p",
        "response": "r",
    }
    return InteractionRow(**(values | changes))


@pytest.fixture
def generation(request_one: RequestOne) -> Generation:
    return request_one()


def claim(generation: Generation) -> Claimed:
    held = persistence.claim(generation.pk, uuid4())
    assert held is not None
    return held


def begin(held: Claimed) -> Claimed:
    assert persistence.begin_writing(
        held, mode="multi_variant", retrieval=RETRIEVAL, rag_state="no_match", progress=[STAGE]
    )
    return held


def lapse(generation: Generation) -> None:
    """The lease ran out a second ago."""
    Generation.objects.filter(pk=generation.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_it_works(generation: Generation) -> None:
    held = begin(claim(generation))
    assert persistence.store_variants(held, variants=[variant()], interactions=[interaction()], progress=[STAGE])
    ended = persistence.finish(held, state="partial", mode="multi_variant", error_code=None, progress=[])

    assert ended is not None
    assert ended.id == generation.pk
    generation.refresh_from_db()
    assert generation.state == GenerationState.PARTIAL
    assert generation.lease_token is None
    assert generation.processing_ms == ended.processing_ms
    assert generation.finished_at is not None
    assert [event["stage"] for event in generation.progress] == [
        "queued",
        "retrieving",
        "variant_ready",
        "variant_ready",
    ]
    stored = Variant.objects.get()
    assert stored.outline == {"title": "Ein Titel mit “Zeichen”", "sections": []}
    assert stored.notes == ["a"]
    bought = AIInteraction.objects.get()
    assert bought.generation_id == generation.pk
    assert str(bought.cost_usd) == "0.00012300"


def test_a_claim_tells_what_the_job_needs(generation: Generation) -> None:
    held = claim(generation)

    assert held.brief == generation.brief
    assert held.snapshot == generation.snapshot
    assert held.decision == generation.decision
    assert held.retrieval is None
    assert held.claims == 1
    assert held.ready_numbers == held.stored_numbers == frozenset()
    assert 890 < held.seconds_left <= 900


def test_nobody_claims_what_is_held(generation: Generation) -> None:
    claim(generation)
    assert persistence.claim(generation.pk, uuid4()) is None


def test_an_expired_lease_can_be_claimed_and_the_old_holder_writes_nothing(generation: Generation) -> None:
    zombie = begin(claim(generation))
    lapse(generation)
    heir = claim(generation)

    assert heir.claims == 2
    assert heir.retrieval == RETRIEVAL
    assert not persistence.store_variants(zombie, variants=[variant()], interactions=[interaction()], progress=[STAGE])
    assert persistence.finish(zombie, state="succeeded", mode="legacy", error_code=None, progress=[]) is None
    assert not persistence.release(persistence.GENERATIONS, zombie)
    assert not Variant.objects.exists()
    assert not AIInteraction.objects.exists()
    assert Generation.objects.get().lease_token == heir.token


def test_a_second_claim_knows_what_is_stored(generation: Generation) -> None:
    held = begin(claim(generation))
    failed = variant(2, state="failed", outline=None, error_code="refused")
    persistence.store_variants(held, variants=[variant(1), failed], interactions=[], progress=[])
    lapse(generation)

    heir = claim(generation)
    assert heir.ready_numbers == {1}
    assert heir.stored_numbers == {1, 2}


def test_a_variant_is_stored_once(generation: Generation) -> None:
    held = begin(claim(generation))
    persistence.store_variants(held, variants=[variant(1, label="first")], interactions=[], progress=[])
    persistence.store_variants(held, variants=[variant(1, label="second")], interactions=[], progress=[])
    assert Variant.objects.get().label == "first"


@pytest.mark.parametrize(
    "change",
    [
        {"available_at": timezone.now() + timedelta(hours=1)},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"claims": persistence.MAX_CLAIMS},
        {"cancel_requested": True},
        {"state": "failed", "finished_at": timezone.now()},
    ],
)
def test_not_to_be_had(generation: Generation, change: dict[str, Any]) -> None:
    Generation.objects.filter(pk=generation.pk).update(**change)
    assert persistence.claim(generation.pk, uuid4()) is None


def test_claiming_what_does_not_exist(db: None) -> None:
    assert persistence.claim(UUID(int=0), uuid4()) is None


def test_giving_back(generation: Generation) -> None:
    held = claim(generation)
    assert persistence.release(persistence.GENERATIONS, held)
    generation.refresh_from_db()
    assert (generation.state, generation.claims, generation.lease_token) == ("queued", 0, None)
    again = claim(generation)
    assert persistence.release(persistence.GENERATIONS, again, keep_claim=True, delay_seconds=60)
    generation.refresh_from_db()
    assert generation.claims == 1
    assert generation.available_at > timezone.now() + timedelta(seconds=50)


def test_leases_are_extended_while_held(generation: Generation) -> None:
    held = claim(generation)
    Generation.objects.update(lease_until=F("lease_until") - timedelta(seconds=40))
    lost = uuid4()
    assert persistence.extend_leases([held.token, lost]) == {held.token}
    assert Generation.objects.get().lease_until > timezone.now() + timedelta(seconds=40)


def test_cancelling(generation: Generation) -> None:
    held = claim(generation)
    assert persistence.cancelled_leases([held.token]) == set()
    assert persistence.cancel_queued(generation.pk) is None
    assert persistence.request_cancel(generation.pk)
    assert persistence.cancelled_leases([held.token]) == {held.token}
    assert persistence.end_generation_over(generation.pk, "cancelled", state="cancelled") is None
    lapse(generation)
    assert persistence.end_generation_over(generation.pk, "cancelled", state="cancelled") is not None
    assert not persistence.request_cancel(generation.pk)
