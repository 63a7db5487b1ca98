"""The reaper: expired, lost and forgotten generations come right, and each ending is told once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from analytics.models import Event
from sessions_builder import persistence
from sessions_builder.jobs import recovery
from sessions_builder.models import Generation, IdempotencyKey
from sessions_builder.services.generations import generation_cancel, generation_request
from tests.sessions_builder.engine.conftest import BRIEF
from tests.sessions_builder.engine.test_persistence import begin, claim, lapse, variant

RequestOne = Callable[..., Generation]


@pytest.fixture
def generation(request_one: RequestOne) -> Generation:
    return request_one()


def change(generation: Generation, **values: Any) -> None:
    Generation.objects.filter(pk=generation.pk).update(**values)


def state_of(generation: Generation) -> tuple[str, str | None]:
    generation.refresh_from_db()
    return generation.state, generation.error_code


def endings(generation: Generation) -> list[str]:
    ended = Event.objects.filter(generation_id=generation.pk).exclude(event_type="ai_prompt_submitted")
    return list(ended.values_list("event_type", flat=True))


def test_it_works(generation: Generation, redis: Any) -> None:
    """A wake-up that Redis forgot is sent again, after 10, then 20, then every 30 seconds."""
    assert recovery.reap().woken == 0
    for silence in (10, 20, 30, 30):
        change(generation, published_at=timezone.now() - timedelta(seconds=silence - 1))
        assert recovery.reap().woken == 0
        change(generation, published_at=F("published_at") - timedelta(seconds=2))
        assert recovery.reap().woken == 1
    assert redis.llen("generation") == 4


def test_a_lost_worker_is_replaced(generation: Generation, redis: Any) -> None:
    begin(claim(generation))
    lapse(generation)
    reaped = recovery.reap()

    assert (reaped.requeued, reaped.woken) == (1, 1)
    assert state_of(generation) == ("queued", None)
    assert persistence.claim(generation.pk, uuid4()) is not None


def test_a_held_lease_is_left_alone(generation: Generation) -> None:
    begin(claim(generation))
    assert recovery.reap() == recovery.Reaped(0, 0, 0)


def test_five_lost_workers_end_it(generation: Generation) -> None:
    begin(claim(generation))
    change(generation, claims=persistence.MAX_CLAIMS)
    lapse(generation)
    recovery.reap()

    assert state_of(generation) == ("failed", "worker_lost")
    assert endings(generation) == ["ai_content_failed"]


@pytest.mark.parametrize("held", [True, False])
def test_too_old(generation: Generation, held: bool) -> None:
    if held:
        begin(claim(generation))
    change(generation, expires_at=timezone.now() - timedelta(seconds=1))
    recovery.reap()
    recovery.reap()

    assert state_of(generation) == ("failed", "expired")
    assert endings(generation) == ["ai_content_failed"]
    assert generation.progress[-1]["stage"] == "done"


def test_too_old_with_something_to_show(generation: Generation) -> None:
    held = begin(claim(generation))
    persistence.store_variants(held, variants=[variant()], interactions=[], progress=[])
    change(generation, expires_at=timezone.now() - timedelta(seconds=1))
    recovery.reap()

    assert state_of(generation) == ("partial", "expired")
    assert endings(generation) == ["ai_content_generated"]


def test_cancelled_while_its_worker_is_gone(generation: Generation) -> None:
    begin(claim(generation))
    generation_cancel(generation=generation)
    lapse(generation)
    recovery.reap()

    assert state_of(generation) == ("cancelled", "cancelled")
    assert endings(generation) == ["ai_content_failed"]


def test_old_keys_are_forgotten(request_one: RequestOne, author: Any) -> None:
    for key, age in (("old", 25), ("new", 23)):
        generation_request(owner=author, brief=BRIEF, idempotency_key=key)
        IdempotencyKey.objects.filter(key=key).update(created_at=timezone.now() - timedelta(hours=age))
    assert recovery.forget_old_keys() == 1
    assert IdempotencyKey.objects.get().key == "new"


def test_one_that_cannot_be_ended_holds_up_no_other(request_one: RequestOne, redis: Any) -> None:
    broken, due = request_one(), request_one()
    change(broken, expires_at=timezone.now() - timedelta(seconds=1), retrieval={"of": "another time"})
    change(due, published_at=None)
    assert recovery.reap().woken == 1
