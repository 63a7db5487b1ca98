"""Requesting a generation: what is stored, limits, idempotency, events, and a Redis that is away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from analytics.models import Event
from config.celery import app
from featureflags.testing import override_flag
from sessions_builder.clients.doorbell import doorbell
from sessions_builder.errors import IdempotencyMismatch, InvalidInput, QueueFull, TooManyJobs, Unavailable
from sessions_builder.models import Generation, GenerationMode, GenerationState, WriterKind
from sessions_builder.services.generations import generation_offline_draft, generation_request
from tests.sessions_builder.engine.conftest import BRIEF

RequestOne = Callable[..., Generation]


def test_it_works(request_one: RequestOne, author: User) -> None:
    generation = request_one()

    assert generation.owner == author
    assert generation.state == GenerationState.QUEUED
    assert generation.mode == GenerationMode.MULTI_VARIANT
    assert generation.writer == WriterKind.OFFLINE
    assert sorted(generation.card_order) == [1, 2, 3, 4]
    assert [event["stage"] for event in generation.progress] == ["queued"]
    assert generation.snapshot["brief"]["categoryAliases"] == ["Lead Generation"]
    assert [profile["number"] for profile in generation.snapshot["profiles"]] == [0, 1, 2, 3, 4]
    event = Event.objects.get(generation_id=generation.pk)
    assert event.event_type == "ai_prompt_submitted"
    assert event.metadata["decisionReason"] == "override_on"
    assert event.metadata["variantMode"] == "multi_variant"


def test_flag_off_means_legacy(reference_data: None, author: User) -> None:
    with override_flag("variant_generation_v2", False), override_flag("offline_composer", True):
        generation = generation_request(owner=author, brief=BRIEF).generation

    assert generation.mode == GenerationMode.LEGACY
    assert generation.decision["enabled"] is False


def test_no_writer_at_all_is_said_so(reference_data: None, author: User) -> None:
    with override_flag("offline_composer", False), pytest.raises(Unavailable):
        generation_request(owner=author, brief=BRIEF)
    assert not Generation.objects.exists()


@pytest.mark.parametrize("named", ["Prospecting", "prospecting"])
def test_category_by_name(request_one: RequestOne, named: str) -> None:
    assert request_one(category=named).snapshot["brief"]["category"] == "Prospecting"


@pytest.mark.parametrize(
    ("field", "value"),
    [("category", "Juggling"), ("category", "99999999999999"), ("audienceId", 4711), ("toneId", 4711)],
)
def test_reference_data_that_is_not_offered(request_one: RequestOne, field: str, value: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        request_one(**{field: value})
    assert list(caught.value.fields) == [field]


def test_limit_per_user(request_one: RequestOne, author2: User, settings: Any) -> None:
    settings.GENERATION_MAX_UNFINISHED_PER_USER = 2
    request_one()
    request_one()
    with pytest.raises(TooManyJobs) as caught:
        request_one()
    assert caught.value.retry_after
    request_one(owner=author2)


@pytest.mark.django_db(transaction=True)
def test_limit_per_user_many_times_at_once(request_one: RequestOne, author: User, settings: Any) -> None:
    settings.GENERATION_MAX_UNFINISHED_PER_USER = 3

    def submit(_: int) -> bool:
        try:
            with override_flag("variant_generation_v2", True), override_flag("offline_composer", True):
                request_one(owner=author)
        except TooManyJobs:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(submit, range(20)))

    assert taken.count(True) == 3
    assert Generation.objects.count() == Event.objects.count() == 3


def test_limit_for_all(request_one: RequestOne, author2: User, settings: Any) -> None:
    settings.GENERATION_MAX_UNFINISHED = 1
    request_one()
    with pytest.raises(QueueFull):
        request_one(owner=author2)


def test_same_key_and_brief_is_the_same_generation(request_one: RequestOne, author: User, author2: User) -> None:
    first = generation_request(owner=author, brief=BRIEF, idempotency_key="k")
    again = generation_request(owner=author, brief=BRIEF, idempotency_key="k")
    other = generation_request(owner=author2, brief=BRIEF, idempotency_key="k")

    assert (first.replayed, again.replayed, other.replayed) == (False, True, False)
    assert again.generation == first.generation != other.generation


def test_same_key_and_another_brief(request_one: RequestOne, author: User) -> None:
    generation_request(owner=author, brief=BRIEF, idempotency_key="k")
    with pytest.raises(IdempotencyMismatch):
        generation_request(owner=author, brief={**BRIEF, "groupSize": 3}, idempotency_key="k")


@pytest.mark.django_db(transaction=True)
def test_one_key_twenty_times_at_once(request_one: RequestOne, author: User) -> None:
    def submit(_: int) -> Any:
        try:
            with override_flag("variant_generation_v2", True), override_flag("offline_composer", True):
                return generation_request(owner=author, brief=BRIEF, idempotency_key="k").generation.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        made = set(pool.map(submit, range(20)))

    assert len(made) == 1
    assert Generation.objects.count() == 1
    assert Event.objects.count() == 1


@pytest.fixture
def redis_away() -> Iterator[None]:
    """A broker nobody listens at."""
    previous, app.conf.broker_url = app.conf.broker_url, "redis://127.0.0.1:1/0"
    yield
    app.conf.broker_url = previous
    doorbell.hush(0)


@pytest.mark.django_db(transaction=True)
def test_redis_away_loses_nothing(redis_away: None, request_one: RequestOne) -> None:
    generation = request_one()

    assert Generation.objects.get(pk=generation.pk).state == GenerationState.QUEUED


def test_offline_draft_has_a_parent(request_one: RequestOne, several: None) -> None:
    parent = request_one()
    draft = generation_offline_draft(generation=parent)

    assert draft.parent == parent
    assert draft.writer == WriterKind.OFFLINE
    assert draft.brief == parent.brief
