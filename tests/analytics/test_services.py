import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from prometheus_client import REGISTRY

from analytics import models, services
from analytics.errors import InvalidEvent
from analytics.pseudonyms import subject_of
from tests.analytics.samples import KitchenOpened, MealServed, cards, choice

pytestmark = pytest.mark.django_db

MEAL = MealServed(variant_mode="legacy", processing_time=1200)


def test_it_works() -> None:
    generation = uuid.uuid4()

    key = services.record(MEAL, user_id=7, generation_id=generation)

    stored = models.Event.objects.get(id=key)
    assert stored.event_type == "meal_served"
    assert stored.metadata["processingTime"] == 1200
    assert (stored.mode, stored.processing_ms, stored.writer, stored.schema_version) == ("legacy", 1200, "model", 3)
    assert (stored.user_id, stored.subject, stored.generation_id) == (7, subject_of(7), generation)
    assert abs(stored.occurred_at - datetime.now(UTC)) < timedelta(seconds=30)


def test_prometheus_counts_events_by_type_once_they_are_committed(django_capture_on_commit_callbacks: Any) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("session_builder_events_total", {"type": "meal_served"}) or 0.0

    before = counted()
    with django_capture_on_commit_callbacks(execute=True):
        services.record(MEAL, user_id=7)
        services.record_all([services.Occurrence(event=MEAL, user_id=7) for _ in range(2)])
        assert counted() == before

    assert counted() == before + 3


def test_an_event_lives_and_dies_with_its_transaction() -> None:
    with transaction.atomic():
        services.record(MEAL, user_id=7)
        transaction.set_rollback(True)

    assert not models.Event.objects.exists()


def test_an_event_that_does_not_fit_is_not_stored() -> None:
    with pytest.raises(InvalidEvent):
        services.record(MealServed(variant_mode="x", processing_time=1), user_id=7)  # type: ignore[arg-type]

    assert not models.Event.objects.exists()


def test_a_repeated_id_is_one_row() -> None:
    mine = uuid.uuid4()
    batch = [services.Occurrence(event=KitchenOpened(active_time=n), user_id=7, id=mine) for n in (1, 2)]

    assert services.record_all(batch) == 1
    assert services.record_all(batch) == 0
    assert models.Event.objects.count() == 1


def test_a_pseudonym_depends_on_the_key_and_the_user(settings: Any) -> None:
    first = subject_of(7)
    assert first == subject_of(7)
    assert first != subject_of(8)
    assert len(first) == 32
    settings.PSEUDONYM_KEY = "another key"
    assert subject_of(7) != first
    assert subject_of(None) == ""


def test_a_selection_keeps_what_was_shown() -> None:
    mine = choice(2, shown=cards(states=("ready", "ready", "failed", "ready")))

    assert services.record_selection(mine, MEAL, enabled=True)

    stored = models.Selection.objects.get()
    assert (stored.variant, stored.position, stored.rag_weight, stored.source) == (2, 2, 0.5, "rag")
    assert (stored.variants_shown, stored.rag_shown, stored.eligible, stored.counted) == (3, 2, True, True)
    assert (stored.weights_shown, stored.quality_gap) == ([0.8, 0.5], pytest.approx(-2.5))
    assert stored.shown[2] == {
        "number": 3,
        "position": 3,
        "weight": 0.2,
        "state": "failed",
        "ragEffective": True,
        "label": "Card 3",
        "quality": 73.0,
    }
    assert models.Event.objects.get().session_id == mine.session_id


def test_only_the_last_choice_counts() -> None:
    generation = uuid.uuid4()
    for number in (1, 4, 2):
        assert services.record_selection(choice(number, generation_id=generation), MEAL, enabled=True)
    assert services.record_selection(choice(3, generation_id=generation, counted=False), MEAL, enabled=True)

    assert models.Selection.objects.count() == 4
    assert models.Selection.objects.get(counted=True).variant == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"shown": cards(effective=False)},
        {"shown": cards(states=("ready", "ready", "ready", "failed"))},
        {"shown": cards(states=("failed", "failed", "failed", "ready")), "number": 4},
        {"mode": "legacy"},
        {"offline": True},
    ],
)
def test_choices_that_say_nothing_about_rag_are_not_eligible(changes: dict[str, Any]) -> None:
    assert not choice(**changes).eligible


def test_nothing_is_stored_when_logging_is_off() -> None:
    assert not services.record_selection(choice(), MEAL, enabled=False)

    assert not models.Selection.objects.exists()
    assert not models.Event.objects.exists()


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        ({"category": "a\x00b"}, MEAL),
        ({"number": 9}, MEAL),
        ({}, MealServed(variant_mode="x", processing_time=1)),  # type: ignore[arg-type]
    ],
)
def test_a_failure_to_log_leaves_the_choice_alone(
    changes: dict[str, Any], event: MealServed, log_lines: list[dict[str, Any]]
) -> None:
    def missed() -> float:
        return REGISTRY.get_sample_value("session_builder_selections_not_logged_total") or 0.0

    before = missed()
    with transaction.atomic():
        kept = services.record(MEAL, user_id=7)
        assert not services.record_selection(choice(**changes), event, enabled=True)

    assert missed() == before + 1
    assert list(models.Event.objects.values_list("id", flat=True)) == [kept]
    assert not models.Selection.objects.exists()
    assert (log_lines[0]["event"], log_lines[0]["log_level"]) == ("Failed to log variant selection", "error")
    assert log_lines[0]["generationId"]
